import { DAY } from '../clock.ts'
import type { DatabaseState } from '../store/facts.ts'
import { type Check, count, fail, notChecked, ok, size, span, warn } from './check.ts'

export interface FolderFacts {
  path: string
  /** Why the service could not write there, or could not make it; null when it can. */
  trouble: string | null
  exists: boolean
  /** Undefined when the system does not tell. */
  freeBytes: number | undefined
}

/** Pure: whether the service can keep anything. */
export function folderChecks({ path, trouble, exists, freeBytes }: FolderFacts, minFreeBytes: number): Check[] {
  return [
    trouble === null
      ? ok('storage.folder', exists ? `${path} can be written to` : `${path} is made when the service first runs`)
      : fail(
          'storage.folder',
          `${path} cannot be used: ${trouble}`,
          'Give the folder to the user the service runs as, or set another data_dir.',
        ),
    diskCheck(freeBytes, minFreeBytes),
  ]
}

function diskCheck(free: number | undefined, least: number): Check {
  const name = 'storage.disk'
  if (free === undefined) return warn(name, 'how much of the disk is free cannot be told', 'Look with df.')
  const text = `${size(free)} of the disk are free; with less than ${size(least)} (disk.min_free) nothing is taken in`
  const mend = 'Make room, move data_dir to a larger disk, or keep less: retention.bodies and retention.images.'
  if (free < least) return fail(name, text, mend)
  return free < 2 * least ? warn(name, text, mend) : ok(name, text)
}

/** A log usually has 12 MB. */
const LOG_BYTES = 256e6

/** Pure: what the database file is like, but for its pages. */
export function databaseChecks(file: string, state: DatabaseState): Check[] {
  const name = 'storage.database'
  if (state.kind === 'none') return [ok(name, `${file} is made when the service first runs`)]
  if (state.kind === 'unreadable') {
    const mend = 'Run this as the user the service runs as; if the file is damaged, restore a backup: risiti restore.'
    return [fail(name, `${file} cannot be read: ${state.reason}`, mend)]
  }
  const { applied, known, mainBytes, walBytes } = state.facts
  return [versionCheck(name, { applied, known, mainBytes }), logCheck(walBytes)]
}

function versionCheck(
  name: string,
  { applied, known, mainBytes }: { applied: number[]; known: number[]; mainBytes: number },
): Check {
  if (!applied.every((at, index) => at === known[index])) {
    const text = `the database was written by a newer version of Risiti (${applied.length} changes of its tables, this version knows ${known.length})`
    return fail(name, text, 'Start that version, or restore a backup made before it.')
  }
  const behind = known.length - applied.length
  const version =
    behind === 0 ? 'is up to date' : `is ${count(behind, 'change')} behind, and brought up to date at the next start`
  return ok(name, `the database (${size(mainBytes)}) ${version}`)
}

function logCheck(bytes: number): Check {
  const name = 'storage.log'
  if (bytes <= LOG_BYTES) return ok(name, `its log has ${size(bytes)}`)
  const mend = 'Something reads the database for very long: end it, or restart the service.'
  return warn(name, `its log has grown to ${size(bytes)}`, mend)
}

/** What SQLite's own check said: `damage` is null for a sound file, undefined where it was too large to be read whole. */
export function pagesCheck(state: DatabaseState, damage: string | null | undefined): Check[] {
  const name = 'storage.pages'
  if (state.kind === 'none') return []
  if (state.kind === 'unreadable') return [notChecked(name, 'the database cannot be read')]
  if (damage === null) return [ok(name, 'every page of it is sound')]
  if (damage === undefined) {
    const text = `not checked: a database of ${size(state.facts.mainBytes)} is not read whole here`
    return [warn(name, text, 'risiti backup makes a copy and reads every page of it.')]
  }
  const mend = 'Stop the service, keep a copy of the data folder, and restore the last good backup: risiti restore.'
  return [fail(name, `the database is damaged: ${damage.slice(0, 200)}`, mend)]
}

const BACKUP_OLD_MS = 7 * DAY

/** `madeAt` is when the newest backup in the data folder began; undefined for none. */
export function backupCheck(state: DatabaseState, madeAt: number | undefined, now: number): Check {
  const name = 'storage.backups'
  if (state.kind === 'none') return ok(name, 'there is nothing to back up yet')
  const mend = 'Run risiti backup from cron; if yours go elsewhere (--to), look there.'
  if (madeAt === undefined) return warn(name, 'no backup lies in the data folder', mend)
  const text = `the newest backup in the data folder is ${span(now - madeAt)} old`
  return now - madeAt > BACKUP_OLD_MS ? warn(name, text, mend) : ok(name, text)
}
