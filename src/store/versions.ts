import { fileURLToPath } from 'node:url'
import type Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { AppError } from '../errors.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))

/** When each migration that this database has seen was made; empty for a database without tables. */
export function appliedMigrations(sqlite: Database.Database): number[] {
  const table = "select 1 from sqlite_master where type = 'table' and name = '__drizzle_migrations'"
  if (sqlite.prepare(table).get() === undefined) return []
  return sqlite
    .prepare<[], { at: number }>('select created_at as at from __drizzle_migrations order by created_at')
    .all()
    .map(({ at }) => at)
}

/** When each migration of this version was made. */
export function knownMigrations(): number[] {
  return readMigrationFiles({ migrationsFolder: MIGRATIONS }).map(({ folderMillis }) => folderMillis)
}

/** Refuses a database that a newer version of the program has changed: its rows may mean what we do not know. */
export function requireKnownVersion(sqlite: Database.Database): void {
  const known = knownMigrations()
  const applied = appliedMigrations(sqlite)
  if (applied.every((at, index) => at === known[index])) return
  throw new AppError(
    'store.newer',
    `the database was written by a newer version of Risiti (${applied.length} changes of its tables, this version knows ${known.length}): start that version, or restore a backup made before it`,
  )
}
