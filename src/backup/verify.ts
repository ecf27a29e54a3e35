import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { createMediaFiles } from '../receipts/media-files.ts'
import { examineDatabase, type NeededImage } from '../store/copy.ts'
import { bytesOf, hashFile } from './disk-files.ts'
import { DATABASE, type Manifest, readManifest } from './manifest.ts'

/** Reads a backup whole; throws with the first thing that is wrong with it. */
export async function verifyBackup(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder)
  const file = join(folder, DATABASE)
  const { bytes, sha256 } = manifest.database
  const size = await bytesOf(file)
  if (size !== bytes) throw damaged(`${file} has ${size} bytes, the manifest says ${bytes}`)
  if ((await hashFile(file)) !== sha256) throw damaged(`${file} is not what was written: its hash differs`)
  const { rows, migrations } = examineDatabase(file)
  if (migrations !== manifest.migrations) throw damaged(`${file} is of another version than the manifest says`)
  for (const [table, count] of Object.entries(manifest.rows)) {
    if (rows[table] !== count) throw damaged(`${table} has ${rows[table] ?? 'no'} rows, the manifest says ${count}`)
  }
  const wrong = await wrongImages(folder, manifest.images)
  const [first] = wrong
  if (first) throw damaged(`${wrong.length} of ${manifest.images.length} images are missing or changed, first ${first}`)
  return manifest
}

/** Tokens of the images that are not there byte for byte. */
export async function wrongImages(folder: string, images: NeededImage[]): Promise<string[]> {
  const files = createMediaFiles(folder)
  const wrong: string[] = []
  for (const { token, sha256 } of images) {
    const bytes = await files.read(token)
    if (bytes === undefined || hashOf(bytes) !== sha256) wrong.push(token)
  }
  return wrong
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function damaged(what: string): AppError {
  return new AppError('backup.damaged', `the backup is damaged: ${what}`)
}
