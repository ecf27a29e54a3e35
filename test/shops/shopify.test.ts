import { describe, expect, test } from 'vitest'
import { shopify } from '../../src/shops/shopify.ts'
import { bytes, headers, orderIn, reasonIn, shopifyOrder, sumOf } from './bodies.ts'

const read = (body: unknown, topic: string | null = 'orders/updated') =>
  shopify.read(bytes(body), { topic, country: 'KE' })
const order = (changes: Record<string, unknown> = {}, topic: string | null = 'orders/updated') =>
  orderIn(read(shopifyOrder(changes), topic))

const codes = (...list: [string, string][]) => list.map(([code, amount]) => ({ code, amount, type: 'percentage' }))
const set = (amount: string, shop: string) => ({
  presentment_money: { amount, currency_code: 'EUR' },
  shop_money: { amount: shop, currency_code: 'KES' },
})
const address = (country_code: string | null, phone: string | null) => ({ name: 'A B', country_code, phone })
const back = (amount: string, status = 'success') => ({ kind: 'refund', status, amount, currency: 'KES' })
const parcel = (status: string) => ({
  id: 4,
  order_id: 5_800_111_222_333,
  name: '#2088.1',
  status,
  created_at: '2026-10-06T10:00:00+03:00',
  tracking_numbers: ['X'],
  line_items: [],
})

test('a paid order, as the buyer saw it', () => {
  const seen = order()
  expect(seen).toEqual({
    id: '5800111222333',
    number: '#2088',
    partial: false,
    test: false,
    createdAt: Date.UTC(2026, 9, 3, 7, 0, 0),
    updatedAt: Date.UTC(2026, 9, 3, 7, 0, 5),
    paidAt: Date.UTC(2026, 9, 3, 7, 0, 1),
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Akinyi Odhiambo', firstName: 'Akinyi' },
    phone: { raw: '+254722000111', e164: '254722000111', problem: null },
    country: 'KE',
    locale: 'en-KE',
    currency: 'KES',
    lines: [
      { name: 'Leso', detail: 'Red, Methali: Haba na haba, Length: 2', sku: 'L-R', quantity: '2', total: 240_000 },
      { name: 'Soap', detail: null, sku: null, quantity: '1', total: 50_000 },
    ],
    subtotal: 290_000,
    discounts: [{ label: 'SABA', amount: 15_000 }],
    shipping: [{ label: 'Rider', amount: 15_000 }],
    fees: [{ label: 'Tip', amount: 7_000 }],
    taxes: [{ label: 'VAT', rate: '16', amount: 39_600 }],
    taxIncluded: true,
    total: 297_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'gift card, M-Pesa', reference: null },
    url: 'https://soko.example/orders/abc?key=1',
    attributes: { 'delivery day': 'Friday' },
  })
})

test('a discount on shipping is taken off there, not twice', () => {
  const { subtotal, discounts, shipping, fees, total } = order()
  expect(subtotal - sumOf(discounts) + sumOf(shipping) + sumOf(fees)).toBe(total)
})

describe('discounts', () => {
  const bare = { title: 'X', quantity: 1, price: '100.00' }
  const shape = { line_items: [bare], shipping_lines: [], discount_applications: [], total_discounts_set: undefined }

  test.each([
    [
      'codes with what they took',
      codes(['A', '5.00'], ['B', '2.00']),
      '7.00',
      [
        ['A', 500],
        ['B', 200],
      ],
    ],
    [
      'more than the codes say',
      codes(['A', '5.00']),
      '8.00',
      [
        ['A', 500],
        ['', 300],
      ],
    ],
    ['less than the codes say', codes(['A', '5.00']), '3.00', [['A', 300]]],
    ['no code at all', [], '3.00', [['', 300]]],
    ['none', [], '0.00', []],
  ])('%s', (_, discount_codes, total_discounts, expected) => {
    const seen = order({ ...shape, discount_codes, total_discounts }).discounts
    expect(seen.map(({ label, amount }) => [label, amount])).toEqual(expected)
  })
})

describe('paid is the financial status', () => {
  test.each([
    ['paid', true],
    ['partially_refunded', true],
    ['refunded', true],
    ['partially_paid', false],
    ['pending', false],
    ['authorized', false],
    ['voided', false],
    ['expired', false],
    [null, false],
  ])('%s is paid: %s', (financial_status, paid) => {
    expect(order({ financial_status }).paidAt !== null).toBe(paid)
  })

  test('an order paid days after its checkout was paid when orders/paid says so', () => {
    const late = { updated_at: '2026-10-09T10:00:00+03:00' }
    expect(order(late, 'orders/paid').paidAt).toBe(Date.UTC(2026, 9, 9, 7))
    expect(order(late, 'orders/updated').paidAt).toBe(Date.UTC(2026, 9, 3, 7, 0, 1))
    expect(order({ processed_at: null }).paidAt).toBe(Date.UTC(2026, 9, 3, 7, 0, 5))
  })
})

