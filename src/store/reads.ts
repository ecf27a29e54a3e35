import { and, asc, desc, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../errors.ts'
import type { Order } from '../order.ts'
import { type ConversationFilter, conversationSearch } from './conversation-search.ts'
import { type EventFilter, eventSearch } from './event-search.ts'
import { readInboundRefusal } from './inbound-refusal.ts'
import { type MessageFilter, messageSearch } from './message-search.ts'
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
import { type Page, type PageRows, searchPage } from './search.ts'
import { countByStatus, countOf, type StatusCount } from './status-counts.ts'
import { BY_HAND_TOPIC, type MessageStatus } from './words.ts'

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
  listMessages(filter: MessageFilter, page: Page): Promise<PageRows<ShownMessage>>
  /** By our id or by Karibu's message id. */
  findMessage(id: string): Promise<ShownMessage | undefined>
  findStory(id: string): Promise<MessageStory | undefined>
  listConversations(filter: ConversationFilter, page: Page): Promise<PageRows<ConversationRow>>
  listEvents(filter: EventFilter, page: Page): Promise<PageRows<EventRow>>
  findEvent(id: string): Promise<{ event: EventRow; body: Buffer | null; contentType: string | null } | undefined>
  /** Throws where several orders have that number. */
  findOrder(shop: string, idOrNumber: string): Promise<Order | undefined>
  countByStatus(since: number): Promise<StatusCount[]>
  countWaiting(): Promise<StatusCount[]>
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
    listMessages: (filter, page) =>
      searchPage(reader, messageSearch(filter), page, async (where, atMost) =>
        reader.select(SHOWN).from(messages).where(where).orderBy(desc(messages.id)).limit(atMost),
      ),

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

    listConversations: (filter, page) =>
      searchPage(reader, conversationSearch(filter), page, async (where, atMost) =>
        reader.select().from(conversations).where(where).orderBy(desc(conversations.id)).limit(atMost),
      ),

    listEvents: (filter, page) =>
      searchPage(reader, eventSearch(filter), page, async (where, atMost) =>
        reader.select().from(events).where(where).orderBy(desc(events.id)).limit(atMost),
      ),

    async findEvent(id) {
      const [event] = await reader.select().from(events).where(eq(events.id, id)).limit(1)
      if (!event) return undefined
      const [kept] = await reader.select().from(eventBodies).where(eq(eventBodies.eventId, id)).limit(1)
      return { event, body: kept?.body ?? null, contentType: kept?.contentType ?? null }
    },

    async findOrder(shop, idOrNumber) {
      const ordersOf = (condition: SQL) =>
        reader
          .select({ state: orders.state })
          .from(orders)
          .where(and(eq(orders.shop, shop), condition))
          .limit(2)
      // One order's id may be another one's number.
      const [byId] = await ordersOf(eq(orders.orderId, idOrNumber))
      if (byId) return byId.state
      const [first, another] = await ordersOf(eq(orders.number, idOrNumber))
      if (another) {
        // A till that counts anew each day: any of them would be somebody else's receipt.
        throw new AppError('order.ambiguous', 'several orders of this shop have that number: give the id of one')
      }
      return first?.state
    },

    countByStatus: (since) => countByStatus(reader, since),

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

    countWaiting: () => countOf(reader, ['held', 'queued', 'sending', 'uncertain']),

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
