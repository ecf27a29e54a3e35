import { afterAll, expect, test } from 'vitest'
import { endAll } from '../commands/program.ts'
import { runCrash } from './run.ts'

afterAll(endAll)

test('killed again and again under load, the service loses no event and doubles no image', {
  timeout: 120_000,
}, async () => {
  const report = await runCrash({ kills: 4, seed: 7, rate: 4, livesMs: 800, print: () => {} })
  expect(report.problems).toEqual([])
  expect(report.kills).toBeGreaterThanOrEqual(4)
  expect(report.orders).toBeGreaterThan(3)
  expect(report.acknowledged).toBeGreaterThan(report.orders)
})
