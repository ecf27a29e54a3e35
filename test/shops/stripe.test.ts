import { describe, expect, test } from 'vitest'
import { advanceOrder } from '../../src/intake/advance-order.ts'
import { isFullyRefunded, type Order, type OrderEventType, type Reading } from '../../src/order.ts'
import type { Confirmation } from '../../src/shops/platform.ts'
import { stripe } from '../../src/shops/stripe.ts'
import { permutations } from '../support/rows.ts'
import { bytes, headers, orderIn, reasonIn } from './bodies.ts'
import { type Asked, byGet, confirm as confirmClaim, simulatedApi } from './confirm-api.ts'
import {
  STRIPE_AT,
  stripeCharge,
  stripeEvent,
  stripeIntent,
  stripeLines,
  stripeRefund,
  stripeSession,
} from './stripe-bodies.ts'

const AT = STRIPE_AT * 1000
const options = { topic: null, country: 'TZ' }
const read = (event: unknown, more = {}) => stripe.read(bytes(event), { ...options, ...more })
const completed = (changes = {}) => stripeEvent('checkout.session.completed', stripeSession(changes))
const order = (event: unknown) => orderIn(read(event))

test('a session, field by field', () => {
  expect(order(completed())).toEqual({
    id: 'pi_3Duka0001',
    number: 'DUKA-311',
    partial: false,
    test: false,
    createdAt: AT - 300_000,
    updatedAt: AT,
    paidAt: AT,
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Neema John', firstName: 'Neema' },
    phone: { raw: '+255754000123', e164: '255754000123', problem: null },
    country: 'TZ',
    locale: 'en-GB',
    currency: 'TZS',
    lines: [{ name: 'Item', detail: null, sku: null, quantity: '1', total: 5_000_000 }],
    subtotal: 5_000_000,
    discounts: [{ label: '', amount: 400_000 }],
    shipping: [{ label: '', amount: 300_000 }],
    fees: [],
    taxes: [],
    taxIncluded: false,
    total: 4_900_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'card', reference: 'pi_3Duka0001' },
    url: null,
    // The consent Stripe asks for is to promotions: it is no field a yes to WhatsApp could be read from.
    attributes: { whatsapp: '0765 111 222', whatsapp_ok: 'yes' },
  })
})

describe('paid only when paid', () => {
  test.each([
    ['paid', 'completed', AT],
    ['no_payment_required', 'completed', AT],
    ['unpaid', 'completed', null],
    ['paid', 'async_payment_succeeded', AT],
    ['unpaid', 'async_payment_failed', null],
  ])('a session that is %s, %s', (payment_status, type, paidAt) => {
    const event = stripeEvent(`checkout.session.${type}`, stripeSession({ payment_status }))
    expect(order(event)).toMatchObject({ paidAt, cancelledAt: null, partial: false })
  })

  test('a charge that only reserves the money is paid with its capture', () => {
    const reserved = stripeCharge({ captured: false, amount_captured: 0 })
    expect(order(stripeEvent('charge.succeeded', reserved))).toMatchObject({ paidAt: null, total: 4_900_000 })
    const captured = stripeCharge({ amount_captured: 4_000_000 })
    expect(order(stripeEvent('charge.captured', captured))).toMatchObject({ paidAt: AT, total: 4_000_000 })
  })

  test('an order of test mode is a test order', () => {
    expect(order({ ...completed(), livemode: false }).test).toBe(true)
    expect(order(completed({ livemode: false })).test).toBe(true)
  })
})

describe('what is none of ours is kept with a reason', () => {
  test.each([
    [stripeEvent('payment_intent.payment_failed', stripeIntent()), /did not go through/],
    [stripeEvent('invoice.paid', {}), /invoice\.paid/],
    [completed({ mode: 'setup', amount_total: null }), /sold nothing/],
    [completed({ currency: null }), /no currency/],
    [completed({ amount_total: 'SECRET' }), /no total/],
    [stripeEvent('refund.created', stripeRefund({ status: 'pending' })), /pending/],
    [stripeEvent('charge.refunded', stripeCharge()), /No money/],
    [stripeEvent('payment_intent.succeeded', stripeIntent({ description: 'Subscription creation' })), /subscription/],
    [{ id: 'evt_1', object: 'v2.core.event', type: 'v1.billing.meter.error', related_object: {} }, /thin event/],
  ])('%#', (event, reason) => {
    expect(reasonIn(read(event))).toMatch(reason)
    expect(reasonIn(read(event))).not.toContain('SECRET')
  })
})

describe('minor units', () => {
  test.each([
    ['tzs', 4_800_000, 4_800_000],
    ['jpy', 500, 500],
    ['kwd', 12_340, 12_340],
    // Stripe keeps two decimals for the shilling of Uganda, which has none.
    ['ugx', 500_000, 5000],
    ['isk', 12_300, 123],
    // And none for the ariary, which has two in ISO 4217.
    ['mga', 5000, 500_000],
    ['rwf', 48_000, 48_000],
  ])('%s %d', (currency, amount_total, total) => {
    expect(order(completed({ currency, amount_total })).total).toBe(total)
  })
})

