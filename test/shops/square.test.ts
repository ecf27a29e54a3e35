import { describe, expect, test } from 'vitest'
import type { Confirmation } from '../../src/shops/platform.ts'
import { square } from '../../src/shops/square.ts'
import { bytes, headers, orderIn, reasonIn } from './bodies.ts'
import { type Asked, byGet, confirm as confirmClaim, simulatedApi } from './confirm-api.ts'
import { squareCustomer, squareEvent, squareOrder, squarePayment, squareRefund } from './square-bodies.ts'

const options = { topic: null, country: 'US' }
const read = (event: unknown) => square.read(bytes(event), options)
const paymentEvent = (changes = {}) => squareEvent('payment.updated', { payment: squarePayment(changes) })
const orderEvent = squareEvent('order.updated', { order_updated: { order_id: 'ORD1', state: 'OPEN', version: 3 } })

const isLetIn = (sent: Asked['headers']) => sent['authorization'] === 'Bearer tok' && !!sent['square-version']

async function confirm(event: unknown, answers: Record<string, unknown>, apiUrl?: string): Promise<Confirmation> {
  const { api } = await simulatedApi(byGet(answers), isLetIn)
  return confirmClaim(square, event, api, { access_token: 'tok' }, { ...options, ...(apiUrl && { apiUrl }) })
}
const orderOf = (confirmation?: Confirmation) =>
  orderIn(confirmation?.kind === 'confirmed' ? confirmation.readings : [])
const answers = (changes = {}) => ({
  '/v2/orders/ORD1': { order: squareOrder(changes) },
  '/v2/customers/CUST1': { customer: squareCustomer },
})

describe('a notification is a claim about an order, or nothing', () => {
  test.each([
    [paymentEvent(), 'order:ORD1'],
    [orderEvent, 'order:ORD1'],
    [squareEvent('refund.updated', { refund: squareRefund() }), 'payment:PAY1'],
  ])('%#', (event, subject) => {
    // Nothing to hold the order's total against: a payment may be a part of it, a refund is.
    const claim = { subject, amount: null, currency: null, reference: null }
    expect(read(event)).toMatchObject([{ kind: 'claim', claim }])
  })

  test.each([
    [paymentEvent({ status: 'APPROVED' }), /APPROVED/],
    [paymentEvent({ status: 'FAILED' }), /FAILED/],
    [squareEvent('refund.created', { refund: squareRefund({ status: 'PENDING' }) }), /PENDING/],
    [{ type: 'webhooks.test_notification', event_id: 'x', data: { type: 'webhooks', id: 'y' } }, /test notification/],
    [squareEvent('customer.updated', { customer: {} }), /customer\.updated/],
  ])('%#: %s', (event, reason) => {
    expect(reasonIn(read(event))).toMatch(reason)
  })
})

test('the order, field by field', async () => {
  const at = (seconds: number) => Date.UTC(2026, 9, 5, 12, 0, seconds)
  expect(orderOf(await confirm(paymentEvent(), answers()))).toEqual({
    id: 'ORD1',
    number: 'web-88',
    partial: false,
    test: false,
    createdAt: at(0),
    updatedAt: at(30),
    paidAt: at(20),
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Maria Lopez', firstName: 'Maria' },
    phone: { raw: '+1 (415) 555-2671', e164: '14155552671', problem: null },
    country: 'US',
    locale: null,
    currency: 'USD',
    lines: [
      { name: 'Coffee', detail: 'Large, Oat milk', sku: null, quantity: '1.5', total: 3700 },
      { name: 'Sticker', detail: null, sku: null, quantity: '1', total: 0 },
    ],
    subtotal: 3700,
    discounts: [
      { label: 'Regulars', amount: 300 },
      { label: '', amount: 100 },
    ],
    shipping: [],
    fees: [
      { label: 'Courier', amount: 2000 },
      { label: 'Tip', amount: 200 },
    ],
    taxes: [{ label: 'Sales tax', rate: '8.5', amount: 200 }],
    taxIncluded: false,
    total: 5700,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'card', reference: 'PAY1' },
    url: 'https://squareup.com/receipt/preview/PAY1',
    attributes: { table: '4' },
  })
})

