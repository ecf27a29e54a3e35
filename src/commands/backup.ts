import { type BackupOptions, type BackupPorts, makeBackup } from '../backup/backup.ts'
import { type Restored, type RestoreOptions, type RestorePorts, restoreBackup } from '../backup/restore.ts'

/** Makes a backup; gives what to print. */
export async function runBackup(options: BackupOptions & { json: boolean }, ports: BackupPorts): Promise<string> {
  const { folder, manifest } = await makeBackup(options, ports)
  const { images, ...facts } = manifest
  if (options.json) return JSON.stringify({ folder, ...facts, images: images.length }, null, 2)
  const { messages = 0, orders = 0, events = 0 } = manifest.rows
  const left = manifest.images_left_out
  const out = left === 0 ? '' : `\n${plural(left, 'image')} had no sound file and will be drawn anew if needed.`
  return `${folder}
${plural(messages, 'message')}, ${plural(orders, 'order')}, ${plural(events, 'event')} and ${plural(images.length, 'image')}, checked.${out}`
}

/** Puts a backup into an empty data folder; gives what to print. */
export async function runRestore(options: RestoreOptions & { json: boolean }, ports: RestorePorts): Promise<string> {
  const restored = await restoreBackup(options, ports)
  const { manifest, restoredAt, doubted, asked } = restored
  const gap = { from: manifest.began_at, to: new Date(restoredAt).toISOString() }
  if (options.json) {
    return JSON.stringify({ data_dir: options.dataDir, gap, rows: manifest.rows, doubted, asked }, null, 2)
  }
  return told(options, restored, gap)
}

function told({ dataDir }: RestoreOptions, { doubted, asked }: Restored, gap: { from: string; to: string }): string {
  return `${dataDir} is as it was at ${gap.from}.
${plural(doubted, 'message')} that waited then may have gone out since: Karibu’s list is asked before any is sent.
${plural(asked, 'message')} sent before that will be asked after.
Start the service now. Then look at: risiti messages --status uncertain; risiti token list (tokens revoked since are back).`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
