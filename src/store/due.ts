import { and, asc, desc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { prepared } from './prepared.ts'
import { conversations, messages, senderPaces, senderPauses } from './schema.ts'

const NOW = sql.placeholder('now')
/** Of held messages that end at once, after a long stop. */
const EXPIRED_AT_ONCE = 500

/** What a paused sender holds back past its time: a picture whose window has closed, an invitation that has expired. */
const outOfTime = or(
  and(
    eq(messages.kind, 'template'),
    sql`${messages.createdAt} + ${messages.expiresAfterMs} <= ${sql.placeholder('expiredBy')}`,
  ),
  and(
    eq(messages.kind, 'image'),
    or(
      isNull(conversations.lastInboundAt),
      lte(conversations.lastInboundAt, sql.placeholder('sendableSince')),
      sql`${conversations.closedVerdictAt} >= ${conversations.lastInboundAt}`,
    ),
  ),
)

/** Queued messages that may go out, or whose time is over, the most urgent first. */
const dueMessages = prepared((db) =>
  db
    .select({
      id: messages.id,
      conversation: messages.conversationId,
      sender: messages.sender,
      pausedUntil: senderPauses.pausedUntil,
      paidUntil: senderPaces.paidUntil,
    })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .leftJoin(senderPaces, eq(senderPaces.sender, messages.sender))
    .where(
      and(
        eq(messages.status, 'queued'),
        or(isNull(senderPaces.sender), lte(senderPaces.nextSendAt, NOW)),
        lte(messages.nextAttemptAt, NOW),
        lte(conversations.busyUntil, NOW),
        lte(conversations.nextSendAt, NOW),
        or(
          isNull(senderPauses.sender),
          and(lte(senderPauses.pausedUntil, NOW), lte(senderPauses.probeUntil, NOW)),
          and(gt(senderPauses.pausedUntil, NOW), outOfTime),
        ),
      ),
    )
    .orderBy(
      // Open windows first, and of those the one that closes first.
      desc(sql`coalesce(${conversations.lastInboundAt}, 0) > ${sql.placeholder('openSince')}`),
      asc(conversations.lastInboundAt),
      asc(messages.nextAttemptAt),
      asc(messages.id),
    )
    .limit(sql.placeholder('limit'))
    .prepare(),
)

const soonestQueued = prepared((db) =>
  db
    .select({
      at: sql<
        number | null
      >`min(max(${messages.nextAttemptAt}, ${conversations.busyUntil}, ${conversations.nextSendAt}, coalesce(${senderPaces.nextSendAt}, 0), coalesce(max(${senderPauses.pausedUntil}, ${senderPauses.probeUntil}), 0)))`,
    })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .leftJoin(senderPaces, eq(senderPaces.sender, messages.sender))
    .where(eq(messages.status, 'queued'))
    .prepare(),
)

/** Held messages may be very many, and SQLite would rather read them all: the index of their ends is named to it. */
const heldByEnd = sql`${messages} indexed by messages_expiry`

const soonestHeld = prepared((db) =>
  db
    .select({ at: sql<number | null>`min(${messages.expiresAt})` })
    .from(heldByEnd)
    .where(sql`${messages.status} = 'held'`)
    .prepare(),
)

const overdueHeld = prepared((db) =>
  db
    .select({ id: sql<string>`${messages.id}` })
    .from(heldByEnd)
    .where(sql`${messages.status} = 'held' and ${messages.expiresAt} <= ${NOW}`)
    .limit(EXPIRED_AT_ONCE)
    .prepare(),
)

const soonestOther = prepared((db) =>
  db
    .select({
      uncertain: sql<number | null>`min(case when ${messages.status} = 'uncertain' then ${messages.nextAttemptAt} end)`,
      sending: sql<number | null>`min(case when ${messages.status} = 'sending' then ${messages.leaseExpiresAt} end)`,
    })
    .from(messages)
    .where(inArray(messages.status, ['uncertain', 'sending']))
    .prepare(),
)

export interface DueOptions {
  now: number
  windowMs: number
  marginMs: number
  /** False while the clock cannot be trusted with deciding what has expired. */
  mayExpire: boolean
  limit: number
}

export async function listDue(db: Db, { now, windowMs, marginMs, mayExpire, limit }: DueOptions) {
  const openSince = now - windowMs
  const expiredBy = mayExpire ? now : Number.MIN_SAFE_INTEGER
  return dueMessages(db).execute({ now, openSince, sendableSince: openSince + marginMs, expiredBy, limit })
}

/** Ids of held messages that have waited as long as they may. */
export async function listOverdueHeld(db: Db, at: number): Promise<string[]> {
  return (await overdueHeld(db).execute({ now: at })).map(({ id }) => id)
}

/** When the next thing falls due; undefined when nothing waits. */
export async function soonest(db: Db, mayExpire: boolean): Promise<number | undefined> {
  const [queued] = await soonestQueued(db).execute()
  const [held] = mayExpire ? await soonestHeld(db).execute() : []
  const [other] = await soonestOther(db).execute()
  const times = [queued?.at, held?.at, other?.uncertain, other?.sending].filter(
    (at): at is number => typeof at === 'number',
  )
  return times.length === 0 ? undefined : Math.min(...times)
}

const handOver = prepared((db) =>
  db
    .update(conversations)
    .set({ busyUntil: 0, updatedAt: sql`${NOW}` })
    .where(eq(conversations.id, sql.placeholder('id')))
    .prepare(),
)
const probeOver = prepared((db) =>
  db
    .update(senderPauses)
    .set({ probeUntil: 0 })
    .where(eq(senderPauses.sender, sql.placeholder('sender')))
    .prepare(),
)

/** No worker has a message of this conversation in hand any more. */
export async function letGo(db: Db, conversationId: string, at: number): Promise<void> {
  await handOver(db).execute({ id: conversationId, now: at })
}

export async function endProbe(db: Db, sender: string): Promise<void> {
  await probeOver(db).execute({ sender })
}
