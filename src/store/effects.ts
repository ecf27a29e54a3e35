import { eq, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { prepared } from './prepared.ts'
import { effects, messages } from './schema.ts'

/** Inserts the message unless its effect key is, or ever was, another's; tells whether it did. */
export async function insertOnce(db: Db, message: typeof messages.$inferInsert): Promise<boolean> {
  if (await isSpent(db, message.effectKey)) return false
  const made = await db
    .insert(messages)
    .values(message)
    .onConflictDoNothing({ target: messages.effectKey })
    .returning({ id: messages.id })
  return made.length > 0
}

const effectOf = prepared((db) =>
  db
    .select({ key: effects.key })
    .from(effects)
    .where(eq(effects.key, sql.placeholder('key')))
    .limit(1)
    .prepare(),
)

/** Whether a message of this key was sent and is no longer kept. */
async function isSpent(db: Db, key: string): Promise<boolean> {
  const rows = await effectOf(db).execute({ key })
  return rows.length > 0
}
