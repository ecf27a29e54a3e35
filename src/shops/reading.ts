import type { Order, Reading } from '../order.ts'
import { type Fields, isRecord } from './fields.ts'
import { parseJson } from './json.ts'
import { NO_PHONE } from './phone.ts'

/** What readers of several platforms give alike. */

export function ignored(reason: string): Reading {
  return { kind: 'ignored', reason }
}

/** Gives the body to `read` if it is a JSON object; else why it is not. */
export function readObject(body: Uint8Array, read: (value: Fields) => Reading): Reading[] {
  const parsed = parseJson(body)
  if (!parsed.ok) return [ignored(parsed.reason)]
  return [isRecord(parsed.value) ? read(parsed.value) : ignored('The body is not a JSON object.')]
}

/** A delivery that tells only part of an order (a bare refund): what it says is added to the order that is stored. */
export function partialOrder(known: {
  id: string
  currency: string
  at: number | null
  test: boolean
  country: string
}): Order {
  return {
    id: known.id,
    number: known.id,
    partial: true,
    test: known.test,
    createdAt: null,
    updatedAt: known.at,
    paidAt: null,
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: null, firstName: null },
    phone: NO_PHONE,
    country: known.country,
    locale: null,
    currency: known.currency,
    lines: [],
    subtotal: 0,
    discounts: [],
    shipping: [],
    fees: [],
    taxes: [],
    taxIncluded: false,
    total: 0,
    refunds: [],
    refundedTotal: 0,
    payment: { method: null, reference: null },
    url: null,
    attributes: {},
  }
}
