import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { prepared } from './prepared.ts'
import { messages } from './schema.ts'

const answersOf = prepared((db) =>
  db
    .select({ waiting: count() })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, sql.placeholder('conversation')),
        inArray(messages.status, ['held', 'queued', 'sending']),
        eq(messages.cause, 'message.received'),
      ),
    )
    .prepare(),
)

/** How many answers to what a contact wrote have not gone out yet. */
export async function countAnswers(db: Db, conversation: string): Promise<number> {
  const [row] = await answersOf(db).execute({ conversation })
  return row?.waiting ?? 0
}
