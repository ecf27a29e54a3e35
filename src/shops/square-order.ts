import type { Order, OrderAmount, OrderLine, OrderRefund, OrderTax, Reading } from '../order.ts'
import { buyerPhone, fieldsIn } from './buyer.ts'
import {
  clip,
  countryCode,
  type Fields,
  list,
  plain,
  quantity,
  record,
  sumOf,
  time,
  webAddress,
  word,
} from './fields.ts'
import { attributesOf } from './free-fields.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'
import { moneyOf } from './square-read.ts'

/** What the API told about one order. */
export interface SquareAnswers {
  order: Fields
  /** Of the payment that was claimed; empty when none was. */
  payment: Fields
  /** Empty when the order names no customer, or one that is gone. */
  customer: Fields
  refunds: readonly Fields[]
}

/** `GET /v2/orders/{id}` with what belongs to it. */
export function readSquareOrder(
  { order: body, payment, customer, refunds }: SquareAnswers,
  options: ReadOptions,
): Reading {
  const id = word(body['id'], 200)
  const { amount: total, currency } = moneyOf(body['total_money'])
  if (id === null) return ignored('The order has no id.')
  if (currency === null || total === null || total < 0) return ignored('The order has no total that can be read.')
  const lines = list(body['line_items']).map(readLine)
  const updatedAt = time(body['updated_at']) ?? time(body['created_at'])
  const returned = refunds.flatMap((refund) => readRefund(refund, currency))
  const taxes = list(body['taxes'], 100)
    .map(readTax)
    .filter((tax) => tax.amount > 0)
  const order: Order = {
    id,
    number: numberOf(body, payment, id),
    partial: false,
    test: isSandbox(body),
    createdAt: time(body['created_at']),
    updatedAt,
    paidAt: paidAt(body, { total, payment, updatedAt }),
    fulfilledAt: fulfilledAt(body, updatedAt),
    cancelledAt: body['state'] === 'CANCELED' ? (time(body['closed_at']) ?? updatedAt ?? 0) : null,
    ...readBuyer(body, customer, options),
    locale: null,
    currency,
    lines,
    subtotal: lines.reduce((sum, line) => sum + line.total, 0),
    discounts: readDiscounts(body),
    shipping: [],
    fees: [
      ...list(body['service_charges'], 100).map((charge) => ({
        label: plain(charge['name'], 100) ?? '',
        amount: amountOf(charge['applied_money'] ?? charge['amount_money']),
      })),
      { label: 'Tip', amount: amountOf(body['total_tip_money']) },
    ].filter((fee) => fee.amount !== 0),
    taxes: taxes.length > 0 ? taxes : unnamedTax(amountOf(body['total_tax_money'])),
    taxIncluded:
      list(body['taxes'], 100).length > 0 && list(body['taxes'], 100).every((tax) => tax['type'] === 'INCLUSIVE'),
    total,
    refunds: returned,
    refundedTotal: sumOf(returned),
    payment: { method: methodOf(body, payment), reference: plain(payment['id'], 100) },
    url: webAddress(payment['receipt_url']),
    attributes: attributesOf(fieldsIn(body['metadata'])),
  }
  return { kind: 'order', order, occurredAt: updatedAt }
}

function amountOf(value: unknown): number {
  return moneyOf(value).amount ?? 0
}

/** Square numbers no orders: the shop's own reference, the ticket's name, or what stands on Square's receipt. */
function numberOf(order: Fields, payment: Fields, id: string): string {
  const named = [order['reference_id'], order['ticket_name'], payment['receipt_number']]
  return named.map((value) => plain(value, 64)).find((text) => text !== null) ?? id
}

/** Applications that are tried out with test money are called so by Square itself. */
function isSandbox(order: Fields): boolean {
  return (plain(record(order['source'])['name']) ?? '').startsWith('Sandbox for ')
}

function readLine(item: Fields): OrderLine {
  const modifiers = list(item['modifiers'], 50)
  const extra = modifiers.reduce((sum, modifier) => sum + amountOf(modifier['total_price_money']), 0)
  // Gross sales leave out a tax the price holds, which the buyer saw in it.
  const base = moneyOf(item['variation_total_price_money']).amount
  const detail = [item['variation_name'], ...modifiers.map((modifier) => modifier['name']), item['note']]
    .flatMap((part) => plain(part, 120) ?? [])
    .filter((part) => part !== 'Regular')
  return {
    name: plain(item['name']) ?? 'Item',
    detail: detail.length === 0 ? null : clip(detail.join(', '), 300),
    sku: null,
    quantity: quantity(item['quantity']),
    total: base === null ? amountOf(item['gross_sales_money'] ?? item['total_money']) : base + extra,
  }
}

