import { HOUR, MINUTE, SECOND } from '../clock.ts'
import type { NotificationChange } from '../store/notifications.ts'
import type { NotificationRow } from '../store/records.ts'

/** What telling a target came to. */
export type TellOutcome =
  | { kind: 'told' }
  /** 410: it wants to be told nothing more. */
  | { kind: 'gone' }
  /** It asks for patience: nothing else is told to it for a while either. */
  | { kind: 'slow'; code: string; retryAfterMs: number | null }
  | { kind: 'failed'; code: string }

/** Waits after the first try, the second …; the last try of all follows the last wait. */
export const WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]
/** A wait is longer by up to this part of it, so that what failed together does not come back together. */
const JITTER = 0.2
/** Where a target that asks for patience does not say for how long. */
const REST_MS = 30 * SECOND

/** Pure: what becomes of a notification, which was being told, by this outcome. `random` is 0 ≤ random < 1. */
export function decide(
  { attempts }: Pick<NotificationRow, 'attempts'>,
  outcome: TellOutcome,
  now: number,
  random: number,
): NotificationChange {
  switch (outcome.kind) {
    case 'told':
      return { nextAttemptAt: null, attempts, target: 'unchanged' }
    case 'gone':
      // It waits until the target is switched on again, and this try does not count.
      return { nextAttemptAt: now, attempts: attempts - 1, target: { offSince: now } }
    case 'slow': {
      const restingUntil = now + (outcome.retryAfterMs ?? REST_MS)
      const wait = waitAfter(attempts, random)
      const nextAttemptAt = wait === undefined ? null : Math.max(restingUntil, now + wait)
      return { nextAttemptAt, attempts, target: { restingUntil } }
    }
    case 'failed': {
      const wait = waitAfter(attempts, random)
      return { nextAttemptAt: wait === undefined ? null : now + wait, attempts, target: 'unchanged' }
    }
  }
}

/** Undefined when that was the last try. */
function waitAfter(attempts: number, random: number): number | undefined {
  const wait = WAITS_MS[attempts - 1]
  return wait === undefined ? undefined : Math.round(wait * (1 + JITTER * random))
}