test('tax inside the prices is told from tax on top by the sum', () => {
  const details = { amount_discount: 0, amount_shipping: 0, amount_tax: 900 }
  const taxed = (amount_total: number) =>
    order(completed({ amount_subtotal: 5000, amount_total, total_details: details, shipping_cost: null }))
  expect(taxed(5900)).toMatchObject({ taxIncluded: false, taxes: [{ amount: 900 }], shipping: [] })
  expect(taxed(5000)).toMatchObject({ taxIncluded: true, taxes: [{ amount: 900 }] })
})

describe('the phone, by API version', () => {
  const without = { customer_details: null, collected_information: null, custom_fields: [] }
  test.each([
    ['before 2025-03-31', { shipping_details: { phone: '0713000321', address: { country: 'TZ' } } }],
    ['before 2022-11-15', { shipping: { phone: '0713000321', address: { country: 'TZ' } } }],
    ['a field of the page', { custom_fields: [{ key: 'phone', type: 'numeric', numeric: { value: '0713000321' } }] }],
    ['metadata', { metadata: { customer_phone: '0713 000 321 / 0688 000 456' } }],
  ])('%s', (_, changes) => {
    expect(order(completed({ ...without, ...changes })).phone.e164).toBe('255713000321')
  })

  test('the field the shop’s settings name comes first', () => {
    expect(orderIn(read(completed(), { whatsappField: 'whatsapp' })).phone.e164).toBe('255765111222')
  })

  test('nobody left one', () => {
    expect(order(completed(without))).toMatchObject({ phone: { problem: 'no_phone' }, customer: { name: null } })
  })
})

/** What the deliveries make of the order, in this order. */
function tell(events: unknown[]): { order: Order | null; types: OrderEventType[] } {
  let known: Order | null = null
  const types: OrderEventType[] = []
  for (const event of events) {
    const advance = advanceOrder(known, order(event))
    known = advance.order
    types.push(...advance.types)
  }
  return { order: known, types }
}

describe('one sale', () => {
  const session = completed()
  const intent = stripeEvent('payment_intent.succeeded', stripeIntent())
  const charge = stripeEvent('charge.succeeded', stripeCharge())

  test.each(permutations([session, intent, charge]))(
    'is one order, once paid, however its events come (%#)',
    (...events) => {
      const told = tell(events)
      expect(told.types.filter((type) => type === 'order.paid')).toHaveLength(1)
      expect(told.types.filter((type) => type === 'order.created')).toHaveLength(1)
      // The session knows most and is the newest state.
      expect(told.order).toMatchObject({ id: 'pi_3Duka0001', number: 'DUKA-311', phone: { e164: '255754000123' } })
    },
  )

  test('is an order too where only charges are told', () => {
    expect(tell([charge, intent]).order).toMatchObject({
      number: 'pi_3Duka0001',
      lines: [{ name: 'Kitenge, 6 yards', total: 4_900_000 }],
      payment: { method: 'visa' },
      url: 'https://pay.stripe.com/receipts/abc',
    })
  })

  test('that was partly given back counts the money once, whichever events tell of it', () => {
    const told = stripeEvent('charge.refunded', stripeCharge({ amount_refunded: 1_000_000 }), {
      created: STRIPE_AT + 61,
    })
    const refund = stripeEvent('refund.created', stripeRefund(), { created: STRIPE_AT + 60 })
    for (const events of permutations([session, told, refund])) {
      const { order: known, types } = tell(events)
      expect(known).toMatchObject({ refundedTotal: 1_000_000, paidAt: AT, total: 4_900_000 })
      expect(types.filter((type) => type === 'order.refunded')).toHaveLength(1)
    }
  })

  test('that was all given back is gone, with a list of refunds (older versions) and without', () => {
    const refunds = { data: [stripeRefund({ amount: 4_900_000 })] }
    for (const more of [{}, { refunds }]) {
      const charged = stripeCharge({ amount_refunded: 4_900_000, refunded: true, ...more })
      const told = stripeEvent('charge.refunded', charged, { created: STRIPE_AT + 61 })
      for (const events of permutations([session, told])) {
        const { order: known } = tell(events)
        expect(known !== null && isFullyRefunded(known)).toBe(true)
      }
    }
  })

  test('that waits for its money is cancelled with its payment', () => {
    const waiting = completed({ payment_status: 'unpaid' })
    const canceled = stripeEvent('payment_intent.canceled', stripeIntent({ status: 'canceled' }), {
      created: STRIPE_AT + 90,
    })
    for (const events of permutations([waiting, canceled])) {
      expect(tell(events)).toMatchObject({ order: { cancelledAt: AT + 90_000, paidAt: null, number: 'DUKA-311' } })
    }
  })

  test('that was never finished is cancelled without ever being created', () => {
    const expired = stripeEvent('checkout.session.expired', stripeSession({ payment_intent: null, status: 'expired' }))
    expect(tell([expired])).toMatchObject({ types: ['order.cancelled'], order: { id: 'cs_live_a1Duka0001' } })
  })
})

