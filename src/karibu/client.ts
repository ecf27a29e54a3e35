import type { z } from 'zod'
import { errorCode } from '../outgoing.ts'
import { readSendAnswer } from './answers.ts'
import type { SendAnswer } from './send-result.ts'
import { createTransport, KaribuUnavailable, NOT_CONNECTED, NotConnected, type TransportOptions } from './transport.ts'
import * as wire from './wire.ts'

export { KaribuUnavailable }

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

export interface KaribuClientOptions extends TransportOptions {
  now: () => number
}

export const PAGE_SIZE = 200

export function createKaribuClient(options: KaribuClientOptions): KaribuClient {
  const { call, read, cut, close } = createTransport(options)

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
    cut,
    close,
  }
}

function targetFields(target: SendTarget) {
  return 'conversationId' in target ? { conversation_id: target.conversationId } : target
}

function orUnreadable<T>(parsed: { success: true; data: T } | { success: false; error: Error }, what: string): T {
  if (parsed.success) return parsed.data
  throw new KaribuUnavailable('karibu.unreadable', `Karibu's ${what} does not have the form we know`)
}
