import { and, eq, inArray, lte, ne, sql } from 'drizzle-orm'
import { forgetClaimLink, renameClaimant } from './claim-links.ts'
import type { Db } from './db.ts'
import { claimsAbout, forgetQuestions, removeUnaskedOf } from './forget-questions.ts'
import { forgetMessages } from './housekeeping.ts'
import type { OpenDatabase } from './open.ts'
import { rememberOptOut } from './opt-outs.ts'
import type { ErasureRow } from './records.ts'
import {
  apiPauses,
  confirmationEvents,
  conversations,
  erasures,
  eventBodies,
  events,
  messages,
  orders,
  senderPauses,
} from './schema.ts'
import type { ErasureTarget } from './words.ts'

/** `more`: there is more of it; `kept`: something still stands on it. */
export type ErasureBite = 'more' | 'gone' | 'kept'

type Erasure = Pick<ErasureRow, 'id' | 'requestedAt'>
type Counts = Partial<Pick<ErasureRow, 'orders' | 'messages' | 'images' | 'events' | 'conversations'>>

/** Forgetting somebody, in bites; each call is one turn of the writer and may be made again after a crash. */
export interface ErasureStore {
  requestErasure(id: string, target: ErasureTarget, now: number): Promise<void>
  /** With all that hangs on them; those on their way by now stay. Gives the tokens of their pictures. */
  eraseMessages(erasure: Erasure, ids: string[]): Promise<string[]>
  /** What the shop told about it, then the order itself. */
  eraseOrder(erasure: Erasure, shop: string, orderId: string, limit: number): Promise<ErasureBite>
  /** What the contact wrote, then the contact, unless it has other messages; its STOP stays. */
  eraseContact(erasure: Erasure, id: string, shop: string | null, limit: number): Promise<ErasureBite>
  /** What they told; that they came stays, so that a repeated delivery is known. */
  eraseEvents(erasure: Erasure, ids: string[]): Promise<void>
  /** Whole rows, but for the event that asked for it. */
  removeShopEvents(erasure: Erasure, shop: string, except: string | null, limit: number): Promise<ErasureBite>
  /** Karibu's words about a sender, or a platform's about a shop, may quote a contact. */
  forgetPauseDetails(quotes: (detail: string) => boolean): Promise<void>
  finishErasure(erasure: ErasureRow, now: number): Promise<void>
  emptyLog(): boolean
}

export async function insertErasure(db: Db, id: string, target: ErasureTarget, now: number): Promise<void> {
  await db.insert(erasures).values({ id, target, requestedAt: now })
}

