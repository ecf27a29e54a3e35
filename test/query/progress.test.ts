import { expect, test } from 'vitest'
import { dayStart, lastHours, progressOf, quantile } from '../../src/query/progress.ts'
import { MESSAGE_STATUSES } from '../../src/store/words.ts'

test('every message stands in one place: waiting, under way, sent or not sent', () => {
  for (const status of MESSAGE_STATUSES) {
    const { made, waiting, underWay, sent, notSent } = progressOf([{ status, count: 3 }])
    expect([made, waiting + underWay + sent + notSent], status).toEqual([3, 3])
  }
})

test('what was read was delivered, and what was delivered was sent', () => {
  const counts = [
    { status: 'sent', count: 4 },
    { status: 'delivered', count: 2 },
    { status: 'read', count: 1 },
    { status: 'held', count: 5 },
    { status: 'failed', count: 1 },
  ] as const
  expect(progressOf(counts)).toEqual({
    made: 13,
    sent: 7,
    delivered: 3,
    read: 1,
    waiting: 5,
    underWay: 0,
    notSent: 1,
  })
})

test.each([
  ['2026-11-20T20:59:59.500Z', 'Africa/Dar_es_Salaam', '2026-11-19T21:00:00.000Z'],
  ['2026-11-20T21:00:00.000Z', 'Africa/Dar_es_Salaam', '2026-11-20T21:00:00.000Z'],
  ['2026-11-20T09:00:00.000Z', 'UTC', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T09:00:00.000Z', 'Asia/Kolkata', '2026-11-19T18:30:00.000Z'],
  // The clocks went back an hour at two in the night, and forward.
  ['2026-10-25T12:00:00.000Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-03-29T12:00:00.000Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
])('at %s the day of %s began at %s', (at, timezone, start) => {
  expect(new Date(dayStart(Date.parse(at), timezone)).toISOString()).toBe(start)
})

test('hours begin as the clocks of the zone show them, and the last one is under way', () => {
  const hours = lastHours(Date.parse('2026-11-20T09:20:30.250Z'), 'Asia/Kolkata', 3)
  expect(hours.map((at) => new Date(at).toISOString())).toEqual([
    '2026-11-20T06:30:00.000Z',
    '2026-11-20T07:30:00.000Z',
    '2026-11-20T08:30:00.000Z',
  ])
})

test('quantiles are values that were there', () => {
  expect([quantile([], 0.5), quantile([7], 0.9), quantile([4, 1, 3, 2], 0.5)]).toEqual([null, 7, 2])
  expect(quantile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], 0.9)).toBe(9)
})
