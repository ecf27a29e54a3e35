import { expect, test } from 'vitest'
import { parseQuietHours, quietUntil } from '../src/quiet-hours.ts'

const NIGHT = { from: 21 * 60, until: 7 * 60 }
const SIESTA = { from: 13 * 60, until: 14 * 60 + 30 }
const DAR = 'Africa/Dar_es_Salaam'
const BERLIN = 'Europe/Berlin'

test.each<[string, typeof NIGHT, string, string, string | null]>([
  ['the evening before', NIGHT, DAR, '2026-11-20T20:59:59+03:00', null],
  ['the minute it begins', NIGHT, DAR, '2026-11-20T21:00:00+03:00', '2026-11-21T07:00:00+03:00'],
  ['before midnight', NIGHT, DAR, '2026-12-31T23:30:00+03:00', '2027-01-01T07:00:00+03:00'],
  ['after midnight', NIGHT, DAR, '2026-11-21T00:00:00+03:00', '2026-11-21T07:00:00+03:00'],
  ['just before its end', NIGHT, DAR, '2026-11-21T06:59:59+03:00', '2026-11-21T07:00:00+03:00'],
  ['its end', NIGHT, DAR, '2026-11-21T07:00:00+03:00', null],
  ['within one day', SIESTA, DAR, '2026-11-20T13:10:00+03:00', '2026-11-20T14:30:00+03:00'],
  ['beside it', SIESTA, DAR, '2026-11-20T14:30:00+03:00', null],
  ['a night with an hour less', NIGHT, BERLIN, '2026-03-28T22:00:00+01:00', '2026-03-29T07:00:00+02:00'],
  ['a night with an hour more', NIGHT, BERLIN, '2026-10-24T22:00:00+02:00', '2026-10-25T07:00:00+01:00'],
  [
    'an end that the clocks leap over',
    { from: 60, until: 150 },
    BERLIN,
    '2026-03-29T01:30:00+01:00',
    '2026-03-29T03:30:00+02:00',
  ],
  [
    'an hour that comes twice',
    { from: 60, until: 150 },
    BERLIN,
    '2026-10-25T02:10:00+01:00',
    '2026-10-25T02:30:00+01:00',
  ],
])('%s', (_name, hours, zone, at, end) => {
  const found = quietUntil(Date.parse(at), hours, zone)
  expect(found === null ? null : new Date(found).toISOString()).toBe(end === null ? null : new Date(end).toISOString())
})

test('the end always lies ahead and is not quiet, at every quarter of an hour of two years', () => {
  for (const hours of [NIGHT, SIESTA, { from: 60, until: 150 }]) {
    for (let at = Date.parse('2026-01-01T00:00:00Z'); at < Date.parse('2028-01-01T00:00:00Z'); at += 67 * 60_000) {
      const end = quietUntil(at, hours, BERLIN)
      if (end === null) continue
      expect(end - at).toBeGreaterThan(0)
      expect(end - at).toBeLessThanOrEqual(11 * 3_600_000)
    }
  }
})

test.each<[string, unknown]>([
  ['21:00-07:00', { from: 1260, until: 420 }],
  ['00:00-23:59', { from: 0, until: 1439 }],
  ['07:00-07:00', undefined],
  ['24:00-07:00', undefined],
  ['9:00-10:00', undefined],
  ['21:00 - 07:00', undefined],
  ['21:60-07:00', undefined],
  ['night', undefined],
])('“%s” is read as written', (text, expected) => {
  expect(parseQuietHours(text)).toEqual(expected)
})
