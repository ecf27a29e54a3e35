import { describe, expect, test } from 'vitest'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, orderIn, reasonIn } from './bodies.ts'
import { claimIn, confirm, hostsAsked, simulatedApi } from './confirm-api.ts'
import { azampayCallback } from './money-bodies.ts'

const { azampay } = platforms
const KEYS = { app_name: 'duka', client_id: 'id-1', client_secret: 'secret-1' }
const TOKEN = 'POST /AppRegistration/GenerateToken'
const STATUS = 'GET /azampay/gettransactionstatus?pgReferenceId=019be9446ac770a2&bankName=Airtel'

const read = (body: unknown) => azampay.read(bytes(body), { topic: null, country: 'TZ' })

test('a callback claims the payment of its own reference', () => {
  expect(claimIn(read(azampayCallback()))).toEqual({
    subject: 'transaction:019be9446ac770a2',
    amount: 1_800_000,
    currency: 'TZS',
    reference: 'DUKA-77',
    occurredAt: null,
  })
})

test('older spellings of its keys claim the same', () => {
  const old = { utilityRef: 'DUKA-77', transId: '019be9446ac770a2', Amount: 18000, transactionStatus: 'Success' }
  expect(claimIn(read(old))).toEqual(claimIn(read(azampayCallback())))
})

test.each([
  ['a failure', azampayCallback({ transactionstatus: 'failure' }), /succeeded/],
  ['no status', azampayCallback({ transactionstatus: null }), /succeeded/],
  ['no amount', azampayCallback({ amount: undefined }), /no amount/],
  ['an amount with words', azampayCallback({ amount: '18000 TZS' }), /no amount/],
  ['nothing', azampayCallback({ amount: '0' }), /no amount/],
  ['no reference of the shop', azampayCallback({ utilityref: '' }), /utilityref/],
  ['a reference that leads elsewhere', azampayCallback({ reference: 'a/../b' }), /could be asked/],
])('%s is ignored with the reason', (_, body, reason) => {
  expect(reasonIn(read(body))).toMatch(reason)
})

describe('its payment is confirmed', () => {
  const ask = async (data: unknown, given: Record<string, string> = KEYS) => {
    const { api, asked } = await simulatedApi({
      [TOKEN]: { data: { accessToken: 'jw.t', expire: '2026' }, success: true, statusCode: 200 },
      [STATUS]: data === undefined ? undefined : { success: true, message: 'ok', statusCode: 200, data },
    })
    return { confirmation: await confirm(azampay, azampayCallback(), api, given), asked }
  }

  test('by a bare word about its reference; then the callback’s amount stands', async () => {
    const { confirmation, asked } = await ask('success', { ...KEYS, api_key: 'x-1' })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ appName: 'duka', clientId: 'id-1', clientSecret: 'secret-1' })
    expect(asked[1]?.headers).toMatchObject({ authorization: 'Bearer jw.t', 'x-api-key': 'x-1' })
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      id: 'DUKA-77',
      total: 1_800_000,
      currency: 'TZS',
      phone: { e164: '255754111222' },
      payment: { method: 'Airtel Money', reference: 'AM-991' },
      attributes: { opt_in: 'ndiyo' },
    })
  })

  test.each([
    ['the amount it names is the same', { status: 'success', amount: 18000 }, { kind: 'confirmed' }],
    ['the amount it names is another', { status: 'success', amount: 1 }, { kind: 'denied', mismatch: true }],
    ['the amount it names cannot be read', { status: 'success', amount: {} }, { kind: 'undecided' }],
    [
      'the order it names is another',
      { status: 'success', externalReferenceId: 'X' },
      { kind: 'denied', mismatch: true },
    ],
    ['the currency it names is another', { status: 'success', currency: 'USD', amount: 18000 }, { kind: 'denied' }],
    ['it failed', 'failed', { kind: 'denied' }],
    ['it is under way', 'pending', { kind: 'undecided' }],
    ['the answer is only that the question was understood', null, { kind: 'undecided' }],
    ['it is not known yet', undefined, { kind: 'undecided' }],
  ])('or not: %s', async (_, data, expected) => {
    expect((await ask(data)).confirmation).toMatchObject(expected)
  })

  test('live and in the sandbox the log-in has a host of its own', async () => {
    const at = (apiUrl: string) =>
      hostsAsked(azampay, azampayCallback(), { apiUrl, answer: { data: { accessToken: 't' } }, given: KEYS })
    const live = 'checkout.azampay.co.tz'
    expect(await at(`https://${live}`)).toEqual(['authenticator.azampay.co.tz', live])
    const sandbox = 'sandbox.azampay.co.tz'
    expect(await at(`https://${sandbox}`)).toEqual(['authenticator-sandbox.azampay.co.tz', sandbox])
  })
})
