import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../errors.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative()
const time = z.iso.datetime()

const manifest = z.object({
  format: z.literal(1),
  /** The version that made it. */
  risiti: z.string(),
  /** What was committed before this is in it. */
  began_at: time,
  finished_at: time,
  /** Migrations its tables have seen. */
  migrations: count,
  database: z.object({ bytes: count, sha256: hash }),
  /** By table. */
  rows: z.record(z.string(), count),
  images: z.array(z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{32}$/), sha256: hash, size: count })),
  /** Images whose files were gone or damaged; they are drawn anew. */
  images_left_out: count,
})
export type Manifest = z.infer<typeof manifest>

/** Written last: a folder without it is no backup. */
export const MANIFEST = 'manifest.json'
export const DATABASE = 'risiti.db'
export const IMAGES = 'media'

export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new AppError('backup.unfinished', `${folder} holds no ${MANIFEST}: it is no backup, or was cut short`)
  }
  const parsed = manifest.safeParse(parseOrNull(text))
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') || 'its JSON'
  throw new AppError('backup.damaged', `${join(folder, MANIFEST)} cannot be read as a manifest (${where})`)
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
