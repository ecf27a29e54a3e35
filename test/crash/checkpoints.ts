import { closeSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Where SQLite says how far a checkpoint has come, in the file that all connections share (walindex format): pages
 * moved so far, and pages the checkpoint under way set out to move. It writes the second before the first page moves and
 * the first when all are flushed, so between the two a checkpoint is under way, also after its process was killed.
 */
const MOVED_AT = 96
const ATTEMPTED_AT = 128

/** Whether a checkpoint has begun and not ended. */
export function inCheckpoint(database: string): boolean {
  let file: number | undefined
  try {
    file = openSync(`${database}-shm`, 'r')
    const header = Buffer.alloc(136)
    if (readSync(file, header, 0, header.length, 0) < header.length) return false
    return header.readUInt32LE(ATTEMPTED_AT) > header.readUInt32LE(MOVED_AT)
  } catch {
    return false
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Resolves in the middle of the next checkpoint, or when `withinMs` are over. */
export async function nextCheckpoint(database: string, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs
  while (Date.now() < until && !inCheckpoint(database)) await sleep(1)
}
