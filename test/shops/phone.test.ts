import { describe, expect, test } from 'vitest'
import { choosePhone, parsePhone, parseSender, regionOf } from '../../src/shops/phone.ts'

describe('a number is read as its writer meant it', () => {
  test.each([
    // what was typed, region, digits
    ['0754 000 123', 'TZ', '255754000123'],
    ['754000123', 'TZ', '255754000123'],
    ['255713000321', 'TZ', '255713000321'],
    ['+255713000321', 'KE', '255713000321'],
    ['00255713000321', 'TZ', '255713000321'],
    ['00 255 713 000 321', 'KE', '255713000321'],
    ['000255713000321', 'TZ', '255713000321'],
    ['+255 (0) 713-000-321', 'TZ', '255713000321'],
    ['+255 0713 000 321', 'TZ', '255713000321'],
    [' 0 7 1 3-000-321 ', 'TZ', '255713000321'],
    ['0713.000.321', 'TZ', '255713000321'],
    ['0713–000–321', 'TZ', '255713000321'],
    ['(0713) 000321', 'TZ', '255713000321'],
    ['0754000123 / 0688000456', 'TZ', '255754000123'],
    ['12 / 0688000456', 'TZ', '255688000456'],
    ['0754000123, 0688000456', 'TZ', '255754000123'],
    ['0222110000; 0688000456', 'TZ', '255688000456'],
    ['0754000123 or 0688000456', 'TZ', '255754000123'],
    ['0754000123 AU 0688000456', 'TZ', '255754000123'],
    ['0754000123\n0688000456', 'TZ', '255754000123'],
    ['０７５４０００１２３', 'TZ', '255754000123'],
    ['٠٧٥٤٠٠٠١٢٣', 'TZ', '255754000123'],
    ['۰۷۵۴۰۰۰۱۲۳', 'TZ', '255754000123'],
    ['\u202a+255 713 000 321\u202c', 'TZ', '255713000321'],
    ['0713\u00a0000\u00a0321', 'TZ', '255713000321'],
    [754000123, 'TZ', '255754000123'],
    ['0712 000 345', 'KE', '254712000345'],
    ['0110 000 345', 'KE', '254110000345'],
    ['0772 123 456', 'UG', '256772123456'],
    ['254712000345', 'TZ', '254712000345'],
    ['255713000321', 'KE', '255713000321'],
    ['14155552671', 'TZ', '14155552671'],
    ['(613) 555-0135', 'CA', '16135550135'],
    ['011 255 713 000 321', 'US', '255713000321'],
  ])('%j in %s', (raw, region, e164) => {
    expect(parsePhone(raw, region)).toEqual({ raw: String(raw), e164, problem: null })
  })
})

describe('a number that cannot be trusted is refused, with what was typed', () => {
  test.each([
    ['Nil', 'TZ'],
    ['-', 'TZ'],
    ['0000000000', 'TZ'],
    ['123', 'TZ'],
    ['2.55754E+11', 'TZ'],
    ['555-555-SHIP', 'US'],
    ['*150*00#', 'TZ'],
    ['0754000123 ext 4', 'TZ'],
    ['0222110000', 'TZ'], // a landline
    ['+255222110000', 'TZ'],
    ['0412345678', 'TZ'], // an Australian mobile in national form: no other region is tried
    ['4155552671', 'TZ'], // ten digits are no international number
    ['71200034512', 'TZ'], // two digits too many, and a Kazakh number with a plus before it
    ['+255713000', 'TZ'],
    ['713+255000321', 'TZ'],
    ['(555) 555-5555', 'US'],
    ['0754000123 0688000456', 'TZ'],
    ['0754000123-22', 'TZ'],
    [7.5e-7, 'TZ'],
    [`0754000123${' '.repeat(100)}`, 'TZ'],
  ])('%j in %s', (raw, region) => {
    const phone = parsePhone(raw, region)
    expect(phone).toMatchObject({ e164: null, problem: 'invalid_phone' })
    expect(String(raw).startsWith(phone.raw ?? 'none')).toBe(true)
  })

  test.each([[''], ['   '], [null], [undefined], [{}], [[]], [true]])('%j is no phone at all', (raw) => {
    expect(parsePhone(raw, 'TZ')).toEqual({ raw: null, e164: null, problem: 'no_phone' })
  })
})

test('the first valid number counts; without any, the first that was typed', () => {
  const choose = (...raws: unknown[]) => choosePhone(raws.map((raw) => ({ raw, region: 'TZ' }))).phone
  expect(choose('0754000123', '0688000456').e164).toBe('255754000123')
  expect(choose('12', '0688000456').e164).toBe('255688000456')
  expect(choose('', '0688 000', '075')).toMatchObject({ raw: '0688 000', problem: 'invalid_phone' })
  expect(choose(null, '').problem).toBe('no_phone')
})

test('the writer of a WhatsApp message is named internationally, on any kind of line', () => {
  expect(parseSender('255713000321', 'KE').e164).toBe('255713000321')
  expect(parseSender('+255222110000', 'TZ').e164).toBe('255222110000')
  expect(parseSender('6591234567', 'TZ').e164).toBe('6591234567')
  expect(parseSender('0713000321', 'TZ').e164).toBe('255713000321')
  expect(parseSender('somebody', 'TZ').problem).toBe('invalid_phone')
})

test('a country nobody assigned falls back to the next', () => {
  expect(regionOf(['XX', null, 'KE'], 'TZ')).toBe('KE')
  expect(regionOf(['XX', null], 'TZ')).toBe('TZ')
})
