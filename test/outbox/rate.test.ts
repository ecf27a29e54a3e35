import { expect, test } from 'vitest'
import { createRate } from '../../src/outbox/rate.ts'
import { seeded } from '../rules/an-order.ts'
import { NOW } from '../support/rows.ts'

test('a second’s worth may go at once, the next only as time passes', () => {
  const rate = createRate(80)
  expect(rate.take(NOW, 1000)).toBe(80)
  expect(rate.take(NOW, 1)).toBe(0)
  expect(rate.take(NOW + 12, 1)).toBe(0)
  expect(rate.take(NOW + 13, 5)).toBe(1)
  expect(rate.take(NOW + 1013, 1000)).toBe(80)
})

test('no more is given than was asked for, and never a negative number', () => {
  const rate = createRate(10)
  expect(rate.take(NOW, 3)).toBe(3)
  expect(rate.take(NOW, 0)).toBe(0)
  expect(rate.take(NOW, -5)).toBe(0)
  expect(rate.take(NOW, 100)).toBe(7)
})

test('an idle hour saves up no more than one second’s worth', () => {
  const rate = createRate(5)
  rate.take(NOW, 5)
  expect(rate.take(NOW + 3_600_000, 1000)).toBe(5)
})

test('what was not used is given back, but never beyond one second’s worth', () => {
  const rate = createRate(4)
  expect(rate.take(NOW, 4)).toBe(4)
  rate.giveBack(3)
  expect(rate.take(NOW, 10)).toBe(3)
  rate.giveBack(100)
  expect(rate.take(NOW, 10)).toBe(4)
})

test('a clock that steps back gives no tokens and takes none away', () => {
  const rate = createRate(10)
  expect(rate.take(NOW, 10)).toBe(10)
  expect(rate.take(NOW - 60_000, 10)).toBe(0)
  expect(rate.take(NOW + 100, 10)).toBe(1)
})

test.each([1, 3, 7, 80, 1000])('at %i a second, whoever waits as long as told gets one', (perSecond) => {
  const random = seeded(perSecond)
  const rate = createRate(perSecond)
  let now = NOW
  for (let round = 0; round < 2000; round++) {
    now += Math.floor(random() * 3)
    if (rate.take(now, 1 + Math.floor(random() * 3)) > 0) continue
    now += rate.waitMs(now)
    expect(rate.take(now, 1)).toBe(1)
  }
})

test.each([1, 3, 80])('at %i a second, no stretch of time holds more than its share and one burst', (perSecond) => {
  const random = seeded(100 + perSecond)
  const rate = createRate(perSecond)
  const taken: { at: number; count: number }[] = []
  let now = NOW
  for (let round = 0; round < 400; round++) {
    now += Math.floor(random() * 60)
    const count = rate.take(now, Math.floor(random() * 2 * perSecond))
    const unused = Math.floor(random() * (count + 1))
    rate.giveBack(unused)
    taken.push({ at: now, count: count - unused })
  }
  let worst = Number.NEGATIVE_INFINITY
  for (const [from, first] of taken.entries()) {
    let sum = 0
    for (const { at, count } of taken.slice(from)) {
      sum += count
      worst = Math.max(worst, sum - perSecond * (1 + (at - first.at) / 1000))
    }
  }
  expect(worst).toBeLessThanOrEqual(1e-6)
  expect(worst).toBeGreaterThan(-perSecond)
})
