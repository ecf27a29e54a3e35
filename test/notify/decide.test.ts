import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { decide, type TellOutcome, WAITS_MS } from '../../src/notify/decide.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const failed: TellOutcome = { kind: 'failed', code: 'http_500' }
const slow = (retryAfterMs: number | null): TellOutcome => ({ kind: 'slow', code: 'http_429', retryAfterMs })

test.each<[string, TellOutcome, number, number, ReturnType<typeof decide>]>([
  ['told', { kind: 'told' }, 3, 0.5, { nextAttemptAt: null, attempts: 3, target: 'unchanged' }],
  [
    'gone: the try does not count',
    { kind: 'gone' },
    1,
    0.5,
    { nextAttemptAt: NOW, attempts: 0, target: { offSince: NOW } },
  ],
  ['failed first', failed, 1, 0, { nextAttemptAt: NOW + 5 * SECOND, attempts: 1, target: 'unchanged' }],
  ['failed first, longest', failed, 1, 1, { nextAttemptAt: NOW + 6 * SECOND, attempts: 1, target: 'unchanged' }],
  ['failed second', failed, 2, 0, { nextAttemptAt: NOW + 5 * MINUTE, attempts: 2, target: 'unchanged' }],
  ['failed ninth', failed, 9, 0, { nextAttemptAt: NOW + 24 * HOUR, attempts: 9, target: 'unchanged' }],
  ['failed tenth: given up', failed, 10, 0, { nextAttemptAt: null, attempts: 10, target: 'unchanged' }],
  [
    'slow',
    slow(null),
    1,
    0,
    { nextAttemptAt: NOW + 30 * SECOND, attempts: 1, target: { restingUntil: NOW + 30 * SECOND } },
  ],
  [
    'slow, as it says',
    slow(MINUTE),
    1,
    1,
    { nextAttemptAt: NOW + MINUTE, attempts: 1, target: { restingUntil: NOW + MINUTE } },
  ],
  [
    'slow, less than the schedule',
    slow(0),
    3,
    0,
    { nextAttemptAt: NOW + 30 * MINUTE, attempts: 3, target: { restingUntil: NOW } },
  ],
  [
    'slow for the tenth time',
    slow(MINUTE),
    10,
    0,
    { nextAttemptAt: null, attempts: 10, target: { restingUntil: NOW + MINUTE } },
  ],
])('%s', (_, outcome, attempts, random, change) => {
  expect(decide({ attempts }, outcome, NOW, random)).toEqual(change)
})

test('ten tries are spread over a little more than three days, each wait longer than the one before', () => {
  expect(WAITS_MS).toHaveLength(9)
  expect(WAITS_MS).toEqual(WAITS_MS.toSorted((a, b) => a - b))
  const whole = WAITS_MS.reduce((sum, wait) => sum + wait, 0)
  expect(whole / HOUR).toBeGreaterThan(72)
  expect(whole / HOUR).toBeLessThan(80)
})
