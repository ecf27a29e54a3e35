import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers, orderIn, reasonIn } from './bodies.ts'
import { claimIn, confirm, hostsAsked, refuse, simulatedApi } from './confirm-api.ts'
import { flutterwaveV3, flutterwaveV4 } from './money-bodies.ts'

const { flutterwave } = platforms
const SECRET = 'siri-ya-duka'
const BODY = bytes(flutterwaveV4())
const SIGNATURE = createHmac('sha256', SECRET).update(BODY).digest('base64')
const KEYS = { secret_key: 'FLWSECK-1' }
const CLIENT = { client_id: 'duka', client_secret: 'client-secret' }
const VERIFY = 'GET /v3/transactions/408136545/verify'
const TOKEN = 'POST /realms/flutterwave/protocol/openid-connect/token'
const CHARGE = 'GET /charges/chg_QK7X2P9L'

const read = (body: unknown) => flutterwave.read(bytes(body), { topic: null, country: 'TZ' })
const answered = (data: unknown) => ({ status: 'success', message: 'fetched', data })

describe('what is taken', () => {
  test.each<[string, Record<string, string>, readonly string[], boolean | string]>([
    ['the secret hash', { 'verif-hash': SECRET }, [SECRET], true],
    ['the older of two', { 'verif-hash': SECRET }, ['new', SECRET], true],
    ['a signature', { 'flutterwave-signature': SIGNATURE }, [SECRET], true],
    ['a signature beside the hash', { 'flutterwave-signature': SIGNATURE, 'verif-hash': SECRET }, [SECRET], true],
    ['no header', {}, [SECRET], 'signature.missing'],
    ['an empty header', { 'verif-hash': '' }, [''], 'signature.missing'],
    ['another hash', { 'verif-hash': `${SECRET}x` }, [SECRET], 'signature.invalid'],
    ['no secret of ours', { 'verif-hash': ' ' }, ['', ' '], 'signature.missing'],
    ['a hash where we have none', { 'verif-hash': 'x' }, [], 'signature.invalid'],
    ['a signature in hex', { 'flutterwave-signature': 'ab'.repeat(32) }, [SECRET], 'signature.invalid'],
    ['a signature by another', { 'flutterwave-signature': SIGNATURE }, ['other'], 'signature.invalid'],
  ])('%s', (_, given, secrets, expected) => {
    const verdict = flutterwave.verify({ headers: headers(given), body: BODY }, secrets, 0)
    expect(verdict.ok === false ? verdict.code : verdict.ok).toBe(expected)
  })
})

describe('what is read', () => {
  test('v3 and v4 each claim their charge', () => {
    const at = Date.UTC(2026, 10, 20, 8, 4, 41)
    expect(claimIn(read(flutterwaveV3()))).toEqual({
      subject: 'transaction:408136545',
      amount: 1_800_000,
      currency: 'TZS',
      reference: 'SOKO-77',
      occurredAt: at,
    })
    expect(claimIn(read(flutterwaveV4()))).toEqual({
      subject: 'charge:chg_QK7X2P9L',
      amount: 152_000,
      currency: 'UGX',
      reference: 'SOKO-78',
      occurredAt: at,
    })
  })

  test('an old event without data claims as well', () => {
    const flat = {
      id: 125837,
      txRef: 'SOKO-79',
      amount: 5000,
      currency: 'KES',
      status: 'successful',
      createdAt: 'soon',
    }
    expect(claimIn(read(flat))).toMatchObject({ subject: 'transaction:125837', reference: 'SOKO-79', amount: 500_000 })
  })

  test.each([
    ['a failed charge', flutterwaveV3({ status: 'failed' }), /did not succeed/],
    ['a pending one', flutterwaveV4({ status: 'pending' }), /did not succeed/],
    ['a transfer', { ...flutterwaveV3(), event: 'transfer.completed' }, /another thing/],
    ['a refund of v4', { ...flutterwaveV4(), type: 'refund.completed' }, /another thing/],
    ['an amount that is none', flutterwaveV3({ amount: 'many' }), /no amount/],
    ['an amount below zero', flutterwaveV3({ amount: -5 }), /no amount/],
    ['no reference', flutterwaveV3({ tx_ref: null }), /no reference/],
    ['an id that leads elsewhere', flutterwaveV3({ id: '1/../../transfers' }), /no id/],
  ])('%s is ignored with the reason', (_, body, reason) => {
    expect(reasonIn(read(body))).toMatch(reason)
  })
})

