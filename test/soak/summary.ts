import type { Sample } from './samples.ts'

export interface Observed {
  samples: Sample[]
  answers: { count: number; p50: number; p99: number; max: number }
  recoveries: number[]
  struck: Record<string, number>
  refused: Record<string, number>
  orders: number
  images: number
  worstLateMs: number
  wanted: { rate: number; seconds: number }
  mediaBytes: number | null
  exchanges: number
  cpuMs: { service: number; harness: number }
  restarts: { kill: number; stop: number }
}

/** What a run showed, in numbers. */
export interface Figures {
  seed?: number
  seconds?: number
  folder?: string | null
  orders: number
  ordersPerSecond: number
  images: number
  restarts: { kill: number; stop: number }
  recoveryWorstMs: number
  answers2xx: { count: number; p50Ms: number; p99Ms: number; maxMs: number }
  answeredOtherwise: Record<string, number>
  exchanges: number
  faultsStruck: number
  faultKinds: number
  struck: Record<string, number>
  cpuMsPerOrder: { service: number; harness: number }
  /** Of the longest life: its first third, once warm, against its last. */
  memory: { lifeSeconds: number; firstMb: number; lastMb: number; worstMb: number; slopeMbPerHour: number | null }
  walWorstMb: number
  databaseMb: number
  mediaMb: number | null
  bytesPerOrder: { database: number; media: number | null }
  queuedWorst: number
  uncertainWorst: number
  oldestQueuedWorstSeconds: number
  loopDelayP99WorstMs: number
  /** How late this process was with an order, at worst. */
  harnessLateMs: number
  harnessMb: { first: number; last: number }
}

export function figuresOf(seen: Observed): Figures {
  const { samples, orders } = seen
  const worst = (pick: (one: Sample) => number) => Math.max(0, ...samples.map(pick))
  const last = samples.at(-1)
  const per = (value: number) => Math.round((10 * value) / Math.max(1, orders)) / 10
  const { count, p50, p99, max } = seen.answers
  return {
    orders,
    ordersPerSecond: round(orders / Math.max(1, seen.wanted.seconds)),
    images: seen.images,
    restarts: seen.restarts,
    recoveryWorstMs: Math.max(0, ...seen.recoveries),
    answers2xx: { count, p50Ms: p50, p99Ms: p99, maxMs: max },
    answeredOtherwise: seen.refused,
    exchanges: seen.exchanges,
    faultsStruck: Object.values(seen.struck).reduce((sum, times) => sum + times, 0),
    faultKinds: Object.keys(seen.struck).length,
    struck: seen.struck,
    cpuMsPerOrder: { service: per(seen.cpuMs.service), harness: per(seen.cpuMs.harness) },
    memory: memoryOf(samples),
    walWorstMb: megabytes(worst((one) => one.walBytes)),
    databaseMb: megabytes(last?.databaseBytes ?? 0),
    mediaMb: seen.mediaBytes === null ? null : megabytes(seen.mediaBytes),
    bytesPerOrder: {
      database: Math.round(per(last?.databaseBytes ?? 0)),
      media: seen.mediaBytes === null ? null : Math.round(per(seen.mediaBytes)),
    },
    queuedWorst: worst((one) => one.queued),
    uncertainWorst: worst((one) => one.uncertain),
    oldestQueuedWorstSeconds: Math.round(worst((one) => one.oldestQueuedSeconds)),
    loopDelayP99WorstMs: Math.round(worst((one) => one.loopDelayP99Ms)),
    harnessLateMs: seen.worstLateMs,
    harnessMb: { first: megabytes(samples[0]?.harnessRssBytes ?? 0), last: megabytes(last?.harnessRssBytes ?? 0) },
  }
}

/** Fonts, caches and compiled code come in the first part of a life; what grows after that would grow for ever. */
function memoryOf(samples: Sample[]): Figures['memory'] {
  const lives = [...new Set(samples.map((one) => one.life))].map((life) => samples.filter((one) => one.life === life))
  const [longest = []] = lives.toSorted((a, b) => lengthOf(b) - lengthOf(a))
  const warm = longest.slice(Math.floor(longest.length / 6))
  const third = Math.max(1, Math.floor(warm.length / 3))
  const mean = (part: Sample[]) =>
    megabytes(part.reduce((sum, one) => sum + one.rssBytes, 0) / Math.max(1, part.length))
  return {
    lifeSeconds: lengthOf(longest),
    firstMb: mean(warm.slice(0, third)),
    lastMb: mean(warm.slice(-third)),
    worstMb: megabytes(Math.max(0, ...samples.map((one) => one.rssBytes))),
    slopeMbPerHour: slopeOf(warm),
  }
}

function lengthOf(life: Sample[]): number {
  return life.at(-1)?.lifeSeconds ?? 0
}

/** Least squares; null for too few points to say. */
function slopeOf(samples: Sample[]): number | null {
  if (samples.length < 10) return null
  const meanAt = samples.reduce((sum, one) => sum + one.at, 0) / samples.length
  const meanRss = samples.reduce((sum, one) => sum + one.rssBytes, 0) / samples.length
  const spread = samples.reduce((sum, one) => sum + (one.at - meanAt) ** 2, 0)
  const together = samples.reduce((sum, one) => sum + (one.at - meanAt) * (one.rssBytes - meanRss), 0)
  return round(((together / spread) * 3600) / 1e6)
}

function megabytes(bytes: number): number {
  return round(bytes / 1e6)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