test('an event is one delivery, though counters in its body move', () => {
  const key = (event: unknown) => stripe.deliveryKey({ headers: headers({}), body: bytes(event) })
  expect(key(completed())).toBe('evt_1Duka000000001')
  expect(key({ ...completed(), pending_webhooks: 0 })).toBe(key(completed()))
  expect(key({ ...completed(), id: 'evt_2' })).not.toBe(key(completed()))
  expect(key({ ...completed(), id: 5 })).toHaveLength(64)
})

describe('with a secret key', () => {
  const SECRET = 'rk_live_of_the_shop'
  let asked: Asked[] = []

  async function confirm(event: unknown, answers: Record<string, unknown>): Promise<Confirmation> {
    const made = await simulatedApi(byGet(answers), (sent) => sent['authorization'] === `Bearer ${SECRET}`)
    asked = made.asked
    return confirmClaim(stripe, event, made.api, { secret_key: SECRET }, options)
  }
  const orderOf = (confirmation?: Confirmation) => {
    const readings: Reading[] = confirmation?.kind === 'confirmed' ? confirmation.readings : []
    return orderIn(readings)
  }
  const linesPath = '/v1/checkout/sessions/cs_live_a1Duka0001/line_items?limit=100'
  const sessionsPath = '/v1/checkout/sessions?limit=1&payment_intent=pi_3Duka0001'
  const lines = [
    { name: 'Kitenge wax print', detail: 'Blue', sku: null, quantity: '2', total: 4_800_000 },
    { name: 'Soap', detail: null, sku: null, quantity: '1', total: 200_000 },
    { name: 'Free sample', detail: null, sku: null, quantity: '1', total: 0 },
  ]

  test('a sale is a claim that names what the answer has to match; anything else is read as ever', () => {
    const credentials = ['secret_key']
    expect(read(completed(), { credentials })).toEqual([
      {
        kind: 'claim',
        claim: {
          subject: 'payment:pi_3Duka0001',
          amount: 4_900_000,
          currency: 'TZS',
          reference: null,
          occurredAt: AT,
        },
      },
    ])
    expect(read(stripeEvent('refund.created', stripeRefund()), { credentials })).toMatchObject([{ kind: 'order' }])
    expect(read(completed(), { credentials: [] })).toMatchObject([{ kind: 'order' }])
  })

  test('a session’s lines are asked for', async () => {
    const { lines: listed, ...rest } = orderOf(await confirm(completed(), { [linesPath]: stripeLines }))
    expect(listed).toEqual(lines)
    expect(rest).toEqual({ ...order(completed()), lines: undefined })
    expect(asked.map(({ path }) => path)).toEqual([linesPath])
  })

  test('a charge finds its session, so that the sale is told whole by either', async () => {
    const event = stripeEvent('charge.succeeded', stripeCharge())
    const answers = { [sessionsPath]: { data: [stripeSession()] }, [linesPath]: stripeLines }
    expect(orderOf(await confirm(event, answers))).toMatchObject({ number: 'DUKA-311', lines, paidAt: AT })
  })

  test.each([
    ['no session', { [sessionsPath]: { data: [] } }],
    ['nothing at all', {}],
    ['a session of another amount', { [sessionsPath]: { data: [stripeSession({ amount_total: 1 })] } }],
    ['a session of another payment', { [sessionsPath]: { data: [stripeSession({ payment_intent: 'pi_x' })] } }],
    ['nonsense', { [sessionsPath]: [1, 'x'] }],
  ])('a charge the API knows %s of stays as the signed event told it', async (_, answers) => {
    const event = stripeEvent('charge.succeeded', stripeCharge())
    expect(orderOf(await confirm(event, answers))).toEqual(order(event))
  })

  test('an account connected to ours is asked about in its name', async () => {
    await confirm({ ...completed(), account: 'acct_1Connected' }, { [linesPath]: stripeLines })
    expect(asked[0]?.headers['stripe-account']).toBe('acct_1Connected')
  })

  test('a refused key is no answer', async () => {
    const { api } = await simulatedApi({}, () => false)
    const confirming = confirmClaim(stripe, completed(), api, { secret_key: 'old' }, options)
    await expect(confirming).rejects.toMatchObject({ outcome: { kind: 'blocked' } })
  })

  test('a payment of another reference than its session is the same sale', async () => {
    const event = stripeEvent('charge.succeeded', stripeCharge({ metadata: { order_number: 'OF-THE-CHARGE' } }))
    const answers = { [sessionsPath]: { data: [stripeSession()] }, [linesPath]: stripeLines }
    expect(orderOf(await confirm(event, answers))).toMatchObject({ number: 'DUKA-311', lines })
  })
})
