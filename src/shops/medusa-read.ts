import type { Order, Reading } from '../order.ts'
import { buyerPhone, fieldsIn, nameOf } from './buyer.ts'
import {
  countryCode,
  currencyCode,
  type Fields,
  isRecord,
  list,
  localeCode,
  money,
  plain,
  record,
  sumOf,
  time,
  word,
} from './fields.ts'
import { attributesOf } from './free-fields.ts'
import { readDiscounts, readLine, readRefunds, readShipping } from './medusa-amounts.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'
import { plainToken } from './signature.ts'

const EVENTS =
  /^(order\.(placed|updated|completed|canceled|fulfillment_created|fulfillment_canceled|return_requested|return_received)|shipment\.created|delivery\.created|payment\.(captured|refunded))$/
/** The money came, whatever went back later; `partially_captured` and `authorized` are not paid. */
const PAID = new Set(['captured', 'partially_refunded', 'refunded'])
/** `fulfilled` is Medusa's word for packed. */
const SHIPPED = new Set(['shipped', 'partially_delivered', 'delivered'])

interface Told {
  /** '' for a bare order. */
  event: string
  at: number | null
  order: Fields
}

/** `{ type | name | event, timestamp?, data: order | { order } }`, or an order alone, whose state then says all. */
export function readMedusa(body: Fields, options: ReadOptions): Reading {
  const event = word(body['type'] ?? body['name'] ?? body['event'], 100) ?? ''
  const data = event === '' ? body : record(body['data'])
  if (event !== '' && !EVENTS.test(event)) {
    return ignored(`Events of the type ${plainToken(event) ?? 'it names'} are not known here.`)
  }
  const order = isRecord(data['order']) ? data['order'] : data
  if ([body, data, order].some((part) => part['no_notification'] === true)) {
    return ignored('The shop chose not to notify the customer (no_notification).')
  }
  if (currencyCode(order['currency_code']) === null) {
    return ignored('Only an id was sent: let the subscriber post the whole order as data (or as data.order).')
  }
  return readOrder({ event, at: time(body['timestamp']), order }, options)
}

function readOrder(told: Told, options: ReadOptions): Reading {
  const { order: body } = told
  const id = word(body['id'])
  const currency = currencyCode(body['currency_code'])
  if (id === null || currency === null) return ignored('The order has no id.')
  if (body['status'] === 'draft' || body['is_draft_order'] === true) return ignored('The order is a draft.')
  const total = money(body['total'], currency)
  if (total === undefined || total < 0) return ignored('The order has no total that can be read.')

  const items = list(body['items'])
  const methods = list(body['shipping_methods'], 100)
  const taxIncluded = items.length > 0 && items.every((item) => item['is_tax_inclusive'] === true)
  const lines = items.map((item) => readLine(item, currency))
  const tax = money(body['tax_total'], currency) ?? 0
  const times = timesOf(told, options)
  const refunds = readRefunds(body, { currency, total, at: times.updatedAt })
  const order: Order = {
    id,
    number: word(body['custom_display_id']) ?? word(body['display_id']) ?? id,
    partial: false,
    test: false,
    ...times,
    ...readBuyer(body, options),
    locale: localeCode(body['locale']),
    currency,
    lines,
    subtotal: lines.reduce((sum, line) => sum + line.total, 0),
    discounts: readDiscounts(body, items, { currency, taxIncluded }),
    shipping: readShipping(body, methods, currency),
    fees: [],
    taxes: tax > 0 ? [{ label: '', rate: null, amount: tax }] : [],
    taxIncluded,
    total,
    refunds,
    refundedTotal: sumOf(refunds),
    payment: readPayment(body),
    url: null,
  }
  return { kind: 'order', order, occurredAt: told.at ?? order.updatedAt }
}

/** The state decides; only where the subscriber left a status out does the event's name assert it. */
function timesOf({ event, at, order }: Told, options: ReadOptions) {
  const createdAt = time(order['created_at'])
  // A payment or a parcel does not touch the order's own time.
  const updatedAt = Math.max(time(order['updated_at']) ?? createdAt ?? 0, at ?? 0) || null
  const best = at ?? updatedAt ?? options.receivedAt ?? 0
  const payment = word(order['payment_status'])
  const parcel = word(order['fulfillment_status'])
  const isPaid = payment === null ? event === 'payment.captured' : PAID.has(payment)
  const isShipped = parcel === null ? /^(shipment|delivery)\.created$/.test(event) : SHIPPED.has(parcel)
  const isCancelled = order['status'] === 'canceled' || event === 'order.canceled'
  return {
    createdAt,
    updatedAt,
    paidAt: isPaid ? (capturedAt(order) ?? best) : null,
    fulfilledAt: isShipped ? best : null,
    cancelledAt: time(order['canceled_at']) ?? (isCancelled ? best : null),
  }
}

function paymentsOf(order: Fields): Fields[] {
  return list(order['payment_collections'], 20).flatMap((collection) => list(collection['payments'], 20))
}

function capturedAt(order: Fields): number | null {
  return Math.max(0, ...paymentsOf(order).map((payment) => time(payment['captured_at']) ?? 0)) || null
}

function readPayment(order: Fields): Order['payment'] {
  const [payment] = paymentsOf(order)
  // Providers are named `pp_stripe_stripe`; the system's own is no name for people.
  const provider = plain(payment?.['provider_id'], 60)?.replace(/^pp_/, '').split('_')[0]
  return {
    method: provider === undefined || provider === 'system' ? null : provider,
    reference: plain(payment?.['id'], 100),
  }
}

/** The shipping address, the billing address and the customer; then fields of the order's metadata. */
function readBuyer(order: Fields, options: ReadOptions): Pick<Order, 'customer' | 'phone' | 'country' | 'attributes'> {
  const people = [order['shipping_address'], order['billing_address'], order['customer']].map(record)
  const fields = fieldsIn(order['metadata'])
  const named = people.map((person) => ({ phone: person['phone'], country: countryCode(person['country_code']) }))
  return { customer: nameOf(people), ...buyerPhone(named, fields, options), attributes: attributesOf(fields) }
}
