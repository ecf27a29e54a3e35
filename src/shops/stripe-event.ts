import type { Order } from '../order.ts'
import { buyerPhone, type Person } from './buyer.ts'
import { countryCode, type Fields, plain, record, unixTime, word } from './fields.ts'
import { attributesOf, type FreeField } from './free-fields.ts'
import type { ReadOptions } from './platform.ts'

/** A snapshot event (`object: "event"`) with what every reader needs of it. */
export interface StripeEvent {
  type: string
  object: Fields
  /** When it happened; of the delivery, where it does not say. */
  at: number
  test: boolean
  options: ReadOptions
}

export function stripeEvent(body: Fields, options: ReadOptions): StripeEvent {
  const object = record(record(body['data'])['object'])
  return {
    type: word(body['type'], 100) ?? '',
    object,
    at: unixTime(body['created']) ?? options.receivedAt ?? 0,
    test: body['livemode'] !== true || object['livemode'] === false,
    options,
  }
}

/** An id that stands as text or, expanded, as the object it names. */
export function idOf(value: unknown): string | null {
  return word(value, 255) ?? word(record(value)['id'], 255)
}

/** Keys shops keep an id of the order under, which need not be a number people know. */
const ID_KEYS = ['order_id', 'orderId', 'order', 'reference']

/** The number people know: Stripe has none, so it is what the shop put there, else the id. */
export function numberOf(object: Fields, id: string): string {
  const metadata = record(object['metadata'])
  const named = [metadata['order_number'], metadata['orderNumber'], object['client_reference_id']]
  const texts = [...named, ...ID_KEYS.map((key) => metadata[key])].map((value) => word(value))
  return texts.find((text) => text !== null) ?? id
}

/** Somebody with a name, a phone and an address, as several objects of Stripe hold one. */
export interface StripePerson extends Person {
  name: string | null
}

export function personOf(value: unknown): StripePerson {
  const fields = record(value)
  return {
    name: plain(fields['name'], 200),
    phone: fields['phone'],
    country: countryCode(record(fields['address'])['country']),
  }
}

/** What people said of themselves, the first who says it; and the shop's free fields of the order. */
export function buyer(
  people: readonly StripePerson[],
  fields: readonly FreeField[],
  options: ReadOptions,
): Pick<Order, 'customer' | 'phone' | 'country' | 'attributes'> {
  const name = people.map((person) => person.name).find((text) => text !== null) ?? null
  return {
    customer: { name, firstName: name?.split(' ')[0] ?? null },
    ...buyerPhone(people, fields, options),
    attributes: attributesOf(fields),
  }
}
