import { Agent, request } from 'undici'
import { SECOND } from '../clock.ts'
import { messageOf } from '../errors.ts'

/** The header our own probes carry, so that they are not taken for somebody's fetch. */
export const PROBE_HEADER = 'x-risiti-probe'
const TIMEOUT_MS = 10 * SECOND
/** Of the patience: whoever takes longer on the shortest way may take all of it on the way around. */
const PROMPT = 0.2

export type ProbeResult =
  | { kind: 'reachable' }
  | { kind: 'broken'; problem: string }
  /** It came too late, but then we answer late on this machine itself: just started, or with too much in hand. */
  | { kind: 'busy' }

export type ProbeImage = (url: string) => Promise<ProbeResult>

export interface ProbeOptions {
  secret: string
  /** The address on this machine that `url` leads to when all is well; undefined while nothing listens. */
  ownAddressOf(url: string): string | undefined
  timeoutMs?: number
}

/** Fetches an image of ours as WhatsApp would, over its public address. */
export function createImageProbe({ secret, ownAddressOf, timeoutMs = TIMEOUT_MS }: ProbeOptions): ProbeImage {
  const dispatcher = new Agent({ pipelining: 0, connect: { timeout: timeoutMs } })

  async function problemAt(url: string): Promise<{ problem: string | null; late: boolean }> {
    const startedAt = performance.now()
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await request(url, { dispatcher, headers: { [PROBE_HEADER]: secret }, signal })
      await answer.body.dump()
      const type = String(answer.headers['content-type'] ?? 'no content type')
      const good = answer.statusCode === 200 && /^image\/(png|jpeg)$/.test(type)
      const problem = answer.statusCode === 200 ? `it answers with ${type}` : `it answers ${answer.statusCode}`
      return { problem: good ? null : problem, late: performance.now() - startedAt > PROMPT * timeoutMs }
    } catch (error) {
      return { problem: messageOf(error).slice(0, 200), late: signal.aborted }
    }
  }

  return async function probeImage(url) {
    const own = ownAddressOf(url)
    // Both at once: a moment later we may be less busy.
    const [around, direct] = await Promise.all([problemAt(url), own === undefined ? undefined : problemAt(own)])
    if (around.problem === null) return { kind: 'reachable' }
    return around.late && direct?.late ? { kind: 'busy' } : { kind: 'broken', problem: around.problem }
  }
}
