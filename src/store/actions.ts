import { and, asc, eq, inArray } from 'drizzle-orm'
import { AppError } from '../errors.ts'
import { ensureConversation } from './conversations.ts'
import { insertOnce } from './effects.ts'
import type { NewMessage } from './message-changes.ts'
import type { OpenDatabase } from './open.ts'
import type { ApiTokenRow, MessageRow } from './records.ts'
import { apiTokens, messages } from './schema.ts'
import type { MessageStatus } from './words.ts'

/** What people do by hand, and small records around it. */
export interface ActionStore {
  /** Moves the message only if it stands in one of `from`; gives the row as it is afterwards. */
  changeMessage(
    id: string,
    from: MessageStatus[],
    change: Partial<MessageRow>,
    now: number,
  ): Promise<{ changed: boolean; message: MessageRow | undefined }>
  /** A message made by hand; one with a known effect key gives the first one back. */
  addMessage(message: NewMessage, now: number): Promise<{ message: MessageRow; existed: boolean }>
  addToken(token: ApiTokenRow): Promise<void>
  listTokens(): Promise<ApiTokenRow[]>
  /** From then on it opens nothing; false when there is none of this id. */
  removeToken(id: string): Promise<boolean>
  findToken(hash: string): Promise<ApiTokenRow | undefined>
}

export function createActionStore({ writer, reader }: OpenDatabase, newConversationId: () => string): ActionStore {
  return {
    changeMessage: (id, from, change, now) =>
      writer.run(async (db) => {
        const changed = await db
          .update(messages)
          .set({ ...change, updatedAt: now })
          .where(and(eq(messages.id, id), inArray(messages.status, from)))
          .returning()
        if (changed[0]) return { changed: true, message: changed[0] }
        const [message] = await db.select().from(messages).where(eq(messages.id, id)).limit(1)
        return { changed: false, message }
      }),

    addMessage: ({ contact, ...message }, now) =>
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
