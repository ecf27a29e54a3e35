import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { AppError, messageOf } from '../errors.ts'
import type { Db } from './db.ts'
import * as schema from './schema.ts'
import { createWriter, type Writer } from './writer.ts'

export interface OpenDatabase {
  /** The one connection that writes, behind its queue. */
  writer: Writer
  /** Reads beside the writer; sees what is committed. */
  reader: Db
  /** 0 OFF, 1 NORMAL, 2 FULL. */
  synchronous(): number
  close(): Promise<void>
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))

/** Opens (or makes) the database file, brings its tables up to date and readies the writer. */
export function openDatabase(file: string): OpenDatabase {
  let sqlite: Database.Database | undefined
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    sqlite = new Database(file, { timeout: OPEN_TIMEOUT_MS })
    sqlite.pragma('journal_mode = WAL')
    // better-sqlite3 is built to run WAL at NORMAL, which can lose acknowledged commits at a power cut.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma('cache_size = -65536')
    const db = drizzle(sqlite, { schema })
    migrate(db, { migrationsFolder: MIGRATIONS })
    // From here on the writer waits by itself, without stopping the event loop.
    sqlite.pragma('busy_timeout = 0')
    return assemble(sqlite, db, openReading(file))
  } catch (error) {
    sqlite?.close()
    throw unusable(file, error)
  }
}

/** A connection that cannot write, to a database that is already there. */
export function openReader(file: string): { reader: Db; close(): void } {
  if (!existsSync(file)) {
    throw new AppError('store.missing', `there is no database ${file} yet: it is made when the service first runs`)
  }
  let sqlite: Database.Database | undefined
  try {
    sqlite = openReading(file)
    sqlite.prepare('select count(*) from messages where id = ?').get('')
    const opened = sqlite
    return { reader: drizzle(opened, { schema }), close: () => opened.close() }
  } catch (error) {
    sqlite?.close()
    throw unusable(file, error)
  }
}

const OPEN_TIMEOUT_MS = 5000

function openReading(file: string): Database.Database {
  return new Database(file, { readonly: true, timeout: OPEN_TIMEOUT_MS })
}

function unusable(file: string, error: unknown): AppError {
  return new AppError('store.unusable', `the database ${file} cannot be opened: ${messageOf(error)}`, { cause: error })
}

function assemble(sqlite: Database.Database, db: Db, reads: Database.Database): OpenDatabase {
  const writer = createWriter(sqlite, db)
  return {
    writer,
    reader: drizzle(reads, { schema }),
    synchronous: () => Number(sqlite.pragma('synchronous', { simple: true })),
    async close() {
      await writer.drained()
      reads.close()
      sqlite.close()
    },
  }
}
