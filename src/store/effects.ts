import { createHash } from 'node:crypto'
import { inArray, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { prepared, shaped } from './prepared.ts'
import { effects, messages } from './schema.ts'

/** Inserts the message unless its effect key is, or ever was, another's; tells whether it did. */
export async function insertOnce(db: Db, message: typeof messages.$inferInsert): Promise<boolean> {
  if (await isSpent(db, message.effectKey)) return false
  const made = await addMessage(db, message).execute({ ...message })
  return made.length > 0
}

const addMessage = shaped((db, message: typeof messages.$inferInsert) =>
  db
    .insert(messages)
    .values(message)
    .onConflictDoNothing({ target: messages.effectKey })
    .returning({ id: messages.id })
    .prepare(),
)

const effectOf = prepared((db) =>
  db
    .select({ key: effects.key })
    .from(effects)
    .where(inArray(effects.key, [sql.placeholder('key'), sql.placeholder('hashed')]))
    .limit(1)
    .prepare(),
)

/** Whether a message of this key was sent and is no longer kept. */
async function isSpent(db: Db, key: string): Promise<boolean> {
  const rows = await effectOf(db).execute({ key, hashed: hashedKey(key) })
  return rows.length > 0
}

/** What stays of the key of an erased message. */
export function hashedKey(key: string): string {
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}

/** Karibu may still report on erased messages; its reports name the phone. */
export async function refuseReports(db: Db, karibuIds: string[], now: number): Promise<void> {
  if (karibuIds.length === 0) return
  const rows = karibuIds.map((id) => ({ key: reportKey(id), createdAt: now }))
  await db.insert(effects).values(rows).onConflictDoNothing()
}

export async function isRefused(db: Db, karibuId: string): Promise<boolean> {
  const key = reportKey(karibuId)
  return (await effectOf(db).execute({ key, hashed: key })).length > 0
}

function reportKey(karibuId: string): string {
  return `karibu:${karibuId}`
}
