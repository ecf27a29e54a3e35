import { expect, test } from 'vitest'
import { phoneFilter } from '../../src/commands/phone.ts'

const TZ = { country: 'TZ' }
const KE = { country: 'KE' }

test.each(['0712345678', '0712 345 678', '712345678', '+255712345678', '255 712 345 678', '00255712345678'])(
  'messages are found by the number %s as the shop’s country dials it',
  (text) => {
    expect(phoneFilter(text, [TZ, TZ])).toBe('255712345678')
  },
)

test('where shops are in several countries a whole number is taken, and a local one asks which is meant', () => {
  expect(phoneFilter('255712345678', [TZ, KE])).toBe('255712345678')
  expect(phoneFilter('0712345678', [KE])).toBe('254712345678')
  expect(() => phoneFilter('0712345678', [TZ, KE])).toThrow(/name the --shop/)
  expect(() => phoneFilter('Asha', [TZ])).toThrow(/to must be a phone number/)
  // `risiti conversations` has no --shop to name.
  expect(() => phoneFilter('0712345678', [TZ, KE], 'phone')).toThrow('phone must be a phone number: write it with')
})
