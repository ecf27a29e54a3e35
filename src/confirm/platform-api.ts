import { Agent, request } from 'undici'
import { SECOND } from '../clock.ts'
import { AnswerTooLarge, errorCode, parseRetryAfter, readBounded } from '../outgoing.ts'
import { parseJson } from '../shops/json.ts'
import type { PlatformApi } from '../shops/platform.ts'
import { ApiTrouble, troubleOf } from './api-trouble.ts'
import { type ApiAnswer, createScrubber } from './scrub.ts'

export interface OpenApi {
  api: PlatformApi
  /** All that was answered so far. */
  answers(): ApiAnswer[]
}

export interface PlatformApis {
  /** For one question. `title` is the platform's, for people. */
  open(options: { baseUrl: string; title: string; credentials: Readonly<Record<string, string>> }): OpenApi
  /** Ends requests under way. */
  cut(): Promise<void>
  close(): Promise<void>
}

export const API_TIMEOUT_MS = 15 * SECOND
/** A platform's code that asks without end must not. */
export const MOST_CALLS = 24
const BODY_LIMIT = 2 * 1024 * 1024
const CONNECTIONS_PER_HOST = 8

type Call = Parameters<PlatformApi['request']>[0]

/** Asks platforms' APIs; nothing underneath tries again or follows a redirect, so the asker alone decides. */
export function createPlatformApis({
  now,
  timeoutMs = API_TIMEOUT_MS,
  bodyLimit = BODY_LIMIT,
}: {
  now(): number
  timeoutMs?: number
  bodyLimit?: number
}): PlatformApis {
  const agent = new Agent({
    connections: CONNECTIONS_PER_HOST,
    connect: { timeout: Math.min(10 * SECOND, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4 * SECOND,
  })

  async function exchange(apiUrl: string, { method, path, base, headers, body }: Call) {
    const isText = typeof body === 'string'
    const answer = await request((base?.(apiUrl) ?? apiUrl) + path, {
      dispatcher: agent,
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'risiti',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...lowerCased(headers),
      },
      body: body === undefined ? null : isText ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const retryAfter = answer.headers['retry-after']
    return {
      status: answer.statusCode,
      retryAfterMs: parseRetryAfter(typeof retryAfter === 'string' ? retryAfter : null, now()),
      headers: answer.headers,
      body: await readBounded(answer.body, bodyLimit),
    }
  }

  return {
    open({ baseUrl, title, credentials }) {
      const scrubber = createScrubber(Object.values(credentials))
      const received: ApiAnswer[] = []
      let calls = 0
      return {
        api: {
          async request(call) {
            if (++calls > MOST_CALLS)
              throw unreadable(`more than ${MOST_CALLS} requests for one question to ${title}’s API`)
            scrubber.sent(call.headers ?? {})
            const { status, retryAfterMs, headers, body } = await exchange(baseUrl, call).catch((error: unknown) => {
              throw noAnswer(error, title)
            })
            const parsed = parseJson(body)
            received.push({ method: call.method, path: call.path, status, body: parsed.ok ? parsed.value : null })
            if (status === 404) return null
            if (status === 204) return undefined
            if (status < 200 || status > 299) {
              const words = parsed.ok ? scrubber.words(parsed.value) : ''
              throw troubleOf({ title, status, retryAfterMs, words })
            }
            // A bare `null` would read as a 404.
            if (!parsed.ok || parsed.value === null) throw unreadable(`${title}’s API answered ${status} without JSON`)
            call.heard?.({ get: (name) => [headers[name.toLowerCase()] ?? null].flat()[0] ?? null })
            return parsed.value
          },
        },
        answers: () => received.map((answer) => scrubber.clean(answer)),
      }
    },
    cut: () => agent.destroy(),
    close: () => (agent.destroyed ? Promise.resolve() : agent.close()),
  }
}

function noAnswer(error: unknown, title: string): ApiTrouble {
  if (error instanceof AnswerTooLarge) return unreadable(`${title}’s API: ${error.message}`)
  const detail = `${title}’s API could not be reached (${errorCode(error)})`
  const facts = { code: 'api.unreachable', detail, retryAfterMs: null, everyone: false }
  return new ApiTrouble({ kind: 'later', ...facts }, error)
}

function unreadable(detail: string): ApiTrouble {
  return new ApiTrouble({ kind: 'refused', code: 'api.unreadable', detail })
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
