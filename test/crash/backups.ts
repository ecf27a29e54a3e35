import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyBackup } from '../../src/backup/verify.ts'
import { messageOf } from '../../src/errors.ts'

export interface BackupFindings {
  /** Folders that look like a backup, each read whole. */
  backups: number
  wrongBackups: number
  problems: string[]
}

const namesIn = (folder: string): string[] => {
  const parent = join(folder, 'data/backups')
  return existsSync(parent) ? readdirSync(parent) : []
}

/** Folders with what a killed backup left; the next one removes it. */
const leftovers = new Set<string>()

/** Whether a backup has begun to write and not ended. */
export function isUnfinished(folder: string): boolean {
  return namesIn(folder).some((name) => name.startsWith('.') && !leftovers.has(name))
}

/** Resolves when the next backup begins to write, or when `withinMs` are over. */
export async function nextUnfinished(folder: string, withinMs: number): Promise<void> {
  for (const name of namesIn(folder)) leftovers.add(name)
  const until = Date.now() + withinMs
  while (Date.now() < until && !isUnfinished(folder)) await sleep(5)
}

/** What looks like a backup must be one, whatever was killed while it was made. */
export async function inspectBackups(folder: string): Promise<BackupFindings> {
  const parent = join(folder, 'data/backups')
  const names = namesIn(folder).filter((name) => !name.startsWith('.'))
  const problems: string[] = []
  for (const name of names) {
    await verifyBackup(join(parent, name)).catch((error: unknown) => {
      problems.push(`backup ${name}: ${messageOf(error)}`)
    })
  }
  return { backups: names.length, wrongBackups: problems.length, problems }
}
