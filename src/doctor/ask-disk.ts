import { access, constants, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BACKUPS } from '../backup/backup.ts'
import { freeBytesNear } from '../backup/disk-files.ts'
import { readManifest } from '../backup/manifest.ts'
import { messageOf, reasonOfSystem } from '../errors.ts'
import { loadFonts } from '../receipts/fonts.ts'
import type { FontFacts } from './drawing.ts'
import type { FolderFacts } from './storage.ts'

/** Whether the folder, or the nearest that is there, can be written to: by its permissions, without writing. */
export async function askFolder(path: string): Promise<FolderFacts> {
  const freeBytes = await freeBytesNear(path).catch(() => undefined)
  const facts = { path, freeBytes: Number.isFinite(freeBytes) ? freeBytes : undefined }
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch((error: unknown) => error)
    if (found instanceof Error) {
      if ('code' in found && found.code === 'ENOENT' && folder !== dirname(folder)) continue
      return { ...facts, exists: false, trouble: reasonOfSystem(found) }
    }
    const exists = folder === path
    const isFolder = typeof found === 'object' && found !== null && 'isDirectory' in found
    const trouble = await access(folder, constants.W_OK | constants.X_OK).then(() => null, reasonOfSystem)
    return { ...facts, exists, trouble: isFolder ? trouble : 'it is no folder' }
  }
}

/** When the newest whole backup in the data folder began. */
export async function askBackups(dataDir: string): Promise<number | undefined> {
  const parent = join(dataDir, BACKUPS)
  const names = (await readdir(parent).catch(() => [])).filter((name) => !name.startsWith('.'))
  // They are named by their time; one that was renamed is found among the newest few at least.
  for (const name of names.toSorted().toReversed().slice(0, 20)) {
    const manifest = await readManifest(join(parent, name)).catch(() => undefined)
    if (manifest) return Date.parse(manifest.began_at)
  }
  return undefined
}

export async function askFonts(): Promise<FontFacts> {
  try {
    const fonts = await loadFonts()
    await fonts.loadRare()
    return { missing: fonts.missing, trouble: null }
  } catch (error) {
    return { missing: [], trouble: messageOf(error).split('\n')[0] ?? '' }
  }
}
