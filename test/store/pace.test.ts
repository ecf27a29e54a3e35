import { expect, test } from 'vitest'
import { allowance, charge, freeAt } from '../../src/store/pace.ts'
import { seeded } from '../rules/an-order.ts'

test('a rest gives the whole burst and no more', () => {
  const pace = { everyMs: 6000, burst: 5 }
  expect(allowance(0, 1_000_000, pace)).toBe(5)
  const after = charge(0, 1_000_000, 5, pace)
  expect(allowance(after, 1_000_000, pace)).toBe(0)
  expect(freeAt(after, pace)).toBe(1_006_000)
  expect(allowance(after, 1_005_999, pace)).toBe(0)
  expect(allowance(after, 1_006_000, pace)).toBe(1)
})

test('without a pace everything may go', () => {
  expect(allowance(5, 1, { everyMs: 0, burst: 1 })).toBeGreaterThan(1000)
  expect(charge(5, 1, 3, { everyMs: 0, burst: 1 })).toBe(5)
})

test('on no stretch of time does more go out than the burst and the steady rate', () => {
  const random = seeded(7)
  const pace = { everyMs: 100, burst: 4 }
  let paidUntil = 0
  const sent: number[] = []
  for (let now = 0; now < 20_000; now += Math.floor(random() * 80)) {
    const count = Math.min(allowance(paidUntil, now, pace), Math.floor(random() * 4))
    paidUntil = charge(paidUntil, now, count, pace)
    for (let one = 0; one < count; one++) sent.push(now)
  }
  expect(sent.length).toBeGreaterThan(100)
  for (const [index, from] of sent.entries()) {
    for (let last = index; last < sent.length; last++) {
      const stretch = (sent[last] ?? 0) - from
      expect(last - index + 1).toBeLessThanOrEqual(pace.burst + stretch / pace.everyMs)
    }
  }
})
