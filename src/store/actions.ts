import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm'
import { AppError } from '../errors.ts'
import { countSend } from './budget.ts'
import { ensureConversation } from './conversations.ts'
import type { Db } from './db.ts'
import { insertOnce } from './effects.ts'
import type { NewMessage } from './message-changes.ts'
import type { OpenDatabase } from './open.ts'
import type { ApiTokenRow, MessageRow } from './records.ts'
import { apiTokens, events, messages } from './schema.ts'
import { BY_HAND_TOPIC, type MessageStatus } from './words.ts'

/** What a person did, kept as an event about the message. */
export interface Act {
  eventId: string
  type: `message.${'retried' | 'cancelled' | 'settled' | 'resent'}`
  text: string
  /** Another message it is about as well: the one whose picture goes out once more. */
  of?: string
}

/** What people do by hand, and small records around it. */
export interface ActionStore {
  /** Moves the message only if it stands in one of `from`, and keeps who did it; gives the row as it is afterwards. */
  changeMessage(
    id: string,
    from: MessageStatus[],
    change: Partial<MessageRow>,
    now: number,
    act?: Act,
  ): Promise<{ changed: boolean; message: MessageRow | undefined }>
  /** Messages that nobody but a person can settle. */
  countForPerson(): Promise<number>
  /** A message made by hand, and who made it; one with a known effect key gives the first one back. */
  addMessage(message: NewMessage, now: number, act?: Act): Promise<{ message: MessageRow; existed: boolean }>
  addToken(token: ApiTokenRow): Promise<void>
  listTokens(): Promise<ApiTokenRow[]>
  /** From then on it opens nothing; false when there is none of this id. */
  removeToken(id: string): Promise<boolean>
  findToken(hash: string): Promise<ApiTokenRow | undefined>
}

export function createActionStore({ writer, reader }: OpenDatabase, newConversationId: () => string): ActionStore {
  return {
    changeMessage: (id, from, change, now, act) =>
      writer.run(async (db) => {
        const changed = await db
          .update(messages)
          .set({ ...change, updatedAt: now })
          .where(and(eq(messages.id, id), inArray(messages.status, from)))
          .returning()
        if (changed[0]) {
          // Taken on after all, as far as anybody knows: the month's budget has it.
          if (change.acceptedAt != null) await countSend(db, changed[0].sender, now)
          if (act) await keepAct(db, act, changed[0], now)
          return { changed: true, message: changed[0] }
        }
        const [message] = await db.select().from(messages).where(eq(messages.id, id)).limit(1)
        return { changed: false, message }
      }),

    async countForPerson() {
      const [row] = await reader
        .select({ count: count() })
        .from(messages)
        .where(and(eq(messages.status, 'uncertain'), isNull(messages.nextAttemptAt)))
      return row?.count ?? 0
    },

    addMessage: ({ contact, ...message }, now, act) =>
      writer.run(async (db) => {
        const conversation = contact ? await ensureConversation(db, contact, now, newConversationId) : undefined
        const made = await insertOnce(db, { ...message, conversationId: conversation?.id ?? null })
        const [known] = await db.select().from(messages).where(eq(messages.effectKey, message.effectKey)).limit(1)
        if (!known) {
          throw new AppError(
            'idempotency.mismatch',
            'this Idempotency-Key was used for a message that is no longer kept',
          )
        }
        if (made && act) await keepAct(db, act, known, now)
        return { message: known, existed: !made }
      }),

    addToken: (token) =>
      writer.run(async (db) => {
        await db.insert(apiTokens).values(token)
      }),

    async listTokens() {
      return reader.select().from(apiTokens).orderBy(asc(apiTokens.id))
    },

    removeToken: (id) =>
      writer.run(async (db) => {
        const gone = await db.delete(apiTokens).where(eq(apiTokens.id, id)).returning({ id: apiTokens.id })
        return gone.length > 0
      }),

    async findToken(hash) {
      const [row] = await reader.select().from(apiTokens).where(eq(apiTokens.hash, hash)).limit(1)
      return row
    },
  }
}

async function keepAct(db: Db, { eventId, type, text, of }: Act, message: MessageRow, now: number): Promise<void> {
  await db.insert(events).values({
    id: eventId,
    source: message.shop ?? 'karibu',
    deliveryKey: eventId,
    topic: BY_HAND_TOPIC,
    type,
    orderId: message.orderId,
    orderNumber: message.orderNumber,
    conversationId: message.conversationId,
    receivedAt: now,
    occurredAt: now,
    outcome: 'handled',
    trace: [message.id, of].flatMap((messageId) => (messageId ? [{ step: 'by hand', text, messageId }] : [])),
  })
}
