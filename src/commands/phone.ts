import { AppError } from '../errors.ts'
import { badFilter } from '../query/times.ts'
import { parseSender } from '../shops/phone.ts'

/**
 * A phone as a person types it, as E.164 digits. A number without its country is read in `country`, which is the shops'
 * where they have but one: nobody's data is touched by a guess.
 */
export function phoneArgument(text: string, country: string | undefined, shops: { country: string }[]): string {
  const countries = [...new Set(country === undefined ? shops.map((shop) => shop.country) : [country.toUpperCase()])]
  const [only] = countries
  const international = /^\s*(\+|00)/.test(text)
  if (!international && (countries.length !== 1 || only === undefined)) {
    throw new AppError('phone.no_country', 'say --country, or write the number with + and the code of its country')
  }
  const { e164 } = parseSender(/[/,;|]/.test(text) ? '' : text, only ?? 'ZZ')
  // Karibu knows numbers of ranges that no library has heard of yet.
  const plain = /^\+([1-9]\d{6,14})$/.exec(text.replace(/[\s().-]/g, ''))?.[1]
  const phone = e164 ?? plain
  if (phone === undefined) throw new AppError('phone.invalid', 'this is not a phone number that can be dialled')
  return phone
}

/**
 * A phone that messages are looked for by: read like any that is typed, and where no country reads it so, taken for the
 * whole number that stands there.
 */
export function phoneFilter(text: string, shops: { country: string }[], name: 'to' | 'phone' = 'to'): string {
  const digits = text.replace(/[\s+().-]/g, '')
  try {
    return phoneArgument(text, undefined, shops)
  } catch (error) {
    if (/^[1-9]\d{6,17}$/.test(digits)) return digits
    const several = error instanceof AppError && error.code === 'phone.no_country'
    const choice = name === 'to' ? 'name the --shop, or ' : ''
    const how = several ? `${choice}write it with the code of its country` : 'write it as 255700000000'
    throw badFilter(name, `must be a phone number: ${how}`)
  }
}
