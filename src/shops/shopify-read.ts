import type { Reading } from '../order.ts'
import { currencyCode, type Fields, isRecord, list, record, sumOf, time, word } from './fields.ts'
import { ignored, partialOrder } from './reading.ts'
import { isTestOrderId, readRefund, type ShopifyReadOptions } from './shopify-fields.ts'
import { readShopifyOrder } from './shopify-order.ts'
import { readPrivacy } from './shopify-privacy.ts'

/** ISO 4217's code for "no currency": a fulfilment need not name one, and test bodies write it. */
const NO_CURRENCY = 'XXX'

/** The body's shape says what it is; the topic (which nobody signs) only rules out what is none of ours. */
export function readShopify(body: Fields, options: ShopifyReadOptions): Reading {
  const { topic } = options
  const privacy = readPrivacy(body, options)
  if (privacy) return privacy
  if (topic !== null && !/^(orders|refunds|fulfillments)\//.test(topic)) {
    return ignored(`Deliveries of the topic ${topic} say nothing about an order's state.`)
  }
  if (isRecord(body['order_edit']))
    return ignored('A list of edits to an order; the order itself follows in its update.')
  // A saved answer of the REST API wraps the order; a webhook never does.
  const order = isRecord(body['order']) ? body['order'] : body
  if (isOrder(order)) return readShopifyOrder(order, options)
  if (word(body['order_id']) !== null) {
    if (Array.isArray(body['refund_line_items']) || topic === 'refunds/create') return readRefundAlone(body, options)
    if (Array.isArray(body['tracking_numbers']) || 'shipment_status' in body) return readFulfilment(body, options)
  }
  if (topic === 'orders/delete') return ignored('The shop deleted an order: what is known of it stays.')
  return ignored('The body is not an order, a refund or a fulfilment.')
}

/** Drafts and checkouts have lines and a total too, but no financial status. */
function isOrder(body: Fields): boolean {
  return 'financial_status' in body && Array.isArray(body['line_items'])
}

/** A refund's body names no customer, so what it says is added to the order that is stored. */
function readRefundAlone(body: Fields, options: ShopifyReadOptions): Reading {
  const id = word(body['order_id'])
  if (id === null) return ignored('The refund names no order.')
  const currency = refundCurrency(body)
  if (currency === null) return ignored('The refund has no currency.')
  const refund = readRefund(body, { display: currency, shop: currency }, '0')
  if (refund === null) return ignored('No money was given back with this refund.')
  const at = refund.at ?? options.receivedAt ?? null
  const order = partialOrder({ id, currency, at, test: options.isTest || isTestOrderId(id), country: options.country })
  order.refunds = [refund]
  order.refundedTotal = sumOf(order.refunds)
  return { kind: 'order', order, occurredAt: refund.at }
}

/** The one the buyer saw first, so that it adds up with the stored order. */
function refundCurrency(body: Fields): string | null {
  const sets = list(body['refund_line_items']).map((line) => line['subtotal_set'])
  const named = [
    ...[...sets, body['total_duties_set']].map((set) => record(record(set)['presentment_money'])['currency_code']),
    ...list(body['transactions']).map((transaction) => transaction['currency']),
  ]
  return named.map(currencyCode).find((code) => code !== null && code !== NO_CURRENCY) ?? null
}

function readFulfilment(body: Fields, options: ShopifyReadOptions): Reading {
  const id = word(body['order_id'])
  if (id === null) return ignored('The fulfilment names no order.')
  const status = word(body['status']) ?? 'unknown'
  if (status !== 'success') return ignored(`The fulfilment is not done yet: its status is ${status}.`)
  const at = time(body['updated_at']) ?? time(body['created_at'])
  const priced = record(record(list(body['line_items'], 1)[0])['price_set'])
  const currency = currencyCode(record(priced['presentment_money'])['currency_code']) ?? NO_CURRENCY
  const order = partialOrder({ id, currency, at, test: options.isTest || isTestOrderId(id), country: options.country })
  // A fulfilment is called after its order: "#1042.1".
  order.number = word(body['name'])?.replace(/\.\d+$/, '') ?? id
  order.fulfilledAt = time(body['created_at']) ?? at ?? options.receivedAt ?? 0
  return { kind: 'order', order, occurredAt: at }
}
