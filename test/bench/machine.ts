import { cpus, loadavg, totalmem } from 'node:os'
import Database from 'better-sqlite3'

/** What the figures were measured on. */
export interface Machine {
  processor: string
  cores: number
  memoryGb: number
  node: string
  sqlite: string
  /** Mean number of processes that wanted a core in the last minute, before anything was measured. */
  loadBefore: number
}

export function describeMachine(): Machine {
  const sqlite = new Database(':memory:')
  const version = sqlite.prepare<[], { version: string }>('select sqlite_version() as version').get()?.version ?? ''
  sqlite.close()
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    sqlite: version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}
