import { and, asc, eq, inArray, isNull, lt, notExists, notInArray, or, sql } from 'drizzle-orm'
import { forgetClaimLink } from './claim-links.ts'
import type { Db } from './db.ts'
import { hashedKey, refuseReports } from './effects.ts'
import type { Checkpoint, OpenDatabase } from './open.ts'
import {
  apiPauses,
  attempts,
  claimLinks,
  confirmations,
  conversations,
  effects,
  eventBodies,
  events,
  media,
  mediaFetches,
  messages,
  notifications,
  notifyTargets,
  orders,
  senderPaces,
  senderPauses,
  statusReports,
} from './schema.ts'
import type { MessageStatus } from './words.ts'

/** What came of one bite: how many rows went, and whether there may be more. */
export interface Bite {
  removed: number
  more: boolean
}

/** Forgetting, in bites so small that nobody waits for them; each call is one turn of the writer. */
export interface HousekeepingStore {
  removeBodies(before: number, limit: number): Promise<Bite>
  /** Rows of pictures that no send needs any more; gives their tokens, for the files. */
  removeMedia(before: number, limit: number): Promise<Bite & { tokens: string[] }>
  removeReports(before: number, limit: number): Promise<Bite>
  removeFetches(before: number, limit: number): Promise<Bite>
  /** Ended messages with all that hangs on them; their effect keys stay. */
  removeMessages(before: number, limit: number): Promise<Bite & { tokens: string[] }>
  removeEvents(before: number, limit: number): Promise<Bite>
  removeOrders(before: number, limit: number): Promise<Bite>
  /** Which of these names are pictures of ours. */
  knownTokens(tokens: string[]): Promise<Set<string>>
  /** After the clock was set back by so much: what waits is due as long from now as it was before. */
  pullBack(by: number, now: number): Promise<void>
  reclaim(pages: number, keep: number): Promise<number>
  checkpoint(): Checkpoint
}

/** These still have something before them. */
const UNFINISHED: MessageStatus[] = ['held', 'queued', 'sending', 'uncertain']
/** Rows without an index on their age lie in the order of their making. */
const rowid = sql<number>`rowid`

export function createHousekeepingStore({ writer, reader, reclaim, checkpoint }: OpenDatabase): HousekeepingStore {
  return {
    removeBodies: (before, limit) =>
      writer.run(async (db) => {
        const oldest = await db
          .select({ id: eventBodies.eventId, receivedAt: events.receivedAt })
          .from(eventBodies)
          .leftJoin(events, eq(events.id, eventBodies.eventId))
          .orderBy(sql`${eventBodies}.rowid`)
          .limit(limit)
        const ids = oldest.flatMap(({ id, receivedAt }) => (receivedAt === null || receivedAt < before ? [id] : []))
        if (ids.length > 0) await db.delete(eventBodies).where(inArray(eventBodies.eventId, ids))
        return biteOf(ids, limit)
      }),

    removeMedia: (before, limit) =>
      writer.run(async (db) => {
        const done = await db
          .select({ token: media.token, message: media.message })
          .from(media)
          .leftJoin(messages, eq(messages.id, media.message))
          .where(
            and(
              lt(media.createdAt, before),
              or(isNull(messages.id), and(lt(messages.updatedAt, before), notInArray(messages.status, UNFINISHED))),
            ),
          )
          .orderBy(asc(media.createdAt))
          .limit(limit)
        const tokens = done.map(({ token }) => token)
        if (tokens.length > 0) {
          await db.delete(media).where(inArray(media.token, tokens))
          // Its address leads nowhere now; a retry makes a new one.
          await db
            .update(messages)
            .set({ mediaToken: null })
            .where(
              inArray(
                messages.id,
                done.map(({ message }) => message),
              ),
            )
        }
        return { ...biteOf(tokens, limit), tokens }
      }),

    removeReports: (before, limit) =>
      writer.run(async (db) => {
        const oldest = await db
          .select({ id: statusReports.eventId, at: statusReports.receivedAt })
          .from(statusReports)
          .orderBy(rowid)
          .limit(limit)
        const ids = oldest.filter(({ at }) => at < before).map(({ id }) => id)
        if (ids.length > 0) await db.delete(statusReports).where(inArray(statusReports.eventId, ids))
        return biteOf(ids, limit)
      }),

    removeFetches: (before, limit) =>
      writer.run(async (db) => {
        const oldest = await db
          .select({ id: mediaFetches.id, at: mediaFetches.at })
          .from(mediaFetches)
          .orderBy(asc(mediaFetches.id))
          .limit(limit)
        const ids = oldest.filter(({ at }) => at < before).map(({ id }) => id)
        if (ids.length > 0) await db.delete(mediaFetches).where(inArray(mediaFetches.id, ids))
        return biteOf(ids, limit)
      }),

    removeMessages: (before, limit) =>
      writer.run(async (db) => {
        const ended = await db
          .select({ id: messages.id })
          .from(messages)
          .where(
            and(
              lt(messages.createdAt, before),
              lt(messages.updatedAt, before),
              notInArray(messages.status, UNFINISHED),
            ),
          )
          .orderBy(asc(messages.createdAt))
          .limit(limit)
        const ids = ended.map(({ id }) => id)
        return { ...biteOf(ids, limit), tokens: await forgetMessages(db, ids) }
      }),

    removeEvents: (before, limit) =>
      writer.run(async (db) => {
        const old = await db
          .select({ id: events.id })
          .from(events)
          .where(lt(events.receivedAt, before))
          .orderBy(asc(events.receivedAt))
          .limit(limit)
        const ids = old.map(({ id }) => id)
        if (ids.length > 0) {
          await db.delete(eventBodies).where(inArray(eventBodies.eventId, ids))
          await db.delete(events).where(inArray(events.id, ids))
        }
        return biteOf(ids, limit)
      }),

    removeOrders: (before, limit) =>
      writer.run(async (db) => {
        const waiting = db
          .select({ one: sql`1` })
          .from(messages)
          .where(
            and(
              eq(messages.shop, orders.shop),
              eq(messages.orderId, orders.orderId),
              inArray(messages.status, UNFINISHED),
            ),
          )
        const old = await db
          .select({ row: sql<number>`${orders}.rowid`, shop: orders.shop, orderId: orders.orderId })
          .from(orders)
          .where(and(lt(orders.changedAt, before), notExists(waiting)))
          .orderBy(asc(orders.changedAt))
          .limit(limit)
        const rows = old.map(({ row }) => row)
        if (rows.length > 0) await db.delete(orders).where(inArray(rowid, rows))
        for (const { shop, orderId } of old) await forgetClaimLink(db, shop, orderId)
        return biteOf(rows, limit)
      }),

    async knownTokens(tokens) {
      const rows = await reader.select({ token: media.token }).from(media).where(inArray(media.token, tokens))
      return new Set(rows.map(({ token }) => token))
    },

    pullBack: (by, now) => writer.run((db) => pullBack(db, by, now)),
    reclaim,
    checkpoint,
  }
}