function readDiscounts(order: Fields): OrderAmount[] {
  const named = list(order['discounts'], 100)
    .map((discount) => ({
      label: plain(discount['name'], 100) ?? '',
      amount: Math.abs(amountOf(discount['applied_money'])),
    }))
    .filter((discount) => discount.amount > 0)
  const rest = amountOf(order['total_discount_money']) - sumOf(named)
  return rest > 0 ? [...named, { label: '', amount: rest }] : named
}

function readTax(tax: Fields): OrderTax {
  return {
    label: plain(tax['name'], 100) ?? '',
    rate: word(tax['percentage'], 12),
    amount: Math.max(0, amountOf(tax['applied_money'])),
  }
}

function unnamedTax(amount: number): OrderTax[] {
  return amount > 0 ? [{ label: '', rate: null, amount }] : []
}

/** `GET /v2/refunds/{id}`: nothing until it is completed. */
function readRefund(refund: Fields, currency: string): OrderRefund[] {
  const id = word(refund['id'], 255)
  const money = moneyOf(refund['amount_money'])
  if (id === null || money.currency !== currency || money.amount === null || money.amount <= 0) return []
  if (refund['status'] !== 'COMPLETED') return []
  return [
    {
      id,
      reason: plain(refund['reason']),
      amount: money.amount,
      at: time(refund['updated_at']) ?? time(refund['created_at']),
    },
  ]
}

/** Paid when what was taken covers the total; a card that is only authorised took nothing. */
function paidAt(order: Fields, known: { total: number; payment: Fields; updatedAt: number | null }): number | null {
  const taken = list(order['tenders'], 100).filter((tender) => {
    const card = tender['card_details'] === undefined ? null : record(tender['card_details'])['status']
    return card === null || card === undefined || card === 'CAPTURED'
  })
  const sum = taken.reduce((all, tender) => all + amountOf(tender['amount_money']), 0)
  const isDone = sum >= known.total && (known.total > 0 || order['state'] === 'COMPLETED')
  if (!isDone) return null
  const last = Math.max(0, ...taken.map((tender) => time(tender['created_at']) ?? 0))
  return last || (known.updatedAt ?? 0)
}

/** When the last of the fulfilments was done; those that were called off do not count. */
function fulfilledAt(order: Fields, updatedAt: number | null): number | null {
  const live = list(order['fulfillments'], 50).filter((one) => !/^(CANCELED|FAILED)$/.test(word(one['state']) ?? ''))
  if (live.length === 0 || !live.every((one) => one['state'] === 'COMPLETED')) return null
  const times = live.flatMap((one) => [
    time(record(one['shipment_details'])['shipped_at']),
    time(record(one['pickup_details'])['picked_up_at']),
    time(record(one['delivery_details'])['delivered_at']),
  ])
  return Math.max(0, ...times.map((at) => at ?? 0)) || (updatedAt ?? 0)
}

/** Who gets the goods, then the customer in the seller's directory. */
function readBuyer(
  order: Fields,
  customer: Fields,
  options: ReadOptions,
): Pick<Order, 'customer' | 'phone' | 'country'> {
  const recipients = list(order['fulfillments'], 50).flatMap((fulfilment) =>
    ['shipment_details', 'delivery_details', 'pickup_details'].map((key) =>
      record(record(fulfilment[key])['recipient']),
    ),
  )
  const people = [...recipients, customer]
  const named = people.map((person) => ({
    phone: person['phone_number'],
    country: countryCode(record(person['address'])['country']),
  }))
  const given = plain(customer['given_name'], 100)
  const own = [given, plain(customer['family_name'], 100)].filter(Boolean).join(' ')
  const name = recipients.map((person) => plain(person['display_name'], 200)).find(Boolean) ?? (own || null)
  return {
    customer: { name, firstName: name === own ? (given ?? name) : (name?.split(' ')[0] ?? null) },
    ...buyerPhone(named, fieldsIn(order['metadata']), options),
  }
}

function methodOf(order: Fields, payment: Fields): string | null {
  const type = plain(payment['source_type'], 60) ?? plain(list(order['tenders'], 1)[0]?.['type'], 60)
  return type?.replaceAll('_', ' ').toLowerCase() ?? null
}
