import { afterAll, expect, test } from 'vitest'
import { endAll } from '../commands/program.ts'
import { AT_SENDS } from '../faults/stages.ts'
import { runSoak } from './run.ts'

afterAll(endAll)

test('with all faults on, kills and restarts among them, no event is lost, no image doubled and every status true', {
  timeout: 120_000,
}, async () => {
  const { problems, ...report } = await runSoak({
    seconds: 8,
    rate: 4,
    seed: 7,
    patienceMs: 4000,
    // What Karibu never took is sent again only after a minute: no time for that here.
    sendFaults: AT_SENDS.filter((stage) => stage.taken),
    print: () => {},
  })
  expect(problems).toEqual([])
  expect(report).toMatchObject({ orders: 32, lostEvents: 0, doubledImages: 0 })
  expect(report.restarts.kill).toBeGreaterThan(0)
  expect(report.acknowledgedEvents).toBeGreaterThan(2 * report.orders)
  expect(report.images).toBeGreaterThan(0)
})
