import { request } from 'undici'
import { errorCode, parseRetryAfter } from '../outgoing.ts'
import { BlockedAddressError, type GuardOptions, guardedAgent } from '../receipts/guarded-agent.ts'
import type { TellOutcome } from './decide.ts'

export interface Post {
  url: string
  headers: Record<string, string>
  body: string
}

export interface Poster {
  /** Never throws. */
  post(post: Post): Promise<TellOutcome>
  /** Ends requests under way. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** They say that the target is busy or away, not what it thinks of this notification. */
const SLOW = new Set([429, 502, 503, 504])
/** Of an answer's body nothing is wanted; a short one is read, so that the receiver sees it taken. */
const BODY_LIMIT = 16 * 1024

/** Posts to targets on the public internet and the allowed origins; follows no redirect and tries nothing again. */
export function createPoster({ now, ...guard }: GuardOptions & { now(): number }): Poster {
  const agent = guardedAgent(guard)

  async function send({ url, headers, body }: Post): Promise<TellOutcome> {
    const signal = AbortSignal.timeout(guard.timeoutMs)
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Risiti', ...headers },
      body,
      signal,
    })
    const { statusCode: status } = answer
    await answer.body.dump({ limit: BODY_LIMIT, signal }).catch(() => {})
    if (status >= 200 && status <= 299) return { kind: 'told' }
    if (status === 410) return { kind: 'gone' }
    const code = `http_${status}`
    if (!SLOW.has(status)) return { kind: 'failed', code }
    const retryAfter = answer.headers['retry-after']
    const retryAfterMs = parseRetryAfter(typeof retryAfter === 'string' ? retryAfter : null, now())
    return { kind: 'slow', code, retryAfterMs }
  }

  return {
    post: (post) => send(post).catch((error: unknown) => ({ kind: 'failed', code: failure(error) })),
    cut: () => agent.destroy(),
    close: () => (agent.destroyed ? Promise.resolve() : agent.close()),
  }
}

/** In a word, without the address: it may hold a token. */
function failure(error: unknown): string {
  if (error instanceof BlockedAddressError) return 'blocked_address'
  const code = errorCode(error)
  return /^[A-Za-z_]{1,40}$/.test(code) ? code : 'unreachable'
}
