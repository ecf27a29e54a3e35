import { and, eq, inArray, lte, notExists, or, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { confirmationOf, confirmedKey } from './questions.ts'
import { confirmationEvents, confirmations, events } from './schema.ts'

/**
 * Drops what was asked about the same as these events claim or confirm; gives the events that told or answered it, for
 * whoever forgets those. A question that was asked of somebody still to come stays.
 */
export async function forgetQuestions(db: Db, eventIds: string[], upTo: number): Promise<string[]> {
  const ids = await sameQuestions(db, await questionsOf(db, eventIds))
  if (ids.length === 0) return []
  const told = await eventsOf(db, ids, upTo)
  await db
    .delete(confirmationEvents)
    .where(
      and(inArray(confirmationEvents.confirmation, ids), inArray(confirmationEvents.event, [...eventIds, ...told])),
    )
  await removeUnasked(db, inArray(confirmations.id, ids))
  return told
}

/** Those of a shop that no kept event asks. */
export async function removeUnaskedOf(db: Db, shop: string, upTo: number): Promise<void> {
  await removeUnasked(db, and(eq(confirmations.shop, shop), lte(confirmations.createdAt, upTo)))
}

/** Events that claim or confirm something about an order, by its id, whatever came of it. */
export async function claimsAbout(
  db: Db,
  shop: string,
  orderId: string,
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<string[]> {
  const about = await db
    .select({ id: confirmations.id })
    .from(confirmations)
    .where(
      and(
        eq(confirmations.shop, shop),
        or(
          sql`json_extract(${confirmations.claim}, '$.reference') = ${orderId}`,
          sql`substr(${confirmations.subject}, instr(${confirmations.subject}, ':') + 1) = ${orderId}`,
        ),
      ),
    )
  return eventsOf(
    db,
    about.map(({ id }) => id),
    upTo,
  )
}

/** Events that claim or confirm the same as these. */
export async function eventsBeside(db: Db, eventIds: string[]): Promise<string[]> {
  return eventsOf(db, await sameQuestions(db, await questionsOf(db, eventIds)), Number.MAX_SAFE_INTEGER)
}

async function questionsOf(db: Db, eventIds: string[]): Promise<string[]> {
  const claimed = await db
    .select({ id: confirmationEvents.confirmation })
    .from(confirmationEvents)
    .where(inArray(confirmationEvents.event, eventIds))
  const keys = await db.select({ key: events.deliveryKey }).from(events).where(inArray(events.id, eventIds))
  const answered = keys.flatMap(({ key }) => confirmationOf(key) ?? [])
  return [...new Set([...claimed.map(({ id }) => id), ...answered])]
}

/** With those that asked after the same subject in other words. */
async function sameQuestions(db: Db, ids: string[]): Promise<string[]> {
  const subjects = await db
    .selectDistinct({ shop: confirmations.shop, subject: confirmations.subject })
    .from(confirmations)
    .where(inArray(confirmations.id, ids))
  const all = new Set<string>()
  for (const { shop, subject } of subjects) {
    const same = await db
      .select({ id: confirmations.id })
      .from(confirmations)
      .where(and(eq(confirmations.shop, shop), eq(confirmations.subject, subject)))
    for (const { id } of same) all.add(id)
  }
  return [...all]
}

async function eventsOf(db: Db, questionIds: string[], upTo: number): Promise<string[]> {
  const claiming = await db
    .select({ id: events.id })
    .from(events)
    .innerJoin(confirmationEvents, eq(confirmationEvents.event, events.id))
    .where(and(inArray(confirmationEvents.confirmation, questionIds), lte(events.receivedAt, upTo)))
  const found = new Set(claiming.map(({ id }) => id))
  for (const id of questionIds) {
    const [question] = await db
      .select({ shop: confirmations.shop, attempts: confirmations.attempts })
      .from(confirmations)
      .where(eq(confirmations.id, id))
    const keys = Array.from({ length: question?.attempts ?? 0 }, (_, index) => confirmedKey(id, index + 1))
    const answers = await db
      .select({ id: events.id })
      .from(events)
      .where(
        and(eq(events.source, question?.shop ?? ''), inArray(events.deliveryKey, keys), lte(events.receivedAt, upTo)),
      )
    for (const answer of answers) found.add(answer.id)
  }
  return [...found]
}

async function removeUnasked(db: Db, which: ReturnType<typeof and>): Promise<void> {
  const asks = db
    .select({ one: sql`1` })
    .from(confirmationEvents)
    .innerJoin(events, eq(events.id, confirmationEvents.event))
    .where(eq(confirmationEvents.confirmation, confirmations.id))
  const unasked = await db
    .select({ id: confirmations.id })
    .from(confirmations)
    .where(and(which, notExists(asks)))
  const ids = unasked.map(({ id }) => id)
  await db.delete(confirmationEvents).where(inArray(confirmationEvents.confirmation, ids))
  await db.delete(confirmations).where(inArray(confirmations.id, ids))
}
