import { ASSERTED_REFUND, type Order, type OrderAmount, type OrderLine, type Reading } from '../order.ts'
import { buyerPhone, nameOf } from './buyer.ts'
import {
  clip,
  countryCode,
  currencyCode,
  type Fields,
  list,
  localeCode,
  mailTime,
  money,
  plain,
  quantity,
  record,
  sumOf,
  word,
} from './fields.ts'
import { attributesOf, type FreeField, freeFields } from './free-fields.ts'
import { plainFromHtml } from './html.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'

export interface BigcommerceAnswers {
  order: Fields
  products: readonly Fields[]
  addresses: readonly Fields[]
  coupons: readonly Fields[]
}

/** Status ids by what they say; merchants may rename statuses, but not renumber them. */
const SHIPPED = new Set(['2', '10'])
const REFUNDED = '4'
const CANCELLED = new Set(['5', '6'])
const PAID_STATUS = new Set(['2', '3', '4', '8', '9', '10', '11', '14'])
const MONEY_CAME = new Set(['captured', 'paid', 'partially refunded', 'refunded'])

/** Amounts are text with four decimals, each with and without tax, in the currency the shopper paid in. */
interface Amounts {
  currency: string
  /** The shop shows prices with tax. */
  withTax: boolean
}

/** `GET /v2/orders/{id}` with its products, addresses and coupons. */
export function readBigcommerceOrder(answers: BigcommerceAnswers, options: ReadOptions): Reading {
  const { order: body, products, addresses, coupons } = answers
  const id = word(body['id'])
  // `currency_code` is only what prices were shown in.
  const currency = currencyCode(body['default_currency_code']) ?? currencyCode(body['currency_code'])
  if (id === null) return ignored('The order has no id.')
  if (currency === null) return ignored('The order has no currency.')
  const total = money(body['total_inc_tax'], currency)
  if (total === undefined || total < 0) return ignored('The order has no total that can be read.')

  const amounts: Amounts = { currency, withTax: body['is_tax_inclusive_pricing'] === true }
  const lines = products.map((product) => readLine(product, amounts))
  const tax = money(body['total_tax'], currency) ?? 0
  const times = timesOf(body, options)
  const order: Order = {
    id,
    number: id,
    partial: false,
    test: /^test payment (gateway|provider)$/i.test(plain(body['payment_method']) ?? ''),
    ...times,
    ...readBuyer(body, addresses, options),
    locale: localeCode(body['customer_locale']),
    currency,
    lines,
    subtotal: money(body[side('subtotal', amounts)], currency) ?? lines.reduce((sum, line) => sum + line.total, 0),
    discounts: readDiscounts(body, coupons, amounts),
    shipping: readShipping(body, addresses, amounts),
    fees: readFees(body, amounts),
    taxes: tax > 0 ? [{ label: '', rate: null, amount: tax }] : [],
    taxIncluded: amounts.withTax,
    total,
    ...readRefunds(body, { total, currency, at: times.updatedAt }),
    payment: { method: plainFromHtml(body['payment_method'], 100), reference: plain(body['payment_provider_id'], 100) },
    url: null,
  }
  return { kind: 'order', order, occurredAt: order.updatedAt ?? order.createdAt }
}

function side(name: string, { withTax }: Amounts): string {
  return `${name}_${withTax ? 'inc' : 'ex'}_tax`
}

function amountOf(part: Fields, name: string, amounts: Amounts): number {
  return money(part[side(name, amounts)], amounts.currency) ?? 0
}

function timesOf(body: Fields, options: ReadOptions) {
  const createdAt = mailTime(body['date_created'])
  const updatedAt = mailTime(body['date_modified']) ?? createdAt
  const best = updatedAt ?? options.receivedAt ?? 0
  const status = word(body['status_id']) ?? ''
  return {
    createdAt,
    updatedAt,
    // No date of the payment is told. The order's own keeps an old one that is touched from looking newly paid.
    paidAt: isPaid(body, status) ? (createdAt ?? best) : null,
    fulfilledAt: SHIPPED.has(status) ? (mailTime(body['date_shipped']) ?? best) : null,
    cancelledAt: CANCELLED.has(status) ? best : null,
  }
}

/**
 * The payment's own status decides where there is one. Offline methods have none: then the order's status does, but cash
 * on delivery is paid only with the order completed.
 */
