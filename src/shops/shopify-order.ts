import { claimKeysOf } from '../claim-code.ts'
import type { Order, Reading } from '../order.ts'
import {
  countryCode,
  currencyCode,
  type Fields,
  list,
  localeCode,
  plain,
  record,
  sumOf,
  time,
  webAddress,
  word,
} from './fields.ts'
import { attributesOf, type FreeField, freeFields, namedField, phoneFields } from './free-fields.ts'
import { choosePhone, type PhoneCandidate, regionOf } from './phone.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'
import { isTip, readDiscounts, readFees, readLine, readRefunds, readTaxes } from './shopify-amounts.ts'
import { amountOf, type Currencies, exactId, isTestOrderId, type ShopifyReadOptions } from './shopify-fields.ts'

/** It was paid, whatever went back later; `partially_paid` was not. */
const PAID = new Set(['paid', 'partially_refunded', 'refunded'])

export function readShopifyOrder(body: Fields, options: ShopifyReadOptions): Reading {
  const id = exactId(body, 'Order')
  const currencies = currenciesOf(body)
  if (id === null) return ignored('The body has no order id.')
  if (currencies === null) return ignored('The order has no currency.')
  const total = amountOf(body, 'total_price', currencies)
  if (total === undefined) return ignored('The order has no total that can be read.')
  if (total < 0) return ignored('The order total is below zero.')

  const items = list(body['line_items'])
  const lines = items.filter((item) => !isTip(item)).map((item) => readLine(item, currencies))
  const notes = freeFields(list(body['note_attributes'], 200), 'name')
  const shippingLines = list(body['shipping_lines'], 100).filter((line) => line['is_removed'] !== true)
  const refunds = readRefunds(body, { ...currencies, total })
  const times = timesOf(body, options)

  const order: Order = {
    id,
    number: plain(body['name'], 64) ?? word(body['order_number']) ?? id,
    partial: false,
    test: body['test'] === true || options.isTest || isTestOrderId(id) || looksLikeTestNotification(body),
    ...times,
    customer: readCustomer(body),
    ...readPhone(body, notes, options),
    locale: localeCode(body['customer_locale']),
    currency: currencies.display,
    lines,
    subtotal: lines.reduce((sum, line) => sum + line.total, 0),
    discounts: readDiscounts(body, items, shippingLines, currencies),
    shipping: shippingLines.map((line) => ({
      label: plain(line['title'], 100) ?? '',
      amount: amountOf(line, 'discounted_price', currencies) ?? amountOf(line, 'price', currencies) ?? 0,
    })),
    fees: readFees(body, items, currencies),
    taxes: readTaxes(body, currencies),
    taxIncluded: body['taxes_included'] === true,
    total,
    refunds,
    refundedTotal: sumOf(refunds),
    payment: { method: paymentMethod(body), reference: null },
    url: webAddress(body['order_status_url']),
    attributes: attributesOf(notes),
  }
  // Liquid on the thank-you page knows the first, an app block there the second.
  const claimKeys = claimKeysOf(word(body['checkout_token'], 300), word(body['confirmation_number'], 300))
  return { kind: 'order', order, occurredAt: order.updatedAt ?? order.createdAt, claimKeys }
}

/** The buyer's own currency when the body has the total in it, else the shop's. */
function currenciesOf(body: Fields): Currencies | null {
  const shop = currencyCode(body['currency'])
  const buyers = currencyCode(body['presentment_currency'])
  if (buyers !== null && amountOf(body, 'total_price', { display: buyers, shop: shop ?? buyers }) !== undefined) {
    return { display: buyers, shop: shop ?? buyers }
  }
  return shop === null ? null : { display: shop, shop }
}

function timesOf(body: Fields, { topic, receivedAt }: ShopifyReadOptions) {
  const createdAt = time(body['created_at'])
  const updatedAt = time(body['updated_at']) ?? createdAt
  const processedAt = time(body['processed_at'])
  const best = updatedAt ?? receivedAt ?? 0
  // `processed_at` is when the checkout was done; `orders/paid` may come days later, at the moment of its `updated_at`.
  const paidAt = topic === 'orders/paid' ? (time(body['updated_at']) ?? processedAt) : (processedAt ?? updatedAt)
  return {
    createdAt,
    updatedAt,
    paidAt: PAID.has(word(body['financial_status']) ?? '') ? (paidAt ?? best) : null,
    fulfilledAt: fulfilledAt(body, best),
    cancelledAt: time(body['cancelled_at']),
  }
}

function fulfilledAt(body: Fields, best: number): number | null {
  if (body['fulfillment_status'] !== 'fulfilled') return null
  const done = list(body['fulfillments'], 100)
    .filter((fulfilment) => fulfilment['status'] === 'success')
    .map((fulfilment) => time(fulfilment['created_at']) ?? 0)
  return Math.max(0, ...done) || best
}

/** "Send test notification" for bodies that lost their `test: true` on the way: its number together with its people. */
function looksLikeTestNotification(body: Fields): boolean {
  if (body['name'] !== '#9999') return false
  const invented =
    /^jon@(example\.com|doe\.ca)$/.test(word(body['email']) ?? '') ||
    [body['shipping_address'], body['billing_address']].some((address) => record(address)['phone'] === '555-555-SHIP')
  return invented && (body['confirmed'] === false || word(body['order_number']) === '1234')
}

function paymentMethod(body: Fields): string | null {
  const names = Array.isArray(body['payment_gateway_names']) ? body['payment_gateway_names'].slice(0, 5) : []
  const readable = names.flatMap((name) => plain(name, 60)?.replaceAll('_', ' ') ?? [])
  return readable.length === 0 ? null : readable.join(', ')
}

function readCustomer(body: Fields): Order['customer'] {
  const customer = record(body['customer'])
  for (const person of [record(body['shipping_address']), record(body['billing_address']), customer]) {
    const firstName = plain(person['first_name'], 100)
    const whole = plain(person['name'], 200) ?? [firstName, plain(person['last_name'], 100)].filter(Boolean).join(' ')
    if (whole !== '') return { name: whole, firstName: firstName ?? whole.split(' ')[0] ?? null }
  }
  return { name: null, firstName: null }
}

/**
 * The order's phone, the addresses' and the customer's, each with the country of its own address, then note attributes
 * named for WhatsApp or a phone; but the one the shop's settings name comes before all, if it holds a valid number.
 */
function readPhone(body: Fields, notes: readonly FreeField[], options: ReadOptions): Pick<Order, 'phone' | 'country'> {
  const { country: shopCountry, whatsappField } = options
  const customer = record(body['customer'])
  const addresses = [body['shipping_address'], body['billing_address'], customer['default_address']].map(record)
  const countries = addresses.map((address) => countryCode(address['country_code']))
  const candidate = (raw: unknown, own: string | null): PhoneCandidate => ({
    raw,
    region: regionOf([own, ...countries], shopCountry),
  })
  const fromNote = (note: FreeField) => candidate(note.value, null)
  const [shipping, billing, home] = addresses.map((address, index) =>
    candidate(address['phone'], countries[index] ?? null),
  )
  const usual = [
    candidate(body['phone'], null),
    shipping,
    billing,
    candidate(customer['phone'], countries[2] ?? null),
    home,
    ...phoneFields(notes).map(fromNote),
  ].filter((item) => item !== undefined)
  const { phone, from } = choosePhone([...namedField(notes, whatsappField).map(fromNote), ...usual])
  return { phone, country: from?.region ?? regionOf(countries, shopCountry) }
}
