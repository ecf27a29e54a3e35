import { describe, expect, test } from 'vitest'
import { medusa } from '../../src/shops/medusa.ts'
import { bytes, medusaOrder, orderIn, reasonIn } from './bodies.ts'

const AT = Date.UTC(2026, 9, 5, 12)
const TIMESTAMP = '2026-10-05T12:00:00Z'
const UPDATED = Date.UTC(2026, 9, 5, 11, 30)
const read = (body: unknown, more = {}) => medusa.read(bytes(body), { topic: null, country: 'TZ', ...more })
const told = (type: string, changes = {}) => orderIn(read({ type, timestamp: TIMESTAMP, data: medusaOrder(changes) }))

test('an order, field by field', () => {
  expect(told('order.placed')).toEqual({
    id: 'order_01J',
    number: '42',
    partial: false,
    test: false,
    createdAt: Date.UTC(2026, 9, 5, 11),
    updatedAt: AT,
    paidAt: null,
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Asha Mwinyi', firstName: 'Asha' },
    phone: { raw: '0754 000 123', e164: '255754000123', problem: null },
    country: 'TZ',
    locale: 'sw',
    currency: 'TZS',
    lines: [
      { name: 'Kitenge', detail: 'Blue', sku: 'KTG', quantity: '2', total: 4_800_000 },
      { name: 'Sample', detail: null, sku: null, quantity: '1', total: 0 },
    ],
    subtotal: 4_800_000,
    discounts: [{ label: 'SABA', amount: 400_000 }],
    shipping: [{ label: 'Rider', amount: 300_000 }],
    fees: [],
    taxes: [{ label: '', rate: null, amount: 792_000 }],
    taxIncluded: false,
    total: 5_492_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'stripe', reference: 'pay_1' },
    url: null,
    attributes: { whatsapp_ok: 'true' },
  })
})

test.each(['type', 'event', 'name'])('the event is named by %s', (key) => {
  expect(orderIn(read({ [key]: 'order.placed', data: medusaOrder() })).id).toBe('order_01J')
  expect(orderIn(read({ [key]: 'shipment.created', data: { id: 'ful_1', order: medusaOrder() } })).id).toBe('order_01J')
})

describe('the state decides; the name only where a status was left out', () => {
  test.each([
    ['order.placed', { payment_status: 'not_paid' }, { paidAt: null }],
    ['order.placed', { payment_status: 'captured' }, { paidAt: AT }],
    ['payment.captured', { payment_status: undefined }, { paidAt: AT }],
    ['payment.captured', { payment_status: 'partially_captured' }, { paidAt: null }],
    ['order.updated', { payment_status: 'authorized' }, { paidAt: null }],
    ['order.updated', { payment_status: 'partially_refunded' }, { paidAt: AT }],
    ['order.fulfillment_created', { fulfillment_status: 'fulfilled' }, { fulfilledAt: null }],
    ['shipment.created', { fulfillment_status: 'shipped' }, { fulfilledAt: AT }],
    ['shipment.created', { fulfillment_status: 'partially_shipped' }, { fulfilledAt: null }],
    ['delivery.created', { fulfillment_status: undefined }, { fulfilledAt: AT }],
    ['order.canceled', {}, { cancelledAt: AT }],
    ['order.updated', { canceled_at: '2026-10-05T11:45:00Z' }, { cancelledAt: AT - 900_000 }],
    ['payment.refunded', { payment_status: 'refunded' }, { refundedTotal: 5_492_000 }],
  ])('%s %j', (type, changes, expected) => {
    expect(told(type, changes)).toMatchObject(expected)
  })

  test('a bare order says what it is', () => {
    const order = orderIn(read(medusaOrder({ payment_status: 'captured' })))
    expect(order).toMatchObject({ paidAt: UPDATED, updatedAt: UPDATED })
  })

  test('a payment says when it was captured', () => {
    const payments = [{ id: 'pay_1', provider_id: 'pp_system_default', captured_at: '2026-10-05T11:20:00Z' }]
    const order = told('payment.captured', { payment_status: 'captured', payment_collections: [{ payments }] })
    expect(order).toMatchObject({ paidAt: Date.UTC(2026, 9, 5, 11, 20), payment: { method: null } })
  })
})

describe('refunds', () => {
  const refund = { id: 'ref_1', amount: 5000, note: 'torn', created_at: TIMESTAMP }
  const refunds = [{ id: 'ref_1', reason: 'torn', amount: 500_000, at: AT }]

  test('of the payments, else of the book of transactions', () => {
    const paid = { payment_status: 'partially_refunded' }
    const payment_collections = [{ payments: [{ id: 'pay_1', refunds: [refund] }] }]
    expect(told('payment.refunded', { ...paid, payment_collections })).toMatchObject({
      refunds,
      refundedTotal: 500_000,
    })
    const transactions = [
      { id: 'cap', reference: 'capture', amount: 54_920 },
      { ...refund, reference: 'refund', amount: -5000 },
    ]
    expect(told('payment.refunded', { ...paid, transactions })).toMatchObject({ refunds })
  })
})

test('no_notification is respected, wherever the subscriber put it', () => {
  const silent = [
    { type: 'shipment.created', data: { no_notification: true, order: medusaOrder() } },
    { type: 'shipment.created', no_notification: true, data: medusaOrder() },
    { type: 'order.placed', data: medusaOrder({ no_notification: true }) },
    medusaOrder({ no_notification: true }),
  ]
  for (const body of silent) expect(reasonIn(read(body))).toMatch(/not to notify/)
  expect(told('order.placed', { no_notification: null }).id).toBe('order_01J')
})

describe('money is a number in major units', () => {
  test.each([
    ['tzs', 24_000, 2_400_000],
    ['usd', 10.1, 1010],
    ['usd', 0.1 + 0.2, 30],
    ['jpy', 500, 500],
    ['kwd', 1.234, 1234],
    ['ugx', 5000, 5000],
    ['usd', '19.99', 1999],
  ])('%s %s', (currency_code, total, minor) => {
    expect(told('order.placed', { currency_code, total }).total).toBe(minor)
  })

  test('with tax inside, the discount is shown with its tax', () => {
    const items = [{ title: 'Kitenge', quantity: 1, unit_price: 11_800, is_tax_inclusive: true }]
    const changes = {
      items,
      discount_total: 1180,
      discount_tax_total: 180,
      tax_total: 1620,
      total: 10_620,
      shipping_methods: [],
    }
    expect(told('order.placed', { ...changes, shipping_total: 0 })).toMatchObject({
      taxIncluded: true,
      discounts: [{ label: '', amount: 118_000 }],
      shipping: [],
      subtotal: 1_180_000,
    })
  })
})

test.each([
  [{ type: 'order.placed', data: { id: 'order_1' } }, /whole order/],
  [{ type: 'payment.captured', data: { id: 'pay_1' } }, /whole order/],
  [{ type: 'product.created', data: {} }, /product\.created/],
  [{ type: 'order.placed', data: medusaOrder({ total: null }) }, /no total/],
  [{ type: 'order.placed', data: medusaOrder({ status: 'draft' }) }, /draft/],
  [{}, /whole order/],
])('%#: %s', (body, reason) => {
  expect(reasonIn(read(body))).toMatch(reason)
})

test('addresses may be null; metadata may hold the number', () => {
  const changes = { shipping_address: null, billing_address: null, metadata: { whatsapp: '0713 000 321' } }
  expect(told('order.placed', changes)).toMatchObject({ phone: { e164: '255713000321' }, customer: { name: null } })
  expect(told('order.placed', { ...changes, metadata: null }).phone.problem).toBe('no_phone')
})
