import { DAY, MINUTE, SECOND } from '../clock.ts'
import type { ConfirmationChange } from '../store/confirmations.ts'
import type { ConfirmationRow } from '../store/records.ts'

/** What asking a platform's API came to. */
export type AskOutcome =
  | { kind: 'confirmed' }
  /** The API, or the claim held against its answer, says no. */
  | { kind: 'denied'; code: string; reason: string }
  /** Pending: there will be an answer. */
  | { kind: 'undecided'; reason: string }
  /** Not reached, too slow, out of order or throttled; `everyone` rests the shop's other questions too. */
  | { kind: 'later'; code: string; detail: string; retryAfterMs: number | null; everyone: boolean }
  /** Our key or account is refused: the shop's questions wait, and none is given up for it. */
  | { kind: 'blocked'; code: string; detail: string }
  /** An answer that says this question is wrong, or none that can be read: counted. */
  | { kind: 'refused'; code: string; detail: string }

export interface DecideContext {
  now: number
  /** 0 ≤ random < 1, for the jitter. */
  random: number
  /** The event in which what was confirmed stands. */
  eventId: string | null
}

/** Refusals and unreadable answers until it is given up; with the backoff about a quarter of an hour. */
export const MOST_REFUSALS = 8
/** What is still pending then was never paid. */
export const UNDECIDED_FOR_MS = 3 * DAY
/** An API that is away for longer is another address, or gone. */
export const UNREACHED_FOR_MS = 7 * DAY
/** One that was kept waiting by others is asked a few times all the same. */
const FEWEST_ASKINGS = 5
const BACKOFF_BASE_MS = 5 * SECOND
const BACKOFF_CAP_MS = 10 * MINUTE
const PENDING_BASE_MS = 10 * SECOND
const PENDING_CAP_MS = 30 * MINUTE
const BLOCKED_PAUSE_MS = 5 * MINUTE

/** Pure: what becomes of a question, which was being asked, by this outcome. */
export function decide(row: ConfirmationRow, outcome: AskOutcome, context: DecideContext): ConfirmationChange {
  const change = planned(row, outcome, context)
  const open = change.row.status === 'waiting'
  if (!row.again || (open && outcome.kind !== 'undecided')) return change
  const text = open
    ? change.standing.text
    : `${change.standing.text}; another notification came, so it is asked once more`
  return {
    ...change,
    row: { ...change.row, status: 'waiting', nextAttemptAt: context.now + SECOND, burned: 0 },
    standing: { ...change.standing, text },
  }
}

function planned(row: ConfirmationRow, outcome: AskOutcome, context: DecideContext): ConfirmationChange {
  switch (outcome.kind) {
    case 'confirmed': {
      const text = `confirmed by the platform’s API: event ${context.eventId}`
      return ended('confirmed', null, { text, outcome: 'handled', reason: null }, null)
    }
    case 'denied': {
      const reason = `not confirmed: ${outcome.reason}`
      return ended('denied', outcome, { text: reason, outcome: 'ignored', reason }, null)
    }
    case 'undecided':
      return undecided(row, outcome.reason, context)
    case 'later':
      return later(row, outcome, context)
    case 'blocked':
      return blocked(row, outcome, context)
    case 'refused':
      return refused(row, outcome, context)
  }
}

function undecided(row: ConfirmationRow, reason: string, { now, random }: DecideContext): ConfirmationChange {
  const code = 'claim.undecided'
  if (isOver(row, UNDECIDED_FOR_MS, now)) {
    return givenUp({ code, reason: `it is still undecided after three days (${reason})` }, null)
  }
  const wait = spread(PENDING_BASE_MS, PENDING_CAP_MS, row.attempts, random)
  const text = `${asked(row)}; not decided yet: ${reason}`
  return waiting(row, now + wait, { code, detail: reason }, text, null)
}

function later(
  row: ConfirmationRow,
  outcome: Extract<AskOutcome, { kind: 'later' }>,
  { now, random }: DecideContext,
): ConfirmationChange {
  const { code, detail, retryAfterMs, everyone } = outcome
  if (isOver(row, UNREACHED_FOR_MS, now)) {
    return givenUp({ code, reason: `the platform’s API gave no answer for a week (${detail})` }, 'unchanged')
  }
  // Full jitter: after an outage the questions come back one by one.
  const backoff = Math.round(random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(row.attempts, 20)))
  const at = now + Math.max(SECOND, retryAfterMs ?? 0, backoff)
  const pause = everyone
    ? { pausedUntil: now + Math.max(BACKOFF_BASE_MS, retryAfterMs ?? 0), code, detail }
    : 'unchanged'
  return waiting(row, at, { code, detail }, `${asked(row)}; no answer yet: ${detail}`, pause)
}

function blocked(
  row: ConfirmationRow,
  { code, detail }: Extract<AskOutcome, { kind: 'blocked' }>,
  { now, random }: DecideContext,
): ConfirmationChange {
  const pausedUntil = now + BLOCKED_PAUSE_MS
  // Behind the others: the next to try the key is another question, should only this one be refused.
  const at = pausedUntil + Math.round(random * BLOCKED_PAUSE_MS)
  const text = `waits: the platform’s API refuses the shop’s credentials (${detail})`
  return waiting(row, at, { code, detail }, text, { pausedUntil, code, detail })
}

function refused(
  row: ConfirmationRow,
  { code, detail }: Extract<AskOutcome, { kind: 'refused' }>,
  { now, random }: DecideContext,
): ConfirmationChange {
  const burned = row.burned + 1
  if (burned >= MOST_REFUSALS) return givenUp({ code, reason: `${asked(row)}: ${detail}` }, null)
  const at = now + spread(BACKOFF_BASE_MS, BACKOFF_CAP_MS, burned, random)
  return waiting({ ...row, burned }, at, { code, detail }, `${asked(row)}; no usable answer: ${detail}`, null)
}

/** Half fixed, half chance. */
function spread(base: number, cap: number, count: number, random: number): number {
  const whole = Math.min(cap, base * 2 ** Math.min(Math.max(0, count - 1), 20))
  return Math.round(whole / 2 + (random * whole) / 2)
}

function isOver(row: ConfirmationRow, forMs: number, now: number): boolean {
  return now - row.createdAt >= forMs && row.attempts >= FEWEST_ASKINGS
}

function asked({ attempts }: ConfirmationRow): string {
  return attempts === 1 ? 'asked once' : `asked ${attempts} times`
}

function waiting(
  { burned }: Pick<ConfirmationRow, 'burned'>,
  nextAttemptAt: number,
  last: { code: string; detail: string },
  text: string,
  pause: ConfirmationChange['pause'],
): ConfirmationChange {
  return {
    row: { status: 'waiting', nextAttemptAt, burned, lastCode: last.code, lastDetail: last.detail },
    pause,
    standing: { text, outcome: 'handled', reason: null },
  }
}

function givenUp(why: { code: string; reason: string }, pause: ConfirmationChange['pause']): ConfirmationChange {
  const reason = `given up, and nothing believed: ${why.reason}`
  return ended('given_up', why, { text: reason, outcome: 'ignored', reason }, pause)
}

function ended(
  status: 'confirmed' | 'denied' | 'given_up',
  why: { code: string; reason: string } | null,
  standing: ConfirmationChange['standing'],
  pause: ConfirmationChange['pause'],
): ConfirmationChange {
  return {
    row: { status, nextAttemptAt: null, burned: 0, lastCode: why?.code ?? null, lastDetail: why?.reason ?? null },
    pause,
    standing,
  }
}
