import { expect, test } from 'vitest'
import { formatDate } from '../../src/receipts/dates.ts'
import { LABELS } from '../../src/receipts/labels.ts'
import { maskPhone } from '../../src/receipts/mask-phone.ts'

const NOVEMBER = Date.UTC(2026, 10, 22, 11, 5, 59, 999)
const JULY = Date.UTC(2026, 6, 1, 21, 0)

test.each([
  ['Africa/Dar_es_Salaam', NOVEMBER, '22 Nov 2026, 14:05 EAT'],
  ['Africa/Nairobi', JULY, '2 Jul 2026, 00:00 EAT'],
  ['Africa/Kigali', NOVEMBER, '22 Nov 2026, 13:05 CAT'],
  ['Africa/Johannesburg', NOVEMBER, '22 Nov 2026, 13:05 SAST'],
  ['Africa/Lagos', NOVEMBER, '22 Nov 2026, 12:05 WAT'],
  ['Africa/Accra', NOVEMBER, '22 Nov 2026, 11:05 GMT'],
  ['UTC', NOVEMBER, '22 Nov 2026, 11:05 UTC'],
  ['Europe/London', NOVEMBER, '22 Nov 2026, 11:05 GMT'],
  ['Europe/London', JULY, '1 Jul 2026, 22:00 GMT+1'],
  ['America/New_York', NOVEMBER, '22 Nov 2026, 06:05 GMT−5'],
  ['Asia/Kolkata', NOVEMBER, '22 Nov 2026, 16:35 GMT+5:30'],
  // Windhoek had another time that winter: the name is only said where it is true.
  ['Africa/Windhoek', Date.UTC(2015, 6, 1, 12), '1 Jul 2015, 13:00 GMT+1'],
])('in %s', (timezone, at, text) => {
  expect(formatDate(at, timezone, LABELS.en.months)).toBe(text)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])('%d is no date', (at) => {
  expect(formatDate(at, 'UTC', LABELS.en.months)).toBeNull()
})

test.each([
  ['255712345678', '+255 712 ••• 678'],
  ['254722000111', '+254 722 ••• 111'],
  ['12125550123', '+1 212 ••• 123'],
  ['447700900123', '+44 770 ••• 123'],
  ['27821234567', '+27 821 ••• 567'],
  ['2901234', '+290 ••• 34'],
])('%s is masked', (e164, masked) => {
  expect(maskPhone(e164)).toBe(masked)
})
