import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { fillDatabase } from './fill.ts'
import { type Sample, type SampleOptions, takeSample } from './sample.ts'

/** Large databases take minutes to make: each is made once a run, and cases leave them nearly as they were. */
export interface Library {
  sample(): Promise<Sample>
  /** A folder with a database of so many messages. */
  database(messages: number): Promise<string>
  /** Bytes on disk for each message of it, as it was made. */
  bytesPerMessage(messages: number): Promise<number>
}

export function createLibrary(bench: SampleOptions & Pick<Bench, 'folder' | 'print'>): Library {
  let sampled: Promise<Sample> | undefined
  const made = new Map<number, Promise<{ folder: string; bytes: number }>>()
  const sample = () => {
    sampled ??= takeSample(bench)
    return sampled
  }

  async function make(messages: number) {
    const folder = join(bench.folder, `messages-${messages}`)
    const startedAt = performance.now()
    await fillDatabase({ folder, sample: await sample(), messages, now: Date.now() })
    bench.print(`made ${messages} messages in ${Math.round((performance.now() - startedAt) / 1000)} s`)
    return { folder, bytes: statSync(join(folder, 'data', 'risiti.db')).size }
  }
  function of(messages: number) {
    const known = made.get(messages) ?? make(messages)
    made.set(messages, known)
    return known
  }
  return {
    sample,
    database: async (messages) => (await of(messages)).folder,
    bytesPerMessage: async (messages) => (await of(messages)).bytes / messages,
  }
}
