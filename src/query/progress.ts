import { HOUR, MINUTE, SECOND } from '../clock.ts'
import type { StatusCount } from '../store/status-counts.ts'
import type { MessageStatus } from '../store/words.ts'
import { zonedTime } from '../zoned-time.ts'

/** How far some messages have come; each is in one of the last four, and `sent` holds `delivered`, which holds `read`. */
export interface Progress {
  made: number
  sent: number
  delivered: number
  read: number
  /** For the customer to write. */
  waiting: number
  /** In our queue or with Karibu. */
  underWay: number
  /** Failed, skipped, expired or cancelled. */
  notSent: number
}

type Place = Exclude<keyof Progress, 'made'>

const PLACES: Record<MessageStatus, Place[]> = {
  held: ['waiting'],
  queued: ['underWay'],
  sending: ['underWay'],
  uncertain: ['underWay'],
  pending: ['underWay'],
  sent: ['sent'],
  delivered: ['sent', 'delivered'],
  read: ['sent', 'delivered', 'read'],
  failed: ['notSent'],
  skipped: ['notSent'],
  expired: ['notSent'],
  cancelled: ['notSent'],
}

export function progressOf(counts: readonly StatusCount[]): Progress {
  const progress = { made: 0, sent: 0, delivered: 0, read: 0, waiting: 0, underWay: 0, notSent: 0 }
  for (const { status, count } of counts) {
    progress.made += count
    for (const place of PLACES[status]) progress[place] += count
  }
  return progress
}

/** When the day of this moment began by the clocks of a zone. */
export function dayStart(at: number, timezone: string): number {
  const { hour, minute, second, offset } = zonedTime(at, timezone)
  const start = at - hour * HOUR - minute * MINUTE - second * SECOND - (at % SECOND)
  // Where the clocks were changed in between, midnight was at another offset.
  return start + (offset - zonedTime(start, timezone).offset) * MINUTE
}

/** The beginnings of the last hours by the clocks of a zone, the one under way last. */
export function lastHours(at: number, timezone: string, count: number): number[] {
  const { minute, second } = zonedTime(at, timezone)
  const last = at - minute * MINUTE - second * SECOND - (at % SECOND)
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * HOUR)
}

/** The value that so much of all is not above; null of none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}
