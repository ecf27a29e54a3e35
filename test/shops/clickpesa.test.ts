import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers, orderIn, reasonIn } from './bodies.ts'
import { claimIn, confirm, simulatedApi } from './confirm-api.ts'
import { clickpesaPayment } from './money-bodies.ts'

const { clickpesa } = platforms
const KEY = 'CHK-ya-duka'
const KEYS = { client_id: 'duka', api_key: 'key-1' }
const TOKEN = 'POST /third-parties/generate-token'
const PAYMENT = 'GET /third-parties/payments/DUKA77'

const hmac = (text: string, key = KEY) => createHmac('sha256', key).update(text).digest('hex')
const received = (changes = {}, event = 'PAYMENT RECEIVED') => ({ event, data: clickpesaPayment(changes) })
const read = (body: unknown, credentials: string[] = []) =>
  clickpesa.read(bytes(body), { topic: null, country: 'TZ', credentials })

describe('the checksum', () => {
  const verify = (body: string | Uint8Array, secrets: readonly string[] = [KEY]) => {
    const verdict = clickpesa.verify({ headers: headers({}), body: bytes(body) }, secrets, 0)
    return verdict.ok === false ? verdict.code : verdict.ok
  }
  /** `signed` is what the sender put in order itself. */
  const body = (text: string, signed: string) => text.replace('CHECKSUM', hmac(signed))

  test.each([
    ['keys in any order', '{"b":2,"checksum":"CHECKSUM","a":1}', '{"a":1,"b":2}'],
    ['white space', '{ "a": 1,\n "checksum": "CHECKSUM" }\n', '{"a":1}'],
    ['objects inside lists', '{"l":[{"y":1,"x":[2]},3],"checksum":"CHECKSUM"}', '{"l":[{"x":[2],"y":1},3]}'],
    ['the method is not signed', '{"checksumMethod":"HMAC-SHA256","a":1,"checksum":"CHECKSUM"}', '{"a":1}'],
    ['an inner checksum is', '{"a":{"checksum":"x"},"checksum":"CHECKSUM"}', '{"a":{"checksum":"x"}}'],
    ['numbers as JavaScript writes them', '{"a":48000.00,"b":1e3,"checksum":"CHECKSUM"}', '{"a":48000,"b":1000}'],
    ['escapes are letters', '{"a":"caf\\u00e9\\/","checksum":"CHECKSUM"}', '{"a":"café/"}'],
    ['letters of any script', '{"a":"Wanjirũ 😀","checksum":"CHECKSUM"}', '{"a":"Wanjirũ 😀"}'],
    ['no key is lost', '{"__proto__":{"b":1},"a":null,"checksum":"CHECKSUM"}', '{"__proto__":{"b":1},"a":null}'],
  ])('%s', (_, text, signed) => {
    expect(verify(body(text, signed))).toBe(true)
    expect(verify(body(text, signed), ['older', KEY])).toBe(true)
    expect(verify(body(text, signed), ['other'])).toBe('signature.invalid')
  })

  test('what is not signed makes no other delivery: nobody fills the events with one that was overheard', () => {
    const key = (text: string) => clickpesa.deliveryKey({ headers: headers({}), body: bytes(text) })
    const heard = key('{"a":1,"b":"x","checksum":"ab"}')
    for (const other of [
      '{ "a":1.0,"b":"x","checksum":"ab" }\n',
      '{"b":"\\u0078","checksumMethod":"m","checksum":"AB","a":1}',
    ])
      expect(key(other)).toBe(heard)
    expect(key('{"a":2,"b":"x","checksum":"ab"}')).not.toBe(heard)
  })

  test.each<[string, string | Uint8Array, readonly string[], string]>([
    ['none', '{"a":1}', [KEY], 'signature.missing'],
    ['one that is no text', '{"a":1,"checksum":7}', [KEY], 'signature.missing'],
    ['no JSON', 'a=1', [KEY], 'signature.missing'],
    ['no object', '[1]', [KEY], 'signature.missing'],
    ['bytes that are no text', new Uint8Array([0xff, 0x7b]), [KEY], 'signature.missing'],
    [
      'deeper than any payment',
      body(`{"a":${'['.repeat(60)}${']'.repeat(60)},"checksum":"CHECKSUM"}`, ''),
      [KEY],
      'signature.missing',
    ],
    ['a hundred thousand deep', '{"a":'.repeat(100_000), [KEY], 'signature.missing'],
    ['too short', '{"a":1,"checksum":"abc"}', [KEY], 'signature.invalid'],
    ['of a changed body', body('{"a":2,"checksum":"CHECKSUM"}', '{"a":1}'), [KEY], 'signature.invalid'],
    ['by an empty key', `{"a":1,"checksum":"${hmac('{"a":1}', '')}"}`, [''], 'signature.invalid'],
  ])('is refused: %s', (_, text, secrets, code) => {
    expect(verify(text, secrets)).toBe(code)
  })

  test('capitals of its hex do not matter', () => {
    expect(verify(`{"a":1,"checksum":"${hmac('{"a":1}').toUpperCase()}"}`)).toBe(true)
  })
})

