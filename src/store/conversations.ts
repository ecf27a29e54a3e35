import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from './db.ts'
import type { ConversationRow } from './records.ts'
import { conversations, messages } from './schema.ts'
import type { Contact } from './words.ts'

export async function findByKaribuId(db: Db, karibuId: string): Promise<ConversationRow | undefined> {
  const [row] = await db.select().from(conversations).where(eq(conversations.karibuId, karibuId)).limit(1)
  return row
}

export async function findByPhone(db: Db, sender: string, phone: string): Promise<ConversationRow | undefined> {
  const [row] = await db
    .select()
    .from(conversations)
    .where(and(eq(conversations.sender, sender), eq(conversations.phone, phone)))
    .limit(1)
  return row
}

/** The contact's conversation, made if need be; what the caller knows and the row does not is filled in. */
export async function ensureConversation(
  db: Db,
  contact: Contact,
  now: number,
  newId: () => string,
): Promise<ConversationRow> {
  const byId = contact.karibuId ? await findByKaribuId(db, contact.karibuId) : undefined
  const byPhone = contact.phone ? await findByPhone(db, contact.sender, contact.phone) : undefined
  const found = byId ?? byPhone
  if (!found) {
    const [made] = await db
      .insert(conversations)
      .values({ id: newId(), ...contact, createdAt: now, updatedAt: now })
      .returning()
    if (!made) throw new Error('a conversation was not stored')
    return made
  }
  const missing = {
    ...(found.phone === null && contact.phone !== null && !byPhone && { phone: contact.phone }),
    ...(found.karibuId === null && contact.karibuId !== null && { karibuId: contact.karibuId }),
  }
  if (Object.keys(missing).length === 0) return found
  await db
    .update(conversations)
    .set({ ...missing, updatedAt: now })
    .where(eq(conversations.id, found.id))
  return { ...found, ...missing }
}

/**
 * One contact may have been met twice: by phone from an order, and by Karibu's id from a message without a number.
 * As soon as both are known to be one, the row made from the id becomes the row of the phone.
 */
export async function mergeConversations(db: Db, { sender, phone, karibuId }: Contact): Promise<void> {
  if (!phone || !karibuId) return
  const byId = await findByKaribuId(db, karibuId)
  const byPhone = await findByPhone(db, sender, phone)
  if (!byId || !byPhone || byId.id === byPhone.id || byId.phone !== null) return
  if (byPhone.karibuId !== null) return
  await db.update(messages).set({ conversationId: byPhone.id, phone }).where(eq(messages.conversationId, byId.id))
  await db.delete(conversations).where(eq(conversations.id, byId.id))
  const newer = (byId.lastInboundAt ?? 0) > (byPhone.lastInboundAt ?? 0)
  await db
    .update(conversations)
    .set({
      karibuId,
      ...(newer && { lastInboundAt: byId.lastInboundAt, evidence: byId.evidence }),
      optedOutAt: byPhone.optedOutAt ?? byId.optedOutAt,
    })
    .where(and(eq(conversations.id, byPhone.id), isNull(conversations.karibuId)))
}
