import { existsSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { AppError, messageOf } from '../errors.ts'
import { openReading } from './open.ts'
import { appliedMigrations } from './versions.ts'

export interface NeededImage {
  token: string
  sha256: string
  size: number
}

/** What a database file holds, read from it alone. */
export interface Examined {
  /** Migrations its tables have seen. */
  migrations: number
  /** Rows by table. */
  rows: Record<string, number>
}

/** These may still be fetched by WhatsApp, or be offered again. */
const NEED_IMAGES = ['held', 'queued', 'sending', 'uncertain', 'pending']

/**
 * Writes a whole and compact copy of one instant. It reads beside a running service: nobody waits for it, only the log
 * grows for as long as it takes. `to` must not exist.
 */
export function copyDatabase(file: string, to: string): void {
  withReading(file, (sqlite) => {
    // Without it pages of the copy carry bytes no row owns, and erasing a person from it could not reach them.
    sqlite.pragma('secure_delete = ON')
    sqlite.prepare('VACUUM INTO ?').run(to)
  })
}

/** Throws `store.damaged` when the file is not sound. Not for the live one: it reads every page. */
export function examineDatabase(file: string): Examined {
  return withReading(file, (sqlite) => {
    const faults = sqlite.prepare<[], { quick_check: string }>('PRAGMA quick_check(3)').all()
    const said = faults.map(({ quick_check }) => quick_check).join('; ')
    if (said !== 'ok') throw new AppError('store.damaged', `the database ${file} is damaged: ${said}`)
    const tables = sqlite
      .prepare<[], { name: string }>(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite!_%' escape '!' and name not like '!_!_%' escape '!' order by name",
      )
      .all()
    const count = (name: string) =>
      sqlite.prepare<[], { rows: number }>(`select count(*) as rows from "${name}"`).get()?.rows ?? 0
    return {
      migrations: appliedMigrations(sqlite).length,
      rows: Object.fromEntries(tables.map(({ name }) => [name, count(name)])),
    }
  })
}

/** The pictures of messages that wait or are on their way, and all made since then. */
export function neededImages(file: string, madeSince: number): NeededImage[] {
  const marks = NEED_IMAGES.map(() => '?').join(', ')
  return withReading(file, (sqlite) =>
    sqlite
      .prepare<(string | number)[], NeededImage>(
        `select token, sha256, size from media where created_at >= ?
          or message in (select id from messages where status in (${marks})) order by token`,
      )
      .all(madeSince, ...NEED_IMAGES),
  )
}

function withReading<T>(file: string, run: (sqlite: Database.Database) => T): T {
  if (!existsSync(file)) throw new AppError('store.missing', `there is no database ${file}`)
  let sqlite: Database.Database | undefined
  try {
    sqlite = openReading(file)
    return run(sqlite)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('store.damaged', `the database ${file} cannot be read: ${messageOf(error)}`, { cause: error })
  } finally {
    sqlite?.close()
  }
}
