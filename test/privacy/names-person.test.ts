import { expect, test } from 'vitest'
import { phoneArgument } from '../../src/commands/phone.ts'
import { namesPerson } from '../../src/privacy/names-person.ts'

const names = namesPerson({ phone: '255712345678', email: 'asha@example.com' })

test.each([
  '255712345678',
  '+255 712 345 678',
  '00255712345678',
  '+255 (0) 712-345-678',
  '0712345678',
  '0712 345 678',
  '0712.345.678',
  '(0712) 345–678',
  '712345678',
  '"phone":"0712\\u00a0345\\u00a0678"',
  'tel:+255712345678;x=1',
  'ASHA@Example.com',
])('“%s” names the person', (text) => {
  expect(names(text)).toBe(true)
})

test.each([
  '',
  '255712345679',
  '2557123456780',
  '1712345678',
  '0712 345 67',
  '12 345 678',
  '254712345678',
  '71234,5678',
  'asha@example.co',
])('“%s” is somebody or something else', (text) => {
  expect(names(text)).toBe(false)
})

test('a number no library knows is looked for as it is', () => {
  expect(namesPerson({ phone: '99912345', email: null })('to 99912345')).toBe(true)
  expect(namesPerson({ phone: null, email: null })('anything')).toBe(false)
})

const TZ = [{ country: 'TZ' }, { country: 'TZ' }]

test.each<[string, string | undefined, { country: string }[], string]>([
  ['0712 345 678', undefined, TZ, '255712345678'],
  ['255712345678', undefined, TZ, '255712345678'],
  ['+255 712 345 678', undefined, [{ country: 'KE' }, { country: 'TZ' }], '255712345678'],
  ['00255712345678', undefined, [], '255712345678'],
  ['0712 345 678', 'ke', TZ, '254712345678'],
  ['+99912345678', undefined, TZ, '99912345678'],
])('%s in %s is read as a phone', (text, country, shops, expected) => {
  expect(phoneArgument(text, country, shops)).toBe(expected)
})

test.each<[string, { country: string }[], string]>([
  ['0712345678', [{ country: 'KE' }, { country: 'TZ' }], 'phone.no_country'],
  ['Asha', TZ, 'phone.invalid'],
  ['0712345678 / 0754000123', TZ, 'phone.invalid'],
  ['12345', TZ, 'phone.invalid'],
])('%s is refused rather than guessed', (text, shops, code) => {
  expect(() => phoneArgument(text, undefined, shops)).toThrowError(expect.objectContaining({ code }))
})
