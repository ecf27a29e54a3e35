import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Agent, request } from 'undici'
import { errorCode, readBounded } from '../outgoing.ts'
import type { Web } from './web.ts'

const BODY_LIMIT = 1024 * 1024

export function createWeb(timeoutMs: number): Web {
  const agent = new Agent({ pipelining: 0, connect: { timeout: timeoutMs } })
  return {
    async ask(url, { method = 'GET', headers = {}, body } = {}) {
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method,
          // What a proxy would do to an answer for somebody who takes it packed is what WhatsApp would see.
          headers: { 'user-agent': 'risiti-doctor', 'accept-encoding': 'gzip, deflate, br', ...headers },
          body: body ?? null,
          signal: AbortSignal.timeout(timeoutMs),
        })
        const given = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat()[0] ?? ''])
        return {
          kind: 'answer',
          status: answer.statusCode,
          headers: Object.fromEntries(given),
          body: await readBounded(answer.body, BODY_LIMIT),
        }
      } catch (error) {
        return { kind: 'none', code: errorCode(error) }
      }
    },

    async addressesOf(host) {
      const bare = host.replace(/^\[|\]$/g, '')
      if (isIP(bare) !== 0) return { addresses: [bare] }
      try {
        const late = new Promise<never>((_, reject) => {
          const signal = AbortSignal.timeout(timeoutMs)
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
        const found = await Promise.race([lookup(bare, { all: true }), late])
        return { addresses: found.map(({ address }) => address) }
      } catch (error) {
        return { code: errorCode(error) }
      }
    },

    close: () => agent.destroy(),
  }
}
