import type { Order } from '../order.ts'
import { type Fields, plain, record } from './fields.ts'
import { type FreeField, namedField, phoneFields } from './free-fields.ts'
import { choosePhone, type PhoneCandidate, regionOf } from './phone.ts'
import type { ReadOptions } from './platform.ts'

/** Somebody an order names, with the country of their own address. */
export interface Person {
  phone: unknown
  country: string | null
}

/**
 * The first valid number of these people, each read in their own country; then of free fields named for WhatsApp or a phone.
 * The field the shop's settings name comes before all.
 */
export function buyerPhone(
  people: readonly Person[],
  fields: readonly FreeField[],
  { country: shopCountry, whatsappField }: ReadOptions,
): Pick<Order, 'phone' | 'country'> {
  const countries = people.map(({ country }) => country)
  const candidate = (raw: unknown, own: string | null = null): PhoneCandidate => ({
    raw,
    region: regionOf([own, ...countries], shopCountry),
  })
  const { phone, from } = choosePhone([
    ...namedField(fields, whatsappField).map(({ value }) => candidate(value)),
    ...people.map((person) => candidate(person.phone, person.country)),
    ...phoneFields(fields).map(({ value }) => candidate(value)),
  ])
  return { phone, country: from?.region ?? regionOf(countries, shopCountry) }
}

/** Free fields kept as one object, `{ name: value }`. */
export function fieldsIn(value: unknown): FreeField[] {
  return Object.entries(record(value))
    .slice(0, 100)
    .map(([name, field]) => ({ name: name.slice(0, 100), value: field }))
}

/** Of the first who has one, of `first_name` and `last_name`; `text` reads one of them. */
export function nameOf(people: readonly Fields[], text: typeof plain = plain): Order['customer'] {
  for (const person of people) {
    const firstName = text(person['first_name'], 100)
    const name = [firstName, text(person['last_name'], 100)].filter(Boolean).join(' ')
    if (name !== '') return { name, firstName }
  }
  return { name: null, firstName: null }
}