describe('paid, shipped and cancelled by the order’s own word', () => {
  test.each([
    [
      'a card that is only authorised',
      {
        tenders: [
          { id: 'PAY1', amount_money: { amount: 5700, currency: 'USD' }, card_details: { status: 'AUTHORIZED' } },
        ],
      },
    ],
    ['half of the bill', { tenders: [{ id: 'PAY2', amount_money: { amount: 5000, currency: 'USD' }, type: 'CASH' }] }],
    ['no payment', { tenders: [] }],
    ['no payment of an open order that costs nothing', { tenders: [], total_money: { amount: 0, currency: 'USD' } }],
  ])('%s is not paid', async (_, changes) => {
    expect(orderOf(await confirm(orderEvent, answers(changes))).paidAt).toBeNull()
  })

  test('fulfilled with the last parcel that was not called off', async () => {
    const done = { state: 'COMPLETED', shipment_details: { shipped_at: '2026-10-05T12:40:00Z' } }
    const off = { state: 'CANCELED', pickup_details: {} }
    const shipped = async (fulfillments: unknown[]) =>
      orderOf(await confirm(orderEvent, answers({ fulfillments }))).fulfilledAt
    expect(await shipped([done, off])).toBe(Date.UTC(2026, 9, 5, 12, 40))
    expect(await shipped([done, { state: 'PREPARED' }])).toBeNull()
  })

  test('cancelled', async () => {
    const order = orderOf(await confirm(orderEvent, answers({ state: 'CANCELED', tenders: [] })))
    expect(order).toMatchObject({ cancelledAt: Date.UTC(2026, 9, 5, 12, 0, 30), paidAt: null })
  })

  test('tax the prices hold', async () => {
    const taxes = [
      { name: 'VAT', percentage: '18', type: 'INCLUSIVE', applied_money: { amount: 600, currency: 'USD' } },
    ]
    expect(orderOf(await confirm(orderEvent, answers({ taxes })))).toMatchObject({ taxIncluded: true, subtotal: 3700 })
  })

  test.each([
    ['https://connect.squareup.com', { source: { name: 'Sandbox for sq0idb-1' } }, true],
    ['https://connect.squareupsandbox.com', {}, true],
    ['https://connect.squareup.com', {}, false],
  ])('an order of test money is a test order (%s %o)', async (apiUrl, changes, isTest) => {
    expect(orderOf(await confirm(orderEvent, answers(changes), apiUrl)).test).toBe(isTest)
  })

  test('an order told of without its payment is asked how it was paid', async () => {
    const all = { ...answers(), '/v2/payments/PAY1': { payment: squarePayment() } }
    expect(orderOf(await confirm(orderEvent, all))).toEqual(orderOf(await confirm(paymentEvent(), all)))
  })

  test('a bill that two shared is paid by both, and each payment is a part of it', async () => {
    const part = (id: string, amount: number) => ({ id, payment_id: id, amount_money: { amount, currency: 'USD' } })
    const half = { id: 'PAY2', total_money: { amount: 2700, currency: 'USD' } }
    const order = orderOf(
      await confirm(paymentEvent(half), answers({ tenders: [part('PAY1', 3000), part('PAY2', 2700)] })),
    )
    expect(order).toMatchObject({ paidAt: expect.any(Number), total: 5700, payment: { reference: 'PAY2' } })
  })
})

describe('refunds are those of the payments, under the ids their notifications name', () => {
  const refunded = {
    ...answers(),
    '/v2/payments/PAY1': { payment: squarePayment({ refund_ids: ['PAY1_r1', 'PAY1_r2'] }) },
    '/v2/refunds/PAY1_r1': { refund: squareRefund() },
    '/v2/refunds/PAY1_r2': { refund: squareRefund({ id: 'PAY1_r2', status: 'PENDING' }) },
  }
  const refunds = [{ id: 'PAY1_r1', reason: 'Cold', amount: 700, at: Date.UTC(2026, 9, 5, 13) }]

  test('told by the refund', async () => {
    const event = squareEvent('refund.updated', { refund: squareRefund() })
    expect(orderOf(await confirm(event, refunded))).toMatchObject({ id: 'ORD1', refunds, refundedTotal: 700 })
  })

  test('told by the order', async () => {
    const changed = { ...refunded, '/v2/orders/ORD1': { order: squareOrder({ refunds: [{ id: 'old-id' }] }) } }
    expect(orderOf(await confirm(orderEvent, changed))).toMatchObject({ refunds, refundedTotal: 700 })
  })

  test('one its payment does not show yet is asked for again', async () => {
    const event = squareEvent('refund.updated', { refund: squareRefund({ id: 'PAY1_r9' }) })
    expect(await confirm(event, refunded)).toMatchObject({ kind: 'undecided' })
  })
})

describe('what does not match is not believed', () => {
  test.each([
    ['an order nobody knows', paymentEvent(), {}, 'denied'],
    [
      'another order than asked for',
      paymentEvent(),
      { '/v2/orders/ORD1': { order: squareOrder({ id: 'X' }) } },
      'denied',
    ],
    ['a draft', orderEvent, answers({ state: 'DRAFT' }), 'denied'],
    [
      'an order in another currency',
      paymentEvent({ total_money: { amount: 5700, currency: 'EUR' } }),
      answers(),
      'denied',
    ],
    ['another amount', paymentEvent({ total_money: { amount: 9900, currency: 'USD' } }), answers(), 'denied'],
    ['a payment that does not show yet', paymentEvent({ id: 'PAY7' }), answers(), 'undecided'],
    ['a payment nobody knows', squareEvent('refund.created', { refund: squareRefund() }), answers(), 'denied'],
  ])('%s: %#', async (_, event, given, kind) => {
    expect(await confirm(event, given)).toMatchObject({ kind, reason: expect.stringMatching(/^[A-Z].*\.$/) })
  })

  test('an order without a customer is an order without a phone', async () => {
    const order = orderOf(await confirm(orderEvent, answers({ customer_id: undefined })))
    expect(order).toMatchObject({ phone: { problem: 'no_phone' }, customer: { name: null } })
  })

  test('who gets the goods comes before the directory', async () => {
    const recipient = { display_name: 'Ann Lee', phone_number: '(415) 555-2222', address: { country: 'US' } }
    const fulfillments = [{ state: 'PROPOSED', delivery_details: { recipient } }]
    expect(orderOf(await confirm(orderEvent, answers({ fulfillments })))).toMatchObject({
      phone: { e164: '14155552222' },
      customer: { name: 'Ann Lee', firstName: 'Ann' },
    })
  })
})

test('an event is one delivery', () => {
  const key = (event: unknown) => square.deliveryKey({ headers: headers({}), body: bytes(event) })
  expect(key(orderEvent)).toBe('116038d3-2948-439f-8679-fc86dbf80f69')
  expect(key({ ...paymentEvent(), event_id: 'x' })).toHaveLength(64)
})
