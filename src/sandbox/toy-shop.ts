import { createHash, createHmac, randomUUID } from 'node:crypto'
import { request } from 'undici'

/** An order of a pretend shop. Amounts are minor units of a currency with two decimals; times are epoch milliseconds. */
export interface ToyOrder {
  id: string
  number: string
  customer: { name: string; phone: string | null; locale?: string }
  country: string
  currency: string
  items: { name: string; detail?: string; quantity: number; price: number }[]
  shipping?: { label: string; amount: number }
  discount?: { code: string; amount: number }
  tax?: { label: string; rate: number; amount: number; inside: boolean }
  payment?: { method: string; reference: string }
  refunds?: { id: string; amount: number; reason?: string; at?: number }[]
  createdAt: number
  updatedAt: number
  paidAt?: number
  cancelledAt?: number
  fulfilledAt?: number
  test?: boolean
}

export interface ToyRequest {
  headers: Record<string, string>
  body: string
}

export type ToyPlatform = 'woocommerce' | 'shopify' | 'standard'

/** A request as that platform would really make it, signed with the secret. */
export function toyWebhook(
  platform: ToyPlatform,
  secret: string,
  order: ToyOrder,
  topic: string,
  now: number,
): ToyRequest {
  switch (platform) {
    case 'woocommerce':
      return signedWoo(secret, topic, wooBody(order), now)
    case 'shopify':
      return signedShopify(secret, topic, shopifyBody(order))
    case 'standard':
      return signedStandard(secret, topic, standardBody(order), now)
  }
}

/** Posts it and gives the status and the answer. */
export async function postToy(url: string, { headers, body }: ToyRequest): Promise<{ status: number; body: unknown }> {
  const answer = await request(url, { method: 'POST', headers, body, headersTimeout: 30_000, bodyTimeout: 30_000 })
  const text = await answer.body.text()
  return { status: answer.statusCode, body: text === '' ? null : JSON.parse(text) }
}

export function totalOf(order: ToyOrder): number {
  const items = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0)
  const tax = order.tax && !order.tax.inside ? order.tax.amount : 0
  return items + (order.shipping?.amount ?? 0) - (order.discount?.amount ?? 0) + tax
}

const text = (minor: number) =>
  `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`
const sign = (key: string | Buffer, ...parts: string[]) => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('base64')
}
const words = (name: string) => {
  const [first = '', ...rest] = name.split(' ')
  return { first_name: first, last_name: rest.join(' ') }
}
const isoOrNull = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())

function signedWoo(secret: string, topic: string, value: object, now: number): ToyRequest {
  // PHP's json_encode: slashes and everything beyond ASCII are escaped.
  const body = JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'WooCommerce/10.3.4 Hookshot (WordPress/6.8.3)',
      'x-wc-webhook-source': 'https://duka.example/',
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': topic.split('.')[1] ?? '',
      'x-wc-webhook-id': '7',
      // Made of the webhook and the second, as the plugin does: two orders in one second share it.
      'x-wc-webhook-delivery-id': createHash('md5')
        .update(`7${Math.floor(now / 1000)}`)
        .digest('hex'),
      'x-wc-webhook-signature': sign(secret, body),
    },
  }
}

function signedShopify(secret: string, topic: string, value: object): ToyRequest {
  const body = JSON.stringify(value).replaceAll('/', '\\/').replaceAll('&', '\\u0026')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': 'soko.myshopify.com',
      'x-shopify-api-version': '2025-01',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-hmac-sha256': sign(secret, body),
    },
  }
}