describe('v3 is confirmed', () => {
  const ask = async (data: unknown, given: Record<string, string> = KEYS) => {
    const { api, asked } = await simulatedApi({ [VERIFY]: data })
    return { confirmation: await confirm(flutterwave, flutterwaveV3(), api, given), asked }
  }

  test('by the transaction, with the shop’s key', async () => {
    const { confirmation, asked } = await ask(answered(flutterwaveV3({ meta: { opt_in: 'yes' } }).data))
    expect(asked.map(({ headers: { authorization } }) => authorization)).toEqual(['Bearer FLWSECK-1'])
    const readings = confirmation.kind === 'confirmed' ? confirmation.readings : []
    expect(orderIn(readings)).toMatchObject({
      id: 'SOKO-77',
      number: 'SOKO-77',
      paidAt: Date.UTC(2026, 10, 20, 8, 4, 41),
      total: 1_800_000,
      subtotal: 1_800_000,
      currency: 'TZS',
      lines: [],
      customer: { name: 'Neema Kileo', firstName: 'Neema' },
      phone: { e164: '255754111222' },
      country: 'TZ',
      payment: { method: 'Mobile money', reference: 'FLWMM-9F3A' },
      attributes: { opt_in: 'yes' },
    })
  })

  test('who gave no name there is called as the notification called them', async () => {
    const customer = { name: 'Anonymous Customer', phone_number: null }
    const { confirmation } = await ask(answered(flutterwaveV3({ customer }).data))
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      customer: { name: 'Neema Kileo' },
      phone: { e164: '255754111222' },
    })
  })

  test.each([
    [
      'another amount',
      flutterwaveV3({ amount: 100 }).data,
      { kind: 'denied', mismatch: true, reason: /another amount/ },
    ],
    [
      'another currency',
      flutterwaveV3({ currency: 'NGN' }).data,
      { kind: 'denied', mismatch: true, reason: /currency/ },
    ],
    [
      'another order',
      flutterwaveV3({ tx_ref: 'SOKO-1' }).data,
      { kind: 'denied', mismatch: true, reason: /reference/ },
    ],
    ['a failed charge', flutterwaveV3({ status: 'failed' }).data, { kind: 'denied', reason: /failed/ }],
    ['a pending one', flutterwaveV3({ status: 'pending' }).data, { kind: 'undecided', reason: /not decided/ }],
    ['a status nobody knows', flutterwaveV3({ status: 'constructor' }).data, { kind: 'undecided', reason: /./ }],
    ['no amount', flutterwaveV3({ amount: null }).data, { kind: 'undecided', reason: /without/ }],
    ['another transaction', flutterwaveV3({ id: 1 }).data, { kind: 'undecided', reason: /another payment/ }],
    ['nothing', undefined, { kind: 'undecided', reason: /another payment/ }],
  ])('not by %s', async (_, data, { reason, ...expected }) => {
    const { confirmation } = await ask(answered(data))
    expect(confirmation).toMatchObject({ ...expected, reason: expect.stringMatching(reason) })
  })

  test('not where it is unknown, and not without a key; a refusal is the asker’s to judge', async () => {
    expect((await ask(undefined)).confirmation).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/no such/),
    })
    expect((await ask({}, CLIENT)).confirmation).toMatchObject({
      kind: 'undecided',
      reason: expect.stringMatching(/secret_key/),
    })
    await expect(ask(refuse(401))).rejects.toThrow('401')
  })
})

describe('v4 is confirmed', () => {
  const charge = {
    ...flutterwaveV4({ customer: undefined, customer_id: 'cus_1' }).data,
    payment_method_details: { type: 'mobile_money', mobile_money: { network: 'MTN', phone_number: '772123456' } },
  }

  test('by the charge, with a token that was given for the client', async () => {
    const { api, asked } = await simulatedApi({
      [TOKEN]: { access_token: 'tok.en', expires_in: 600 },
      [CHARGE]: answered(charge),
    })
    const confirmation = await confirm(flutterwave, flutterwaveV4(), api, CLIENT)
    expect(asked.map(({ body }) => body)).toEqual([
      'client_id=duka&client_secret=client-secret&grant_type=client_credentials',
      '',
    ])
    expect(asked[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(asked[1]?.headers['authorization']).toBe('Bearer tok.en')
    const readings = confirmation.kind === 'confirmed' ? confirmation.readings : []
    // The shop is in Tanzania; who pays in Ugandan shillings has a number there.
    expect(orderIn(readings)).toMatchObject({
      id: 'SOKO-78',
      total: 152_000,
      currency: 'UGX',
      customer: { name: 'Grace Namutebi', firstName: 'Grace' },
      phone: { e164: '256772123456' },
      country: 'UG',
      payment: { method: 'MTN MoMo', reference: 'chg_QK7X2P9L' },
    })
  })

  test('not without a token', async () => {
    const { api } = await simulatedApi({ [TOKEN]: { error: 'invalid_client' } })
    expect(await confirm(flutterwave, flutterwaveV4(), api, CLIENT)).toEqual({
      kind: 'undecided',
      reason: 'Flutterwave gave no token for these credentials.',
    })
  })

  test('live and in the sandbox each at its own address', async () => {
    const at = (apiUrl: string) =>
      hostsAsked(flutterwave, flutterwaveV4(), { apiUrl, answer: { access_token: 't' }, given: CLIENT })
    expect(await at('https://api.flutterwave.com')).toEqual(['idp.flutterwave.com', 'f4bexperience.flutterwave.com'])
    const sandbox = 'developersandbox-api.flutterwave.com'
    expect(await at(`https://${sandbox}`)).toEqual(['idp.flutterwave.com', sandbox])
  })
})
