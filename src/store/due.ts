import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { MINUTE } from '../clock.ts'
import type { Db } from './db.ts'
import { prepared } from './prepared.ts'
import { conversations, messages, senderPaces, senderPauses } from './schema.ts'

const NOW = sql.placeholder('now')
/** Of the queued ones, those that are compared with each other: the oldest, and those whose window closes soon. */
const LOOKED_AT = 256
const SOON_MS = 10 * MINUTE
/** Behind more than those, whoever is free next is not worked out but looked for again. */
const LOOK_AGAIN_MS = 25
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

/** The first half is the index's own condition, in its words: else SQLite would not use it. */
const queued = sql`${messages.status} in ('queued', 'uncertain') and ${messages.status} = 'queued'`
/** In the order in which they fell due, so that a look at the first of them costs the same however many wait. */
const queuedByDue = sql`${messages} indexed by messages_due`
/** Customers in the order in which their windows close. */
const byWindow = sql`${conversations} indexed by conversations_inbound`

const fields = {
  id: sql<string>`${messages.id}`,
  conversation: sql<string | null>`${messages.conversationId}`,
  sender: sql<string>`${messages.sender}`,
  nextAttemptAt: sql<number>`${messages.nextAttemptAt}`,
  lastInboundAt: sql<number | null>`${conversations.lastInboundAt}`,
  pausedUntil: sql<number | null>`${senderPauses.pausedUntil}`,
  paidUntil: sql<number | null>`${senderPaces.paidUntil}`,
}

export type DueMessage = { [Name in keyof typeof fields]: (typeof fields)[Name]['_']['type'] }

/** It may go out, or its time is over. */
const isFree = and(
  eq(conversations.id, messages.conversationId),
  queued,
  or(isNull(senderPaces.sender), lte(senderPaces.nextSendAt, NOW)),
  lte(messages.nextAttemptAt, NOW),
  lte(conversations.busyUntil, NOW),
  lte(conversations.nextSendAt, NOW),
  or(
    isNull(senderPauses.sender),
    and(lte(senderPauses.pausedUntil, NOW), lte(senderPauses.probeUntil, NOW)),
    and(gt(senderPauses.pausedUntil, NOW), outOfTime),
  ),
)

const oldest = prepared((db) =>
  db
    .select(fields)
    .from(queuedByDue)
    .crossJoin(conversations)
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .leftJoin(senderPaces, eq(senderPaces.sender, messages.sender))
    .where(isFree)
    .orderBy(asc(messages.nextAttemptAt))
    .limit(LOOKED_AT)
    .prepare(),
)

const closingSoon = prepared((db) =>
  db
    .select(fields)
    .from(byWindow)
    .crossJoin(messages)
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .leftJoin(senderPaces, eq(senderPaces.sender, messages.sender))
    .where(
      and(
        gt(conversations.lastInboundAt, sql.placeholder('openSince')),
        lte(conversations.lastInboundAt, sql.placeholder('soonSince')),
        isFree,
      ),
    )
    .limit(LOOKED_AT)
    .prepare(),
)

const pacesNow = prepared((db) => db.select().from(senderPaces).prepare())

const soonestQueued = prepared((db) => {
  const first = db
    .select({
      at: sql<number>`${messages.nextAttemptAt}`.as('due_at'),
      conversation: sql<string>`${messages.conversationId}`.as('due_conversation'),
      sender: sql<string>`${messages.sender}`.as('due_sender'),
    })
    .from(queuedByDue)
    .where(queued)
    .orderBy(asc(messages.nextAttemptAt))
    .limit(LOOKED_AT)
    .as('first')
  return db
    .select({
      at: sql<
        number | null
      >`min(max(${first.at}, ${conversations.busyUntil}, ${conversations.nextSendAt}, coalesce(${senderPaces.nextSendAt}, 0), coalesce(max(${senderPauses.pausedUntil}, ${senderPauses.probeUntil}), 0)))`,
    })
    .from(first)
    .innerJoin(conversations, eq(conversations.id, first.conversation))
    .leftJoin(senderPauses, eq(senderPauses.sender, first.sender))
    .leftJoin(senderPaces, eq(senderPaces.sender, first.sender))
    .prepare()
})

/** The first that was not looked at. */
const beyondLooked = prepared((db) =>
  db
    .select({ at: sql<number>`${messages.nextAttemptAt}` })
    .from(queuedByDue)
    .where(queued)
    .orderBy(asc(messages.nextAttemptAt))
    .limit(1)
    .offset(LOOKED_AT)
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
  /** Our numbers: while none of them may send, nothing is looked for. */
  senders: readonly string[]
}

/** Queued messages that may go out, or whose time is over, the most urgent first. */
export async function listDue(
  db: Db,
  { now, windowMs, marginMs, mayExpire, limit, senders }: DueOptions,
): Promise<DueMessage[]> {
  const paces = await pacesNow(db).execute()
  const resting = new Set(paces.filter(({ nextSendAt }) => nextSendAt > now).map(({ sender }) => sender))
  if (senders.length > 0 && senders.every((sender) => resting.has(sender))) return []
  const openSince = now - windowMs
  const expiredBy = mayExpire ? now : Number.MIN_SAFE_INTEGER
  const known = { now, openSince, sendableSince: openSince + marginMs, expiredBy }
  const found = await oldest(db).execute(known)
  if (found.length === LOOKED_AT) {
    const soonSince = openSince + marginMs + SOON_MS
    found.push(...(await closingSoon(db).execute({ ...known, soonSince })))
  }
  const unique = [...new Map(found.map((one) => [one.id, one])).values()]
  return unique.toSorted((a, b) => byUrgency(a, b, openSince)).slice(0, limit)
}

/** Open windows first, and of those the one that closes first. */
function byUrgency(a: DueMessage, b: DueMessage, openSince: number): number {
  const [mine, theirs] = [a.lastInboundAt ?? 0, b.lastInboundAt ?? 0]
  return (
    Number(theirs > openSince) - Number(mine > openSince) ||
    mine - theirs ||
    a.nextAttemptAt - b.nextAttemptAt ||
    (a.id < b.id ? -1 : 1)
  )
}

/** Ids of held messages that have waited as long as they may. */
export async function listOverdueHeld(db: Db, at: number): Promise<string[]> {
  return (await overdueHeld(db).execute({ now: at })).map(({ id }) => id)
}

/** When the next thing falls due; undefined when nothing waits. */
export async function soonest(db: Db, now: number, mayExpire: boolean): Promise<number | undefined> {
  const [first] = await soonestQueued(db).execute()
  const [beyond] = await beyondLooked(db).execute()
  const [held] = mayExpire ? await soonestHeld(db).execute() : []
  const [other] = await soonestOther(db).execute()
  const again = beyond && Math.max(beyond.at, now + LOOK_AGAIN_MS)
  const times = [first?.at, again, held?.at, other?.uncertain, other?.sending].filter(
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
