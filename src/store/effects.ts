import { eq } from 'drizzle-orm'
import type { Db } from './db.ts'
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

/** Whether a message of this key was sent and is no longer kept. */
async function isSpent(db: Db, key: string): Promise<boolean> {
  const rows = await db.select({ key: effects.key }).from(effects).where(eq(effects.key, key)).limit(1)
  return rows.length > 0
}
