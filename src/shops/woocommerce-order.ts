import { claimKeysOf } from '../claim-code.ts'
import type { Order, Reading } from '../order.ts'
import {
  countryCode,
  currencyCode,
  type Fields,
  isRecord,
  list,
  localeCode,
  money,
  record,
  sumOf,
  time,
  word,
} from './fields.ts'
import { attributesOf, type FreeField, freeFields, namedField, phoneFields } from './free-fields.ts'
import { plainFromHtml } from './html.ts'
import { choosePhone, type PhoneCandidate, regionOf } from './phone.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'
import {
  type Amounts,
  readDiscounts,
  readFees,
  readLine,
  readRefunds,
  readShipping,
  readTaxes,
} from './woocommerce-amounts.ts'

/** Carts that are not orders yet; the block checkout sends its own. */
const DRAFTS = new Set(['checkout-draft', 'auto-draft', 'draft', 'new'])
/** WPML, TranslatePress and Polylang keep the language of the checkout in one of these. */
const LANGUAGE_KEYS = /^_?(wpml_language|trp_language|pll_(lang|language|locale))$/i

/** A REST v3 order; anything else is ignored with the reason. */
export function readWooCommerce(body: Fields, options: ReadOptions): Reading {
  const no = whyNot(body, options.topic)
  if (no !== null) return ignored(no)

  const id = word(body['id'])
  const currency = currencyCode(body['currency'])
  if (id === null) return ignored('The body has no order id.')
  if (currency === null) return ignored('The order has no currency.')
  const total = money(body['total'], currency)
  if (total === undefined) return ignored('The order has no total that can be read.')
  if (total < 0) return ignored('The order total is below zero.')

  const status = statusOf(body)
  const times = timesOf(body, status, options)
  const meta = freeFields(list(body['meta_data']), 'key')
  const amounts: Amounts = { currency, withTax: body['prices_include_tax'] === true }
  const lines = list(body['line_items']).map((line) => readLine(line, amounts))
  const refunds = readRefunds(body, status, { currency, total, at: times.updatedAt })

  const order: Order = {
    id,
    number: plainFromHtml(body['number'], 64) ?? id,
    partial: false,
    test: false,
    ...times,
    customer: readCustomer(body),
    ...readPhone(body, meta, options),
    locale: meta.map(({ name, value }) => (LANGUAGE_KEYS.test(name) ? localeCode(value) : null)).find(Boolean) ?? null,
    currency,
    lines,
    subtotal: lines.reduce((sum, line) => sum + line.total, 0),
    discounts: readDiscounts(body, amounts),
    shipping: readShipping(body, amounts),
    fees: readFees(body, amounts),
    taxes: readTaxes(body, currency),
    taxIncluded: amounts.withTax,
    total,
    refunds,
    refundedTotal: sumOf(refunds),
    payment: {
      method: plainFromHtml(body['payment_method_title'], 100) ?? plainFromHtml(body['payment_method'], 100),
      reference: plainFromHtml(body['transaction_id'], 100),
    },
    url: null,
    attributes: attributesOf(meta),
  }
  const claimKeys = claimKeysOf(word(body['order_key'], 300))
  return { kind: 'order', order, occurredAt: order.updatedAt ?? order.createdAt, claimKeys }
}

function whyNot(body: Fields, topic: string | null): string | null {
  if (topic !== null && !topic.startsWith('order.')) return `Deliveries of the topic ${topic} are not orders.`
  if (topic === 'order.deleted' || (Object.keys(body).length === 1 && word(body['id']) !== null)) {
    return 'The shop deleted an order: nothing is sent about it, and what is known of it stays.'
  }
  if ('action' in body && 'arg' in body) return 'A delivery of a WordPress action, not an order.'
  if (isRecord(body['order']) && body['id'] === undefined) {
    return 'An order in the old (legacy) format: set the webhook to API version WP REST API v3.'
  }
  const status = statusOf(body)
  if (DRAFTS.has(status)) return `The order is a draft (${status}).`
  if (status === 'trash') return "The order is in the shop's bin."
  return null
}

function statusOf(body: Fields): string {
  return (word(body['status']) ?? '').toLowerCase().replace(/^wc-/, '')
}

function timesOf(body: Fields, status: string, options: ReadOptions) {
  const createdAt = time(body['date_created_gmt'])
  const updatedAt = time(body['date_modified_gmt']) ?? createdAt
  const best = updatedAt ?? options.receivedAt ?? 0
  return {
    createdAt,
    updatedAt,
    paidAt: paidAt(body, updatedAt),
    fulfilledAt: status === 'completed' ? (time(body['date_completed_gmt']) ?? best) : null,
    // `failed` is a payment that did not go through: the customer may try again.
    cancelledAt: status === 'cancelled' ? best : null,
  }
}

/**
 * The date is the proof, not the status: cash on delivery goes to `processing`, and even `completed`, without one.
 * `date_paid` is in the shop's own zone, so it counts only where the API is too old to send the UTC one, and never as
 * later than the order's last change.
 */
function paidAt(body: Fields, updatedAt: number | null): number | null {
  if (body['date_paid_gmt'] !== undefined) return time(body['date_paid_gmt'])
  const local = time(body['date_paid'])
  return local === null ? null : Math.min(local, updatedAt ?? local)
}

function readCustomer(body: Fields): Order['customer'] {
  const addresses = [record(body['billing']), record(body['shipping'])]
  for (const address of addresses) {
    const firstName = plainFromHtml(address['first_name'], 100)
    const name = [firstName, plainFromHtml(address['last_name'], 100)].filter(Boolean).join(' ')
    if (name !== '') return { name, firstName }
  }
  const company = addresses.map((address) => plainFromHtml(address['company'], 200)).find(Boolean)
  return { name: company ?? null, firstName: null }
}

/**
 * The phone of the billing address, of the shipping address, then fields named for WhatsApp, then any other phone
 * field; but the field the shop's settings name comes before all, if it holds a valid number.
 */
function readPhone(body: Fields, meta: readonly FreeField[], options: ReadOptions): Pick<Order, 'phone' | 'country'> {
  const { country: shopCountry, whatsappField } = options
  const billing = record(body['billing'])
  const shipping = record(body['shipping'])
  const countries = { billing: countryCode(billing['country']), shipping: countryCode(shipping['country']) }
  const candidate = (raw: unknown, own: string | null, other: string | null): PhoneCandidate => ({
    raw,
    region: regionOf([own, other], shopCountry),
  })
  const fromMeta = ({ name, value }: FreeField) =>
    name.includes('shipping')
      ? candidate(value, countries.shipping, countries.billing)
      : candidate(value, countries.billing, countries.shipping)
  const { phone, from } = choosePhone([
    ...namedField(meta, whatsappField).map(fromMeta),
    candidate(billing['phone'], countries.billing, countries.shipping),
    candidate(shipping['phone'], countries.shipping, countries.billing),
    ...phoneFields(meta).map(fromMeta),
  ])
  return { phone, country: from?.region ?? regionOf([countries.billing, countries.shipping], shopCountry) }
}
