import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError, reasonOfSystem } from '../errors.ts'

export interface FolderLock {
  release(): void
}

/**
 * Holds `name` in the folder for the life of this process; throws `busy` while another one does. The lock is the
 * system's own on an open file, so it ends with the process, however that ends.
 */
export function lockFolder(folder: string, name: 'serve.lock' | 'backup.lock', busy: AppError): FolderLock {
  const file = join(folder, name)
  let sqlite: Database.Database | undefined
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    sqlite = new Database(file, { timeout: 0 })
    chmodSync(file, 0o600)
    // Nothing is ever written to it, and no journal may lie beside it.
    sqlite.pragma('journal_mode = MEMORY')
    sqlite.exec('BEGIN EXCLUSIVE')
    const held = sqlite
    return { release: () => void held.close() }
  } catch (error) {
    sqlite?.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw busy
    throw new AppError(
      'data_dir.unusable',
      `the folder ${folder} cannot be used: ${reasonOfSystem(error)} (data_dir in risiti.yaml names it)`,
      {
        cause: error,
      },
    )
  }
}
