import { and, asc, count, eq, inArray, lt, lte, min, notInArray, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { type Bite, biteOf } from './housekeeping.ts'
import { type Delivery, type Recorded, recordIn, type Step } from './intake.ts'
import type { OpenDatabase } from './open.ts'
import { type Standing, tellEvents } from './questions.ts'
import type { ApiPauseRow, ConfirmationRow } from './records.ts'
import { apiPauses, confirmationEvents, confirmations, eventBodies, events } from './schema.ts'

/** What one asking changes: the question's row, its shop's pause, and what its events say. */
export interface ConfirmationChange {
  row: Pick<ConfirmationRow, 'status' | 'nextAttemptAt' | 'burned' | 'lastCode' | 'lastDetail'>
  /** Null ends a pause: the API answers again. */
  pause: Omit<ApiPauseRow, 'shop' | 'pausedAt'> | null | 'unchanged'
  standing: Standing
}

/** A question with the notification that raised it. */
export interface Question {
  row: ConfirmationRow
  topic: string | null
  receivedAt: number
  contentType: string | null
  /** Null when it is kept no longer. */
  body: Buffer | null
}

export interface ConfirmationStore {
  /** Leases due questions, at most `perShop` of one shop at a time, and one of a shop whose API was found not to answer. */
  claimQuestions(options: { now: number; leaseMs: number; limit: number; perShop: number }): Promise<ConfirmationRow[]>
  loadQuestion(id: string): Promise<Question | undefined>
  /**
   * Keeps what came of asking, and with it what is believed now; undefined, and nothing kept, when the question was
   * taken from this asker meanwhile.
   */
  settleQuestion(options: {
    id: string
    attempt: number
    now: number
    decide(row: ConfirmationRow): ConfirmationChange
    believed: { delivery: Delivery; steps: Step[] } | null
  }): Promise<{ change: ConfirmationChange; recorded: Recorded | null } | undefined>
  /** Questions whose asker was lost are due again. */
  reapQuestions(now: number): Promise<number>
  /** After a start nobody is asking, and a key may have been changed: what waited for that is due at once. */
  recoverQuestions(now: number): Promise<number>
  /** When the next question falls due that may be asked; undefined when none waits. */
  nextQuestionAt(perShop: number): Promise<number | undefined>
  /** Questions without an answer, by shop. */
  countQuestions(): Promise<{ shop: string; count: number; oldestAt: number }[]>
  listApiPauses(): Promise<ApiPauseRow[]>
  /** Ended questions; their events stay. */
  removeQuestions(before: number, limit: number): Promise<Bite>
}

const OPEN = ['waiting', 'asking'] as const

export function createConfirmationStore(
  { writer, reader }: OpenDatabase,
  newConversationId: () => string,
): ConfirmationStore {
  return {
    claimQuestions: ({ now, leaseMs, limit, perShop }) =>
      writer.run(async (db) => {
        const claimed: ConfirmationRow[] = []
        for (const { shop, dueAt, room } of await shopsWithRoom(db, perShop)) {
          const free = Math.min(room, limit - claimed.length)
          if (free <= 0 || dueAt > now) continue
          const due = await db
            .select({ id: confirmations.id })
            .from(confirmations)
            .where(
              and(
                eq(confirmations.status, 'waiting'),
                eq(confirmations.shop, shop),
                lte(confirmations.nextAttemptAt, now),
              ),
            )
            .orderBy(asc(confirmations.nextAttemptAt), asc(confirmations.id))
            .limit(free)
          const asking = { attempts: sql`${confirmations.attempts} + 1`, leaseExpiresAt: now + leaseMs, updatedAt: now }
          const leased = await db
            .update(confirmations)
            .set({ ...asking, status: 'asking' })
            .where(
              inArray(
                confirmations.id,
                due.map(({ id }) => id),
              ),
            )
            .returning()
          claimed.push(...leased)
        }
        return claimed
      }),

    async loadQuestion(id) {
      const [found] = await reader
        .select({
          row: confirmations,
          topic: events.topic,
          receivedAt: events.receivedAt,
          contentType: eventBodies.contentType,
          body: eventBodies.body,
        })
        .from(confirmations)
        .leftJoin(events, eq(events.id, confirmations.eventId))
        .leftJoin(eventBodies, eq(eventBodies.eventId, confirmations.eventId))
        .where(eq(confirmations.id, id))
        .limit(1)
      return found && { ...found, receivedAt: found.receivedAt ?? found.row.createdAt }
    },

    settleQuestion: ({ id, attempt, now, decide, believed }) =>
      writer.run(async (db) => {
        const [row] = await db.select().from(confirmations).where(eq(confirmations.id, id)).limit(1)
        if (row?.status !== 'asking' || row.attempts !== attempt) return undefined
        const change = decide(row)
        const recorded = believed ? await recordIn(db, believed.delivery, believed.steps, newConversationId) : null
        await db
          .update(confirmations)
          .set({ ...change.row, again: false, leaseExpiresAt: null, updatedAt: now })
          .where(eq(confirmations.id, id))
        await applyPause(db, row.shop, change.pause, now)
        await tellEvents(db, id, row.claim, change.standing)
        return { change, recorded }
      }),

    reapQuestions: (now) => writer.run((db) => handBack(db, now, lte(confirmations.leaseExpiresAt, now))),

    recoverQuestions: (now) =>
      writer.run(async (db) => {
        const ended = await db.delete(apiPauses).returning({ code: apiPauses.code })
        const codes = ended.map(({ code }) => code)
        if (codes.length > 0) {
          await db
            .update(confirmations)
            .set({ nextAttemptAt: now, updatedAt: now })
            .where(and(eq(confirmations.status, 'waiting'), inArray(confirmations.lastCode, codes)))
        }
        return handBack(db, now, undefined)
      }),

    async nextQuestionAt(perShop) {
      const open = await shopsWithRoom(reader, perShop)
      const [asking] = await reader
        .select({ at: min(confirmations.leaseExpiresAt) })
        .from(confirmations)
        .where(eq(confirmations.status, 'asking'))
      const times = [...open.map(({ dueAt }) => dueAt), ...(asking?.at == null ? [] : [asking.at])]
      return times.length === 0 ? undefined : Math.min(...times)
    },

    async countQuestions() {
      const rows = await reader
        .select({ shop: confirmations.shop, count: count(), oldestAt: min(confirmations.createdAt) })
        .from(confirmations)
        .where(inArray(confirmations.status, [...OPEN]))
        .groupBy(confirmations.shop)
      return rows.map(({ oldestAt, ...row }) => ({ ...row, oldestAt: oldestAt ?? 0 }))
    },

    async listApiPauses() {
      return reader.select().from(apiPauses)
    },

    removeQuestions: (before, limit) =>
      writer.run(async (db) => {
        const ended = await db
          .select({ id: confirmations.id })
          .from(confirmations)
          .where(and(lt(confirmations.updatedAt, before), notInArray(confirmations.status, [...OPEN])))
          .orderBy(asc(confirmations.updatedAt))
          .limit(limit)
        const ids = ended.map(({ id }) => id)
        if (ids.length > 0) {
          await db.delete(confirmationEvents).where(inArray(confirmationEvents.confirmation, ids))
          await db.delete(confirmations).where(inArray(confirmations.id, ids))
        }
        return biteOf(ids, limit)
      }),
  }
}

interface OpenShop {
  shop: string
  /** When its first question may be asked. */
  dueAt: number
  /** How many more may be asked at once. */
  room: number
}

/** Shops with questions that wait and room to ask them, the longest due first. */
async function shopsWithRoom(db: Db, perShop: number): Promise<OpenShop[]> {
  const waiting = await db
    .select({ shop: confirmations.shop, at: min(confirmations.nextAttemptAt) })
    .from(confirmations)
    .where(eq(confirmations.status, 'waiting'))
    .groupBy(confirmations.shop)
  const asking = await db
    .select({ shop: confirmations.shop, count: count() })
    .from(confirmations)
    .where(eq(confirmations.status, 'asking'))
    .groupBy(confirmations.shop)
  const busy = new Map(asking.map((one) => [one.shop, one.count]))
  const pauses = new Map((await db.select().from(apiPauses)).map((pause) => [pause.shop, pause.pausedUntil]))
  return waiting
    .map(({ shop, at }) => ({
      shop,
      dueAt: Math.max(at ?? 0, pauses.get(shop) ?? 0),
      room: (pauses.has(shop) ? 1 : perShop) - (busy.get(shop) ?? 0),
    }))
    .filter(({ room }) => room > 0)
    .toSorted((a, b) => a.dueAt - b.dueAt)
}

async function handBack(db: Db, now: number, due: ReturnType<typeof lte> | undefined): Promise<number> {
  const lost = await db
    .update(confirmations)
    .set({ status: 'waiting', again: false, nextAttemptAt: now, leaseExpiresAt: null, updatedAt: now })
    .where(and(eq(confirmations.status, 'asking'), due))
    .returning({ id: confirmations.id })
  return lost.length
}

async function applyPause(db: Db, shop: string, pause: ConfirmationChange['pause'], now: number): Promise<void> {
  if (pause === 'unchanged') return
  if (pause === null) {
    // An answer that was under way when the pause began does not end it.
    await db.delete(apiPauses).where(and(eq(apiPauses.shop, shop), lte(apiPauses.pausedUntil, now)))
    return
  }
  await db
    .insert(apiPauses)
    .values({ shop, pausedAt: now, ...pause })
    .onConflictDoUpdate({ target: apiPauses.shop, set: pause })
}
