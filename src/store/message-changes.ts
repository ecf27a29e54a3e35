import { and, eq, inArray, sql } from 'drizzle-orm'
import { ensureConversation } from './conversations.ts'
import type { Db } from './db.ts'
import { insertOnce } from './effects.ts'
import { isStatus, prepared, shaped } from './prepared.ts'
import type { MessageRow } from './records.ts'
import { addDoubt } from './restored.ts'
import { media, messages } from './schema.ts'
import type { Contact, TraceLine } from './words.ts'

/** A message to be kept: queued to go out, skipped with its reason, or uncertain because it may have gone before. */
export type NewMessage = Omit<typeof messages.$inferInsert, 'conversationId'> & {
  contact: Contact | null
  /** Since when an attempt may have been made that we know nothing of. */
  doubtSince?: number
}

const UNTRIED = ['held', 'queued', 'skipped', 'cancelled'] as const

/** Inserts each message unless its effect key exists; says in the trace which came of it. Gives how many are due. */
export async function enqueue(
  db: Db,
  wanted: NewMessage[],
  now: number,
  newId: () => string,
  trace: TraceLine[],
): Promise<number> {
  let due = 0
  for (const { contact, doubtSince, ...message } of wanted) {
    const conversation = contact ? await ensureConversation(db, contact, now, newId) : undefined
    const inserted = await insertOnce(db, { ...message, conversationId: conversation?.id ?? null })
    const step = message.rule ?? message.kind
    if (!inserted) {
      trace.push({ step, text: 'this message was made already; no second one is made' })
      continue
    }
    if (doubtSince !== undefined) await addFirstDoubt(db, message.id, doubtSince, now)
    const doubted = message.status === 'uncertain' ? 'message made; Karibu’s list is asked before it goes' : null
    const what = message.status === 'skipped' ? `skipped: ${message.reason}` : (doubted ?? 'message queued')
    trace.push({ step, text: what, messageId: message.id })
    if (isDue(message)) due++
  }
  return due
}

/** Due at once, be it to go or to be looked up. */
export function isDue({ status }: Pick<NewMessage, 'status'>): boolean {
  return status === 'queued' || status === 'uncertain'
}

function addFirstDoubt(db: Db, message: string, since: number, now: number): Promise<void> {
  return addDoubt(db, { message, number: 1, since, now, mediaUrl: null })
}

/** Stops a message that has not gone out yet. */
export async function cancelWaiting(db: Db, id: string, reason: string, now: number): Promise<void> {
  await db
    .update(messages)
    .set({ status: 'cancelled', reason, nextAttemptAt: null, expiresAt: null, updatedAt: now })
    .where(and(eq(messages.id, id), inArray(messages.status, ['held', 'queued'])))
}

/** Makes a message that was never tried anew, under the key it has. */
export async function redraw(db: Db, id: string, message: NewMessage, now: number, newId: () => string): Promise<void> {
  const { contact, doubtSince, id: _id, effectKey: _key, createdAt: _made, eventId: _cause, ...anew } = message
  const conversation = contact ? await ensureConversation(db, contact, now, newId) : undefined
  const redrawn = await db
    .update(messages)
    .set({ ...anew, conversationId: conversation?.id ?? null, expiresAt: null })
    .where(and(eq(messages.id, id), eq(messages.attemptCount, 0), inArray(messages.status, UNTRIED)))
    .returning({ id: messages.id })
  if (redrawn.length === 0) return
  // A picture that was fetched for it from elsewhere may be another now.
  if (anew.imageUrl != null) await db.delete(media).where(eq(media.message, id))
  if (doubtSince !== undefined) await addFirstDoubt(db, id, doubtSince, now)
}

const rouse = prepared((db) =>
  db
    .update(messages)
    .set({ reason: null, nextAttemptAt: sql`${sql.placeholder('now')}`, updatedAt: sql`${sql.placeholder('now')}` })
    .where(
      and(
        eq(messages.conversationId, sql.placeholder('conversation')),
        isStatus('queued'),
        eq(messages.reason, 'quiet_hours'),
      ),
    )
    .returning({ id: messages.id })
    .prepare(),
)

const changeMessage = shaped((db, change: Partial<MessageRow>) =>
  db
    .update(messages)
    .set(change)
    .where(eq(messages.id, sql.placeholder('key')))
    .prepare(),
)

export async function updateMessage(db: Db, id: string, change: Partial<MessageRow>): Promise<void> {
  await changeMessage(db, change).execute({ ...change, key: id })
}

/** Says of held messages what they wait for now. */
export async function rehold(db: Db, { ids, reason }: { ids: string[]; reason: string }, now: number): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(messages)
    .set({ reason, updatedAt: now })
    .where(and(inArray(messages.id, ids), isStatus('held')))
}

/** Ids of a contact's messages that are to go out and have not yet. */
export async function waitingInQueue(db: Db, conversationId: string): Promise<string[]> {
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), isStatus('queued')))
  return rows.map(({ id }) => id)
}

/** Lets go what was held for a contact who wrote; gives those that waited for the end of the quiet hours besides. */
export async function release(db: Db, conversationId: string, held: string[], now: number): Promise<string[]> {
  if (held.length > 0) {
    await db
      .update(messages)
      .set({ status: 'queued', reason: null, nextAttemptAt: now, expiresAt: null, updatedAt: now })
      .where(and(inArray(messages.id, held), isStatus('held')))
  }
  // Whoever writes is awake; the gate has the last word.
  const roused = await rouse(db).execute({ conversation: conversationId, now })
  return roused.map(({ id }) => id)
}
