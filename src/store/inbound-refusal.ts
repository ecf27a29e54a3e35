import { eq } from 'drizzle-orm'
import type { Db } from './db.ts'
import { cursors } from './schema.ts'

/** Where the inbound poller keeps since when Karibu refuses to show what customers write; empty when it does not. */
export const INBOUND_REFUSED = 'karibu.inbound.refused'

export async function readInboundRefusal(db: Db): Promise<number | null> {
  const [row] = await db
    .select({ value: cursors.value })
    .from(cursors)
    .where(eq(cursors.name, INBOUND_REFUSED))
    .limit(1)
  return row === undefined || row.value === '' ? null : Number(row.value)
}
