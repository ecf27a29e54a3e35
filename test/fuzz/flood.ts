import { postToy, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { inParallel } from './run.ts'
import { paidOrder, SECRETS, type Target } from './target.ts'

export interface FloodFigures {
  bad: number
  badPerSecond: number
  /** Milliseconds of good deliveries: alone, and while the flood went on. */
  calm: { median: number; p95: number; worst: number }
  flooded: { median: number; p95: number; worst: number; count: number }
  /** Flooded median over calm median. */
  ratio: number
  refusedGood: number
  takenBad: number
}

/** Good deliveries one after another, first alone and then beside a flood of bad signatures. */
export async function runFlood(target: Target, bad: number): Promise<FloodFigures> {
  const url = `http://127.0.0.1:${target.port}/webhooks/duka`
  let number = 700_000
  let refusedGood = 0
  let takenBad = 0
  const good = async () => {
    const now = Date.now()
    const order = paidOrder('255754000444', now, String(number++))
    const startedAt = performance.now()
    const { status } = await postToy(url, toyWebhook('woocommerce', SECRETS.woocommerce, order, 'order.updated', now))
    if (status !== 200) refusedGood++
    return performance.now() - startedAt
  }
  for (let warm = 0; warm < 20; warm++) await good()
  const calm: number[] = []
  for (let count = 0; count < 100; count++) calm.push(await good())

  const forged = toyWebhook('woocommerce', 'another secret', paidOrder('255754000444', Date.now()), 'order.updated', 0)
  const startedAt = performance.now()
  const flood = { over: false }
  const flooding = inParallel(
    Array.from({ length: bad }, (_, index) => index),
    32,
    async () => {
      const { status } = await postToy(url, forged)
      if (status !== 401 && status !== 429) takenBad++
    },
  ).finally(() => {
    flood.over = true
  })
  const flooded: number[] = []
  while (!flood.over) flooded.push(await good())
  await flooding
  const badPerSecond = Math.round(bad / ((performance.now() - startedAt) / 1000))
  const figures = { calm: spread(calm), flooded: { ...spread(flooded), count: flooded.length } }
  const ratio = Math.round((figures.flooded.median / figures.calm.median) * 10) / 10
  return { bad, badPerSecond, ...figures, ratio, refusedGood, takenBad }
}

function spread(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10
  return { median: at(0.5), p95: at(0.95), worst: at(1) }
}
