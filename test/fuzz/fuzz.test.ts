import { afterAll, beforeAll, expect, test } from 'vitest'
import { runFlood } from './flood.ts'
import { runFuzz } from './run.ts'
import { startTarget, type Target } from './target.ts'

let target: Target
beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

test('thousands of hostile requests: no 5xx, no crash, no row without a secret, no delivery lost', {
  timeout: 40_000,
}, async () => {
  const figures = await runFuzz(target, { count: 1500, seed: 20_261_120, withinMs: 5000 })
  expect(figures.faults).toEqual([])
  expect(figures).toMatchObject({ trials: 1500, rowsLeft: 0, eventsLost: 0 })
  expect(figures.rows.events).toBeGreaterThan(150)
  expect(figures.rows.reports).toBeGreaterThan(10)
  expect(figures.heapMb.worst).toBeLessThan(60)
  expect(target.crash()).toBeNull()
})

test('afterwards a paid order gets its image', { timeout: 20_000 }, async () => {
  expect(await target.mainJob('255754999001', 15_000)).not.toBeNull()
})

test('a flood of bad signatures leaves no row and hardly slows good deliveries', { timeout: 20_000 }, async () => {
  const before = target.rows().events
  const figures = await runFlood(target, 2000)
  expect(figures).toMatchObject({ refusedGood: 0, takenBad: 0 })
  expect(target.rows().events - before).toBe(20 + 100 + figures.flooded.count)
  // Behind 32 connections that never rest, on a machine that also runs them.
  expect(figures.flooded.p95).toBeLessThan(1000)
})
