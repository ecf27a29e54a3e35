import { buildConnector, Pool } from 'undici'
import type { z } from 'zod'
import { AppError } from '../errors.ts'
import { errorCode, readBounded } from '../outgoing.ts'
import { isObject, parseJson, readError, readSendAnswer } from './answers.ts'
import { prefixed } from './codes.ts'
import type { SendAnswer } from './send-result.ts'
import * as wire from './wire.ts'

/** Either a number with the sender always named, or an existing conversation: never both (karibu docs disagree). */
export type SendTarget = { to: string; sender: string } | { conversationId: string }

export interface KaribuClient {
  sendImage(request: { target: SendTarget; mediaUrl: string; caption: string }): Promise<SendAnswer>
  /** Needs no open window; opens none either. */
  sendTemplate(request: { target: SendTarget; name: string; variables: Record<string, string> }): Promise<SendAnswer>
  /** Null when Karibu does not know the message. */
  getMessage(messageId: string): Promise<wire.MessageDetail | null>
  /** Newest first, at most 200 a page. `since` is epoch milliseconds. */
  listMessages(filter: {
    direction: 'inbound' | 'outbound'
    since: number
    conversationId?: string
    offset?: number
  }): Promise<ListPage<wire.ListItem>>
  findConversations(recipient: string): Promise<ListPage<wire.Conversation>>
  getConversation(id: string): Promise<wire.Conversation | null>
  listSenders(): Promise<wire.Sender[]>
  /** Ends requests under way: their outcome is unknown. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** One page of a list. Items we cannot read are left out, but counted: what is not shown is not proof of absence. */
export interface ListPage<T> {
  items: T[]
  /** How many Karibu sent. */
  count: number
}

export interface KaribuClientOptions {
  baseUrl: string
  apiKey: string
  timeoutMs: number
  /** Connections kept. */
  concurrency: number
  now: () => number
}

/** Karibu refused or could not be asked; only for reads, a send answers with a SendResult. */
export class KaribuUnavailable extends AppError {}

export const PAGE_SIZE = 200
const BODY_LIMIT = 4 * 1024 * 1024
/** The code of every error before a connection stood: nothing can have been accepted. */
const NOT_CONNECTED = 'not_connected'

class NotConnected extends Error {
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

export function createKaribuClient(options: KaribuClientOptions): KaribuClient {
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

  async function call(method: 'GET' | 'POST', path: string, payload?: unknown) {
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
    const retryAfter = answered['retry-after']
    return {
      status: statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      body: (await readBounded(body, BODY_LIMIT)).toString('utf8'),
    }
  }

  async function send(path: string, payload: Record<string, unknown>): Promise<SendAnswer> {
    try {
      return readSendAnswer(await call('POST', path, payload), options.now())
    } catch (error) {
      const code = errorCode(error)
      const detail = error instanceof NotConnected ? error.message : `the request to Karibu broke off (${code})`
      if (code === NOT_CONNECTED) {
        const result = {
          kind: 'later',
          code: 'karibu.unreachable',
          detail,
          retryAfterMs: null,
          burns: false,
          everyone: true,
        } as const
        return { result, httpStatus: null, requestId: null }
      }
      return { result: { kind: 'unknown', code: 'karibu.no_answer', detail }, httpStatus: null, requestId: null }
    }
  }

  async function read(path: string, query: Record<string, string | undefined> = {}): Promise<unknown> {
    const search = new URLSearchParams(
      Object.entries(query).filter((pair): pair is [string, string] => pair[1] != null),
    )
    let answer: Awaited<ReturnType<typeof call>>
    try {
      answer = await call('GET', search.size > 0 ? `${path}?${search.toString()}` : path)
    } catch (error) {
      throw new KaribuUnavailable('karibu.unreachable', `Karibu could not be asked (${errorCode(error)})`)
    }
    if (answer.status === 404) return null
    const body = parseJson(answer.body)
    if (answer.status >= 300 || body === undefined || (isObject(body) && body.success === false)) {
      const { code } = readError(body)
      const details = { status: answer.status, code, retry_after: answer.retryAfter }
      throw new KaribuUnavailable(
        'karibu.refused',
        `Karibu answered ${answer.status}${code === null ? '' : ` (${prefixed(code)})`}`,
        { details },
      )
    }
    // Reads of the newer API come in an envelope, senders and templates bare.
    return isObject(body) && 'success' in body ? body.data : body
  }

  async function list<T>(
    path: string,
    query: Record<string, string | undefined>,
    schema: z.ZodType<T>,
  ): Promise<ListPage<T>> {
    const page = wire.page.safeParse(await read(path, query))
    if (!page.success) throw new KaribuUnavailable('karibu.unreadable', `Karibu's list ${path} has no items`)
    const items = page.data.items.flatMap((item) => schema.safeParse(item).data ?? [])
    return { items, count: page.data.items.length }
  }

  return {
    sendImage: ({ target, mediaUrl, caption }) =>
      send('/v1/whatsapp/messages/image', {
        ...targetFields(target),
        media_url: mediaUrl,
        caption: caption || undefined,
      }),
    sendTemplate: ({ target, name, variables }) =>
      send('/v1/whatsapp/messages/template', { ...targetFields(target), template_name: name, variables }),
    async getMessage(messageId) {
      const body = await read(`/v1/whatsapp/messages/${encodeURIComponent(messageId)}`)
      return body === null ? null : orUnreadable(wire.messageDetail.safeParse(body), 'message')
    },
    listMessages: ({ direction, since, conversationId, offset = 0 }) =>
      list(
        '/v1/whatsapp/messages',
        {
          direction,
          since: new Date(since).toISOString(),
          conversation_id: conversationId,
          limit: String(PAGE_SIZE),
          offset: String(offset),
        },
        wire.listItem,
      ),
    findConversations: (recipient) =>
      list('/v1/whatsapp/conversations', { recipient, limit: '100' }, wire.conversation),
    async getConversation(id) {
      const body = await read(`/v1/whatsapp/conversations/${encodeURIComponent(id)}`)
      return body === null ? null : orUnreadable(wire.conversation.safeParse(body), 'conversation')
    },
    async listSenders() {
      const body = await read('/v1/whatsapp/senders')
      const senders = Array.isArray(body) ? body : (wire.page.safeParse(body).data?.items ?? [])
      return senders.flatMap((item) => wire.sender.safeParse(item).data ?? [])
    },
    cut: () => pool.destroy(),
    close: () => (pool.destroyed ? Promise.resolve() : pool.close()),
  }
}

function targetFields(target: SendTarget) {
  return 'conversationId' in target ? { conversation_id: target.conversationId } : target
}

function orUnreadable<T>(parsed: { success: true; data: T } | { success: false; error: Error }, what: string): T {
  if (parsed.success) return parsed.data
  throw new KaribuUnavailable('karibu.unreadable', `Karibu's ${what} does not have the form we know`)
}
