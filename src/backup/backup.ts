import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type Clock, DAY } from '../clock.ts'
import { AppError } from '../errors.ts'
import { createMediaFiles } from '../receipts/media-files.ts'
import { copyDatabase, examineDatabase, type NeededImage, neededImages } from '../store/copy.ts'
import { lockFolder } from '../store/lock.ts'
import { databaseFile } from '../store/store.ts'
import { VERSION } from '../version.ts'
import { bytesOf, exists, flush, freeBytesNear, hashFile, requireFree } from './disk-files.ts'
import { DATABASE, IMAGES, MANIFEST, type Manifest } from './manifest.ts'
import { hashOf, wrongImages } from './verify.ts'

export interface BackupOptions {
  dataDir: string
  /** The new folder; null for one named by the time, in the data folder. */
  to: string | null
  /** Left free beside the service that runs on the same disk. */
  minFreeBytes: number
}

export interface BackupPorts {
  clock: Pick<Clock, 'now'>
  /** Told what is being done, and of how many the how manieth. */
  progress(text: string, done?: number, total?: number): void
  freeBytes?(path: string): Promise<number>
}

export interface Backup {
  folder: string
  manifest: Manifest
}

/** In the data folder; a restore into it leaves this alone. */
export const BACKUPS = 'backups'
/** Pictures younger than this are copied whatever became of their message: WhatsApp may still ask for them. */
const RECENT_MS = 2 * DAY
/** Room for what grows while it is copied. */
const SLACK_BYTES = 16e6

/** A verified copy of database and images in a new folder, made beside a running service or without one. */
export async function makeBackup(options: BackupOptions, ports: BackupPorts): Promise<Backup> {
  const { dataDir } = options
  const { clock, freeBytes = freeBytesNear } = ports
  const source = databaseFile(dataDir)
  const beganAt = clock.now()
  const to = resolve(options.to ?? join(dataDir, BACKUPS, stampOf(beganAt)))
  if (!(await exists(source))) throw new AppError('store.missing', `there is no database ${source} to back up`)
  if (await exists(to)) throw new AppError('backup.exists', `${to} is there already: a backup is made in a new folder`)
  const busy = new AppError('backup.in_progress', `another backup of ${dataDir} is being made`)
  const lock = lockFolder(dataDir, 'backup.lock', busy)
  const unfinished = join(dirname(to), `.${basename(to)}${UNFINISHED}`)
  try {
    const images = neededImages(source, beganAt - RECENT_MS)
    const database = (await bytesOf(source)) + (await bytesOf(`${source}-wal`))
    const needed = database + images.reduce((sum, { size }) => sum + size, 0) + SLACK_BYTES
    requireFree(dirname(to), { free: await freeBytes(to), needed, spare: options.minFreeBytes })
    await makeParent(dirname(to))
    if (options.to === null) await removeUnfinished(dirname(to))
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { mode: 0o700 })
    const manifest = await fill(unfinished, { dataDir, beganAt }, ports)
    await rename(unfinished, to)
    await flush(dirname(to))
    return { folder: to, manifest }
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  } finally {
    lock.release()
  }
}

/** Ends the names of folders that do not count yet. */
const UNFINISHED = '.unfinished'

/** While the lock is held, whatever is unfinished there was left by a process that is gone. */
async function removeUnfinished(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name.startsWith('.') && name.endsWith(UNFINISHED)) await rm(join(parent, name), { recursive: true })
  }
}

async function makeParent(parent: string): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
}

async function fill(
  folder: string,
  { dataDir, beganAt }: { dataDir: string; beganAt: number },
  { clock, progress }: BackupPorts,
): Promise<Manifest> {
  const file = join(folder, DATABASE)
  progress('copying the database')
  copyDatabase(databaseFile(dataDir), file)
  await chmod(file, 0o600)
  await flush(file)
  progress('checking the copy')
  const { migrations, rows } = examineDatabase(file)
  const wanted = neededImages(file, beganAt - RECENT_MS)
  const images = await copyImages(dataDir, folder, wanted, progress)
  const wrong = await wrongImages(folder, images)
  if (wrong.length > 0)
    throw new AppError('backup.damaged', `${wrong.length} images were not written as they were read`)
  const manifest: Manifest = {
    format: 1,
    risiti: VERSION,
    began_at: new Date(beganAt).toISOString(),
    finished_at: new Date(clock.now()).toISOString(),
    migrations,
    database: { bytes: await bytesOf(file), sha256: await hashFile(file) },
    rows,
    images,
    images_left_out: wanted.length - images.length,
  }
  await writeFlushed(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  await flush(folder)
  return manifest
}

/** Gives those it copied: a file that is gone or not what its row says is drawn anew from the order, and no loss. */
async function copyImages(
  dataDir: string,
  folder: string,
  wanted: NeededImage[],
  progress: BackupPorts['progress'],
): Promise<NeededImage[]> {
  const source = createMediaFiles(dataDir)
  const target = createMediaFiles(folder)
  const copied: NeededImage[] = []
  for (const [index, image] of wanted.entries()) {
    progress('copying the images', index, wanted.length)
    const bytes = await source.read(image.token)
    if (bytes === undefined || hashOf(bytes) !== image.sha256) continue
    await target.write(image.token, bytes)
    copied.push(image)
  }
  for (const name of await target.folders()) await flush(join(folder, IMAGES, name))
  if (copied.length > 0) await flush(join(folder, IMAGES))
  return copied
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** `2026-11-20T09-00-00Z`: sorts by time, and every file system takes it. */
function stampOf(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(':', '-').concat('Z')
}
