import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How the process itself fares. */
export interface Vitals {
  memoryBytes(): number
  /** Seconds that timers ran late since the last question, by quantile. */
  loopDelay(): { quantile: string; seconds: number }[]
  stop(): void
}

export function createVitals(): Vitals {
  const delays = monitorEventLoopDelay({ resolution: 20 })
  delays.enable()
  return {
    memoryBytes: () => process.memoryUsage.rss(),
    loopDelay() {
      const read = [0.5, 0.99].map((quantile) => ({
        quantile: String(quantile),
        seconds: (delays.percentile(quantile * 100) || 0) / 1e9,
      }))
      delays.reset()
      return read
    },
    stop: () => void delays.disable(),
  }
}
