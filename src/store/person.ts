import { and, asc, eq, exists, gt, inArray, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { claimsAbout, eventsBeside } from './forget-questions.ts'
import type { OpenDatabase } from './open.ts'
import type { ConversationRow, ErasureRow, NotificationRow } from './records.ts'
import {
  confirmations,
  conversations,
  erasures,
  eventBodies,
  events,
  media,
  messages,
  notifications,
  orders,
} from './schema.ts'
import type { ErasureTarget } from './words.ts'

/** What is about a person, or a shop, as far as an index finds it. Only what is given counts. */
export interface MessageQuery {
  phone?: string
  shop?: string
  orderId?: string
  conversationId?: string
}

export interface OrderText {
  row: number
  shop: string
  orderId: string
  /** Its state as JSON. */
  text: string
}

export interface BodyText {
  row: number
  eventId: string
  body: Buffer
}

export interface QuestionText {
  row: number
  /** The newest event that asks it. */
  eventId: string
  /** What is claimed, what stood in the notification's address, and what the platform's API said. */
  text: string
}

interface PageOptions {
  /** Null for all. */
  shop: string | null
  upTo: number
  /** The last row of the page before. */
  after: number
  limit: number
}

/** The paths from a phone or a shop to all that is stored about it; no index on the way of an order is needed for it. */
export interface PersonStore {
  listContacts(target: ErasureTarget, upTo: number, after: string, limit: number): Promise<ConversationRow[]>
  /** Messages that are not on their way, the first made first, with the tokens of their pictures. */
  listToErase(
    query: MessageQuery,
    upTo: number,
    limit: number,
  ): Promise<{ ids: string[]; tokens: string[]; underWay: boolean }>
  listMessageIds(query: MessageQuery): Promise<string[]>
  /** What targets are still to be told of these messages, the oldest first. */
  listUntold(messageIds: string[]): Promise<NotificationRow[]>
  /** Ids of what was told about an order, or by a contact. */
  listEventIds(about: { shop: string; orderId: string } | { conversationId: string }): Promise<string[]>
  pageOfOrders(page: PageOptions): Promise<OrderText[]>
  pageOfBodies(page: PageOptions): Promise<BodyText[]>
  pageOfQuestions(page: PageOptions): Promise<QuestionText[]>
  openErasures(): Promise<ErasureRow[]>
  findErasure(id: string): Promise<ErasureRow | undefined>
}

export function createPersonStore({ reader }: Pick<OpenDatabase, 'reader'>): PersonStore {
  const messagesWhere = (condition: SQL | undefined) =>
    exists(
      reader
        .select({ one: sql`1` })
        .from(messages)
        .where(and(eq(messages.conversationId, conversations.id), condition)),
    )

  /** With a shop: only who has messages of it, or wrote to a number of its own. */
  function contactOf({ shop, phone, orderIds, wholeShop, ownSender }: ErasureTarget): SQL | undefined {
    const byPhone = phone === null ? undefined : eq(conversations.phone, phone)
    if (shop === null) return byPhone ?? sql`0`
    const known = or(
      ownSender === null ? undefined : eq(conversations.sender, ownSender),
      messagesWhere(eq(messages.shop, shop)),
    )
    if (wholeShop) return known
    const ordered = messagesWhere(and(eq(messages.shop, shop), inArray(messages.orderId, orderIds)))
    return byPhone ? or(and(byPhone, known), ordered) : ordered
  }

  return {
    async listContacts(target, upTo, after, limit) {
      return reader
        .select()
        .from(conversations)
        .where(and(gt(conversations.id, after), lte(conversations.createdAt, upTo), contactOf(target)))
        .orderBy(asc(conversations.id))
        .limit(limit)
    },

    async listToErase(query, upTo, limit) {
      const about = and(...conditions(query), lte(messages.createdAt, upTo))
      const rows = await reader
        .select({ id: messages.id })
        .from(messages)
        .where(and(about, ne(messages.status, 'sending')))
        .limit(limit)
      const ids = rows.map(({ id }) => id)
      const images = await reader.select({ token: media.token }).from(media).where(inArray(media.message, ids))
      const going = await reader
        .select({ id: messages.id })
        .from(messages)
        .where(and(about, eq(messages.status, 'sending')))
        .limit(1)
      return { ids, tokens: images.map(({ token }) => token), underWay: going.length > 0 }
    },

    async listMessageIds(query) {
      const rows = await reader
        .select({ id: messages.id })
        .from(messages)
        .where(and(...conditions(query)))
        .orderBy(asc(messages.id))
      return rows.map(({ id }) => id)
    },

    async listUntold(messageIds) {
      return reader
        .select()
        .from(notifications)
        .where(inArray(notifications.message, messageIds))
        .orderBy(asc(notifications.id))
    },

    async listEventIds(about) {
      const where =
        'shop' in about
          ? and(eq(events.source, about.shop), eq(events.orderId, about.orderId))
          : eq(events.conversationId, about.conversationId)
      const rows = await reader.select({ id: events.id }).from(events).where(where)
      const claims = 'shop' in about ? await claimsAbout(reader, about.shop, about.orderId) : []
      const ids = [...rows.map(({ id }) => id), ...claims]
      return [...new Set([...ids, ...(await eventsBeside(reader, ids))])]
    },

    async pageOfOrders({ shop, upTo, after, limit }) {
      const row = sql<number>`${orders}.rowid`
      return reader
        .select({ row, shop: orders.shop, orderId: orders.orderId, text: sql<string>`${orders.state}` })
        .from(orders)
        .where(and(gt(row, after), lte(orders.changedAt, upTo), shop === null ? undefined : eq(orders.shop, shop)))
        .orderBy(asc(row))
        .limit(limit)
    },

    async pageOfBodies({ shop, upTo, after, limit }) {
      const row = sql<number>`${eventBodies}.rowid`
      return reader
        .select({ row, eventId: eventBodies.eventId, body: eventBodies.body })
        .from(eventBodies)
        .innerJoin(events, eq(events.id, eventBodies.eventId))
        .where(and(gt(row, after), lte(events.receivedAt, upTo), shop === null ? undefined : eq(events.source, shop)))
        .orderBy(asc(row))
        .limit(limit)
    },

    async pageOfQuestions({ shop, upTo, after, limit }) {
      const row = sql<number>`${confirmations}.rowid`
      const { claim, query, lastDetail } = confirmations
      return reader
        .select({
          row,
          eventId: confirmations.eventId,
          text: sql<string>`${claim} || ' ' || ${query} || ' ' || coalesce(${lastDetail}, '')`,
        })
        .from(confirmations)
        .where(
          and(
            gt(row, after),
            lte(confirmations.createdAt, upTo),
            shop === null ? undefined : eq(confirmations.shop, shop),
          ),
        )
        .orderBy(asc(row))
        .limit(limit)
    },

    async openErasures() {
      return reader.select().from(erasures).where(sql`finished_at is null`).orderBy(asc(erasures.id))
    },

    async findErasure(id) {
      const [row] = await reader.select().from(erasures).where(eq(erasures.id, id)).limit(1)
      return row
    },
  }
}

function conditions({ phone, shop, orderId, conversationId }: MessageQuery): (SQL | undefined)[] {
  return [
    phone === undefined ? undefined : eq(messages.phone, phone),
    shop === undefined ? undefined : eq(messages.shop, shop),
    orderId === undefined ? undefined : eq(messages.orderId, orderId),
    conversationId === undefined ? undefined : eq(messages.conversationId, conversationId),
  ]
}
