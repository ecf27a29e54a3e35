import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import { SECOND } from '../clock.ts'
import { messageOf } from '../errors.ts'

/** The header our own probes carry, so that they are not taken for somebody's fetch. */
export const PROBE_HEADER = 'x-risiti-probe'
const TIMEOUT_MS = 10 * SECOND
/** Of the patience: whoever takes longer on the shortest way may take all of it on the way around. */
const PROMPT = 0.2

/** A dot of one pixel, 8-bit RGB: what stands behind `probeToken`, in every service and stored in none. */
export const PROBE_IMAGE = {
  type: 'image/png',
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGPgL8sDAAGLAPQ8xSAqAAAAAElFTkSuQmCC',
    'base64',
  ),
}

/**
 * A media token that only whoever has the same key can name: asked for it, a service with that key shows `PROBE_IMAGE`, and
 * any other knows no such image. It looks like the token of a receipt, so a proxy treats it like one.
 */
export function probeToken(key: string): string {
  return createHmac('sha256', key).update('risiti media probe').digest().subarray(0, 24).toString('base64url')
}

export type ProbeResult =
  | { kind: 'reachable' }
  | { kind: 'broken'; problem: string }
  /** No answer came, but then we answer late or not at all on this machine itself: starting, ending, or with too much in hand. */
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

  async function problemAt(url: string): Promise<{ problem: string | null; answer: 'prompt' | 'late' | 'none' }> {
    const startedAt = performance.now()
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await request(url, { dispatcher, headers: { [PROBE_HEADER]: secret }, signal })
      await answer.body.dump()
      const type = String(answer.headers['content-type'] ?? 'no content type')
      const good = answer.statusCode === 200 && /^image\/(png|jpeg)$/.test(type)
      const problem = answer.statusCode === 200 ? `it answers with ${type}` : `it answers ${answer.statusCode}`
      const isLate = performance.now() - startedAt > PROMPT * timeoutMs
      return { problem: good ? null : problem, answer: isLate ? 'late' : 'prompt' }
    } catch (error) {
      return { problem: messageOf(error).slice(0, 200), answer: 'none' }
    }
  }

  return async function probeImage(url) {
    const own = ownAddressOf(url)
    // Both at once: a moment later we may be less busy.
    const [around, direct] = await Promise.all([problemAt(url), own === undefined ? undefined : problemAt(own)])
    if (around.problem === null) return { kind: 'reachable' }
    const isOurs = around.answer === 'none' && direct !== undefined && direct.answer !== 'prompt'
    return isOurs ? { kind: 'busy' } : { kind: 'broken', problem: around.problem }
  }
}
