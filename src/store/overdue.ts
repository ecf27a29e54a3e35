import { and, asc, eq, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm'
import { BUDGET_SPENT, countSend } from './budget.ts'
import type { Db } from './db.ts'
import { listOverdueHeld } from './due.ts'
import type { OpenDatabase } from './open.ts'
import { isStatus, prepared } from './prepared.ts'
import type { AttemptRow, MessageRow } from './records.ts'
import { attempts, conversations, messages, senderPauses } from './schema.ts'
import type { DecideReport } from './sending.ts'
import { applyParked } from './settlement.ts'

/** A message whose answer was lost, with what it can be known by. */
export interface UncertainMessage {
  message: MessageRow
  /** The newest one. */
  attempt: AttemptRow
  /** Karibu's id of the contact's thread, if known. */
  karibuId: string | null
  /** False when no message of the customer's is known: then no image of ours can have gone out either. */
  customerWrote: boolean
  /** When the first attempt began whose outcome was never learnt. */
  lostSince: number
  /** Of all its attempts: each is this receipt, whichever arrived. */
  mediaUrls: string[]
}

/** What time alone brings about: holds that end, leases that ran out, answers that never came. */
export interface OverdueStore {
  expireHeld(now: number): Promise<number>
  /** Attempts whose lease ran out: the request may have gone, so they become uncertain. */
  reapLeases(now: number): Promise<number>
  /** After a start: leases of the process before are over, whatever their time. */
  recoverLeases(now: number): Promise<number>
  /** Takes uncertain messages whose next lookup is due; a crash leaves them to be due again after the lease. */
  claimUncertain(options: { now: number; leaseMs: number; limit: number }): Promise<UncertainMessage[]>
  /** Which of these Karibu ids we already know as attempts of ours. */
  knownMessageIds(ids: string[]): Promise<Set<string>>
  settleUncertain(options: {
    messageId: string
    now: number
    change: Partial<MessageRow>
    adopt: { attemptId: string; karibuMessageId: string } | null
    lookups: number
    decideReport: DecideReport
  }): Promise<void>
}

const NOW = sql`${sql.placeholder('now')}`

const reaping = prepared((db) =>
  db
    .update(messages)
    .set({
      status: 'uncertain',
      reason: 'answer_lost',
      nextAttemptAt: NOW,
      statusPolls: 0,
      leaseExpiresAt: null,
      updatedAt: NOW,
    })
    .where(
      and(
        sql`${messages.status} = 'sending'`,
        or(isNull(messages.leaseExpiresAt), lte(messages.leaseExpiresAt, sql.placeholder('until'))),
      ),
    )
    .returning({ id: messages.id, number: messages.attemptCount })
    .prepare(),
)
const dueUncertain = prepared((db) =>
  db
    .select({
      message: messages,
      attempt: attempts,
      karibuId: conversations.karibuId,
      wroteAt: conversations.lastInboundAt,
    })
    .from(messages)
    .innerJoin(attempts, and(eq(attempts.message, messages.id), eq(attempts.number, messages.attemptCount)))
    .leftJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(and(isStatus('uncertain'), lte(messages.nextAttemptAt, NOW)))
    .orderBy(asc(messages.nextAttemptAt))
    .limit(sql.placeholder('limit'))
    .prepare(),
)

export function createOverdueStore({ writer, reader }: OpenDatabase, newId: () => string): OverdueStore {
  return {
    expireHeld: (now) =>
      writer.run(async (db) => {
        const expired = await listOverdueHeld(db, now)
        if (expired.length === 0) return 0
        await db
          .update(messages)
          .set({
            status: 'expired',
            reason: sql`case when ${messages.reason} = 'opted_out' then 'opted_out' else 'held_too_long' end`,
            expiresAt: null,
            updatedAt: now,
          })
          .where(inArray(messages.id, expired))
        return expired.length
      }),

    reapLeases: (now) => writer.run((db) => reap(db, now, now)),

    recoverLeases: (now) =>
      writer.run(async (db) => {
        await db.update(conversations).set({ busyUntil: 0 }).where(ne(conversations.busyUntil, 0))
        await db.update(senderPauses).set({ probeUntil: 0 })
        // The budget may have been raised: the next message asks anew.
        await db.delete(senderPauses).where(eq(senderPauses.code, BUDGET_SPENT))
        return reap(db, now, Number.MAX_SAFE_INTEGER)
      }),

    claimUncertain: ({ now, leaseMs, limit }) =>
      writer.run(async (db) => {
        const due = await dueUncertain(db).execute({ now, limit })
        const ids = due.map(({ message }) => message.id)
        if (ids.length === 0) return []
        await db
          .update(messages)
          .set({ nextAttemptAt: now + leaseMs })
          .where(inArray(messages.id, ids))
        const tries = await db
          .select({
            message: attempts.message,
            url: attempts.mediaUrl,
            startedAt: attempts.startedAt,
            result: attempts.result,
          })
          .from(attempts)
          .where(inArray(attempts.message, ids))
        return due.map(({ wroteAt, ...row }) => {
          const ofMessage = tries.filter((one) => one.message === row.message.id)
          const lost = ofMessage.filter((one) => one.result === null || one.result === 'unknown')
          return {
            ...row,
            customerWrote: wroteAt !== null,
            lostSince: Math.min(row.attempt.startedAt, ...lost.map((one) => one.startedAt)),
            mediaUrls: ofMessage.flatMap(({ url }) => url ?? []),
          }
        })
      }),

    async knownMessageIds(ids) {
      if (ids.length === 0) return new Set()
      const rows = await reader
        .select({ id: attempts.messageId })
        .from(attempts)
        .where(inArray(attempts.messageId, ids))
      return new Set(rows.map((row) => row.id).filter((id): id is string => id !== null))
    },

    settleUncertain: ({ messageId, now, change, adopt, lookups, decideReport }) =>
      writer.run(async (db) => {
        await db
          .update(messages)
          .set({ ...change, ...(adopt && { messageId: adopt.karibuMessageId }), statusPolls: lookups, updatedAt: now })
          .where(and(eq(messages.id, messageId), isStatus('uncertain')))
        if (!adopt) return
        const [adopted] = await db.select().from(messages).where(eq(messages.id, messageId)).limit(1)
        if (adopted) await countSend(db, adopted.sender, now)
        await db
          .update(attempts)
          .set({ messageId: adopt.karibuMessageId, result: 'accepted', detail: 'found in Karibu’s list afterwards' })
          .where(eq(attempts.id, adopt.attemptId))
        await applyParked(db, adopt.karibuMessageId, decideReport, now, newId)
      }),
  }
}

/** Of leases that end by `until`. */
async function reap(db: Db, now: number, until: number): Promise<number> {
  const reaped = await reaping(db).execute({ now, until })
  for (const { id, number } of reaped) {
    await db
      .update(attempts)
      .set({ result: 'unknown', code: 'risiti.interrupted', finishedAt: now })
      .where(and(eq(attempts.message, id), eq(attempts.number, number), isNull(attempts.result)))
  }
  return reaped.length
}