describe('test orders', () => {
  test('are known by the flag, the fixed id, the fixed people or the old header', () => {
    expect(order({ test: true }).test).toBe(true)
    expect(order({ admin_graphql_api_id: 'gid://shopify/Order/820982911946154508' }).test).toBe(true)
    expect(order({ name: '#9999', order_number: 1234, email: 'jon@example.com' }).test).toBe(true)
    const old = { topic: 'orders/paid', country: 'KE', headers: headers({ 'X-Shopify-Test': 'true' }) }
    expect(orderIn(shopify.read(bytes(shopifyOrder()), old)).test).toBe(true)
  })

  test("a shop's real order number 9999 is real", () => {
    expect(order({ name: '#9999', order_number: 9999 }).test).toBe(false)
  })

  test('ids above 2^53 are read to the digit', () => {
    const text = JSON.stringify(shopifyOrder({ admin_graphql_api_id: null })).replace(
      '5800111222333',
      '820982911946154509',
    )
    expect(orderIn(read(text)).id).toBe('820982911946154509')
  })
})

test("the buyer's currency is shown, and the shop's where the body has no other", () => {
  const abroad = {
    presentment_currency: 'EUR',
    total_price_set: set('20.50', '2970.00'),
    line_items: [{ title: 'Leso', quantity: 2, price: '1200.00', price_set: set('8.75', '1200.00') }],
    shipping_lines: [],
    tax_lines: [{ title: 'VAT', rate: 0.16, price: '396.00', price_set: set('2.83', '396.00') }],
    total_discounts_set: set('0.00', '0.00'),
  }
  expect(order(abroad)).toMatchObject({
    currency: 'EUR',
    total: 2050,
    lines: [{ total: 1750 }],
    taxes: [{ amount: 283 }],
  })
  // A tip is told in the shop's currency alone: it is left out rather than shown in the wrong one.
  expect(order(abroad).fees).toEqual([])
  expect(order({ presentment_currency: 'EUR', total_price_set: null })).toMatchObject({
    currency: 'KES',
    total: 297_000,
  })
})

describe('phone', () => {
  test('order, shipping, billing, customer, home, each with its country', () => {
    const nobody = { phone: null, shipping_address: null, billing_address: null, customer: null }
    expect(order({ phone: null }).phone.e164).toBe('254722000111')
    expect(order({ ...nobody, billing_address: address('TZ', '0754000123') })).toMatchObject({
      phone: { e164: '255754000123' },
      country: 'TZ',
    })
    expect(order({ ...nobody, customer: { phone: '+254733000222' } }).phone.e164).toBe('254733000222')
    const home = { customer: { default_address: address('UG', '0772123456') } }
    expect(order({ ...nobody, ...home })).toMatchObject({ phone: { e164: '256772123456' }, country: 'UG' })
    expect(order({ ...nobody, note_attributes: [{ name: 'Phone', value: '0722000111' }] }).phone.e164).toBe(
      '254722000111',
    )
    expect(order(nobody).phone.problem).toBe('no_phone')
    expect(order(nobody).customer).toEqual({ name: null, firstName: null })
  })

  test('a number noted for WhatsApp stands in for a missing phone', () => {
    const note_attributes = [
      { name: 'whatsapp_opt_in', value: 'yes' },
      { name: 'WhatsApp', value: '0733 000 222' },
    ]
    const nobody = { phone: null, shipping_address: null, billing_address: null, customer: null }
    expect(order({ ...nobody, note_attributes })).toMatchObject({
      phone: { e164: '254733000222' },
      attributes: { whatsapp_opt_in: 'yes', WhatsApp: '0733 000 222' },
    })
  })
})

