import { AppError } from '../errors.ts'
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
