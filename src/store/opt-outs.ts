import { createHmac } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Db } from './db.ts'
import { findKey, findOrMakeKey } from './keys.ts'
import type { ConversationRow } from './records.ts'
import { optOuts } from './schema.ts'

const KEY = 'opt_outs'

type OptOut = Pick<ConversationRow, 'optedOutAt' | 'optWordAt'>

/** Keeps the STOP of a contact that is being forgotten, so that nobody can read from it whose it is. */
export async function rememberOptOut(
  db: Db,
  { sender, phone, optedOutAt, optWordAt }: ConversationRow,
  newKey: () => string,
): Promise<void> {
  if (phone === null || optedOutAt === null) return
  const hash = hashOf(await findOrMakeKey(db, KEY, newKey), sender, phone)
  const said = { optedOutAt, optWordAt }
  await db
    .insert(optOuts)
    .values({ hash, ...said })
    .onConflictDoUpdate({ target: optOuts.hash, set: said })
}

/** The STOP kept of this contact, which from now on stands in its conversation again. */
export async function takeBackOptOut(db: Db, sender: string, phone: string | null): Promise<OptOut | undefined> {
  // While no STOP was ever kept there is no key.
  const key = phone === null ? undefined : await findKey(db, KEY)
  if (key === undefined || phone === null) return undefined
  const hash = hashOf(key, sender, phone)
  const [kept] = await db.delete(optOuts).where(eq(optOuts.hash, hash)).returning()
  return kept && { optedOutAt: kept.optedOutAt, optWordAt: kept.optWordAt }
}

/** A plain hash could be undone by trying out all numbers. */
function hashOf(key: string, sender: string, phone: string): string {
  return createHmac('sha256', key).update(`${sender}:${phone}`).digest('hex')
}
