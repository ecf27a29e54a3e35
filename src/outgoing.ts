import { MINUTE } from './clock.ts'
import { messageOf } from './errors.ts'

/** What every request of ours to somebody else's API needs. */

export class AnswerTooLarge extends Error {}

export async function readBounded(body: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) throw new AnswerTooLarge(`the answer is larger than ${limit / 2 ** 20} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Why a request got no answer, in a word: `ECONNREFUSED`, `timeout` … */
export function errorCode(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  for (const candidate of [error, error instanceof Error ? error.cause : undefined]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') return candidate.code
  }
  return messageOf(error).slice(0, 80)
}

/** No wait longer than this is believed: a wrong date must not park a receipt past its window. */
const LONGEST_RETRY_AFTER_MS = 15 * MINUTE

/** Seconds or an HTTP date → milliseconds from `now`, at most a quarter of an hour; null when absent or nonsense. */
export function parseRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value.trim())) return Math.min(LONGEST_RETRY_AFTER_MS, Number(value) * 1000)
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, at - now))
}
