import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts'

/** What can be learnt about a send whose answer was lost. */
export interface ReconcileEvidence {
  attemptStartedAt: number
  /** Lookups so far, this one not counted. */
  lookups: number
  /** Our image was fetched by somebody after the attempt began: it was taken on. */
  fetchedSince: boolean
  /** Karibu's outbound messages to this contact since the attempt that may be it; null: not (wholly) to be had. */
  candidates: Candidate[] | null
  /** How long Karibu's list may lag behind what it took on. */
  absentAfterMs: number
}

export interface Candidate {
  id: string
  /** True when its content holds our media URL; false when nothing in it tells whose it is. */
  isOurs: boolean
}

export type ReconcileVerdict =
  | { kind: 'adopt'; messageId: string }
  /** Surely never taken on: it may be sent again. */
  | { kind: 'requeue' }
  | { kind: 'look-again'; at: number }
  /** An earlier attempt was reported on the phone meanwhile. */
  | { kind: 'arrived' }
  /** Nobody can tell: it stays uncertain and is shown to a person. */
  | { kind: 'give-up' }

/** One empty look may have come too early; so many, and so late, have not. */
const LOOKS_BEFORE_ABSENT = 3
/** A list that was read and cannot tell will not tell tomorrow. */
const GIVE_UP_AFTER_MS = DAY
/** One that could not be read is worth asking for longer. */
const GIVE_UP_UNREAD_AFTER_MS = 7 * DAY
const LOOK_EVERY_MS = 20 * SECOND
const LOOK_AT_MOST_EVERY_MS = HOUR

/**
 * The media URL is unguessable and unique per message, so an outbound message that holds it is ours. While one is there
 * that nobody can name, nothing is sent again, because the customer may have it.
 */
export function reconcile(evidence: ReconcileEvidence, now: number): ReconcileVerdict {
  const { candidates, attemptStartedAt, fetchedSince, lookups, absentAfterMs } = evidence
  const ours = candidates?.find((candidate) => candidate.isOurs)
  if (ours) return { kind: 'adopt', messageId: ours.id }
  const age = now - attemptStartedAt
  const absent = candidates?.length === 0 && !fetchedSince
  if (absent && age >= absentAfterMs && lookups + 1 >= LOOKS_BEFORE_ABSENT) return { kind: 'requeue' }
  if (age >= (candidates === null ? GIVE_UP_UNREAD_AFTER_MS : GIVE_UP_AFTER_MS)) return { kind: 'give-up' }
  const wait = Math.min(LOOK_AT_MOST_EVERY_MS, LOOK_EVERY_MS * 2 ** Math.min(lookups, 10))
  // No later than when absence would be believed, so that a receipt does not wait for nothing.
  const untilAbsent = attemptStartedAt + absentAfterMs - now
  return { kind: 'look-again', at: now + (untilAbsent > 0 ? Math.min(wait, Math.max(untilAbsent, MINUTE / 6)) : wait) }
}

/** Every text that looks like a link, anywhere in a message's content. */
export function linksIn(content: unknown, depth = 0): string[] {
  if (typeof content === 'string') return content.includes('://') ? [content] : []
  if (typeof content !== 'object' || content === null || depth > 8) return []
  return Object.values(content).flatMap((part) => linksIn(part, depth + 1))
}