function signedStandard(secret: string, type: string, data: object, now: number): ToyRequest {
  const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data })
  const id = `msg_${randomUUID()}`
  const timestamp = String(Math.floor(now / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${sign(key, `${id}.${timestamp}.${body}`)}`,
    },
  }
}

/** A relayed message of a customer, for shops that can pass such on. */
export function toyMessage(
  secret: string,
  message: { from: string; text: string; to?: string; at: number },
): ToyRequest {
  const { at, ...rest } = message
  return signedStandard(secret, 'message.received', { ...rest, received_at: new Date(at).toISOString() }, at)
}

function wooStatus(order: ToyOrder): string {
  if (order.cancelledAt !== undefined) return 'cancelled'
  const refunded = (order.refunds ?? []).reduce((sum, refund) => sum + refund.amount, 0)
  if (refunded > 0 && refunded >= totalOf(order)) return 'refunded'
  if (order.fulfilledAt !== undefined) return 'completed'
  return order.paidAt === undefined ? 'pending' : 'processing'
}

/** Parts are ex tax; a tax inside the prices is spread over the lines by share. */
function wooBody(order: ToyOrder): object {
  const gmt = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString().slice(0, 19))
  const local = (at: number | undefined) => gmt(at === undefined ? undefined : at + 3 * 3_600_000)
  const items = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0)
  const tax = order.tax?.amount ?? 0
  let left = tax
  const lines = order.items.map((item, index) => {
    const gross = item.price * item.quantity
    const share = index === order.items.length - 1 ? left : Math.round((tax * gross) / Math.max(1, items))
    left -= share
    const net = order.tax?.inside ? gross - share : gross
    return {
      id: 900 + index,
      name: item.name.replaceAll('&', '&amp;').replaceAll('–', '&ndash;'),
      product_id: 50 + index,
      variation_id: 0,
      quantity: item.quantity,
      subtotal: text(net),
      subtotal_tax: text(share),
      total: text(net),
      total_tax: text(share),
      sku: '',
      price: net / 100 / item.quantity,
      meta_data: item.detail
        ? [{ id: 1, key: 'pa_option', value: item.detail, display_key: 'Aina', display_value: item.detail }]
        : [],
    }
  })
  const address = {
    ...words(order.customer.name),
    company: '',
    country: order.country,
    phone: order.customer.phone ?? '',
  }
  return {
    id: Number(order.id),
    parent_id: 0,
    number: order.number,
    status: wooStatus(order),
    currency: order.currency,
    version: '10.3.4',
    prices_include_tax: order.tax?.inside ?? false,
    date_created: local(order.createdAt),
    date_created_gmt: gmt(order.createdAt),
    date_modified: local(order.updatedAt),
    date_modified_gmt: gmt(order.updatedAt),
    date_paid: local(order.paidAt),
    date_paid_gmt: gmt(order.paidAt),
    date_completed_gmt: gmt(order.fulfilledAt),
    discount_total: text(order.discount?.amount ?? 0),
    discount_tax: '0.00',
    shipping_total: text(order.shipping?.amount ?? 0),
    shipping_tax: '0.00',
    cart_tax: text(tax),
    total: text(totalOf(order)),
    total_tax: text(tax),
    customer_id: 0,
    billing: address,
    shipping: { ...address, phone: '' },
    payment_method: 'selcom',
    payment_method_title: order.payment?.method ?? 'Cash on delivery',
    transaction_id: order.payment?.reference ?? '',
    meta_data: order.customer.locale ? [{ id: 1, key: 'wpml_language', value: order.customer.locale }] : [],
    line_items: lines,
    tax_lines: order.tax
      ? [
          {
            id: 1,
            label: order.tax.label,
            tax_total: text(tax),
            shipping_tax_total: '0.00',
            rate_percent: order.tax.rate,
          },
        ]
      : [],
    shipping_lines: order.shipping
      ? [{ id: 1, method_title: order.shipping.label, total: text(order.shipping.amount), total_tax: '0.00' }]
      : [],
    fee_lines: [],
    coupon_lines: order.discount ? [{ id: 1, code: order.discount.code, discount: text(order.discount.amount) }] : [],
    refunds: (order.refunds ?? []).map(({ id, amount, reason }) => ({
      id: Number(id),
      reason: reason ?? '',
      total: text(-amount),
    })),
  }
}

function shopifyBody(order: ToyOrder): object {
  const money = (minor: number) => {
    const amount = { amount: text(minor), currency_code: order.currency }
    return { shop_money: amount, presentment_money: amount }
  }
  const total = totalOf(order)
  const refunded = (order.refunds ?? []).reduce((sum, refund) => sum + refund.amount, 0)
  const items = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0)
  const discount = order.discount?.amount ?? 0
  const paid = order.paidAt !== undefined
  const address = {
    ...words(order.customer.name),
    name: order.customer.name,
    phone: order.customer.phone,
    country_code: order.country,
  }
  return {
    // Written as digits, as Shopify does; beyond 2^53 only text stays exact.
    id: Number(order.id),
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: order.number,
    test: order.test ?? false,
    financial_status:
      refunded > 0 ? (refunded >= total ? 'refunded' : 'partially_refunded') : paid ? 'paid' : 'pending',
    fulfillment_status: order.fulfilledAt === undefined ? null : 'fulfilled',
    cancelled_at: isoOrNull(order.cancelledAt),
    created_at: isoOrNull(order.createdAt),
    processed_at: isoOrNull(order.paidAt ?? order.createdAt),
    updated_at: isoOrNull(order.updatedAt),
    currency: order.currency,
    presentment_currency: order.currency,
    customer_locale: order.customer.locale ?? null,
    taxes_included: order.tax?.inside ?? false,
    total_price: text(total),
    total_price_set: money(total),
    subtotal_price: text(items - discount),
    subtotal_price_set: money(items - discount),
    total_discounts: text(discount),
    total_discounts_set: money(discount),
    total_tax: text(order.tax?.amount ?? 0),
    total_tax_set: money(order.tax?.amount ?? 0),
    total_shipping_price_set: money(order.shipping?.amount ?? 0),
    payment_gateway_names: order.payment ? [order.payment.method] : [],
    phone: order.customer.phone,
    billing_address: address,
    shipping_address: address,
    customer: { id: 1, ...words(order.customer.name), phone: order.customer.phone },
    discount_codes: order.discount ? [{ code: order.discount.code, amount: text(discount), type: 'fixed_amount' }] : [],
    discount_applications: [],
    tax_lines: order.tax
      ? [
          {
            title: order.tax.label,
            rate: order.tax.rate / 100,
            price: text(order.tax.amount),
            price_set: money(order.tax.amount),
          },
        ]
      : [],
    shipping_lines: order.shipping
      ? [
          {
            title: order.shipping.label,
            price: text(order.shipping.amount),
            price_set: money(order.shipping.amount),
            discounted_price: text(order.shipping.amount),
            discounted_price_set: money(order.shipping.amount),
          },
        ]
      : [],
    line_items: order.items.map((item, index) => ({
      id: 900 + index,
      title: item.name,
      name: item.detail ? `${item.name} - ${item.detail}` : item.name,
      variant_title: item.detail ?? null,
      quantity: item.quantity,
      price: text(item.price),
      price_set: money(item.price),
      total_discount: '0.00',
      discount_allocations: [],
      properties: [],
      sku: '',
    })),
    refunds: (order.refunds ?? []).map(({ id, amount, reason, at }) => ({
      id: Number(id),
      note: reason ?? null,
      created_at: isoOrNull(at ?? order.updatedAt),
      transactions: [{ kind: 'refund', status: 'success', amount: text(amount), currency: order.currency }],
      refund_line_items: [],
    })),
    note_attributes: [],
  }
}

function standardBody(order: ToyOrder): object {
  return {
    id: order.id,
    number: order.number,
    currency: order.currency,
    total: text(totalOf(order)),
    items: order.items.map(({ name, detail, quantity, price }) => ({
      name,
      detail,
      quantity,
      total: text(price * quantity),
    })),
    customer: { name: order.customer.name, phone: order.customer.phone, locale: order.customer.locale },
    country: order.country,
    ...(order.shipping && { shipping: [{ label: order.shipping.label, amount: text(order.shipping.amount) }] }),
    ...(order.discount && { discounts: [{ label: order.discount.code, amount: text(order.discount.amount) }] }),
    ...(order.tax && {
      taxes: [{ label: order.tax.label, rate: order.tax.rate, amount: text(order.tax.amount) }],
      tax_included: order.tax.inside,
    }),
    ...(order.refunds && {
      refunds: order.refunds.map(({ id, amount, reason }) => ({ id, amount: text(amount), reason })),
    }),
    ...(order.payment && { payment: order.payment }),
    ...(order.test && { test: true }),
    created_at: isoOrNull(order.createdAt),
    updated_at: isoOrNull(order.updatedAt),
    paid_at: isoOrNull(order.paidAt),
    fulfilled_at: isoOrNull(order.fulfilledAt),
    cancelled_at: isoOrNull(order.cancelledAt),
  }
}
