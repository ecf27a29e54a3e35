import type { Reading } from '../order.ts'
import { type Fields, isRecord, record, word } from './fields.ts'
import { parseSender } from './phone.ts'
import type { ShopifyReadOptions } from './shopify-fields.ts'

const MOST_ORDERS = 10_000

/**
 * `customers/data_request`, `customers/redact` and `shop/redact`; undefined for anything else. The shape decides, as the
 * topic is not signed: nobody may turn a question for data into an order to delete it.
 */
export function readPrivacy(body: Fields, { topic, country }: ShopifyReadOptions): Reading | undefined {
  const isCustomer = isRecord(body['customer']) && word(body['shop_domain']) !== null
  if (isCustomer && ('data_request' in body || 'orders_requested' in body)) {
    return request('privacy.data_request', body, 'orders_requested', country)
  }
  if (isCustomer && ('orders_to_redact' in body || topic === 'customers/redact')) {
    return request('privacy.redact_customer', body, 'orders_to_redact', country)
  }
  const isShop = Object.keys(body).toSorted().join() === 'shop_domain,shop_id'
  if (isShop) return request('privacy.redact_shop', body, '', country)
  return undefined
}

function request(
  type: Extract<Reading, { kind: 'privacy' }>['request']['type'],
  body: Fields,
  ordersKey: string,
  country: string,
): Reading {
  const customer = record(body['customer'])
  const orders: unknown = body[ordersKey]
  const orderIds = (Array.isArray(orders) ? orders : []).slice(0, MOST_ORDERS).flatMap((id) => word(id) ?? [])
  const email = word(customer['email'], 320)?.toLowerCase() ?? null
  const { e164: phone } = parseSender(customer['phone'], country)
  if (type !== 'privacy.redact_shop' && phone === null && email === null && orderIds.length === 0) {
    return { kind: 'ignored', reason: 'The request names no phone, no e-mail address and no order.' }
  }
  const domain = word(body['shop_domain'], 255)?.toLowerCase() ?? ''
  return { kind: 'privacy', request: { type, phone, email, orderIds, domain } }
}
