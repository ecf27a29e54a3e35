import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, endAll } from '../commands/program.ts'
import { runCrash } from './run.ts'

beforeAll(build, 120_000)
afterAll(endAll)

test('killed again and again under load, the service loses no event and doubles no image', {
  timeout: 120_000,
}, async () => {
  const report = await runCrash({ kills: 6, seed: 7, rate: 6, livesMs: 1200, print: () => {} })
  expect(report.problems).toEqual([])
  expect(report.kills).toBeGreaterThanOrEqual(6)
  expect(report.orders).toBeGreaterThan(5)
  expect(report.acknowledged).toBeGreaterThan(report.orders)
})
