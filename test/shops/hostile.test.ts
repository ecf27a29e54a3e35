import { describe, expect, test } from 'vitest'
import type { Order, Reading } from '../../src/order.ts'
import { readBigcommerceOrder } from '../../src/shops/bigcommerce-order.ts'
import { type Fields, list, record } from '../../src/shops/fields.ts'
import type { ShopPlatform } from '../../src/shops/platform.ts'
import { readObject } from '../../src/shops/reading.ts'
import { platforms } from '../../src/shops/registry.ts'
import { readSquareOrder } from '../../src/shops/square-order.ts'
import { readSession, readSessionLines } from '../../src/shops/stripe-session.ts'
import { bigcommerceOrder, bigcommerceProducts } from './bigcommerce-bodies.ts'
import { bytes, medusaOrder, orderIn, shopifyOrder, standardEvent, wooOrder } from './bodies.ts'
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
      return readSquareOrder({ order: order ?? {}, payment: payment ?? {}, customer: customer ?? {}, refunds }, OPTIONS)
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

const NASTY: unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  'x'.repeat(100_000),
  '9'.repeat(500),
  '\ud800\u0000\u202e',
  '2026-99-99T99:99:99Z',
  [],
  {},
  [[[[]]]],
  { toString: 1, valueOf: 1 },
  { '0': null },
  { presentment_money: { amount: [], currency_code: {} } },
  Array.from({ length: 3000 }, () => ({ name: 'a', quantity: 1, total: '1', subtotal: '89999999999', price: '1' })),
  Array.from({ length: 50 }, (_, index) => ({ key: `phone${index}`, name: `phone${index}`, value: '1/2/3/4/5/6' })),
]

/** mulberry32: the same mutations on every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Replaces, drops or adds something at a few places of the tree. */
function mutate(value: unknown, random: () => number): unknown {
  const copy: unknown = structuredClone(value)
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) mutateOnce(copy, random)
  return copy
}

function mutateOnce(root: unknown, random: () => number): void {
  let at = root
  for (;;) {
    if (typeof at !== 'object' || at === null) return
    const keys = Object.keys(at)
    const key = keys[Math.floor(random() * keys.length)]
    if (key === undefined) return
    const child: unknown = Reflect.get(at, key)
    if (typeof child === 'object' && child !== null && random() < 0.7) {
      at = child
      continue
    }
    if (random() < 0.15) Reflect.deleteProperty(at, key)
    else Reflect.set(at, key, structuredClone(NASTY[Math.floor(random() * NASTY.length)]))
    return
  }
}

/** What must hold of anything a reader gives; each fault as a word. */
function faultsOf(reading: Reading): string[] {
  if (reading.kind === 'ignored') return reading.reason.length < 600 ? [] : ['reason']
  if (reading.kind === 'claim') return reading.claim.subject === '' ? ['nothing to ask about'] : []
  if (reading.kind === 'message') {
    const { from, conversationId } = reading.message
    return (from?.e164 ?? conversationId) ? [] : ['nobody wrote']
  }
  const { order } = reading
  const texts = [order.number, order.customer.name ?? '', ...Object.values(order.attributes)]
  const holds: Record<string, boolean> = {
    id: order.id.length > 0,
    currency: /^[A-Z]{3}$/.test(order.currency),
    total: order.total >= 0,
    amounts: amountsOf(order).every(Number.isSafeInteger),
    lines: order.lines.length <= 1000 && order.lines.every((line) => line.name.length <= 300),
    size: JSON.stringify({ ...order, lines: [] }).length < 120_000,
    phone: (order.phone.e164 === null) === (order.phone.problem !== null),
    texts: texts.every((text) => !/[\0\u202e]|\p{Cs}/u.test(text)),
  }
  return Object.keys(holds).filter((name) => holds[name] !== true)
}

function amountsOf(order: Order): number[] {
  const parts = [order.discounts, order.shipping, order.fees, order.taxes, order.refunds]
  const lines = order.lines.map((line) => line.total)
  return [order.total, order.subtotal, order.refundedTotal, ...parts.flat().map(({ amount }) => amount), ...lines]
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
