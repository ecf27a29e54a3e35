import { describe, expect, test } from 'vitest'
import { bigcommerce } from '../../src/shops/bigcommerce.ts'
import type { Confirmation } from '../../src/shops/platform.ts'
import { bigcommerceOrder, bigcommerceProducts } from './bigcommerce-bodies.ts'
import { bytes, orderIn, reasonIn } from './bodies.ts'
import { byGet, confirm as confirmClaim, NOW, simulatedApi } from './confirm-api.ts'

const options = { topic: null, country: 'KE' }
const thin = (scope: string, data: object = { type: 'order', id: 250 }, producer = 'stores/abc123') => ({
  scope,
  store_id: '1025646',
  data,
  hash: 'dd70c0976e06b67aaf671e73f49dcb79230ebf9d',
  created_at: 1_791_201_600,
  producer,
})
const read = (body: unknown) => bigcommerce.read(bytes(body), options)

const PATH = '/stores/abc123/v2/orders/250'
async function confirm(
  changes: object = {},
  { body = thin('store/order/updated'), more = {}, whatsappField = null as string | null } = {},
): Promise<Confirmation> {
  const answers = {
    [PATH]: { ...bigcommerceOrder, ...changes },
    [`${PATH}/products?limit=250`]: bigcommerceProducts,
    [`${PATH}/shipping_addresses?limit=50`]: [{ shipping_method: 'Rider', phone: '0799 000 000', country_iso2: 'KE' }],
    [`${PATH}/coupons?limit=50`]: [{ code: 'SABA', discount: 200, amount: '10.0000' }],
    ...more,
  }
  const { api } = await simulatedApi(byGet(answers), (sent) => sent['x-auth-token'] === 'tok')
  const given = { access_token: 'tok', store_hash: 'abc123' }
  return confirmClaim(bigcommerce, body, api, given, { ...options, whatsappField })
}
const orderOf = (confirmation?: Confirmation) =>
  orderIn(confirmation?.kind === 'confirmed' ? confirmation.readings : [])

test.each([
  ['store/order/created', undefined, 'order:250'],
  [
    'store/order/statusUpdated',
    { type: 'order', id: 250, status: { previous_status_id: 0, new_status_id: 11 } },
    'order:250',
  ],
  ['store/order/refund/created', { type: 'order', id: 250, refund: { refund_id: 3 } }, 'order:250'],
  ['store/order/transaction/created', { type: 'transaction', order_id: '250' }, 'order:250'],
  ['store/shipment/created', { type: 'shipment', id: 12, orderId: 251 }, 'order:251'],
])('%s is a claim about its order', (scope, data, subject) => {
  expect(read(thin(scope, data))).toMatchObject([{ kind: 'claim', claim: { subject, occurredAt: 1_791_201_600_000 } }])
})

test.each([
  [thin('store/order/message/created'), /order\/message\/created/],
  [thin('store/product/updated', { type: 'product', id: 5 }), /product\/updated/],
  [thin('store/shipment/created', { type: 'shipment', id: 12 }), /names no order/],
  [thin('store/order/created', { type: 'order', id: '../1' }), /names no order/],
])('%#: %s', (body, reason) => {
  expect(reasonIn(read(body))).toMatch(reason)
})

test('the order, field by field', async () => {
  const order = orderOf(await confirm())
  expect(order).toEqual({
    id: '250',
    number: '250',
    partial: false,
    test: false,
    createdAt: Date.UTC(2026, 9, 5, 12),
    updatedAt: Date.UTC(2026, 9, 5, 12, 5),
    paidAt: Date.UTC(2026, 9, 5, 12),
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Wanjirũ Kamau', firstName: 'Wanjirũ' },
    phone: { raw: '0712 000 345 / 0733 000 111', e164: '254712000345', problem: null },
    country: 'KE',
    locale: 'sw',
    // What the shopper paid in, not what prices were shown in.
    currency: 'KES',
    lines: [
      { name: 'Kiondo & lid', detail: 'Size: Medium', sku: 'KB-1', quantity: '2', total: 240_000 },
      { name: 'Sample', detail: null, sku: null, quantity: '1', total: 0 },
    ],
    subtotal: 240_000,
    discounts: [
      { label: 'SABA', amount: 20_000 },
      { label: '', amount: 10_000 },
    ],
    shipping: [{ label: 'Rider', amount: 25_000 }],
    fees: [{ label: 'Handling', amount: 5000 }],
    taxes: [{ label: '', rate: null, amount: 33_103 }],
    taxIncluded: true,
    total: 240_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'Credit Card', reference: null },
    url: null,
    attributes: { WhatsApp: '0722 000 999', whatsapp_ok: 'yes' },
  })
  const { lines, discounts, shipping, fees, total } = order
  const sum = [...shipping, ...fees].reduce(
    (all, part) => all + part.amount,
    lines.reduce((all, line) => all + line.total, 0),
  )
  expect(sum - discounts.reduce((all, part) => all + part.amount, 0)).toBe(total)
})

