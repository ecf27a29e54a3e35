import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { judgeClock } from '../../src/housekeeping/steady.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const steadyAt = (at: number) => ({ at, steadySince: at - 30 * DAY })

test('a clock that goes on as clocks do is believed, from the first look', () => {
  expect(judgeClock(undefined, NOW)).toMatchObject({ steady: true, backBy: 0 })
  expect(judgeClock(steadyAt(NOW - MINUTE), NOW)).toMatchObject({ steady: true, backBy: 0 })
  expect(judgeClock(steadyAt(NOW - 2 * DAY), NOW)).toMatchObject({ steady: true, backBy: 0 })
})

test('a small correction backwards changes nothing; a larger one is told, and still believed', () => {
  expect(judgeClock(steadyAt(NOW + 5_000), NOW)).toMatchObject({ steady: true, backBy: 0 })
  expect(judgeClock(steadyAt(NOW + 10 * MINUTE), NOW)).toMatchObject({ steady: true, backBy: 10 * MINUTE })
})

test('a leap either way is believed only after a day without another', () => {
  for (const last of [NOW - 40 * DAY, NOW + 40 * DAY]) {
    const leap = judgeClock(steadyAt(last), NOW)
    expect(leap.steady).toBe(false)
    let { record } = leap
    for (let at = NOW + HOUR; at < NOW + DAY; at += HOUR) {
      const next = judgeClock(record, at)
      expect(next.steady).toBe(false)
      record = next.record
    }
    expect(judgeClock(record, NOW + DAY).steady).toBe(true)
  }
})
