import { and, asc, count, eq, inArray, isNull, lt, lte, min, notInArray, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { type Bite, biteOf } from './housekeeping.ts'
import type { OpenDatabase } from './open.ts'
import { prepared } from './prepared.ts'
import type { NotificationRow, NotifyTargetRow } from './records.ts'
import { notifications, notifyTargets } from './schema.ts'

export type KnownTarget = Pick<NotifyTargetRow, 'name' | 'address' | 'statuses' | 'shops'>

/** What one try changes. */
export interface NotificationChange {
  /** Null ends it: it was told, or is given up. */
  nextAttemptAt: number | null
  /** Tries that count from now on. */
  attempts: number
  target: { offSince: number } | { restingUntil: number } | 'unchanged'
}

export interface WaitingOfTarget {
  target: string
  count: number
  /** When the first of them was made; null when none waits. */
  oldestAt: number | null
  offSince: number | null
}

export interface NotificationStore {
  /**
   * At a start: from now on these are told, and only these; what the others were still to be told is dropped. A target
   * that was switched off, or moved, is tried at once, and so is what a worker was telling when it was lost.
   */
  syncTargets(targets: KnownTarget[], now: number): Promise<void>
  /** Leases due notifications: the oldest of each message, at most `perTarget` of a target at a time. */
  claimNotifications(options: { now: number; leaseMs: number; perTarget: number }): Promise<NotificationRow[]>
  /** Undefined, and nothing kept, when it was erased or taken from this worker meanwhile. */
  settleNotification(options: {
    id: number
    attempt: number
    now: number
    decide(row: NotificationRow): NotificationChange
  }): Promise<{ change: NotificationChange; switchedOff: boolean } | undefined>
  /** Notifications whose worker was lost are due again. */
  reapNotifications(now: number): Promise<number>
  /** When the next one may be told; undefined when none waits that may. */
  nextNotificationAt(perTarget: number): Promise<number | undefined>
  /** Of each configured target. */
  countNotifications(): Promise<WaitingOfTarget[]>
  /** What could not be told for so long. */
  removeNotifications(before: number, limit: number): Promise<Bite>
}

export function createNotificationStore({ writer, reader }: OpenDatabase): NotificationStore {
  return {
    syncTargets: (targets, now) =>
      writer.run(async (db) => {
        const names = targets.map(({ name }) => name)
        await db.delete(notifications).where(notInArray(notifications.target, names))
        await db.delete(notifyTargets).where(notInArray(notifyTargets.name, names))
        const before = new Map((await db.select().from(notifyTargets)).map((target) => [target.name, target]))
        for (const target of targets) {
          const known = before.get(target.name)
          const set = { ...target, restingUntil: 0, offSince: null }
          await db.insert(notifyTargets).values(set).onConflictDoUpdate({ target: notifyTargets.name, set })
          if (known && (known.offSince !== null || known.address !== target.address)) await hurry(db, target.name, now)
        }
        await handBack(db, now, undefined)
      }),

    claimNotifications: ({ now, leaseMs, perTarget }) =>
      writer.run(async (db) => {
        const claimed: NotificationRow[] = []
        for (const { name, dueAt, room } of withRoom(await standingOf(db).execute(), perTarget)) {
          if (dueAt > now) continue
          const due = await db
            .select({ id: notifications.id })
            .from(notifications)
            .where(
              and(
                eq(notifications.target, name),
                eq(notifications.status, 'waiting'),
                lte(notifications.nextAttemptAt, now),
              ),
            )
            .orderBy(asc(notifications.nextAttemptAt), asc(notifications.id))
            .limit(room)
          const leased = await db
            .update(notifications)
            .set({
              status: 'telling',
              attempts: sql`${notifications.attempts} + 1`,
              leaseExpiresAt: now + leaseMs,
            })
            .where(
              inArray(
                notifications.id,
                due.map(({ id }) => id),
              ),
            )
            .returning()
          claimed.push(...leased)
        }
        return claimed
      }),

    settleNotification: ({ id, attempt, now, decide }) =>
      writer.run(async (db) => {
        const [row] = await db.select().from(notifications).where(eq(notifications.id, id)).limit(1)
        if (row?.status !== 'telling' || row.attempts !== attempt) return undefined
        const change = decide(row)
        const { nextAttemptAt, attempts } = change
        if (nextAttemptAt === null) {
          await db.delete(notifications).where(eq(notifications.id, id))
          await letNextGo(db, [row], now)
        } else {
          await db
            .update(notifications)
            .set({ status: 'waiting', nextAttemptAt, attempts, leaseExpiresAt: null })
            .where(eq(notifications.id, id))
        }
        return { change, switchedOff: await applyToTarget(db, row.target, change.target) }
      }),

    reapNotifications: (now) => writer.run((db) => handBack(db, now, lte(notifications.leaseExpiresAt, now))),

    async nextNotificationAt(perTarget) {
      const standings = await standingOf(reader).execute()
      const leases = standings.flatMap(({ leaseEndsAt }) => leaseEndsAt ?? [])
      const times = [...withRoom(standings, perTarget).map(({ dueAt }) => dueAt), ...leases]
      return times.length === 0 ? undefined : Math.min(...times)
    },

    async countNotifications() {
      const rows = await reader
        .select({ target: notifications.target, count: count(), oldestAt: min(notifications.createdAt) })
        .from(notifications)
        .groupBy(notifications.target)
      const waiting = new Map(rows.map((row) => [row.target, row]))
      const targets = await reader.select().from(notifyTargets).orderBy(asc(notifyTargets.name))
      return targets.map(({ name, offSince }) => {
        const { count: waits = 0, oldestAt = null } = waiting.get(name) ?? {}
        return { target: name, count: waits, oldestAt, offSince }
      })
    },

    removeNotifications: (before, limit) =>
      writer.run(async (db) => {
        const old = await db
          .select()
          .from(notifications)
          .where(and(eq(notifications.status, 'waiting'), lt(notifications.createdAt, before)))
          .orderBy(asc(notifications.id))
          .limit(limit)
        const ids = old.map(({ id }) => id)
        if (ids.length > 0) await db.delete(notifications).where(inArray(notifications.id, ids))
        await letNextGo(db, old, before)
        return biteOf(ids, limit)
      }),
  }
}

interface OpenTarget {
  name: string
  /** When its first notification may be told. */
  dueAt: number
  /** How many more may be told at once. */
  room: number
}

/** Asked after every commit. */
const standingOf = prepared((db) =>
  db
    .select({
      name: notifyTargets.name,
      restingUntil: notifyTargets.restingUntil,
      offSince: notifyTargets.offSince,
      firstAt: sql<number | null>`(select min(next_attempt_at) from ${notifications}
        where target = ${notifyTargets.name} and status = 'waiting' and next_attempt_at is not null)`,
      telling: sql<number>`(select count(*) from ${notifications}
        where target = ${notifyTargets.name} and status = 'telling')`,
      leaseEndsAt: sql<number | null>`(select min(lease_expires_at) from ${notifications}
        where target = ${notifyTargets.name} and status = 'telling')`,
    })
    .from(notifyTargets)
    .prepare(),
)
type Standing = Awaited<ReturnType<ReturnType<typeof standingOf>['execute']>>[number]

/** Targets that are not switched off, with something that waits and room to tell it. */
function withRoom(standings: Standing[], perTarget: number): OpenTarget[] {
  return standings.flatMap(({ name, restingUntil, offSince, firstAt, telling }) => {
    const room = perTarget - telling
    if (offSince !== null || firstAt === null || room <= 0) return []
    return { name, room, dueAt: Math.max(firstAt, restingUntil) }
  })
}

/** The next of each message follows when the one before it has gone. */
async function letNextGo(db: Db, gone: Pick<NotificationRow, 'message' | 'target'>[], now: number): Promise<void> {
  for (const { message, target } of gone) {
    const [next] = await db
      .select({ id: notifications.id, nextAttemptAt: notifications.nextAttemptAt })
      .from(notifications)
      .where(and(eq(notifications.message, message), eq(notifications.target, target)))
      .orderBy(asc(notifications.id))
      .limit(1)
    if (next?.nextAttemptAt !== null) continue
    await db.update(notifications).set({ nextAttemptAt: now }).where(eq(notifications.id, next.id))
  }
}

/** Only the first of each message has a time; the others stay behind it. */
async function hurry(db: Db, target: string, now: number): Promise<void> {
  await db
    .update(notifications)
    .set({ nextAttemptAt: now, attempts: 0 })
    .where(
      and(
        eq(notifications.target, target),
        eq(notifications.status, 'waiting'),
        sql`${notifications.nextAttemptAt} is not null`,
      ),
    )
}

async function handBack(db: Db, now: number, due: ReturnType<typeof lte> | undefined): Promise<number> {
  const lost = await db
    .update(notifications)
    .set({ status: 'waiting', nextAttemptAt: now, leaseExpiresAt: null })
    .where(and(eq(notifications.status, 'telling'), due))
    .returning({ id: notifications.id })
  return lost.length
}

/** True when this switched it off. */
async function applyToTarget(db: Db, name: string, change: NotificationChange['target']): Promise<boolean> {
  if (change === 'unchanged') return false
  if ('restingUntil' in change) {
    const restingUntil = sql`max(${notifyTargets.restingUntil}, ${change.restingUntil})`
    await db.update(notifyTargets).set({ restingUntil }).where(eq(notifyTargets.name, name))
    return false
  }
  const off = await db
    .update(notifyTargets)
    .set(change)
    .where(and(eq(notifyTargets.name, name), isNull(notifyTargets.offSince)))
    .returning({ name: notifyTargets.name })
  return off.length > 0
}
