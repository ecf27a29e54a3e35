import { createHmac } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Db } from './db.ts'
import type { ConversationRow } from './records.ts'
import { keys, optOuts } from './schema.ts'

const KEY = 'opt_outs'

type OptOut = Pick<ConversationRow, 'optedOutAt' | 'optWordAt'>

/** Keeps the STOP of a contact that is being forgotten, so that nobody can read from it whose it is. */
export async function rememberOptOut(
  db: Db,
  { sender, phone, optedOutAt, optWordAt }: ConversationRow,
  newKey: () => string,
): Promise<void> {
  if (phone === null || optedOutAt === null) return
  await db.insert(keys).values({ name: KEY, value: newKey() }).onConflictDoNothing()
  const hash = await hashOf(db, sender, phone)
  if (hash === undefined) return
  const said = { optedOutAt, optWordAt }
  await db
    .insert(optOuts)
    .values({ hash, ...said })
    .onConflictDoUpdate({ target: optOuts.hash, set: said })
}

/** The STOP kept of this contact, which from now on stands in its conversation again. */
export async function takeBackOptOut(db: Db, sender: string, phone: string | null): Promise<OptOut | undefined> {
  const hash = phone === null ? undefined : await hashOf(db, sender, phone)
  if (hash === undefined) return undefined
  const [kept] = await db.delete(optOuts).where(eq(optOuts.hash, hash)).returning()
  return kept && { optedOutAt: kept.optedOutAt, optWordAt: kept.optWordAt }
}

/** Undefined while no STOP was ever kept. A plain hash could be undone by trying out all numbers. */
async function hashOf(db: Db, sender: string, phone: string): Promise<string | undefined> {
  const [key] = await db.select().from(keys).where(eq(keys.name, KEY)).limit(1)
  return key && createHmac('sha256', key.value).update(`${sender}:${phone}`).digest('hex')
}
