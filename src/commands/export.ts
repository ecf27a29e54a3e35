import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { ShopConfig } from '../config/types.ts'
import { AppError, reasonOfSystem } from '../errors.ts'
import { type ExportFormat, exportMessages } from '../query/export.ts'
import { parseMessageFilter, type RawFilter } from '../query/filters.ts'
import type { ReadStore } from '../store/reads.ts'
import type { SizeStore } from '../store/sizes.ts'
import { withNumber } from './messages.ts'
import { countOf, progressLine, type ShowLine } from './progress.ts'

export interface ExportInput {
  filter: RawFilter
  format: ExportFormat
  /** Undefined: standard output. */
  to: string | undefined
  publicUrl: string
  shops: ShopConfig[]
}

export interface ExportPorts {
  store: Pick<ReadStore, 'listMessages' | 'inboundRefusedSince'> & Pick<SizeStore, 'oldestMessageAt'>
  clock: { now(): number }
  write(text: string): Promise<void>
  /** Undefined where nobody watches. */
  show: ShowLine | undefined
}

/** Every message the filters name, newest first; gives what to say at the end, which is nothing on standard output. */
export async function runExport(input: ExportInput, ports: ExportPorts): Promise<string | null> {
  const { store, clock, show } = ports
  const startedAt = clock.now()
  const filter = parseMessageFilter(withNumber(input), startedAt)
  const from = Math.max(filter.since ?? 0, (await store.oldestMessageAt()) ?? 0)
  const until = filter.until ?? startedAt
  let count = 0
  // How many will fit nobody knows beforehand; how far back they go one does.
  const progress = (rows: number, backTo: number | null) => {
    count = rows
    show?.(() => {
      const part = backTo === null || until <= from ? null : (until - backTo) / (until - from)
      return progressLine({ part, said: countOf(rows, 'message'), startedAt, now: clock.now() })
    })
  }
  async function writeAll(write: (text: string) => Promise<unknown>): Promise<void> {
    for await (const text of exportMessages(store, filter, input.format, input.publicUrl, progress)) await write(text)
  }
  if (input.to === undefined) {
    await writeAll(ports.write)
    return null
  }
  await intoFile(input.to, (file) => writeAll((text) => file.write(text)))
  return `${countOf(count, 'message')} in ${input.to}`
}

/** The file has its name only once all of it is there. */
async function intoFile(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  const unfinished = `${path}.unfinished`
  let file: FileHandle | undefined
  try {
    file = await open(unfinished, 'w', 0o600)
    await fill(file)
    await file.close()
    await rename(unfinished, path)
  } catch (error) {
    await file?.close()
    await rm(unfinished, { force: true })
    if (error instanceof AppError) throw error
    throw new AppError('file.unwritable', `${path} cannot be written: ${reasonOfSystem(error)}`, { cause: error })
  }
}
