import { and, eq, sql } from 'drizzle-orm'
import { renameClaimant } from './claim-links.ts'
import type { Db } from './db.ts'
import { takeBackOptOut } from './opt-outs.ts'
import { prepared, shaped } from './prepared.ts'
import type { ConversationRow } from './records.ts'
import { conversations, messages } from './schema.ts'
import type { Contact } from './words.ts'

/** Who names the thread: Karibu itself is believed, a shop's relay only where nothing speaks against it. */
export type Witness = 'karibu' | 'relay'

/**
 * The one row of a contact, made if need be; what the caller knows and the row does not is filled in. A contact may have
 * been met twice, by phone from an order and by Karibu's id from a message without a number: as soon as both are known
 * to be one, the row of the phone takes over the other. Undefined when a relay names somebody else's thread.
 */
export async function resolveContact(
  db: Db,
  contact: Contact,
  witness: Witness,
  now: number,
  newId: () => string,
): Promise<ConversationRow | undefined> {
  const { sender, phone } = contact
  const byPhone = phone === null ? undefined : await findByPhone(db, sender, phone)
  const thread = contact.karibuId === null ? undefined : await findByKaribuId(db, contact.karibuId)
  const judged = thread === undefined ? 'new' : judge(thread, contact, witness)
  if (judged === 'foreign' && phone === null) return undefined
  const karibuId = judged === 'foreign' ? null : contact.karibuId
  if (thread && judged === 'not-its-thread') await forgetThread(db, thread.id)
  const byId = judged === 'same' ? thread : undefined
  if (byId && byPhone && byId.id !== byPhone.id) return absorb(db, byPhone, byId, karibuId, now)
  const found = byId ?? byPhone
  if (!found) return insert(db, { ...contact, karibuId }, now, newId)
  // Karibu may open a new thread for a contact; the newest one it names is the living one.
  const newThread =
    karibuId !== null && karibuId !== found.karibuId && (found.karibuId === null || witness === 'karibu')
  const filled = { sender, phone: found.phone ?? phone, karibuId: newThread ? karibuId : found.karibuId }
  return update(db, found, filled, now)
}

/** A contact known by phone, as orders have them. */
export async function ensureConversation(
  db: Db,
  contact: Contact,
  now: number,
  newId: () => string,
): Promise<ConversationRow> {
  const row = await resolveContact(db, contact, 'relay', now, newId)
  if (!row) throw new Error('a contact without a phone was named by another contact’s thread')
  return row
}

/** What a row that holds the named thread is to this contact. */
function judge(
  thread: ConversationRow,
  { sender, phone }: Contact,
  witness: Witness,
): 'same' | 'foreign' | 'not-its-thread' {
  const samePerson = thread.phone === null || phone === null || thread.phone === phone
  if (thread.sender === sender && samePerson) return 'same'
  if (witness === 'relay') return 'foreign'
  // Karibu says the thread is another's: a row known by nothing else was a relay's mistake and is put right.
  return thread.phone === null ? 'same' : 'not-its-thread'
}

const ofKaribuId = prepared((db) =>
  db
    .select()
    .from(conversations)
    .where(eq(conversations.karibuId, sql.placeholder('karibuId')))
    .limit(1)
    .prepare(),
)
const ofId = prepared((db) =>
  db
    .select()
    .from(conversations)
    .where(eq(conversations.id, sql.placeholder('id')))
    .limit(1)
    .prepare(),
)
const ofPhone = prepared((db) =>
  db
    .select()
    .from(conversations)
    .where(and(eq(conversations.sender, sql.placeholder('sender')), eq(conversations.phone, sql.placeholder('phone'))))
    .limit(1)
    .prepare(),
)

async function findByKaribuId(db: Db, karibuId: string): Promise<ConversationRow | undefined> {
  const [row] = await ofKaribuId(db).execute({ karibuId })
  return row
}

async function findByPhone(db: Db, sender: string, phone: string): Promise<ConversationRow | undefined> {
  const [row] = await ofPhone(db).execute({ sender, phone })
  return row
}

