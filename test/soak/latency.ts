export interface Latency {
  note(ms: number): void
  read(): { count: number; p50: number; p99: number; max: number }
  reset(): void
}

/** Steps of a twelfth: quantiles are at most nine percent too high. */
const STEP = 1 + 1 / 12
const BUCKETS = 160

/** How long answers took, in a few hundred bytes however many there are. */
export function createLatency(): Latency {
  const buckets = new Uint32Array(BUCKETS)
  let count = 0
  let max = 0

  function quantile(part: number): number {
    let left = Math.ceil(count * part)
    for (const [index, inBucket] of buckets.entries()) {
      left -= inBucket
      if (left <= 0) return Math.min(max, Math.round(10 * STEP ** index) / 10)
    }
    return max
  }

  return {
    note(ms) {
      const index = ms <= 1 ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms) / Math.log(STEP)))
      buckets[index] = (buckets[index] ?? 0) + 1
      count++
      max = Math.max(max, Math.round(ms * 10) / 10)
    },
    read: () => ({ count, p50: count === 0 ? 0 : quantile(0.5), p99: count === 0 ? 0 : quantile(0.99), max }),
    reset() {
      buckets.fill(0)
      count = 0
      max = 0
    },
  }
}
