import { describe, expect, test } from 'vitest'
import type { Reading } from '../../src/order.ts'
import { readBigcommerceOrder } from '../../src/shops/bigcommerce-order.ts'
import { type Fields, list, record } from '../../src/shops/fields.ts'
import type { ShopPlatform } from '../../src/shops/platform.ts'
import { readObject } from '../../src/shops/reading.ts'
import { platforms } from '../../src/shops/registry.ts'
import { readSquareOrder } from '../../src/shops/square-order.ts'
import { readSession, readSessionLines } from '../../src/shops/stripe-session.ts'
import { bigcommerceOrder, bigcommerceProducts } from './bigcommerce-bodies.ts'
import { bytes, medusaOrder, orderIn, shopifyOrder, standardEvent, wooOrder } from './bodies.ts'
import { faultsOf, mutate, seeded } from './mutate.ts'
import { squareCustomer, squareEvent, squareOrder, squarePayment, squareRefund } from './square-bodies.ts'
import { stripeCharge, stripeEvent, stripeLines, stripeRefund, stripeSession } from './stripe-bodies.ts'

type Read = (body: Uint8Array) => Reading[]

const OPTIONS = { topic: null, country: 'TZ' }
const of =
  (platform: ShopPlatform, topic: string | null = null): Read =>
  (body) =>
    platform.read(body, { topic, country: 'TZ' })
/** Of an answer of a platform's API, which is as little promised as a body. */
const answer =
  (read: (value: Fields) => Reading): Read =>
  (body) =>
    readObject(body, read)

const CASES: { name: string; read: Read; valid: unknown }[] = [
  { name: 'woocommerce', read: of(platforms.woocommerce, 'order.updated'), valid: wooOrder() },
  { name: 'shopify order', read: of(platforms.shopify), valid: shopifyOrder() },
  {
    name: 'shopify refund',
    read: of(platforms.shopify, 'refunds/create'),
    valid: {
      id: 1,
      order_id: 2,
      refund_line_items: [{ subtotal: 1 }],
      transactions: [{ kind: 'refund', status: 'success', amount: '1', currency: 'KES' }],
    },
  },
  {
    name: 'shopify fulfilment',
    read: of(platforms.shopify),
    valid: { order_id: 2, status: 'success', tracking_numbers: [] },
  },
  {
    name: 'standard order',
    read: of(platforms.standard),
    valid: standardEvent('order.refunded', { refunds: [{ amount: '5' }] }),
  },
  {
    name: 'standard message',
    read: of(platforms.standard),
    valid: { type: 'message.received', timestamp: '2026-10-04T08:00:00Z', data: { from: '255713000321', text: 'hi' } },
  },
  {
    name: 'stripe session',
    read: of(platforms.stripe),
    valid: stripeEvent('checkout.session.completed', stripeSession()),
  },
  { name: 'stripe charge', read: of(platforms.stripe), valid: stripeEvent('charge.succeeded', stripeCharge()) },
  { name: 'stripe refund', read: of(platforms.stripe), valid: stripeEvent('refund.updated', stripeRefund()) },
  {
    name: 'stripe refunded charge',
    read: of(platforms.stripe),
    valid: stripeEvent('charge.refunded', stripeCharge({ amount_refunded: 5, refunds: { data: [stripeRefund()] } })),
  },
  {
    name: 'stripe lines',
    read: answer((lines) => readSession(eventOf(stripeSession()), readSessionLines(lines, 'TZS'))),
    valid: stripeLines,
  },
  {
    name: 'square payment',
    read: of(platforms.square),
    valid: squareEvent('payment.updated', { payment: squarePayment() }),
  },
  {
    name: 'square answers',
    read: answer((answers) => {
      const [order, payment, customer] = [answers['order'], answers['payment'], answers['customer']].map(record)
      const refunds = list(answers['refunds'])
      const whole = { order: order ?? {}, payment: payment ?? {}, customer: customer ?? {}, refunds }
      return readSquareOrder(whole, OPTIONS)
    }),
    valid: {
      order: squareOrder(),
      payment: squarePayment(),
      customer: squareCustomer,
      refunds: [squareRefund()],
    },
  },
  {
    name: 'bigcommerce webhook',
    read: of(platforms.bigcommerce),
    valid: { scope: 'store/order/created', data: { type: 'order', id: 250 }, created_at: 1_791_201_600 },
  },
  {
    name: 'bigcommerce answers',
    read: answer((answers) => {
      const [products, addresses, coupons] = ['products', 'addresses', 'coupons'].map((name) => list(answers[name]))
      const lists = { products: products ?? [], addresses: addresses ?? [], coupons: coupons ?? [] }
      return readBigcommerceOrder({ order: record(answers['order']), ...lists }, OPTIONS)
    }),
    valid: {
      order: bigcommerceOrder,
      products: bigcommerceProducts,
      addresses: [{ phone: '0712 000 345', country_iso2: 'KE', shipping_method: 'Rider' }],
      coupons: [{ code: 'SABA', discount: 200 }],
    },
  },
  {
    name: 'medusa',
    read: of(platforms.medusa),
    valid: { type: 'order.placed', timestamp: '2026-10-05T12:00:00Z', data: medusaOrder() },
  },
]

function eventOf(object: Fields) {
  return { type: 'checkout.session.completed', object, at: 0, test: false, options: OPTIONS }
}

describe.each(CASES)('$name', ({ read, valid }) => {
  test('the valid body is read', () => {
    expect(read(bytes(valid))[0]?.kind).not.toBe('ignored')
  })

  test('no change to it makes the reader throw or give something insane', () => {
    const random = seeded(20_261_005)
    const faults: string[] = []
    for (let round = 0; round < 200; round++) {
      const body = bytes(mutate(valid, random))
      faults.push(...read(body).flatMap(faultsOf))
    }
    expect(faults).toEqual([])
  })

  test('neither does any cut or flipped byte', () => {
    const random = seeded(7)
    const faults: string[] = []
    const whole = bytes(valid)
    for (let round = 0; round < 200; round++) {
      const body = Uint8Array.from(whole.slice(0, Math.ceil(random() * whole.length)))
      if (round % 2 === 0) body[Math.floor(random() * body.length)] = Math.floor(random() * 256)
      faults.push(...read(body).flatMap(faultsOf))
    }
    expect(faults).toEqual([])
  })
})

test('an attribute named __proto__ changes nothing', () => {
  const meta = '[{"key":"__proto__","value":"x"},{"key":"constructor","value":"y"}]'
  const body = JSON.stringify(wooOrder({ meta_data: 'META' })).replace('"META"', meta)
  const { attributes } = orderIn(platforms.woocommerce.read(bytes(body), { topic: null, country: 'TZ' }))
  expect(Object.entries(attributes)).toEqual([['constructor', 'y']])
  expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
})

test('free fields are bounded in number and size', () => {
  const meta_data = Array.from({ length: 900 }, (_, index) => ({ key: `k${index}`, value: 'v'.repeat(50_000) }))
  const { attributes } = orderIn(
    platforms.woocommerce.read(bytes(wooOrder({ meta_data })), { topic: null, country: 'TZ' }),
  )
  expect(Object.keys(attributes)).toHaveLength(100)
  expect(Math.max(...Object.values(attributes).map((value) => value.length))).toBeLessThanOrEqual(500)
})
