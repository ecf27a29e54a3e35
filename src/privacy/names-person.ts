import { partsOf } from '../shops/phone.ts'
import type { ErasureTarget } from '../store/words.ts'

/** What may stand between two digits of a number, also as JSON or a form escapes it. */
const BETWEEN = String.raw`(?:[\s().·\p{Pd}]|\\u[0-9a-fA-F]{4}|%20){0,3}`

/** Whether a text holds the number, however it is spaced and with or without its country, or the e-mail address. */
export function namesPerson({ phone, email }: Pick<ErasureTarget, 'phone' | 'email'>): (text: string) => boolean {
  const pattern = phone === null ? null : patternOf(phone)
  return (text) => pattern?.test(text) === true || (email !== null && text.toLowerCase().includes(email))
}

function patternOf(phone: string): RegExp {
  const { countryCode, national } = partsOf(phone)
  const digits = spaced(national)
  const before =
    countryCode === '' ? '' : `(?:(?:\\+|0{2,3})?${spaced(countryCode)}${BETWEEN}(?:0${BETWEEN})?|0${BETWEEN})?`
  return new RegExp(`(?<!\\d)${before}${digits}(?!\\d)`, 'u')
}

function spaced(digits: string): string {
  return digits.split('').join(BETWEEN)
}
