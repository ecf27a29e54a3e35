import { and, count, eq, gte, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { prepared } from './prepared.ts'
import { counters, cursors, messages, senderPauses } from './schema.ts'

/** How much Karibu may take on for one sender within a calendar month (UTC). */
export interface Budget {
  messages: number
  /** Percent of it at which somebody is told. */
  warnAt: number
}

/** `near` only once a month; `spent` when nothing more may go out before the next. */
export type BudgetWord = 'near' | 'spent'

/** Why a sender pauses whose budget is used up. */
export const BUDGET_SPENT = 'risiti.budget_spent'

/** `2026-11`, as `counters` writes it. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

export function nextMonth(at: number): number {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** One more that Karibu took on. */
export async function countSend(db: Db, sender: string, now: number): Promise<void> {
  await addSend(db).execute({ sender, month: monthOf(now) })
}

const addSend = prepared((db) =>
  db
    .insert(counters)
    .values({ sender: sql.placeholder('sender'), month: sql.placeholder('month'), sends: 1 })
    .onConflictDoUpdate({ target: [counters.sender, counters.month], set: { sends: sql`${counters.sends} + 1` } })
    .prepare(),
)

/** Whether one more may go out; asked in the transaction that begins it, so that no two take the last place. */
export async function askBudget(
  db: Db,
  sender: string,
  { messages: most, warnAt }: Budget,
  now: number,
): Promise<BudgetWord | null> {
  const used = (await sendsOf(db, sender, now)) + (await inFlight(db, sender, now))
  if (used >= most) {
    const pause = { pausedAt: now, pausedUntil: nextMonth(now), probeUntil: 0, code: BUDGET_SPENT }
    const detail = `the ${most} messages of ${monthOf(now)} are used up`
    await db
      .insert(senderPauses)
      .values({ sender, ...pause, detail })
      .onConflictDoUpdate({ target: senderPauses.sender, set: { ...pause, detail } })
    return 'spent'
  }
  if ((used + 1) * 100 < most * warnAt) return null
  const told = await db
    .insert(cursors)
    .values({ name: `budget.near.${sender}.${monthOf(now)}`, value: String(used + 1) })
    .onConflictDoNothing()
    .returning({ name: cursors.name })
  return told.length === 0 ? null : 'near'
}

async function sendsOf(db: Db, sender: string, now: number): Promise<number> {
  const [row] = await db
    .select({ sends: counters.sends })
    .from(counters)
    .where(and(eq(counters.sender, sender), eq(counters.month, monthOf(now))))
    .limit(1)
  return row?.sends ?? 0
}

/** What may yet turn out to have been taken on: under way, or with a lost answer that is still looked for or of this month. */
async function inFlight(db: Db, sender: string, now: number): Promise<number> {
  const since = Date.parse(`${monthOf(now)}-01T00:00:00Z`)
  const [row] = await db
    .select({ count: count() })
    .from(messages)
    .where(
      and(
        inArray(messages.status, ['sending', 'uncertain']),
        eq(messages.sender, sender),
        or(eq(messages.status, 'sending'), isNotNull(messages.nextAttemptAt), gte(messages.updatedAt, since)),
      ),
    )
  return row?.count ?? 0
}
