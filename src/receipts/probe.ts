import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import { messageOf } from '../errors.ts'

/** The header our own probes carry, so that they are not taken for somebody's fetch. */
export const PROBE_HEADER = 'x-risiti-probe'
const TIMEOUT_MS = 10_000

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

/** Fetches an image of ours as WhatsApp would, over its public address; gives what is wrong, or null. */
export function createImageProbe(secret: string): (url: string) => Promise<string | null> {
  const dispatcher = new Agent({ pipelining: 0, connect: { timeout: TIMEOUT_MS } })
  return async function probeImage(url) {
    try {
      const answer = await request(url, {
        dispatcher,
        headers: { [PROBE_HEADER]: secret },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await answer.body.dump()
      if (answer.statusCode !== 200) return `it answers ${answer.statusCode}`
      const type = String(answer.headers['content-type'] ?? 'no content type')
      return /^image\/(png|jpeg)$/.test(type) ? null : `it answers with ${type}`
    } catch (error) {
      return messageOf(error).slice(0, 200)
    }
  }
}
