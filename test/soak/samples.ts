import { execFile } from 'node:child_process'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cpuMsOf } from '../support/process-facts.ts'
import type { Latency } from './latency.ts'
import type { SoakTown } from './town.ts'

/** One look at the service and at this process. */
export interface Sample {
  /** Seconds since the start. */
  at: number
  /** How many processes the service has been so far. */
  life: number
  lifeSeconds: number
  rssBytes: number
  /** CPU time of this life. */
  cpuMs: number
  walBytes: number
  databaseBytes: number
  /** Null when it was not looked at: the folder is large. */
  mediaBytes: number | null
  loopDelayP50Ms: number
  loopDelayP99Ms: number
  held: number
  queued: number
  sending: number
  uncertain: number
  oldestQueuedSeconds: number
  oldestUncertainSeconds: number
  /** Why senders rest at this moment. */
  pauses: string[]
  /** Since the sample before: 2xx to shops. */
  answers: { count: number; p50: number; p99: number; max: number }
  orders: number
  images: number
  underWay: number
  weather: string
  harnessRssBytes: number
}

export interface SamplerOptions {
  town: SoakTown
  file: string
  latency: Latency
  /** What the harness knows. */
  facts(): Pick<Sample, 'life' | 'lifeSeconds' | 'orders' | 'images' | 'underWay' | 'weather'>
  mediaEveryMs: number
}

const run = promisify(execFile)

/** Looks when told and appends a line to the file; gives undefined while the service is away. */
export function createSampler({ town, file, latency, facts, mediaEveryMs }: SamplerOptions) {
  const startedAt = performance.now()
  let mediaAt = 0

  async function mediaBytes(): Promise<number | null> {
    if (performance.now() < mediaAt) return null
    mediaAt = performance.now() + mediaEveryMs
    return folderBytes(join(town.folder, 'data', 'media'))
  }

  return async function sample(): Promise<Sample | undefined> {
    const text = await town.service.metrics().catch(() => '')
    const pid = town.service.pid()
    const cpuMs = pid === undefined ? undefined : cpuMsOf(pid)
    if (text === '' || cpuMs === undefined) return undefined
    const gauge = (name: string, label = '') => gaugeOf(text, name, label)
    const answers = latency.read()
    latency.reset()
    const one: Sample = {
      ...facts(),
      at: Math.round((performance.now() - startedAt) / 1000),
      rssBytes: gauge('risiti_memory_bytes'),
      cpuMs,
      walBytes: gauge('risiti_database_bytes', 'wal'),
      databaseBytes: gauge('risiti_database_bytes', 'main'),
      mediaBytes: await mediaBytes(),
      loopDelayP50Ms: 1000 * gauge('risiti_event_loop_delay_seconds', '0.5'),
      loopDelayP99Ms: 1000 * gauge('risiti_event_loop_delay_seconds', '0.99'),
      held: gauge('risiti_messages', 'held'),
      queued: gauge('risiti_messages', 'queued'),
      sending: gauge('risiti_messages', 'sending'),
      uncertain: gauge('risiti_messages', 'uncertain'),
      oldestQueuedSeconds: gauge('risiti_oldest_message_age_seconds', 'queued'),
      oldestUncertainSeconds: gauge('risiti_oldest_message_age_seconds', 'uncertain'),
      pauses: [...text.matchAll(/^risiti_sender_paused\{.*code="([^"]*)"/gm)].map((match) => match[1] ?? ''),
      answers,
      harnessRssBytes: process.memoryUsage.rss(),
    }
    await appendFile(file, `${JSON.stringify(one)}\n`)
    return one
  }
}

export async function folderBytes(folder: string): Promise<number | null> {
  // A file may vanish under its eyes: what it says then still stands.
  const { stdout } = await run('du', ['-s', '--block-size=1', folder]).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }))
  const bytes = Number.parseInt(stdout, 10)
  return Number.isNaN(bytes) ? null : bytes
}

/** 0 where the service says nothing: what nobody waits in is not listed. */
function gaugeOf(text: string, name: string, label: string): number {
  const line = text.split('\n').find((one) => one.startsWith(name) && one.includes(label === '' ? ' ' : `"${label}"`))
  return Number(line?.slice(line.lastIndexOf(' ') + 1) ?? 0)
}