export function createErasureStore({ writer, emptyLog }: OpenDatabase, newKey: () => string): ErasureStore {
  return {
    requestErasure: (id, target, now) => writer.run((db) => insertErasure(db, id, target, now)),

    eraseMessages: (erasure, ids) =>
      writer.run(async (db) => {
        const still = await db
          .select({ id: messages.id })
          .from(messages)
          .where(and(inArray(messages.id, ids), ne(messages.status, 'sending')))
        const tokens = await forgetMessages(
          db,
          still.map(({ id }) => id),
          'unnamed',
        )
        await addCounts(db, erasure, { messages: still.length, images: tokens.length })
        return tokens
      }),

    eraseOrder: (erasure, shop, orderId, limit) =>
      writer.run(async (db) => {
        const about = and(eq(events.source, shop), eq(events.orderId, orderId))
        if (await eraseSomeEvents(db, erasure, about, limit)) return 'more'
        await forgetEvents(db, erasure, await claimsAbout(db, shop, orderId, erasure.requestedAt))
        const ofOrder = and(eq(messages.shop, shop), eq(messages.orderId, orderId))
        const [left] = await db.select({ id: messages.id }).from(messages).where(ofOrder).limit(1)
        if (left) return 'kept'
        const gone = await db
          .delete(orders)
          .where(and(eq(orders.shop, shop), eq(orders.orderId, orderId), lte(orders.changedAt, erasure.requestedAt)))
          .returning({ orderId: orders.orderId })
        if (gone.length > 0) await forgetClaimLink(db, shop, orderId)
        await addCounts(db, erasure, { orders: gone.length })
        return 'gone'
      }),

    eraseContact: (erasure, id, shop, limit) =>
      writer.run(async (db) => {
        const [contact] = await db.select().from(conversations).where(eq(conversations.id, id)).limit(1)
        if (!contact) return 'gone'
        const [left] = await db
          .select({ id: messages.id })
          .from(messages)
          .where(eq(messages.conversationId, id))
          .limit(1)
        if (left && shop !== null) return 'kept'
        if (await eraseSomeEvents(db, erasure, eq(events.conversationId, id), limit)) return 'more'
        if (left) return 'kept'
        await rememberOptOut(db, contact, newKey)
        await renameClaimant(db, id, null)
        await db.delete(conversations).where(eq(conversations.id, id))
        await addCounts(db, erasure, { conversations: 1 })
        return 'gone'
      }),

    eraseEvents: (erasure, ids) => writer.run((db) => forgetEvents(db, erasure, ids)),

    removeShopEvents: (erasure, shop, except, limit) =>
      writer.run(async (db) => {
        const rows = await db
          .select({ id: events.id })
          .from(events)
          .where(and(eq(events.source, shop), ne(events.id, except ?? ''), lte(events.receivedAt, erasure.requestedAt)))
          .limit(limit)
        const ids = rows.map(({ id }) => id)
        await db.delete(eventBodies).where(inArray(eventBodies.eventId, ids))
        await db.delete(confirmationEvents).where(inArray(confirmationEvents.event, ids))
        await db.delete(events).where(inArray(events.id, ids))
        await addCounts(db, erasure, { events: ids.length })
        if (ids.length === limit) return 'more'
        await removeUnaskedOf(db, shop, erasure.requestedAt)
        return 'gone'
      }),

    forgetPauseDetails: (quotes) =>
      writer.run(async (db) => {
        const pauses = await db.select().from(senderPauses)
        for (const { sender, detail } of pauses) {
          if (detail === null || !quotes(detail)) continue
          await db.update(senderPauses).set({ detail: null }).where(eq(senderPauses.sender, sender))
        }
        for (const { shop, detail } of await db.select().from(apiPauses)) {
          if (detail === null || !quotes(detail)) continue
          await db.update(apiPauses).set({ detail: null }).where(eq(apiPauses.shop, shop))
        }
      }),

    finishErasure: ({ id, target }, now) =>
      writer.run(async (db) => {
        await db.delete(eventBodies).where(eq(eventBodies.eventId, target?.eventId ?? ''))
        await db.update(erasures).set({ target: null, finishedAt: now }).where(eq(erasures.id, id))
      }),

    emptyLog,
  }
}

/** True when there may be more. */
async function eraseSomeEvents(
  db: Db,
  erasure: Erasure,
  about: ReturnType<typeof eq> | undefined,
  limit: number,
): Promise<boolean> {
  const rows = await db
    .select({ id: events.id })
    .from(events)
    .where(and(about, lte(events.receivedAt, erasure.requestedAt)))
    .limit(limit)
  await forgetEvents(
    db,
    erasure,
    rows.map(({ id }) => id),
  )
  return rows.length === limit
}

/** With what was asked about them, and the events that claim or confirm the same. */
async function forgetEvents(db: Db, erasure: Erasure, named: string[]): Promise<void> {
  if (named.length === 0) return
  const ids = [...new Set([...named, ...(await forgetQuestions(db, named, erasure.requestedAt))])]
  await db.delete(eventBodies).where(inArray(eventBodies.eventId, ids))
  await db
    .update(events)
    .set({
      orderId: null,
      orderNumber: null,
      conversationId: null,
      reason: 'what it told was erased on request',
      trace: [],
    })
    .where(inArray(events.id, ids))
  await addCounts(db, erasure, { events: ids.length })
}

async function addCounts(db: Db, { id }: Erasure, counts: Counts): Promise<void> {
  const { orders: o = 0, messages: m = 0, images: i = 0, events: e = 0, conversations: c = 0 } = counts
  if (o + m + i + e + c === 0) return
  await db
    .update(erasures)
    .set({
      orders: sql`${erasures.orders} + ${o}`,
      messages: sql`${erasures.messages} + ${m}`,
      images: sql`${erasures.images} + ${i}`,
      events: sql`${erasures.events} + ${e}`,
      conversations: sql`${erasures.conversations} + ${c}`,
    })
    .where(eq(erasures.id, id))
}
