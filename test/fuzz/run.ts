import { type Case, makeCase } from './cases.ts'
import { createRandom } from './random.ts'
import { type RawAnswer, sendRaw } from './raw.ts'
import type { Health } from './service.ts'
import type { Rows, Target } from './target.ts'

export interface FuzzOptions {
  count: number
  seed: number
  /** No answer and no close within this is a fault. */
  withinMs: number
  log?: (line: string) => void
}

export interface FuzzFigures {
  trials: number
  /** What broke a promise: the seed's batch and place, what was sent, what came back. */
  faults: string[]
  byStatus: Record<string, number>
  /** Rows that requests without a secret left. */
  rowsLeft: number
  /** Deliveries that were acknowledged as new but are not in the database. */
  eventsLost: number
  rows: Rows
  slowestMs: number
  p99Ms: number
  heapMb: { first: number; last: number; worst: number }
  rssMb: { first: number; last: number }
  errorLines: number
  errors: string[]
  seconds: number
}

const BATCH = 500
const AT_ONCE = 16

/** Batches that know no secret, each leaving no row, by turns with batches that do. Each batch has a seed of its own. */
export async function runFuzz(target: Target, { count, seed, withinMs, log }: FuzzOptions): Promise<FuzzFigures> {
  const startedAt = performance.now()
  const faults: string[] = []
  const byStatus: Record<string, number> = {}
  const times: number[] = []
  const heaps: Health[] = []
  let rowsLeft = 0
  let eventsLost = 0
  let trials = 0

  async function batch(index: number, size: number): Promise<void> {
    const trusted = index % 2 === 1
    const random = createRandom(seed * 1_000_003 + index)
    const cases = Array.from({ length: size }, () => makeCase(random, trusted))
    const before = target.rows()
    const answers = await inParallel(cases, AT_ONCE, async (one) => sendRaw(target.port, one.bytes, withinMs))
    const after = target.rows()
    for (const [place, one] of cases.entries()) {
      const answer = answers[place]
      if (!answer) continue
      trials++
      times.push(answer.ms)
      byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1
      const fault = faultOf(one, answer)
      if (fault !== null && faults.length < 50) {
        faults.push(
          `${fault}: seed ${seed} batch ${index} place ${place}: ${one.what} → ${answer.status} ${answer.body.slice(0, 200)}`,
        )
      }
    }
    if (trusted) {
      const fresh = cases.filter(
        (one, place) => one.delivery && answers[place]?.body.includes('"duplicate":false'),
      ).length
      eventsLost += Math.max(0, fresh - (after.events - before.events))
    } else {
      const left = sum(after) - sum(before)
      rowsLeft += left
      if (left !== 0) faults.push(`rows left: seed ${seed} batch ${index}: ${JSON.stringify({ before, after })}`)
    }
  }

  for (let index = 0; index * BATCH < count; index++) {
    await batch(index, Math.min(BATCH, count - index * BATCH))
    const crash = target.crash()
    if (crash !== null) {
      faults.push(`the service ended (${crash}): seed ${seed} batch ${index}`)
      break
    }
    if (index % 20 === 4) {
      heaps.push(await target.health())
      const { heap, rss } = heaps.at(-1) ?? { heap: 0, rss: 0 }
      log?.(
        `${trials} trials, ${faults.length} faults, heap ${megabytes(heap)} MB, rss ${megabytes(rss)} MB, ${Math.round((performance.now() - startedAt) / 1000)} s`,
      )
    }
  }
  if (target.crash() === null) heaps.push(await target.health())
  const [first] = heaps
  const last = heaps.at(-1)
  const sorted = times.toSorted((a, b) => a - b)
  return {
    trials,
    faults,
    byStatus,
    rowsLeft,
    eventsLost,
    rows: target.rows(),
    slowestMs: Math.round(sorted.at(-1) ?? 0),
    p99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    heapMb: {
      first: megabytes(first?.heap ?? 0),
      last: megabytes(last?.heap ?? 0),
      worst: megabytes(Math.max(0, ...heaps.map(({ heap }) => heap)) - (first?.heap ?? 0)),
    },
    rssMb: { first: megabytes(first?.rss ?? 0), last: megabytes(last?.rss ?? 0) },
    errorLines: last?.errorCount ?? 0,
    errors: last?.errors ?? [],
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  }
}

function faultOf(one: Case, { status, stuck }: RawAnswer): string | null {
  if (stuck) return 'neither answered nor closed in time'
  if (status >= 500) return '5xx'
  if (one.expect === 'ok' && (status < 200 || status > 299)) return 'a good delivery was refused'
  if (one.refused && status >= 200 && status < 300) return 'taken without a secret'
  return null
}

export async function inParallel<T, R>(items: T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]
      if (item !== undefined) results[at] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

const sum = (rows: Rows) => Object.values(rows).reduce((total, count) => total + count, 0)
const megabytes = (bytes: number) => Math.round(bytes / 104_857.6) / 10
