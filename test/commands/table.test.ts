import { expect, test } from 'vitest'
import { formatTable } from '../../src/commands/table.ts'
import { timeIn, zoneOf } from '../../src/commands/times.ts'

test('the last column ends where the terminal does, and says that there is more', () => {
  const why = 'the customer has not written in the last 24 hours; it goes out when they do'
  const lines = formatTable(
    ['ID', 'WHY'],
    [
      ['msg_1', why],
      ['msg_2', 'short'],
    ],
    { columns: 40 },
  ).split('\n')
  expect(lines.every((line) => line.length <= 40)).toBe(true)
  expect(lines[2]).toBe('msg_1  the customer has not written in…')
  expect(lines[3]).toBe('msg_2  short')
  expect(formatTable(['WHY'], [[why]])).toContain(why)
})

test('times are of the zone that all shops are in, else of UTC', () => {
  const shop = (timezone: string) => ({ timezone }) as never
  expect(zoneOf({ shops: { a: shop('Africa/Nairobi') } })).toBe('Africa/Nairobi')
  expect(zoneOf({ shops: { a: shop('Africa/Nairobi'), b: shop('Africa/Nairobi') } })).toBe('Africa/Nairobi')
  expect(zoneOf({ shops: { a: shop('Africa/Nairobi'), b: shop('Africa/Lagos') } })).toBe('UTC')
  expect(timeIn('Africa/Nairobi')('2026-11-20T09:00:15Z')).toBe('20 Nov 2026, 12:00:15')
})
