import { describe, expect, test } from 'vitest'
import { formatMoney, minorDigits, parseMoney, toDecimal } from '../src/money.ts'
import { seeded } from './rules/an-order.ts'

const CURRENCIES = ['TZS', 'KES', 'UGX', 'RWF', 'USD', 'EUR', 'KWD', 'TND', 'JPY', 'XOF', 'ABC']

test.each([
  ['TZS', 2],
  ['KES', 2],
  ['UGX', 0],
  ['RWF', 0],
  ['JPY', 0],
  ['KWD', 3],
  ['USD', 2],
])('%s has %i decimals', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits)
})

describe('parseMoney', () => {
  test.each<[unknown, string, number]>([
    ['48000.00', 'TZS', 4_800_000],
    ['48000', 'TZS', 4_800_000],
    [48000, 'TZS', 4_800_000],
    [48000.5, 'KES', 4_800_050],
    ['48000.', 'KES', 4_800_000],
    [' 1250.00 ', 'KES', 125_000],
    ['50000', 'UGX', 50_000],
    ['50000.00', 'UGX', 50_000],
    ['49999.50', 'UGX', 50_000],
    ['1.234', 'KWD', 1234],
    ['1.5', 'KWD', 1500],
    ['1500', 'JPY', 1500],
    ['0', 'TZS', 0],
    ['-0', 'TZS', 0],
    ['-12.34', 'TZS', -1234],
    ['+12.34', 'TZS', 1234],
    ['12.345', 'TZS', 1235],
    ['12.3449', 'TZS', 1234],
    ['-12.345', 'TZS', -1235],
    ['1.005', 'TZS', 101],
    ['0.1', 'TZS', 10],
    [0.1 + 0.2, 'TZS', 30],
    [1e-7, 'TZS', 0],
    ['0000012.30', 'TZS', 1230],
    ['90071992547409.91', 'TZS', Number.MAX_SAFE_INTEGER],
  ])('%j %s is %i minor units', (value, currency, expected) => {
    expect(Object.is(parseMoney(value, currency), expected)).toBe(true)
  })

  test.each([
    '',
    ' ',
    'abc',
    '1,000.00',
    '1.000,00',
    '1e5',
    '0x10',
    '.5',
    '--1',
    '1.2.3',
    '1 000',
    'TSh 100',
    '١٢٣',
    'Infinity',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
    '90071992547409.92',
    null,
    undefined,
    true,
    {},
    [],
    ['5'],
  ])('%j is no amount', (value) => {
    expect(parseMoney(value, 'TZS')).toBeUndefined()
  })
})

describe('toDecimal', () => {
  test.each<[number, string, string]>([
    [4_800_000, 'TZS', '48000.00'],
    [5, 'TZS', '0.05'],
    [0, 'KES', '0.00'],
    [-5, 'KES', '-0.05'],
    [-123_456, 'KES', '-1234.56'],
    [50_000, 'UGX', '50000'],
    [0, 'UGX', '0'],
    [-7, 'JPY', '-7'],
    [1234, 'KWD', '1.234'],
    [5, 'KWD', '0.005'],
    [Number.MAX_SAFE_INTEGER, 'TZS', '90071992547409.91'],
  ])('%i %s is "%s"', (minor, currency, expected) => {
    expect(toDecimal(minor, currency)).toBe(expected)
  })
})

test('every amount of every currency, written out and read back, is itself', () => {
  const random = seeded(14)
  for (const currency of CURRENCIES) {
    for (let round = 0; round < 500; round++) {
      const size = 10 ** Math.floor(random() * 16)
      const minor = Math.min(Number.MAX_SAFE_INTEGER, Math.floor(random() * size)) * (random() < 0.3 ? -1 : 1) + 0
      expect(parseMoney(toDecimal(minor, currency), currency)).toBe(minor)
    }
  }
})

test('a JSON number in major units is read exactly as long as it names the minor unit', () => {
  const random = seeded(15)
  for (const currency of ['TZS', 'KWD', 'UGX']) {
    for (let round = 0; round < 2000; round++) {
      const minor = Math.floor(random() * 1e12)
      expect(parseMoney(Number(toDecimal(minor, currency)), currency)).toBe(minor)
    }
  }
})

describe('formatMoney', () => {
  test.each<[number, string, string]>([
    [4_800_000, 'TZS', 'TSh 48,000'],
    [4_800_050, 'TZS', 'TSh 48,000.50'],
    [100, 'TZS', 'TSh 1'],
    [5, 'TZS', 'TSh 0.05'],
    [0, 'TZS', 'TSh 0'],
    [125_000, 'KES', 'KSh 1,250'],
    [125_001, 'KES', 'KSh 1,250.01'],
    [50_000, 'UGX', 'USh 50,000'],
    [1_234_567, 'UGX', 'USh 1,234,567'],
    [999, 'UGX', 'USh 999'],
    [1_234_567, 'KWD', 'KWD 1,234.567'],
    [1_000_000, 'KWD', 'KWD 1,000.000'],
    [1500, 'JPY', 'JPY 1,500'],
    [123_456, 'USD', '$1,234.56'],
    [120_000, 'USD', '$1,200.00'],
    [-4_800_000, 'TZS', '−TSh 48,000'],
    [-5, 'USD', '−$0.05'],
    [123_456_789_012, 'TZS', 'TSh 1,234,567,890.12'],
  ])('%i %s is written “%s”', (minor, currency, expected) => {
    expect(formatMoney(minor, currency)).toBe(expected)
  })
})