describe('refunds', () => {
  const sale = { kind: 'sale', status: 'success', amount: '10.00' }
  const line = { quantity: 1, subtotal: 300, total_tax: '48.00' }

  test('are the money that went back, shown beside the total as first paid', () => {
    const refund = {
      id: 5,
      note: 'Torn',
      processed_at: '2026-10-05T10:00:00+03:00',
      transactions: [back('100.00'), back('50.50'), back('9.00', 'failure'), sale],
      refund_line_items: [line],
    }
    expect(order({ financial_status: 'partially_refunded', refunds: [refund] })).toMatchObject({
      total: 297_000,
      refunds: [{ id: '5', reason: 'Torn', amount: 15_050, at: Date.UTC(2026, 9, 5, 7) }],
      refundedTotal: 15_050,
    })
  })

  test('items taken out of an unpaid order give nothing back; a body without transactions is told by its lines', () => {
    expect(order({ refunds: [{ id: 5, transactions: [], refund_line_items: [line] }] }).refundedTotal).toBe(0)
    expect(order({ refunds: [{ id: 5, refund_line_items: [line] }] }).refundedTotal).toBe(34_800)
    expect(order({ financial_status: 'refunded', refunds: undefined }).refundedTotal).toBe(297_000)
  })

  test('a refund on its own is a part of its order', () => {
    const text = JSON.stringify({
      id: 5,
      order_id: 1,
      created_at: '2026-10-05T10:00:00+03:00',
      transactions: [back('100.00')],
      refund_line_items: [],
    }).replace('"order_id":1', '"order_id":820982911946154509')
    for (const topic of ['refunds/create', null]) {
      expect(orderIn(read(text, topic))).toMatchObject({
        id: '820982911946154509',
        partial: true,
        paidAt: null,
        currency: 'KES',
        refunds: [{ id: '5', amount: 10_000 }],
        refundedTotal: 10_000,
        phone: { e164: null },
      })
    }
    expect(reasonIn(read({ order_id: 1, transactions: [], refund_line_items: [] }, 'refunds/create'))).toMatch(
      /currency/,
    )
    const nothing = { order_id: 1, transactions: [back('0.00')], refund_line_items: [] }
    expect(reasonIn(read(nothing, 'refunds/create'))).toMatch(/No money/)
  })
})

describe('fulfilment', () => {
  test('one on its own is a part of its order, once it is done', () => {
    expect(orderIn(read(parcel('success'), 'fulfillments/create'))).toMatchObject({
      id: '5800111222333',
      number: '#2088',
      partial: true,
      fulfilledAt: Date.UTC(2026, 9, 6, 7),
    })
    expect(reasonIn(read(parcel('pending'), 'fulfillments/update'))).toMatch(/pending/)
  })

  test('of an order: whole, not partial, at the last parcel', () => {
    const fulfillments = [parcel('success'), { ...parcel('cancelled'), created_at: '2026-10-09T10:00:00Z' }]
    expect(order({ fulfillment_status: 'fulfilled', fulfillments }).fulfilledAt).toBe(Date.UTC(2026, 9, 6, 7))
    expect(order({ fulfillment_status: 'fulfilled' }).fulfilledAt).toBe(Date.UTC(2026, 9, 3, 7, 0, 5))
    expect(order({ fulfillment_status: 'partial', fulfillments }).fulfilledAt).toBeNull()
  })
})

test('a cancelled order keeps its time', () => {
  expect(order({ cancelled_at: '2026-10-03T12:00:00+03:00' }).cancelledAt).toBe(Date.UTC(2026, 9, 3, 9))
})

test('a saved REST answer is an order too', () => {
  expect(orderIn(read({ order: shopifyOrder() }, null)).number).toBe('#2088')
})

describe('what is not an order is kept with a plain reason', () => {
  test.each([
    [{ id: 1, order_id: 2, kind: 'capture', status: 'success' }, 'order_transactions/create', /order_transactions/],
    [{ id: 1, order_id: 2, kind: 'capture', status: 'success' }, null, /not an order/],
    [{ customer: { id: 1 }, orders_to_redact: [] }, 'customers/redact', /customers\/redact/],
    [{ shop_id: 1 }, 'shop/redact', /shop\/redact/],
    [{ order_edit: { id: 1, order_id: 2 } }, 'orders/edited', /edits/],
    [{ id: 1 }, 'orders/delete', /deleted/],
    [shopifyOrder({ financial_status: undefined, status: 'open' }), null, /not an order/],
    [shopifyOrder(), 'draft_orders/update', /draft_orders/],
    [shopifyOrder({ currency: null, presentment_currency: null }), 'orders/paid', /currency/],
    [shopifyOrder({ total_price: {}, total_price_set: null }), 'orders/paid', /total/],
    [shopifyOrder({ total_price: '-1.00', total_price_set: null }), 'orders/paid', /below zero/],
    [shopifyOrder({ id: null, admin_graphql_api_id: null }), 'orders/paid', /id/],
    ['null', 'orders/paid', /object/],
    ['', 'orders/paid', /empty/],
  ])('%j as %s', (body, topic, reason) => {
    expect(reasonIn(read(body, topic))).toMatch(reason)
  })
})
