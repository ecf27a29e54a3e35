import { cpuMsOf } from '../support/process-facts.ts'
import type { Load } from './load/load.ts'
import { percentile } from './statistics.ts'

export interface Measured {
  perSecond: number
  p50: number
  p99: number
  /** Processor time of the server for each request, in microseconds. */
  cpu: number
}

/** Runs the load and tells what it took of the server; throws when anything was answered otherwise than with `status`. */
export async function measure(pid: number | undefined, status: number, load: () => Promise<Load>): Promise<Measured> {
  const before = cpuMsOf(pid ?? 0) ?? 0
  const { latencies, statuses, seconds } = await load()
  const cpuMs = (cpuMsOf(pid ?? 0) ?? 0) - before
  const count = statuses[status] ?? 0
  if (count === 0 || count !== latencies.length) {
    throw new Error(`all were to be answered ${status}, but were ${JSON.stringify(statuses)}`)
  }
  return {
    perSecond: count / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu: (1000 * cpuMs) / count,
  }
}

/** What each round measured, by name. */
export function createRounds() {
  const rounds = new Map<string, Measured[]>()
  return {
    add(name: string, one: Measured): void {
      rounds.set(name, [...(rounds.get(name) ?? []), one])
    },
    all: (name: string, what: keyof Measured): number[] => (rounds.get(name) ?? []).map((one) => one[what]),
  }
}

/** Gives each once, in turn; undefined when all were given. */
export function eachOnce<T>(items: T[]): () => T | undefined {
  let at = 0
  return () => items[at++]
}

/** Gives them over and over. */
export function overAndOver(items: Buffer[]): () => Buffer {
  let at = 0
  return () => items[at++ % items.length] ?? Buffer.alloc(0)
}