export async function findConversation(db: Db, id: string): Promise<ConversationRow | undefined> {
  const [row] = await ofId(db).execute({ id })
  return row
}

const changeConversation = shaped((db, change: Partial<ConversationRow>) =>
  db
    .update(conversations)
    .set(change)
    .where(eq(conversations.id, sql.placeholder('key')))
    .prepare(),
)

export async function updateConversation(db: Db, id: string, change: Partial<ConversationRow>): Promise<void> {
  await changeConversation(db, change).execute({ ...change, key: id })
}

const addConversation = shaped((db, row: typeof conversations.$inferInsert) =>
  db.insert(conversations).values(row).returning().prepare(),
)

const moveMessages = shaped((db, moved: { sender: string; phone?: string }) =>
  db
    .update(messages)
    .set(moved)
    .where(eq(messages.conversationId, sql.placeholder('row')))
    .prepare(),
)

async function forgetThread(db: Db, id: string): Promise<void> {
  await db.update(conversations).set({ karibuId: null }).where(eq(conversations.id, id))
}

async function insert(db: Db, contact: Contact, now: number, newId: () => string): Promise<ConversationRow> {
  const said = await takeBackOptOut(db, contact.sender, contact.phone)
  const row = { id: newId(), ...contact, ...said, createdAt: now, updatedAt: now }
  const [made] = await addConversation(db, row).execute({ ...row })
  if (!made) throw new Error('a conversation was not stored')
  return made
}

async function update(
  db: Db,
  row: ConversationRow,
  change: Pick<ConversationRow, 'sender' | 'phone' | 'karibuId'>,
  now: number,
): Promise<ConversationRow> {
  const same = row.sender === change.sender && row.phone === change.phone && row.karibuId === change.karibuId
  if (same) return row
  const said = row.phone === null ? await takeBackOptOut(db, change.sender, change.phone) : undefined
  const newerWord = said && (said.optWordAt ?? 0) > (row.optWordAt ?? 0) ? said : {}
  await updateConversation(db, row.id, { ...change, ...newerWord, updatedAt: now })
  // Its messages go where the row goes: the sender they were made for may have been a relay's guess.
  const moved = { sender: change.sender, ...(change.phone !== null && { phone: change.phone }) }
  await moveMessages(db, moved).execute({ ...moved, row: row.id })
  return { ...row, ...change, ...newerWord }
}

/** The row of the phone takes over messages and evidence of the row that only knew the thread. */
async function absorb(
  db: Db,
  kept: ConversationRow,
  gone: ConversationRow,
  karibuId: string | null,
  now: number,
): Promise<ConversationRow> {
  const { sender, phone } = kept
  await db.update(messages).set({ conversationId: kept.id, sender, phone }).where(eq(messages.conversationId, gone.id))
  await renameClaimant(db, gone.id, kept.id)
  await db.delete(conversations).where(eq(conversations.id, gone.id))
  const newer = (gone.lastInboundAt ?? 0) > (kept.lastInboundAt ?? 0)
  const change = {
    karibuId,
    ...(newer && { lastInboundAt: gone.lastInboundAt, evidence: gone.evidence }),
    optedOutAt: (gone.optWordAt ?? 0) > (kept.optWordAt ?? 0) ? gone.optedOutAt : kept.optedOutAt,
    optWordAt: later(gone.optWordAt, kept.optWordAt),
    ...((gone.closedVerdictAt ?? 0) > (kept.closedVerdictAt ?? 0) && {
      closedVerdictAt: gone.closedVerdictAt,
      closedVerdictCode: gone.closedVerdictCode,
    }),
    codesForgivenAt: Math.max(gone.codesForgivenAt, kept.codesForgivenAt),
    lastInvitedAt: later(gone.lastInvitedAt, kept.lastInvitedAt),
    paidUntil: Math.max(gone.paidUntil, kept.paidUntil),
    nextSendAt: Math.max(gone.nextSendAt, kept.nextSendAt),
    busyUntil: Math.max(gone.busyUntil, kept.busyUntil),
    updatedAt: now,
  }
  await updateConversation(db, kept.id, change)
  return { ...kept, ...change }
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}