test('without tax in its prices, parts are shown without it', async () => {
  const order = orderOf(await confirm({ is_tax_inclusive_pricing: false }))
  expect(order).toMatchObject({ taxIncluded: false, subtotal: 206_897, shipping: [{ amount: 21_552 }] })
  expect(order.lines[0]?.total).toBe(206_897)
})

test('the field the shop’s settings name comes first', async () => {
  expect(orderOf(await confirm({}, { whatsappField: 'WhatsApp' })).phone.e164).toBe('254722000999')
})

describe('paid only when paid', () => {
  test.each([
    ['captured', 11, 'Credit Card', true],
    ['partially refunded', 14, 'Credit Card', true],
    ['refunded', 4, 'Credit Card', true],
    ['authorized', 11, 'Credit Card', false],
    ['pending', 11, 'Credit Card', false],
    ['declined', 6, 'Credit Card', false],
    ['', 11, 'Bank Deposit', true],
    ['', 7, 'Bank Deposit', false],
    ['', 1, 'Bank Deposit', false],
    ['', 13, 'Bank Deposit', false],
    ['', 11, 'Cash on Delivery', false],
    ['', 2, 'Cash on Delivery', false],
    ['', 10, 'Cash on Delivery', true],
  ])('payment %s, status %i, %s: %s', async (payment_status, status_id, payment_method, paid) => {
    const { paidAt } = orderOf(await confirm({ payment_status, status_id, payment_method }))
    expect(paidAt).toBe(paid ? Date.UTC(2026, 9, 5, 12) : null)
  })
})

test.each([
  [{ status_id: 2, date_shipped: 'Tue, 06 Oct 2026 08:00:00 +0000' }, { fulfilledAt: Date.UTC(2026, 9, 6, 8) }],
  [{ status_id: 10 }, { fulfilledAt: Date.UTC(2026, 9, 5, 12, 5) }],
  [{ status_id: 3 }, { fulfilledAt: null }],
  [{ status_id: 5 }, { cancelledAt: Date.UTC(2026, 9, 5, 12, 5) }],
  [{ refunded_amount: '500.0000', status_id: 14 }, { refundedTotal: 50_000 }],
  [{ status_id: 4 }, { refundedTotal: 240_000 }],
  [{ payment_method: 'Test Payment Gateway' }, { test: true }],
  [
    { default_currency_code: 'JPY', total_inc_tax: '2400.0000' },
    { total: 2400, currency: 'JPY' },
  ],
  [
    { date_created: '', date_modified: 'soon' },
    { createdAt: null, updatedAt: null, paidAt: NOW },
  ],
])('%j: %j', async (changes, expected) => {
  expect(orderOf(await confirm(changes))).toMatchObject(expected)
})

test.each([
  ['an order nobody knows', { more: { [PATH]: null } }, /no order/],
  ['another order', { more: { [PATH]: { ...bigcommerceOrder, id: 9 } } }, /no order/],
  ['a checkout left unfinished', { more: { [PATH]: { ...bigcommerceOrder, status_id: 0 } } }, /not finished/],
  ['an order of another store', { body: thin('store/order/created', undefined, 'stores/other') }, /another store/],
  ['an order without a total', { more: { [PATH]: { ...bigcommerceOrder, total_inc_tax: 'SECRET' } } }, /no total/],
])('%s is not believed', async (_, given, reason) => {
  expect(await confirm({}, given)).toMatchObject({ kind: 'denied', reason: expect.stringMatching(reason) })
})

test('lists that are empty are not there at all', async () => {
  const none = Object.fromEntries(
    ['products?limit=250', 'shipping_addresses?limit=50', 'coupons?limit=50'].map((list) => [`${PATH}/${list}`, null]),
  )
  const order = orderOf(await confirm({ shipping_cost_inc_tax: '0.0000' }, { more: none }))
  expect(order).toMatchObject({
    lines: [],
    shipping: [],
    discounts: [{ label: '', amount: 20_000 }, { amount: 10_000 }],
  })
})
