import { desc, eq, inArray } from 'drizzle-orm'
import { findConversation } from './conversations.ts'
import type { OpenDatabase } from './open.ts'
import type { ConversationRow, MessageRow } from './records.ts'
import { conversations, messages } from './schema.ts'

/** What pages for people ask beside the lists. */
export interface PageReadStore {
  /** When each of these customers last wrote: one question for a page of messages. */
  lastInboundOf(conversationIds: string[]): Promise<Map<string, number | null>>
  findConversation(id: string): Promise<ConversationRow | undefined>
  /** Newest first. */
  messagesOf(conversationId: string, atMost: number): Promise<MessageRow[]>
}

export function createPageReadStore({ reader }: Pick<OpenDatabase, 'reader'>): PageReadStore {
  return {
    async lastInboundOf(ids) {
      const rows = await reader
        .select({ id: conversations.id, lastInboundAt: conversations.lastInboundAt })
        .from(conversations)
        .where(inArray(conversations.id, ids))
      return new Map(rows.map(({ id, lastInboundAt }) => [id, lastInboundAt]))
    },

    findConversation: (id) => findConversation(reader, id),

    async messagesOf(conversationId, atMost) {
      return reader
        .select()
        .from(messages)
        .where(eq(messages.conversationId, conversationId))
        .orderBy(desc(messages.id))
        .limit(atMost)
    },
  }
}
