import { describe, expect, test } from 'vitest'
import { platforms } from '../../src/shops/registry.ts'
import { selcomHeaders } from '../../src/shops/selcom-sign.ts'
import { bytes, orderIn, reasonIn } from './bodies.ts'
import { claimIn, confirm, NOW, simulatedApi } from './confirm-api.ts'
import { selcomCallback, selcomStatus } from './money-bodies.ts'

const { selcom } = platforms
const KEYS = { api_key: 'SELCOM-KEY-1', api_secret: 's3lcom-s3cret' }
const STATUS = 'GET /checkout/order-status?order_id=DUKA-77'

const read = (body: unknown) => selcom.read(bytes(body), { topic: null, country: 'TZ' })

test('a request is signed as Selcom’s own client signs it', () => {
  // Made with the npm package selcom-apigw-client 1.0.0 on a clock stopped at this time.
  const now = Date.UTC(2026, 10, 20, 8, 4, 41)
  expect(
    selcomHeaders({ apiKey: KEYS.api_key, apiSecret: KEYS.api_secret, fields: { order_id: 'DUKA-1042' }, now }),
  ).toEqual({
    authorization: 'SELCOM U0VMQ09NLUtFWS0x',
    'digest-method': 'HS256',
    digest: 'jTUW8KreMw5rpwmUX2WhAVtx55J7rVpjgO7PSnoBcyE=',
    timestamp: '2026-11-20T11:04:41+03:00',
    'signed-fields': 'order_id',
  })
})

test('a callback claims its order, also one that says only that all went well', () => {
  const claim = {
    subject: 'order:DUKA-77',
    amount: 1_800_000,
    currency: 'TZS',
    reference: 'DUKA-77',
    occurredAt: null,
  }
  expect(claimIn(read(selcomCallback()))).toEqual(claim)
  expect(claimIn(read(selcomCallback({ payment_status: undefined })))).toEqual(claim)
  expect(claimIn(read(selcomCallback({ amount: undefined })))).toEqual({ ...claim, amount: null })
})

test.each([
  ['a pending order', selcomCallback({ payment_status: 'PENDING' }), /paid/],
  ['a failed result', selcomCallback({ result: 'FAIL', resultcode: '999' }), /paid/],
  ['neither status nor result', { order_id: 'DUKA-77' }, /paid/],
  ['no order', selcomCallback({ order_id: [] }), /order id/],
  ['an amount that is none', selcomCallback({ amount: '1e9' }), /no amount/],
])('%s is ignored with the reason', (_, body, reason) => {
  expect(reasonIn(read(body))).toMatch(reason)
})

describe('its order is confirmed', () => {
  const ask = async (answer: unknown, changes = {}) => {
    const { api, asked } = await simulatedApi({ [STATUS]: answer })
    return { confirmation: await confirm(selcom, selcomCallback(changes), api, KEYS), asked }
  }

  test('by its status, asked with a signed request', async () => {
    const { confirmation, asked } = await ask(selcomStatus())
    const fields = { order_id: 'DUKA-77' }
    expect(asked[0]?.headers).toMatchObject(
      selcomHeaders({ apiKey: KEYS.api_key, apiSecret: KEYS.api_secret, fields, now: NOW }),
    )
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      id: 'DUKA-77',
      createdAt: Date.UTC(2026, 10, 20, 8),
      paidAt: NOW,
      total: 1_800_000,
      currency: 'TZS',
      phone: { e164: '255654111222' },
      payment: { method: 'Tigo Pesa', reference: '0281121212' },
    })
  })

  test.each([
    ['another amount', selcomStatus({ amount: '18' }), { kind: 'denied', mismatch: true }],
    ['another order', selcomStatus({ order_id: 'DUKA-1' }), { kind: 'denied', mismatch: true }],
    ['a cancelled order', selcomStatus({ payment_status: 'USERCANCELLED' }), { kind: 'denied' }],
    ['a pending one', selcomStatus({ payment_status: 'PENDING' }), { kind: 'undecided' }],
    ['no order', { result: 'SUCCESS', data: [] }, { kind: 'denied' }],
    ['nothing', undefined, { kind: 'denied' }],
  ])('but not by %s', async (_, answer, expected) => {
    expect((await ask(answer)).confirmation).toMatchObject(expected)
  })

  test('the callback’s own words never make up for an amount the status lacks', async () => {
    expect((await ask(selcomStatus({ amount: null }))).confirmation).toMatchObject({ kind: 'undecided' })
  })
})
