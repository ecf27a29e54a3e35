import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type * as schema from './schema.ts'

/** A connection with our tables; its queries are awaited, so that another engine can stand here. */
export type Db = BetterSQLite3Database<typeof schema>