export function biteOf(removed: readonly unknown[], limit: number): Bite {
  return { removed: removed.length, more: removed.length === limit }
}

/**
 * Removes messages with all that hangs on them, keeping that they were made; gives the tokens of their pictures.
 * `unnamed` keeps nothing a person could be told by: a key may hold a number, WhatsApp's ids do.
 */
export async function forgetMessages(db: Db, ids: string[], as: 'named' | 'unnamed' = 'named'): Promise<string[]> {
  if (ids.length === 0) return []
  const kept = await db
    .select({ key: messages.effectKey, shop: messages.shop, createdAt: messages.createdAt })
    .from(messages)
    .where(inArray(messages.id, ids))
  const tries = await db.select({ messageId: attempts.messageId }).from(attempts).where(inArray(attempts.message, ids))
  const karibuIds = tries.flatMap(({ messageId }) => messageId ?? [])
  const spent = as === 'named' ? kept : kept.map((effect) => ({ ...effect, key: hashedKey(effect.key) }))
  await db.insert(effects).values(spent).onConflictDoNothing()
  if (as === 'unnamed') await refuseReports(db, karibuIds, kept[0]?.createdAt ?? 0)
  const images = await db.select({ token: media.token }).from(media).where(inArray(media.message, ids))
  const tokens = images.map(({ token }) => token)
  if (karibuIds.length > 0) await db.delete(statusReports).where(inArray(statusReports.messageId, karibuIds))
  if (tokens.length > 0) await db.delete(mediaFetches).where(inArray(mediaFetches.token, tokens))
  await db.delete(media).where(inArray(media.message, ids))
  await db.delete(attempts).where(inArray(attempts.message, ids))
  await db.delete(notifications).where(inArray(notifications.message, ids))
  await db.delete(messages).where(inArray(messages.id, ids))
  return tokens
}

async function pullBack(db: Db, by: number, now: number): Promise<void> {
  const earlier = (column: { name: string }) => sql`max(${now}, ${sql.identifier(column.name)} - ${by})`
  const ahead = (column: { name: string }) => sql`${sql.identifier(column.name)} > ${now}`
  for (const column of ['nextAttemptAt', 'leaseExpiresAt', 'statusPollAt'] as const) {
    const field = messages[column]
    await db
      .update(messages)
      .set({ [column]: earlier(field) })
      .where(and(inArray(messages.status, [...WAITING]), ahead(field)))
  }
  for (const column of ['busyUntil', 'nextSendAt', 'paidUntil', 'codesForgivenAt'] as const) {
    const field = conversations[column]
    await db
      .update(conversations)
      .set({ [column]: earlier(field) })
      .where(ahead(field))
  }
  for (const column of ['nextAttemptAt', 'leaseExpiresAt'] as const) {
    const field = confirmations[column]
    await db
      .update(confirmations)
      .set({ [column]: earlier(field) })
      .where(and(inArray(confirmations.status, ['waiting', 'asking']), ahead(field)))
  }
  await db
    .update(claimLinks)
    .set({ expiresAt: earlier(claimLinks.expiresAt) })
    .where(and(isNull(claimLinks.claimedAt), ahead(claimLinks.expiresAt)))
  await db
    .update(apiPauses)
    .set({ pausedUntil: earlier(apiPauses.pausedUntil) })
    .where(ahead(apiPauses.pausedUntil))
  for (const column of ['nextAttemptAt', 'leaseExpiresAt'] as const) {
    const field = notifications[column]
    await db
      .update(notifications)
      .set({ [column]: earlier(field) })
      .where(ahead(field))
  }
  await db
    .update(notifyTargets)
    .set({ restingUntil: earlier(notifyTargets.restingUntil) })
    .where(ahead(notifyTargets.restingUntil))
  await db.update(senderPaces).set({ nextSendAt: now, paidUntil: now }).where(ahead(senderPaces.paidUntil))
  await db
    .update(senderPauses)
    .set({ pausedUntil: earlier(senderPauses.pausedUntil) })
    .where(ahead(senderPauses.pausedUntil))
}

/** Statuses with a time of ours before them; those asked after at Karibu have one too. */
const WAITING: MessageStatus[] = ['queued', 'uncertain', 'sending', 'pending', 'sent', 'delivered']
