import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../errors.ts'

/** Flushes a file's bytes, or a folder's names, to the disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

export const bytesOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/** Bytes free where `path` is, or will be made. */
export async function freeBytesNear(path: string): Promise<number> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => undefined)
    if (found) return found.bavail * found.bsize
    if (folder === dirname(folder)) return Number.POSITIVE_INFINITY
  }
}

/** Throws before anything is written when `needed` would leave less than `spare`. */
export function requireFree(folder: string, sizes: { free: number; needed: number; spare: number }): void {
  const { free, needed, spare } = sizes
  if (free - needed >= spare) return
  const rest = spare > 0 ? ` and ${megabytes(spare)} must stay free (disk.min_free)` : ''
  throw new AppError(
    'disk.full',
    `there is not enough room in ${folder}: ${megabytes(needed)} are needed${rest}, ${megabytes(free)} are free`,
  )
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}
