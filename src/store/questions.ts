import { and, eq, inArray } from 'drizzle-orm'
import type { Claim } from '../order.ts'
import type { Db } from './db.ts'
import { confirmationEvents, confirmations, events } from './schema.ts'
import type { TraceLine } from './words.ts'

/** A claim to be asked about, as intake hands it to the store. */
export interface NewQuestion {
  /** Used when no question that says the same is open. */
  id: string
  shop: string
  claim: Claim
  /** What followed `?` in the notification's address. */
  query: string
  /** When it may be asked: notifications of one thing come in bursts. */
  askAt: number
}

/** What is now known of a claim, for the events that made it. */
export interface Standing {
  text: string
  outcome: 'handled' | 'ignored'
  /** Why nothing came of it, for people. */
  reason: string | null
}

/** Claims that say the same are one question, so that one that says otherwise can neither spoil nor spare it. */
export function questionOf({ subject, amount, currency, reference }: Claim): string {
  return JSON.stringify([subject, amount, currency, reference])
}

/** Opens the question, or joins the one that is open; gives the trace's line of it. */
export async function openQuestion(db: Db, asked: NewQuestion, eventId: string, now: number): Promise<TraceLine> {
  const { shop, claim, query, askAt } = asked
  const question = questionOf(claim)
  const [open] = await db
    .select()
    .from(confirmations)
    .where(
      and(
        eq(confirmations.shop, shop),
        eq(confirmations.question, question),
        inArray(confirmations.status, ['waiting', 'asking']),
      ),
    )
    .limit(1)
  const id = open?.id ?? asked.id
  if (!open) {
    const facts = { shop, claim, query, question, subject: claim.subject, eventId }
    await db
      .insert(confirmations)
      .values({ ...facts, id, status: 'waiting', nextAttemptAt: askAt, createdAt: now, updatedAt: now })
  } else {
    const change =
      open.status === 'asking' ? { again: true } : { nextAttemptAt: Math.min(open.nextAttemptAt ?? askAt, askAt) }
    await db
      .update(confirmations)
      .set({ ...change, eventId, query, updatedAt: now })
      .where(eq(confirmations.id, id))
  }
  await db.insert(confirmationEvents).values({ confirmation: id, event: eventId }).onConflictDoNothing()
  const text = !open
    ? 'waits to be confirmed: the platform’s API is asked before anything is believed'
    : open.status === 'asking'
      ? 'the platform’s API is being asked about it; it is asked once more afterwards'
      : 'the platform’s API is to be asked about it already: once for both'
  return { step: stepFor(claim), text }
}

/** Writes what is now known of a claim into the events that made it. */
export async function tellEvents(db: Db, confirmationId: string, claim: Claim, standing: Standing): Promise<void> {
  const waiting = await db
    .select({ id: confirmationEvents.event })
    .from(confirmationEvents)
    .where(eq(confirmationEvents.confirmation, confirmationId))
  for (const { id } of waiting) await tellEvent(db, id, { step: stepFor(claim), text: standing.text }, standing)
}

/** The newest line about a claim stands in the place of the one before: a long wait fills no trace. */
export async function tellEvent(
  db: Db,
  eventId: string,
  line: TraceLine,
  { outcome, reason }: Pick<Standing, 'outcome' | 'reason'>,
): Promise<void> {
  const [event] = await db
    .select({ type: events.type, trace: events.trace })
    .from(events)
    .where(eq(events.id, eventId))
    .limit(1)
  if (!event) return
  const trace = [...event.trace.filter(({ step }) => step !== line.step), line]
  const verdict = event.type === CLAIM_RECEIVED ? { outcome, reason } : {}
  await db
    .update(events)
    .set({ trace, ...verdict })
    .where(eq(events.id, eventId))
}

/** The delivery key of what was confirmed: one for each time of asking, and the same one over a crash. */
export function confirmedKey(confirmationId: string, attempt: number): string {
  return `${CONFIRMED}${confirmationId}:${attempt}`
}

/** The question whose answer an event holds; null for any other event. */
export function confirmationOf(deliveryKey: string): string | null {
  if (!deliveryKey.startsWith(CONFIRMED)) return null
  return deliveryKey.slice(CONFIRMED.length, deliveryKey.lastIndexOf(':'))
}

const CONFIRMED = 'confirmed:'

/** The type of an event that only claims something. */
export const CLAIM_RECEIVED = 'claim.received'

function stepFor({ subject }: Claim): string {
  return `confirm ${subject}`
}
