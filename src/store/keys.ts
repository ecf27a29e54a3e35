import { eq, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { prepared } from './prepared.ts'
import { keys } from './schema.ts'

const keyNamed = prepared((db) =>
  db
    .select({ value: keys.value })
    .from(keys)
    .where(eq(keys.name, sql.placeholder('name')))
    .limit(1)
    .prepare(),
)
/**
 * A kept key never changes, so it is read once. One made by this connection may yet be undone with its step: null stands
 * for it, and it is read each time until the next start.
 */
const found = new WeakMap<Db, Map<string, string | null>>()

function foundBy(db: Db): Map<string, string | null> {
  let known = found.get(db)
  if (!known) found.set(db, (known = new Map()))
  return known
}

/** Undefined while nothing was ever made with it. */
export async function findKey(db: Db, name: string): Promise<string | undefined> {
  const known = foundBy(db).get(name)
  if (known != null) return known
  const [kept] = await keyNamed(db).execute({ name })
  if (kept && known === undefined) foundBy(db).set(name, kept.value)
  return kept?.value
}

export async function findOrMakeKey(db: Db, name: string, newKey: () => string): Promise<string> {
  const known = await findKey(db, name)
  if (known !== undefined) return known
  const value = newKey()
  foundBy(db).set(name, null)
  await db.insert(keys).values({ name, value })
  return value
}
