import type { AttemptRow } from '../store/records.ts'

/** Answers that say the message was not taken on; a failure reported later leaves its attempt `accepted`. */
const DENIALS = new Set(['later', 'window-closed', 'blocked', 'refused'])

/**
 * Pure: whether an attempt may have arrived although its answer denied it. Its picture's address is known to nobody but
 * whoever took it on, so a fetch after the answer speaks against the answer; one before it may have been a check of the
 * link. Where no connection stood, nobody was told the address.
 */
export function mayHaveArrived({ result, code, finishedAt }: AttemptRow, fetchedAt: number | null): boolean {
  if (fetchedAt === null || finishedAt === null || code === 'karibu.unreachable') return false
  return DENIALS.has(result ?? '') && fetchedAt > finishedAt
}