function isPaid(body: Fields, status: string): boolean {
  const payment = (plain(body['payment_status']) ?? '').toLowerCase()
  if (payment !== '') return MONEY_CAME.has(payment)
  const onDelivery = /\bcash on delivery\b|^cod$/i.test(plain(body['payment_method']) ?? '')
  return onDelivery ? status === '10' : PAID_STATUS.has(status)
}

function readLine(product: Fields, amounts: Amounts): OrderLine {
  const options = list(product['product_options'], 50).flatMap((option) => {
    const name = plainFromHtml(option['display_name'], 60)
    const value = plainFromHtml(option['display_value'], 120)
    return name === null || value === null ? [] : [`${name}: ${value}`]
  })
  return {
    name: plainFromHtml(product['name']) ?? 'Item',
    detail: options.length === 0 ? null : clip(options.slice(0, 10).join(', '), 300),
    sku: plain(product['sku'], 100),
    quantity: quantity(product['quantity']),
    total: amountOf(product, 'total', amounts),
  }
}

/** Coupons by their code, then what the shop took off besides; the two are told apart in the order. */
function readDiscounts(body: Fields, coupons: readonly Fields[], { currency }: Amounts): OrderAmount[] {
  const all = Math.abs(money(body['coupon_discount'], currency) ?? 0)
  const named = coupons
    .map((coupon) => ({
      label: plainFromHtml(coupon['code'], 100) ?? '',
      amount: Math.abs(money(coupon['discount'], currency) ?? 0),
    }))
    .filter(({ amount }) => amount > 0)
  const fits = named.length > 0 && sumOf(named) === all
  const byCoupon = fits ? named : [{ label: plainFromHtml(coupons[0]?.['code'], 100) ?? '', amount: all }]
  const besides = { label: '', amount: Math.abs(money(body['discount_amount'], currency) ?? 0) }
  return [...byCoupon, besides].filter(({ amount }) => amount > 0)
}

function readShipping(body: Fields, addresses: readonly Fields[], amounts: Amounts): OrderAmount[] {
  if (addresses.length === 0 && amountOf(body, 'shipping_cost', amounts) === 0) return []
  const methods = new Set(addresses.flatMap((address) => plainFromHtml(address['shipping_method'], 100) ?? []))
  return [
    { label: methods.size === 1 ? ([...methods][0] ?? '') : '', amount: amountOf(body, 'shipping_cost', amounts) },
  ]
}

function readFees(body: Fields, amounts: Amounts): OrderAmount[] {
  const named = list(body['fees'], 100).map((fee) => ({
    label: plainFromHtml(fee['display_name_customer'], 100) ?? '',
    // The documented sample writes both `cost_ex_tax` and `cost_exc_tax`.
    amount: money(fee[side('cost', amounts)] ?? fee['cost_exc_tax'], amounts.currency) ?? 0,
  }))
  return [
    { label: 'Handling', amount: amountOf(body, 'handling_cost', amounts) },
    { label: 'Gift wrap', amount: amountOf(body, 'wrapping_cost', amounts) },
    ...named,
  ].filter(({ amount }) => amount !== 0)
}

/** The order tells only how much went back in all. */
function readRefunds(
  body: Fields,
  { total, currency, at }: { total: number; currency: string; at: number | null },
): Pick<Order, 'refunds' | 'refundedTotal'> {
  const told = Math.abs(money(body['refunded_amount'], currency) ?? 0)
  const isWhole = word(body['status_id']) === REFUNDED || body['payment_status'] === 'refunded'
  const amount = told > 0 ? told : isWhole ? total : 0
  return {
    refunds: amount > 0 ? [{ id: ASSERTED_REFUND, reason: null, amount, at }] : [],
    refundedTotal: amount,
  }
}

/** The billing address, the shipping addresses, then fields of the checkout named for WhatsApp or a phone. */
function readBuyer(
  body: Fields,
  shipping: readonly Fields[],
  options: ReadOptions,
): Pick<Order, 'customer' | 'phone' | 'country' | 'attributes'> {
  const people = [record(body['billing_address']), ...shipping]
  const fields: FreeField[] = people.flatMap((address) => freeFields(list(address['form_fields'], 50), 'name'))
  const named = people.map((address) => ({ phone: address['phone'], country: countryCode(address['country_iso2']) }))
  const customer = nameOf(people, plainFromHtml)
  const company = people.map((person) => plainFromHtml(person['company'], 200)).find(Boolean) ?? null
  return {
    customer: { ...customer, name: customer.name ?? company },
    ...buyerPhone(named, fields, options),
    attributes: attributesOf(fields),
  }
}
