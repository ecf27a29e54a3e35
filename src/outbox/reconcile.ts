import { HOUR, MINUTE, SECOND } from '../clock.ts'

/** What can be learnt about a send whose answer was lost. */
export interface ReconcileEvidence {
  attemptStartedAt: number
  /** Lookups so far, this one not counted. */
  lookups: number
  /** Our image was fetched by somebody after the attempt began: it was taken on. */
  fetchedSince: boolean
  /** Karibu's outbound messages to this contact since the attempt that we cannot already name; null: not to be had. */
  candidates: Candidate[] | null
}

export interface Candidate {
  id: string
  /** True when its content holds our media URL, false when it holds another link, null when it shows none. */
  holdsOurUrl: boolean | null
}

export type ReconcileVerdict =
  | { kind: 'adopt'; messageId: string }
  /** Surely never taken on: it may be sent again. */
  | { kind: 'requeue' }
  | { kind: 'look-again'; at: number }
  /** Nobody can tell: it stays uncertain and is shown to a person. */
  | { kind: 'give-up' }

/** Absence is believed only after this long: Karibu queues first and its list may lag. */
export const SURELY_ABSENT_AFTER_MS = MINUTE
const GIVE_UP_AFTER_MS = 24 * HOUR
const LOOK_EVERY_MS = 20 * SECOND
const LOOK_AT_MOST_EVERY_MS = HOUR

/**
 * The media URL is unguessable and unique per message, so an outbound message that holds it is ours. One without any
 * link cannot be told apart: then nothing is sent again, because the customer may have it.
 */
export function reconcile(evidence: ReconcileEvidence, now: number): ReconcileVerdict {
  const { candidates, attemptStartedAt, fetchedSince, lookups } = evidence
  const ours = candidates?.find((candidate) => candidate.holdsOurUrl === true)
  if (ours) return { kind: 'adopt', messageId: ours.id }
  const age = now - attemptStartedAt
  const nameless = candidates?.some((candidate) => candidate.holdsOurUrl === null) ?? true
  const absent = candidates !== null && !nameless && !fetchedSince
  if (absent && age >= SURELY_ABSENT_AFTER_MS) return { kind: 'requeue' }
  if (age >= GIVE_UP_AFTER_MS) return { kind: 'give-up' }
  const wait = Math.min(LOOK_AT_MOST_EVERY_MS, LOOK_EVERY_MS * 2 ** Math.min(lookups, 10))
  return { kind: 'look-again', at: now + wait }
}

/** Whether some text anywhere in a message's content is (or holds) our URL; null when it holds no link at all. */
export function holdsUrl(content: unknown, url: string): boolean | null {
  let anyLink = false
  const search = (value: unknown, depth: number): boolean => {
    if (depth > 8) return false
    if (typeof value === 'string') {
      if (value.includes('://')) anyLink = true
      return value.includes(url)
    }
    return typeof value === 'object' && value !== null && Object.values(value).some((part) => search(part, depth + 1))
  }
  if (search(content, 0)) return true
  return anyLink ? false : null
}
