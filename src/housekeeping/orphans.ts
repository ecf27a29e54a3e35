import { MEDIA_TOKEN, type MediaFiles } from '../receipts/media-files.ts'
import type { HousekeepingStore } from '../store/housekeeping.ts'

export interface OrphansDeps {
  store: Pick<HousekeepingStore, 'knownTokens'>
  files: Pick<MediaFiles, 'folders' | 'list' | 'removeFile'>
}

/** Of the 4096 possible ones, so many at a time. */
const FOLDERS_AT_ONCE = 64
const SUSPECTS_AT_MOST = 10_000

/**
 * Removes files that no row knows, left by a crash between a file and its row. A picture being made has no row yet
 * either, so a file goes only when a whole later round finds it still unknown.
 */
export function createOrphanSweep({ store, files }: OrphansDeps): () => Promise<number> {
  let round: string[] = []
  let suspects = new Set<string>()
  let found = new Set<string>()

  async function sweepFolder(folder: string): Promise<number> {
    const names = await files.list(folder)
    const known = await store.knownTokens(names.filter((name) => MEDIA_TOKEN.test(name)))
    let removed = 0
    for (const name of names.filter((one) => !known.has(one))) {
      const file = `${folder}/${name}`
      if (suspects.has(file)) {
        await files.removeFile(folder, name)
        removed++
      } else if (found.size < SUSPECTS_AT_MOST) found.add(file)
    }
    return removed
  }

  return async function sweep() {
    if (round.length === 0) {
      round = await files.folders()
      suspects = found
      found = new Set()
    }
    let removed = 0
    for (const folder of round.splice(0, FOLDERS_AT_ONCE)) removed += await sweepFolder(folder)
    return removed
  }
}
