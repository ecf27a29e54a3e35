import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { createMediaFiles } from '../receipts/media-files.ts'
import { markRestored, type RestoredCounts } from '../store/restored.ts'
import { databaseFile, lockForService, restoringFolder } from '../store/store.ts'
import { BACKUPS } from './backup.ts'
import { exists, flush, freeBytesNear, hashFile, requireFree } from './disk-files.ts'
import { DATABASE, IMAGES, type Manifest } from './manifest.ts'
import { verifyBackup, wrongImages } from './verify.ts'

export interface RestoreOptions {
  from: string
  dataDir: string
  publicUrl: string
}

export interface RestorePorts {
  clock: Pick<Clock, 'now'>
  progress(text: string, done?: number, total?: number): void
}

export interface Restored extends RestoredCounts {
  manifest: Manifest
  restoredAt: number
}

/** Puts a verified backup into an empty data folder, where it counts only once all of it is there. */
export async function restoreBackup(
  { from, dataDir, publicUrl }: RestoreOptions,
  { clock, progress }: RestorePorts,
): Promise<Restored> {
  const lock = lockForService(dataDir)
  try {
    await requireEmpty(dataDir)
    progress('checking the backup')
    const manifest = await verifyBackup(from)
    const needed = manifest.database.bytes + manifest.images.reduce((sum, { size }) => sum + size, 0)
    requireFree(dataDir, { free: await freeBytesNear(dataDir), needed, spare: 0 })
    const workshop = restoringFolder(dataDir)
    await rm(workshop, { recursive: true, force: true })
    await rm(join(dataDir, IMAGES), { recursive: true, force: true })
    await mkdir(workshop, { mode: 0o700 })
    const restoredAt = clock.now()
    const gap = { from: Date.parse(manifest.began_at), to: restoredAt }
    const mediaUrlOf = (token: string) => `${publicUrl}/media/${token}.png`
    try {
      progress('copying the backup')
      await copyChecked(from, workshop, manifest, progress)
      const counts = await markRestored(join(workshop, DATABASE), { gap, mediaUrlOf })
      await moveIn(workshop, dataDir)
      return { ...counts, manifest, restoredAt }
    } catch (error) {
      await rm(workshop, { recursive: true, force: true })
      throw error
    }
  } finally {
    lock.release()
  }
}

/** What may lie there already: backups, locks, and what a restore that was cut short left. */
async function requireEmpty(dataDir: string): Promise<void> {
  const names = await readdir(dataDir)
  const cutShort = names.includes('.restoring') && !names.includes(DATABASE)
  const allowed = new Set([BACKUPS, 'serve.lock', 'backup.lock', '.restoring', ...(cutShort ? [IMAGES] : [])])
  const [found] = names.filter((name) => !allowed.has(name)).toSorted()
  if (found === undefined) return
  throw new AppError(
    'restore.not_empty',
    `${dataDir} is not empty (it holds ${found}): move what is in it away first, but for ${BACKUPS}/, and run this again`,
  )
}

async function copyChecked(
  from: string,
  to: string,
  manifest: Manifest,
  progress: RestorePorts['progress'],
): Promise<void> {
  const file = join(to, DATABASE)
  await copyFile(join(from, DATABASE), file)
  await chmod(file, 0o600)
  const source = createMediaFiles(from)
  const target = createMediaFiles(to)
  for (const [index, { token }] of manifest.images.entries()) {
    progress('copying the images', index, manifest.images.length)
    const bytes = await source.read(token)
    if (bytes) await target.write(token, bytes)
  }
  const wrong = await wrongImages(to, manifest.images)
  if (wrong.length > 0 || (await hashFile(file)) !== manifest.database.sha256) {
    throw new AppError('restore.failed', 'the copy of the backup is not what was read: is the disk sound?')
  }
}

/** The database last: until it has its name, nothing was restored. */
async function moveIn(workshop: string, dataDir: string): Promise<void> {
  await flush(join(workshop, DATABASE))
  const images = join(workshop, IMAGES)
  if (await exists(images)) {
    for (const name of await createMediaFiles(workshop).folders()) await flush(join(images, name))
    await rename(images, join(dataDir, IMAGES))
  }
  await rename(join(workshop, DATABASE), databaseFile(dataDir))
  await flush(dataDir)
  await rm(workshop, { recursive: true })
  await flush(dataDir)
}
