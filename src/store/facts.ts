import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { messageOf, reasonOfSystem } from '../errors.ts'
import { openReading } from './open.ts'
import { appliedMigrations, knownMigrations } from './versions.ts'
import { UNTOLD_TOPICS } from './words.ts'

/** How a database file stands, told without writing to it: for `risiti doctor`, beside a running service or without one. */
export interface DatabaseFacts {
  /** Changes of the tables it has seen, in order. */
  applied: number[]
  /** Those this version makes. */
  known: number[]
  mainBytes: number
  walBytes: number
  /** How many API tokens were made by hand; undefined where the tables are too old or too new to say. */
  tokens: number | undefined
  /** When each shop last told something by itself, epoch milliseconds; those of the newest events alone. */
  lastTold: Map<string, number>
}

export type DatabaseState =
  | { kind: 'none' }
  | { kind: 'unreadable'; reason: string }
  | { kind: 'read'; facts: DatabaseFacts }

/** A page of the list is found at once; further back than this nobody looks. */
const EVENTS_AT_MOST = 200_000

export function readDatabaseState(file: string): DatabaseState {
  if (!existsSync(file)) return { kind: 'none' }
  let sqlite: Database.Database | undefined
  try {
    sqlite = openReading(file)
    const applied = appliedMigrations(sqlite)
    const known = knownMigrations()
    const isOurs = applied.length > 0 && applied.every((at, index) => at === known[index])
    const facts = {
      applied,
      known,
      mainBytes: bytesOf(file),
      walBytes: bytesOf(`${file}-wal`),
      tokens: isOurs ? countTokens(sqlite) : undefined,
      lastTold: isOurs ? lastTold(sqlite) : new Map<string, number>(),
    }
    return { kind: 'read', facts }
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOfSystem(error) }
  } finally {
    sqlite?.close()
  }
}

/** What SQLite finds wrong with the file, in its own words; null when it is sound. Reads every page, without a pause. */
export function damageOf(file: string): string | null {
  let sqlite: Database.Database | undefined
  try {
    sqlite = openReading(file)
    const faults = sqlite.prepare<[], { quick_check: string }>('PRAGMA quick_check(3)').all()
    const said = faults.map(({ quick_check }) => quick_check).join('; ')
    return said === 'ok' ? null : said
  } catch (error) {
    return messageOf(error)
  } finally {
    sqlite?.close()
  }
}

/** Whether a process holds this lock of a data folder; it is looked at without taking it. */
export function isLocked(folder: string, name: 'serve.lock'): boolean {
  const file = join(folder, name)
  if (!existsSync(file)) return false
  let sqlite: Database.Database | undefined
  try {
    sqlite = new Database(file, { readonly: true, timeout: 0 })
    sqlite.pragma('schema_version')
    return false
  } catch (error) {
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
  } finally {
    sqlite?.close()
  }
}

function countTokens(sqlite: Database.Database): number {
  return sqlite.prepare<[], { count: number }>('select count(*) as count from api_tokens').get()?.count ?? 0
}

function lastTold(sqlite: Database.Database): Map<string, number> {
  const marks = UNTOLD_TOPICS.map(() => '?').join(', ')
  const rows = sqlite
    .prepare<unknown[], { source: string; at: number }>(
      `select source, max(received_at) as at
        from (select source, received_at, topic, delivery_key from events order by received_at desc limit ?)
        where (topic is null or topic not in (${marks})) and delivery_key not like 'replay:%' group by source`,
    )
    .all(EVENTS_AT_MOST, ...UNTOLD_TOPICS)
  return new Map(rows.map(({ source, at }) => [source, at]))
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