describe('without credentials the checksum is enough', () => {
  test('a payment is its order', () => {
    expect(orderIn(read(received()))).toMatchObject({
      id: 'DUKA77',
      number: 'DUKA77',
      paidAt: Date.UTC(2026, 10, 20, 8, 4, 41),
      total: 1_800_000,
      currency: 'TZS',
      customer: { name: 'NEEMA KILEO' },
      phone: { e164: '255754111222' },
      payment: { method: 'M-Pesa', reference: 'CPPAY1' },
      test: false,
    })
  })

  test('SUCCESS and SETTLED are one payment: the second is of the same order and the same moment', () => {
    const first = orderIn(read(received()))
    const settled = orderIn(read(received({ status: 'SETTLED', updatedAt: '2026-11-21T02:00:00.000Z' })))
    expect([settled.id, settled.updatedAt]).toEqual([first.id, first.updatedAt])
  })

  test.each([
    ['a failed payment', received({ status: 'FAILED' }, 'PAYMENT FAILED'), /another thing/],
    ['a payout', received({}, 'PAYOUT INITIATED'), /another thing/],
    ['a payment under way', received({ status: 'PROCESSING' }), /succeeded/],
    ['no amount', received({ collectedAmount: null }), /no amount/],
    ['an amount with words', received({ collectedAmount: 'TSh 18,000' }), /no amount/],
    ['no currency', received({ collectedCurrency: 'shillings' }), /no currency/],
    ['no reference', received({ orderReference: {} }), /no order reference/],
  ])('%s is ignored with the reason', (_, body, reason) => {
    expect(reasonIn(read(body))).toMatch(reason)
  })
})

describe('with credentials the API is asked as well', () => {
  const ask = async (answer: unknown, changes = {}) => {
    const { api, asked } = await simulatedApi({ [TOKEN]: { success: true, token: 'Bearer jw.t' }, [PAYMENT]: answer })
    return { confirmation: await confirm(clickpesa, received(changes), api, KEYS), asked }
  }

  test('about the order reference', async () => {
    expect(claimIn(read(received(), ['client_id', 'api_key']))).toMatchObject({ subject: 'payment:DUKA77' })
    const { confirmation, asked } = await ask([clickpesaPayment({ collectedAmount: 18000, channel: undefined })])
    expect(asked[0]?.headers).toMatchObject({ 'client-id': 'duka', 'api-key': 'key-1' })
    expect(asked[1]?.headers['authorization']).toBe('Bearer jw.t')
    const readings = confirmation.kind === 'confirmed' ? confirmation.readings : []
    expect(orderIn(readings)).toMatchObject({ id: 'DUKA77', total: 1_800_000, payment: { method: 'M-Pesa' } })
  })

  test('of several tries at one order the one that was told counts', async () => {
    const failed = clickpesaPayment({ id: 'CP-0', status: 'FAILED', paymentReference: null })
    expect((await ask([failed, clickpesaPayment()])).confirmation.kind).toBe('confirmed')
    expect(
      (await ask([clickpesaPayment({ id: 'CP-9' }), failed], { id: 'CP-0', paymentReference: 'X' })).confirmation,
    ).toMatchObject({
      kind: 'denied',
    })
  })

  test.each([
    ['another amount', [clickpesaPayment({ collectedAmount: 180 })], { kind: 'denied', mismatch: true }],
    ['another currency', [clickpesaPayment({ collectedCurrency: 'USD' })], { kind: 'denied', mismatch: true }],
    ['a failed payment', [clickpesaPayment({ status: 'FAILED' })], { kind: 'denied' }],
    ['one under way', [clickpesaPayment({ status: 'PROCESSING' })], { kind: 'undecided' }],
    ['no payment', [], { kind: 'denied' }],
    ['no order', undefined, { kind: 'denied' }],
    ['nothing it could mean', ['SUCCESS', 1, null], { kind: 'denied' }],
  ])('and does not confirm %s', async (_, answer, expected) => {
    expect((await ask(answer)).confirmation).toMatchObject(expected)
  })
})
