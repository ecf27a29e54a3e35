import { and, asc, count, desc, eq, getTableColumns, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../errors.ts'
import type { Order } from '../order.ts'
import { readInboundRefusal } from './inbound-refusal.ts'
import type { OpenDatabase } from './open.ts'
import type {
  AttemptRow,
  ConversationRow,
  EventRow,
  MediaFetchRow,
  MediaRow,
  MessageRow,
  SenderPauseRow,
  StatusReportRow,
} from './records.ts'
import { RESTORED_CODE } from './restored.ts'
import {
  attempts,
  conversations,
  counters,
  eventBodies,
  events,
  media,
  mediaFetches,
  messages,
  orders,
  senderPauses,
  statusReports,
} from './schema.ts'
import { BY_HAND_TOPIC, type MessageStatus } from './words.ts'

export interface MessageFilter {
  status?: MessageStatus[] | undefined
  shop?: string | undefined
  /** The order's id or number. */
  order?: string | undefined
  /** Digits. */
  to?: string | undefined
  rule?: string | undefined
  errorCode?: string | undefined
  since?: number | undefined
  until?: number | undefined
  /** Part of an order number, a phone or a name. */
  q?: string | undefined
}

export interface EventFilter {
  source?: string | undefined
  type?: string | undefined
  order?: string | undefined
  outcome?: 'handled' | 'ignored' | undefined
  since?: number | undefined
  until?: number | undefined
}

/** Newest first; `before` is the id of the last row of the page before. */
export interface Page {
  before: string | undefined
  limit: number
}

/** A message as people are shown it. */
export interface ShownMessage extends MessageRow {
  /** Of its attempts, those that were never made as far as anybody knows: the doubts of a restore. */
  doubts: number
}

export interface MessageStory {
  message: ShownMessage
  order: Order | null
  conversation: ConversationRow | null
  event: EventRow | null
  attempts: AttemptRow[]
  /** What people did with it. */
  acts: EventRow[]
  reports: StatusReportRow[]
  media: MediaRow[]
  fetches: MediaFetchRow[]
}

export interface ReadStore {
  listMessages(filter: MessageFilter, page: Page): Promise<ShownMessage[]>
  /** By our id or by Karibu's message id. */
  findMessage(id: string): Promise<ShownMessage | undefined>
  findStory(id: string): Promise<MessageStory | undefined>
  listConversations(filter: { phone?: string; sender?: string }, page: Page): Promise<ConversationRow[]>
  listEvents(filter: EventFilter, page: Page): Promise<EventRow[]>
  findEvent(id: string): Promise<{ event: EventRow; body: Buffer | null; contentType: string | null } | undefined>
  /** Throws where several orders have that number. */
  findOrder(shop: string, idOrNumber: string): Promise<Order | undefined>
  countByStatus(since: number): Promise<{ status: MessageStatus; count: number }[]>
  countWaiting(): Promise<{ status: MessageStatus; count: number }[]>
  /** The first made of each status that waits. */
  oldestWaiting(): Promise<{ status: MessageStatus; createdAt: number }[]>
  countSends(month: string): Promise<{ sender: string; sends: number }[]>
  listPauses(): Promise<SenderPauseRow[]>
  /** Since when Karibu refuses to show what customers write; null while it does not. */
  inboundRefusedSince(): Promise<number | null>
}

const SHOWN = {
  ...getTableColumns(messages),
  doubts: sql<number>`(select count(*) from attempts as doubt
    where doubt.message = messages.id and doubt.code = ${RESTORED_CODE} and doubt.result = 'unknown')`,
}

export function createReadStore({ reader }: Pick<OpenDatabase, 'reader'>): ReadStore {
  async function findMessage(id: string): Promise<ShownMessage | undefined> {
    const [row] = await reader
      .select(SHOWN)
      .from(messages)
      .where(id.startsWith('msg_') ? eq(messages.id, id) : eq(messages.messageId, id))
      .limit(1)
    if (row || id.startsWith('msg_')) return row
    // Karibu's id of an earlier attempt still names the message.
    const [earlier] = await reader
      .select({ message: attempts.message })
      .from(attempts)
      .where(eq(attempts.messageId, id))
      .limit(1)
    return earlier && findMessage(earlier.message)
  }

  async function actsOn({ id, conversationId }: MessageRow): Promise<EventRow[]> {
    if (conversationId === null) return []
    const acts = await reader
      .select()
      .from(events)
      .where(and(eq(events.conversationId, conversationId), eq(events.topic, BY_HAND_TOPIC)))
      .orderBy(asc(events.id))
    return acts.filter(({ trace }) => trace.some((line) => line.messageId === id))
  }

  return {
    async listMessages(filter, { before, limit }) {
      return reader
        .select(SHOWN)
        .from(messages)
        .where(and(...messageConditions(filter), before === undefined ? undefined : lt(messages.id, before)))
        .orderBy(desc(messages.id))
        .limit(limit)
    },

    findMessage,

    async findStory(id) {
      const message = await findMessage(id)
      if (!message) return undefined
      const ofMessage = await reader
        .select()
        .from(attempts)
        .where(eq(attempts.message, message.id))
        .orderBy(asc(attempts.number))
      const karibuIds = ofMessage.map((attempt) => attempt.messageId).filter((one): one is string => one !== null)
      const images = await reader
        .select()
        .from(media)
        .where(eq(media.message, message.id))
        .orderBy(asc(media.createdAt))
      const tokens = images.map((image) => image.token)
      const [order] = message.orderId
        ? await reader
            .select({ state: orders.state })
            .from(orders)
            .where(and(eq(orders.shop, message.shop ?? ''), eq(orders.orderId, message.orderId)))
            .limit(1)
        : []
      const [conversation] = message.conversationId
        ? await reader.select().from(conversations).where(eq(conversations.id, message.conversationId)).limit(1)
        : []
      const [event] = message.eventId
        ? await reader.select().from(events).where(eq(events.id, message.eventId)).limit(1)
        : []
      return {
        message,
        order: order?.state ?? null,
        conversation: conversation ?? null,
        event: event ?? null,
        attempts: ofMessage,
        acts: await actsOn(message),
        reports: await reader
          .select()
          .from(statusReports)
          .where(inArray(statusReports.messageId, karibuIds))
          .orderBy(asc(statusReports.receivedAt)),
        media: images,
        fetches: await reader
          .select()
          .from(mediaFetches)
          .where(inArray(mediaFetches.token, tokens))
          .orderBy(asc(mediaFetches.id))
          .limit(50),
      }
    },

    async listConversations({ phone, sender }, { before, limit }) {
      return reader
        .select()
        .from(conversations)
        .where(
          and(
            phone === undefined ? undefined : eq(conversations.phone, phone),
            sender === undefined ? undefined : eq(conversations.sender, sender),
            before === undefined ? undefined : lt(conversations.id, before),
          ),
        )
        .orderBy(desc(conversations.id))
        .limit(limit)
    },

    async listEvents(filter, { before, limit }) {
      return reader
        .select()
        .from(events)
        .where(and(...eventConditions(filter), before === undefined ? undefined : lt(events.id, before)))
        .orderBy(desc(events.id))
        .limit(limit)
    },

    async findEvent(id) {
      const [event] = await reader.select().from(events).where(eq(events.id, id)).limit(1)
      if (!event) return undefined
      const [kept] = await reader.select().from(eventBodies).where(eq(eventBodies.eventId, id)).limit(1)
      return { event, body: kept?.body ?? null, contentType: kept?.contentType ?? null }
    },

    async findOrder(shop, idOrNumber) {
      const [first, another] = await reader
        .select({ id: orders.orderId, state: orders.state })
        .from(orders)
        .where(and(eq(orders.shop, shop), or(eq(orders.orderId, idOrNumber), eq(orders.number, idOrNumber))))
        // One order's id may be another one's number.
        .orderBy(desc(eq(orders.orderId, idOrNumber)))
        .limit(2)
      if (another && first?.id !== idOrNumber) {
        // A till that counts anew each day: any of them would be somebody else's receipt.
        throw new AppError('order.ambiguous', 'several orders of this shop have that number: give the id of one')
      }
      return first?.state
    },

    async countByStatus(since) {
      return reader
        .select({ status: messages.status, count: count() })
        .from(messages)
        .where(gte(messages.createdAt, since))
        .groupBy(messages.status)
    },

    async oldestWaiting() {
      const found: { status: MessageStatus; createdAt: number }[] = []
      for (const status of ['held', 'queued', 'sending', 'uncertain'] as const) {
        const [row] = await reader
          .select({ createdAt: messages.createdAt })
          .from(messages)
          .where(eq(messages.status, status))
          .orderBy(asc(messages.id))
          .limit(1)
        if (row) found.push({ status, createdAt: row.createdAt })
      }
      return found
    },

    async countWaiting() {
      return reader
        .select({ status: messages.status, count: count() })
        .from(messages)
        .where(inArray(messages.status, ['held', 'queued', 'sending', 'uncertain']))
        .groupBy(messages.status)
    },

    async countSends(month) {
      return reader
        .select({ sender: counters.sender, sends: counters.sends })
        .from(counters)
        .where(eq(counters.month, month))
    },

    inboundRefusedSince: () => readInboundRefusal(reader),

    async listPauses() {
      return reader.select().from(senderPauses)
    },
  }
}

export function eventConditions({ source, type, order, outcome, since, until }: EventFilter): (SQL | undefined)[] {
  return [
    source === undefined ? undefined : eq(events.source, source),
    type === undefined ? undefined : eq(events.type, type),
    order === undefined ? undefined : or(eq(events.orderId, order), eq(events.orderNumber, order)),
    outcome === undefined ? undefined : eq(events.outcome, outcome),
    since === undefined ? undefined : gte(events.receivedAt, since),
    until === undefined ? undefined : lt(events.receivedAt, until),
  ]
}

function messageConditions({
  status,
  shop,
  order,
  to,
  rule,
  errorCode,
  since,
  until,
  q,
}: MessageFilter): (SQL | undefined)[] {
  return [
    status === undefined ? undefined : inArray(messages.status, status),
    shop === undefined ? undefined : eq(messages.shop, shop),
    order === undefined ? undefined : or(eq(messages.orderNumber, order), eq(messages.orderId, order)),
    to === undefined ? undefined : eq(messages.phone, to),
    rule === undefined ? undefined : eq(messages.rule, rule),
    errorCode === undefined ? undefined : eq(messages.errorCode, errorCode),
    since === undefined ? undefined : gte(messages.createdAt, since),
    until === undefined ? undefined : lt(messages.createdAt, until),
    q === undefined ? undefined : matchesText(q),
  ]
}

function matchesText(q: string): SQL | undefined {
  const part = `%${q.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  const holds = (column: typeof messages.orderNumber | typeof messages.phone | typeof messages.customerName) =>
    sql`${column} like ${part} escape '\\'`
  return or(holds(messages.orderNumber), holds(messages.phone), holds(messages.customerName))
}
