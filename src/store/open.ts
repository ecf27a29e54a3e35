import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { AppError, reasonOfSystem } from '../errors.ts'
import type { Db } from './db.ts'
import { keepStatements } from './prepared.ts'
import * as schema from './schema.ts'
import { MIGRATIONS, requireKnownVersion } from './versions.ts'
import { createWriter, type Writer } from './writer.ts'

export interface OpenDatabase {
  /** The one connection that writes, behind its queue. */
  writer: Writer
  /** Reads beside the writer; sees what is committed. */
  reader: Db
  /** The file's free pages given back to the disk, at most `pages` of them; `keep` stay for new rows. */
  reclaim(pages: number, keep: number): Promise<number>
  /** Moves what is in the log into the database file, and cuts the log's file when it has grown. */
  checkpoint(): Checkpoint
  /** Empties the log, so that it holds nothing of what was deleted; false while somebody still reads from it. */
  emptyLog(): boolean
  /** Bytes of the database file and of its log. */
  fileBytes(): { main: number; wal: number }
  /** 0 OFF, 1 NORMAL, 2 FULL. */
  synchronous(): number
  close(): Promise<void>
}

export interface Checkpoint {
  /** Bytes of the log's file afterwards. */
  walBytes: number
  /** True when a long read kept part of the log from being moved. */
  blocked: boolean
}

/** Opens (or makes) the database file, brings its tables up to date and readies the writer. */
export function openDatabase(file: string): OpenDatabase {
  let sqlite: Database.Database | undefined
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    sqlite = new Database(file, { timeout: OPEN_TIMEOUT_MS })
    requireKnownVersion(sqlite)
    // Only a file without tables takes this; then deleted rows give their room back in small steps.
    sqlite.pragma('auto_vacuum = INCREMENTAL')
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma(`journal_size_limit = ${WAL_BYTES}`)
    // SQLite's own 1000 would move the pages of the busiest indexes into the file three times as often: a fifth of intake.
    sqlite.pragma('wal_autocheckpoint = 3000')
    // better-sqlite3 is built to run WAL at NORMAL, which can lose acknowledged commits at a power cut.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    // What is forgotten is overwritten: deleting takes twice as long for it, writing no longer.
    sqlite.pragma('secure_delete = ON')
    sqlite.pragma('cache_size = -65536')
    const db = drizzle(sqlite, { schema })
    migrate(db, { migrationsFolder: MIGRATIONS })
    // From here on the writer waits by itself, without stopping the event loop.
    sqlite.pragma('busy_timeout = 0')
    keepStatements(sqlite)
    return assemble(file, sqlite, db, openReading(file))
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
    requireKnownVersion(sqlite)
    sqlite.prepare('select count(*) from messages where id = ?').get('')
    const opened = sqlite
    return { reader: drizzle(opened, { schema }), close: () => opened.close() }
  } catch (error) {
    sqlite?.close()
    throw unusable(file, error)
  }
}

const OPEN_TIMEOUT_MS = 5000
/** The log's usual size is 12 MB; a long read makes it grow, and it is cut back to this. */
const WAL_BYTES = 16 * 1024 * 1024

interface CheckpointRow {
  busy: number
  log: number
  checkpointed: number
}

export function openReading(file: string): Database.Database {
  const sqlite = new Database(file, { readonly: true, timeout: OPEN_TIMEOUT_MS })
  keepStatements(sqlite)
  return sqlite
}

function unusable(file: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('store.unusable', `the database ${file} cannot be opened: ${reasonOfSystem(error)}`, {
    cause: error,
  })
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function assemble(file: string, sqlite: Database.Database, db: Db, reads: Database.Database): OpenDatabase {
  const writer = createWriter(sqlite, db)
  const walBytes = () => sizeOf(`${file}-wal`)
  return {
    writer,
    reader: drizzle(reads, { schema }),
    reclaim: (pages, keep) =>
      writer.run(async () => {
        const free = Number(sqlite.pragma('freelist_count', { simple: true }))
        const count = Math.min(pages, free - keep)
        if (count <= 0) return 0
        sqlite.exec(`PRAGMA incremental_vacuum(${count})`)
        return count
      }),
    checkpoint() {
      // A step under way has its own turn, and its commit checkpoints too.
      if (sqlite.inTransaction) return { walBytes: walBytes(), blocked: false }
      const large = walBytes() > WAL_BYTES
      const mode = large ? 'TRUNCATE' : 'PASSIVE'
      const row = sqlite.prepare<[], CheckpointRow>(`PRAGMA wal_checkpoint(${mode})`).get()
      return { walBytes: walBytes(), blocked: row !== undefined && (row.busy !== 0 || row.checkpointed < row.log) }
    },
    emptyLog() {
      if (sqlite.inTransaction) return false
      return sqlite.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0
    },
    fileBytes: () => ({ main: sizeOf(file), wal: walBytes() }),
    synchronous: () => Number(sqlite.pragma('synchronous', { simple: true })),
    async close() {
      await writer.drained()
      reads.close()
      sqlite.close()
    },
  }
}
