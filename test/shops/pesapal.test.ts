import { describe, expect, test } from 'vitest'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers, orderIn, reasonIn } from './bodies.ts'
import { claimIn, confirm, NOW, simulatedApi } from './confirm-api.ts'
import { pesapalStatus } from './money-bodies.ts'

const { pesapal } = platforms
const KEYS = { consumer_key: 'key-1', consumer_secret: 'secret-1' }
const NOTICE = { OrderTrackingId: 'a1b2-c3', OrderNotificationType: 'IPNCHANGE', OrderMerchantReference: 'DUKA-77' }
const QUERY = new URLSearchParams(NOTICE).toString()
const TOKEN = 'POST /api/Auth/RequestToken'
const STATUS = 'GET /api/Transactions/GetTransactionStatus?orderTrackingId=a1b2-c3'

describe('a notification', () => {
  test.each([
    ['by POST', bytes(NOTICE), ''],
    ['by POST as a form', bytes(QUERY), ''],
    ['by GET', bytes(''), QUERY],
    ['by GET, spelled otherwise', bytes(''), QUERY.replaceAll('Order', 'order')],
  ])('%s claims an order, and is answered in its words', (_, body, query) => {
    const claim = { subject: 'order:a1b2-c3', amount: null, currency: null, reference: 'DUKA-77', occurredAt: null }
    expect(claimIn(pesapal.read(body, { topic: null, country: 'TZ', query }))).toEqual(claim)
    expect(pesapal.answer?.({ headers: headers({}), body, query })).toEqual({
      orderNotificationType: 'IPNCHANGE',
      orderTrackingId: 'a1b2-c3',
      orderMerchantReference: 'DUKA-77',
      status: 200,
    })
  })

  test('of another order is another delivery, in the address as in the body', () => {
    const key = (query: string, body: unknown) =>
      pesapal.deliveryKey({ headers: headers({}), body: bytes(body), query })
    const other = { ...NOTICE, OrderTrackingId: 'a1b2-c4' }
    const keys = [key(QUERY, ''), key(QUERY.replace('c3', 'c4'), ''), key('', NOTICE), key('', other)]
    expect(new Set(keys).size).toBe(4)
    expect(key(QUERY, '')).toBe(keys[0])
  })

  test.each([
    ['nothing', ''],
    ['an id that leads elsewhere', 'OrderTrackingId=../../x'],
  ])('of %s is ignored', (_, query) => {
    expect(reasonIn(pesapal.read(bytes(''), { topic: null, country: 'TZ', query }))).toMatch(/OrderTrackingId/)
  })
})

describe('its order is confirmed', () => {
  const ask = async (status: unknown, token: unknown = { token: 'jw.t', status: '200' }, options = {}) => {
    const { api, asked } = await simulatedApi({ [TOKEN]: token, [STATUS]: status })
    return { confirmation: await confirm(pesapal, NOTICE, api, KEYS, options), asked }
  }
  const order = async (...given: Parameters<typeof ask>) => {
    const { confirmation } = await ask(...given)
    return orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])
  }

  test('by its status, with a token for the shop’s keys', async () => {
    const { asked } = await ask(pesapalStatus())
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(KEYS)
    expect(asked[1]?.headers['authorization']).toBe('Bearer jw.t')
    expect(await order(pesapalStatus())).toMatchObject({
      id: 'DUKA-77',
      // Pesapal's clock is Nairobi's, three hours ahead.
      paidAt: Date.UTC(2026, 10, 20, 8, 4, 41, 330),
      total: 1_800_000,
      currency: 'TZS',
      refundedTotal: 0,
      phone: { e164: '255754111222' },
      payment: { method: 'M-Pesa', reference: '8QK40X2L1' },
      attributes: { whatsapp: '0713000321' },
    })
  })

  test('its masked payer is nobody; a number in the shop’s own callback address is the customer’s', async () => {
    const masked = pesapalStatus({ payment_account: '2557xxxx0123' })
    expect((await order(masked)).phone.e164).toBe('255713000321')
    const bare = pesapalStatus({ payment_account: '4111111111111111', call_back_url: null })
    expect((await order(bare)).phone).toEqual({ raw: null, e164: null, problem: 'no_phone' })
  })

  test('the field the shop names comes first', async () => {
    const call_back_url = 'https://duka.example/?namba=0688000456'
    expect((await order(pesapalStatus({ call_back_url }), undefined, { whatsappField: 'namba' })).phone.e164).toBe(
      '255688000456',
    )
  })

  test('a reversal is the order with all its money given back, newer than the payment', async () => {
    expect(await order(pesapalStatus({ status_code: 3 }))).toMatchObject({
      total: 1_800_000,
      refundedTotal: 1_800_000,
      updatedAt: NOW,
      paidAt: Date.UTC(2026, 10, 20, 8, 4, 41, 330),
    })
  })

  test.each([
    ['failed', pesapalStatus({ status_code: 2 }), { kind: 'denied' }],
    ['not paid yet', pesapalStatus({ status_code: 0 }), { kind: 'undecided' }],
    ['of another reference', pesapalStatus({ merchant_reference: 'DUKA-1' }), { kind: 'denied', mismatch: true }],
    ['about another order', pesapalStatus({ order_tracking_id: 'z' }), { kind: 'undecided' }],
    ['without an amount', pesapalStatus({ amount: 0 }), { kind: 'undecided' }],
    ['an error', { error: { code: 'payment_details_not_found' }, status: '500' }, { kind: 'undecided' }],
    ['unknown', undefined, { kind: 'denied' }],
  ])('but not one that is %s', async (_, status, expected) => {
    expect((await ask(status)).confirmation).toMatchObject(expected)
  })

  test('nor without a token', async () => {
    const token = { token: null, error: { code: 'invalid_consumer_key_or_secret_provided' }, status: '500' }
    expect((await ask(pesapalStatus(), token)).confirmation).toMatchObject({
      kind: 'undecided',
      reason: expect.stringMatching(/token/),
    })
  })
})
