import { buildConnector, Pool } from 'undici'
import { AppError } from '../errors.ts'
import { errorCode, readBounded } from '../outgoing.ts'
import { type HttpAnswer, isObject, parseJson, readError } from './answers.ts'
import { prefixed } from './codes.ts'

export interface TransportOptions {
  baseUrl: string
  apiKey: string
  timeoutMs: number
  /** Connections kept. */
  concurrency: number
  /** Told Karibu's own time (the `Date` of an answer, epoch milliseconds) with each answer; undefined where it holds none. */
  heard?(at: number | undefined): void
}

export interface Transport {
  /** One request; throws when no answer came, with `NotConnected` when nothing can have been taken on. */
  call(method: Method, path: string, payload?: unknown): Promise<HttpAnswer>
  /** What a read gives, out of its envelope; null for 404, `KaribuUnavailable` when it cannot be had. */
  read(path: string, query?: Record<string, string | undefined>): Promise<unknown>
  /** Ends requests under way: their outcome is unknown. */
  cut(): Promise<void>
  close(): Promise<void>
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Karibu refused or could not be asked; only for reads, a send answers with a SendResult. */
export class KaribuUnavailable extends AppError {}

const BODY_LIMIT = 4 * 1024 * 1024
/** The code of every error before a connection stood: nothing can have been accepted. */
export const NOT_CONNECTED = 'not_connected'

export class NotConnected extends Error {
  readonly code = NOT_CONNECTED
}

/** Marks whatever goes wrong with name, address or TLS, so that it is never taken for a lost answer. */
function markingConnector(timeoutMs: number): buildConnector.connector {
  const inner = buildConnector({ timeout: timeoutMs })
  return (options, callback) =>
    inner(options, (...result) => {
      const [error, socket] = result
      if (error) callback(new NotConnected(`no connection (${errorCode(error)})`, { cause: error }), null)
      else if (socket) callback(null, socket)
    })
}

export function createTransport(options: TransportOptions): Transport {
  const base = new URL(options.baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  const pool = new Pool(base.origin, {
    connections: options.concurrency,
    connect: markingConnector(Math.min(10_000, options.timeoutMs)),
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    // A kept connection that the far side has just closed turns a send into an unknown outcome: let go of it early.
    keepAliveTimeout: 4_000,
  })
  const headers = { 'x-api-key': options.apiKey, accept: 'application/json', 'user-agent': 'risiti' }

  async function call(method: Method, path: string, payload?: unknown): Promise<HttpAnswer> {
    const {
      statusCode,
      headers: answered,
      body,
    } = await pool.request({
      method,
      path: prefix + path,
      headers: payload === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: payload === undefined ? null : JSON.stringify(payload),
      signal: AbortSignal.timeout(options.timeoutMs),
    })
    const { 'retry-after': retryAfter, date } = answered
    const at = typeof date === 'string' ? Date.parse(date) : Number.NaN
    options.heard?.(Number.isNaN(at) ? undefined : at)
    return {
      status: statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      body: (await readBounded(body, BODY_LIMIT)).toString('utf8'),
    }
  }

  async function read(path: string, query: Record<string, string | undefined> = {}): Promise<unknown> {
    const search = new URLSearchParams(
      Object.entries(query).filter((pair): pair is [string, string] => pair[1] != null),
    )
    let answer: HttpAnswer
    try {
      answer = await call('GET', search.size > 0 ? `${path}?${search.toString()}` : path)
    } catch (error) {
      throw unreachable(error)
    }
    return answer.status === 404 ? null : readGood(answer)
  }

  return {
    call,
    read,
    cut: () => pool.destroy(),
    close: () => (pool.destroyed ? Promise.resolve() : pool.close()),
  }
}

/** Why no answer came to a question that costs nothing. */
export function unreachable(error: unknown): KaribuUnavailable {
  return new KaribuUnavailable('karibu.unreachable', `Karibu could not be asked (${errorCode(error)})`, {
    cause: error,
  })
}

/** What an answer holds, out of its envelope; throws when it is a refusal or no JSON. */
export function readGood(answer: HttpAnswer): unknown {
  const body = parseJson(answer.body)
  if (answer.status >= 300 || body === undefined || (isObject(body) && body.success === false)) {
    const { code, message } = readError(body)
    const details = { status: answer.status, code, words: message, retry_after: answer.retryAfter }
    throw new KaribuUnavailable(
      'karibu.refused',
      `Karibu answered ${answer.status}${code === null ? '' : ` (${prefixed(code)})`}`,
      { details },
    )
  }
  // Reads of the newer API come in an envelope, senders and templates bare.
  return isObject(body) && 'success' in body ? body.data : body
}
