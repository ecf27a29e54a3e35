import { expect, test } from 'vitest'
import { runInspect } from '../../src/commands/inspect.ts'
import type { Order, OrderEventType } from '../../src/order.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, medusaOrder, shopifyOrder, standardEvent, wooOrder } from './bodies.ts'
import { clickpesaPayment, flutterwaveV3 } from './money-bodies.ts'
import { squareEvent, squarePayment } from './square-bodies.ts'
import { stripeEvent, stripeSession } from './stripe-bodies.ts'

function transitions(_: Order | null, order: Order): { types: OrderEventType[] } {
  const facts: [OrderEventType, boolean][] = [
    ['order.created', !order.partial],
    ['order.paid', order.paidAt !== null],
    ['order.refunded', order.refundedTotal > 0],
    ['order.cancelled', order.cancelledAt !== null],
  ]
  return { types: facts.filter(([, is]) => is).map(([type]) => type) }
}

const inspect = (platform: keyof typeof platforms, body: unknown, json = true) =>
  runInspect({ platform: platforms[platform], body: bytes(body), topic: null, country: 'TZ', json, transitions })

test('an order is shown as the events it would make', () => {
  const { output, exitCode } = inspect('woocommerce', wooOrder({ refunds: [{ id: 1, total: '-500' }] }))
  expect(exitCode).toBe(0)
  const order = {
    id: '7301',
    number: 'SK-7301',
    paid: true,
    cancelled: false,
    refunded_total: '500.00',
    currency: 'TZS',
    total: '57900.00',
    customer: { name: "Rehema O'Mushi", phone: '255765111222' },
    country: 'TZ',
    items: [
      { name: 'Vitenge – Blue', quantity: 2, total: '40000.00' },
      { name: 'Item', quantity: 1, total: '10000.00' },
    ],
  }
  expect(JSON.parse(output)).toEqual({
    events: [
      { type: 'order.created', test: false, occurred_at: '2026-10-02T06:00:00.000Z', order },
      { type: 'order.paid', test: false, occurred_at: '2026-10-02T06:05:00.000Z', order },
      { type: 'order.refunded', test: false, occurred_at: '2026-10-02T06:05:09.000Z', order },
    ],
    ignored: null,
  })
})

test('money has the decimals of its currency, a quantity by weight its own', () => {
  const { events } = JSON.parse(inspect('standard', standardEvent()).output)
  expect(events[1].order).toMatchObject({ total: '152000', items: [{ quantity: 2.5, total: '30000' }, {}] })
})

test('a message is shown as one', () => {
  const data = { from: '+255 713 000 321', to: '255700000001', text: 'Habari', message_id: 'm', conversation_id: 'c' }
  const body = { type: 'message.received', timestamp: '2026-10-04T08:00:00Z', data }
  expect(JSON.parse(inspect('standard', body).output)).toEqual({
    events: [
      {
        type: 'message.received',
        test: false,
        occurred_at: '2026-10-04T08:00:00.000Z',
        message: { from: '255713000321', to: '255700000001', text: 'Habari', conversation_id: 'c', message_id: 'm' },
      },
    ],
    ignored: null,
  })
  expect(inspect('standard', body, false).output).toContain('message.received')
})

test.each([
  ['woocommerce', 'webhook_id=4', /ping/],
  ['woocommerce', { id: 4 }, /deleted/],
  ['shopify', { order_id: 1, status: 'success', tracking_numbers: [] }, /makes no event/],
  ['standard', 'nonsense', /not JSON/],
  ['bigcommerce', { scope: 'store/order/created', data: { type: 'order', id: 250 } }, /order:250: BigCommerce’s API/],
  ['square', squareEvent('payment.updated', { payment: squarePayment() }), /order:ORD1: Square’s API is asked/],
  ['stripe', stripeEvent('payment_intent.payment_failed', {}), /did not go through/],
] as const)('%s %j makes no event, and says why', (platform, body, reason) => {
  const { output, exitCode } = inspect(platform, body)
  expect(JSON.parse(output)).toEqual({ events: [], ignored: expect.stringMatching(reason) })
  expect(exitCode).toBe(0)
  expect(inspect(platform, body, false).output).toMatch(/^ignored/m)
})

test('stripe and medusa are shown like any other', () => {
  const session = inspect('stripe', stripeEvent('checkout.session.completed', stripeSession()))
  const { events } = JSON.parse(session.output)
  expect(events.map(({ type }: { type: string }) => type)).toEqual(['order.created', 'order.paid'])
  expect(events[1].order).toMatchObject({ number: 'DUKA-311', total: '49000.00', paid: true })
  const { output } = inspect('medusa', { type: 'order.placed', data: medusaOrder() }, false)
  expect(output).toContain('paid      no')
  expect(output).toContain('item      1 × Sample  TSh 0')
})

test('people get a short table', () => {
  const { output } = inspect('shopify', shopifyOrder({ test: true, phone: 'nil', shipping_address: null }), false)
  expect(output).toContain('order     #2088 (id 5800111222333), a test')
  expect(output).toContain('item      2 × Leso  KSh 2,400')
  expect(output).toContain('discount  SABA −KSh 150')
  expect(output).toContain('tax       VAT KSh 396 (inside)')
  expect(output).toContain('total     KSh 2,970')
  expect(output).toContain('phone     not usable: nil')
})

test('a payment that has to be confirmed is shown as what will be asked, one that is signed as its order', () => {
  expect(JSON.parse(inspect('flutterwave', flutterwaveV3()).output)).toEqual({
    events: [],
    ignored: 'A claim about transaction:408136545: Flutterwave’s API is asked.',
  })
  const { output } = inspect('clickpesa', { event: 'PAYMENT RECEIVED', data: clickpesaPayment() }, false)
  expect(output).toMatch(/^order {5}DUKA77 \(id DUKA77\)$/m)
  expect(output).toMatch(/^total {5}TSh 18,000$/m)
})

test('it says that no signature was checked, and which platform a foreign body seems to come from', () => {
  const { output } = inspect('woocommerce', wooOrder(), false)
  expect(output).toMatch(/^signature not checked: risiti verify does that$/m)
  const foreign = JSON.parse(inspect('clickpesa', shopifyOrder()).output)
  expect(foreign.ignored).toMatch(/It reads as a delivery of Shopify: risiti inspect shopify shows it\.$/)
})
