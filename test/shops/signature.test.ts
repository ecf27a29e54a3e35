import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { shopify } from '../../src/shops/shopify.ts'
import { standard } from '../../src/shops/standard.ts'
import { woocommerce } from '../../src/shops/woocommerce.ts'
import { bytes, headers } from './bodies.ts'

const NOW = Date.UTC(2026, 9, 5, 12)
const BODY = bytes('{"id":7301,"name":"Vitenge \\u2013 \\/blue"}\n')
const WHSEC = `whsec_${Buffer.from('a-secret-of-thirty-two-bytes-ok!').toString('base64')}`

function hmac(key: string | Buffer, ...parts: (string | Uint8Array)[]): string {
  const made = createHmac('sha256', key)
  for (const part of parts) made.update(part)
  return made.digest('base64')
}

function wooVerdict(values: Record<string, string>, body: string) {
  return woocommerce.verify({ headers: headers(values), body: bytes(body) }, ['one'], NOW)
}

function wooKey(body: string, id: string, topic = 'order.updated') {
  const values = { 'X-WC-Webhook-Delivery-ID': id, 'X-WC-Webhook-Topic': topic }
  return woocommerce.deliveryKey({ headers: headers(values), body: bytes(body) })
}

function shopifyKey(body: string, id: string | null, topic = 'orders/paid') {
  const values = { 'X-Shopify-Topic': topic, ...(id === null ? {} : { 'X-Shopify-Webhook-Id': id }) }
  return shopify.deliveryKey({ headers: headers(values), body: bytes(body) })
}

/** Seconds since 1970, so many from now. */
function at(offset: number): number {
  return NOW / 1000 + offset
}

function verify(values: Record<string, string>, secrets = [WHSEC], now = NOW) {
  return standard.verify({ headers: headers(values), body: BODY }, secrets, now)
}

describe.each([
  { platform: woocommerce, name: 'X-WC-Webhook-Signature' },
  { platform: shopify, name: 'X-Shopify-Hmac-SHA256' },
])('$platform.name', ({ platform, name }) => {
  const verdict = (signature: string | null, secrets: string[], body = BODY) =>
    platform.verify({ headers: headers(signature === null ? {} : { [name]: signature }), body }, secrets, NOW)

  test('the raw bytes signed with any of the secrets are right', () => {
    expect(verdict(hmac('one', BODY), ['one'])).toEqual({ ok: true })
    expect(verdict(hmac('two', BODY), ['one', 'two'])).toEqual({ ok: true })
    expect(verdict(hmac('one', BODY), ['one', ''])).toEqual({ ok: true })
    expect(verdict(` ${hmac('one', BODY)} `, ['one'])).toEqual({ ok: true })
  })

  test('header names are taken in any case', () => {
    const lower = headers({ [name.toLowerCase()]: hmac('one', BODY) })
    expect(platform.verify({ headers: lower, body: BODY }, ['one'], NOW)).toEqual({ ok: true })
  })

  test('any other byte or secret is wrong', () => {
    expect(verdict(hmac('one', BODY), ['one'], BODY.slice(0, -1))).toMatchObject({ code: 'signature.invalid' })
    expect(verdict(hmac('one', BODY), ['two'])).toMatchObject({ code: 'signature.invalid' })
    expect(verdict(hmac('one', BODY), [])).toMatchObject({ code: 'signature.invalid' })
  })

  test('an empty secret never verifies, even where the arithmetic is right', () => {
    expect(verdict(hmac('', BODY), [''])).toMatchObject({ ok: false, code: 'signature.invalid' })
    expect(verdict(hmac(' ', BODY), [' '])).toMatchObject({ ok: false, code: 'signature.invalid' })
    expect(platform.secretProblem('')).toBe('is empty')
  })

  test('a missing or malformed header is a verdict, not a throw', () => {
    expect(verdict(null, ['one'])).toMatchObject({ ok: false, code: 'signature.missing' })
    expect(verdict('', ['one'])).toMatchObject({ ok: false, code: 'signature.missing' })
    const hex = createHmac('sha256', 'one').update(BODY).digest('hex')
    expect(verdict(hex, ['one'])).toMatchObject({ code: 'signature.invalid', detail: expect.stringContaining('hex') })
    for (const odd of ['x', '=', 'é', hmac('one', BODY).slice(0, -1), `${hmac('one', BODY)}A`, 'A'.repeat(5000)]) {
      expect(verdict(odd, ['one'])).toMatchObject({ ok: false, code: 'signature.invalid' })
    }
  })

  test('the verdict tells neither the secret nor the right signature', () => {
    const detail = JSON.stringify(verdict(hmac('guess', BODY), ['s3cret-key']))
    expect(detail).not.toContain('s3cret-key')
    expect(detail).not.toContain(hmac('s3cret-key', BODY))
    expect(detail).not.toContain(hmac('guess', BODY))
  })
})

describe('woocommerce', () => {
  test('a secret typed as stored, with HTML entities, is decoded as WordPress does', () => {
    const delivery = { headers: headers({ 'X-WC-Webhook-Signature': hmac('a<b&"c"', BODY) }), body: BODY }
    expect(woocommerce.verify(delivery, ['a&lt;b&amp;&quot;c&quot;'], NOW)).toEqual({ ok: true })
    expect(woocommerce.verify(delivery, ['a<b&"c"'], NOW)).toEqual({ ok: true })
  })

  test('a secret that only looks encoded is also taken as it is', () => {
    const delivery = { headers: headers({ 'X-WC-Webhook-Signature': hmac('a&lt;b', BODY) }), body: BODY }
    expect(woocommerce.verify(delivery, ['a&lt;b'], NOW)).toEqual({ ok: true })
  })

  test('the set-up ping is a ping; nothing unsigned besides it is let in', () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }
    expect(wooVerdict(form, 'webhook_id=12')).toEqual({ ok: 'ping' })
    expect(wooVerdict(form, 'webhook_id=12&x=1')).toMatchObject({ ok: false, code: 'signature.missing' })
    expect(wooVerdict(form, 'webhook_id=')).toMatchObject({ ok: false })
    expect(wooVerdict({}, 'webhook_id=12')).toMatchObject({ ok: false })
    expect(wooVerdict({ 'Content-Type': 'application/json' }, 'webhook_id=12')).toMatchObject({ ok: false })
    expect(wooVerdict({ ...form, 'X-WC-Webhook-Topic': 'order.updated' }, 'webhook_id=12')).toMatchObject({ ok: false })
    expect(wooVerdict({ ...form, 'X-WC-Webhook-Signature': 'x' }, 'webhook_id=12')).toMatchObject({ ok: false })
  })

  test('two orders with one delivery id are two; one body delivered again is one, whatever its headers say', () => {
    expect(wooKey('{"id":1}', 'same')).not.toBe(wooKey('{"id":2}', 'same'))
    expect(wooKey('{"id":1}', 'first')).toBe(wooKey('{"id":1}', 'second'))
    expect(wooKey('{"id":1}', 'a', 'order.created')).toBe(wooKey('{"id":1}', 'a', 'made.up'))
  })
})

describe('shopify', () => {
  test('a retry is the same delivery, and so is a repetition under other headers, which nobody signed', () => {
    expect(shopifyKey('{"id":1}', 'w-1')).toBe(shopifyKey('{"id":1}', 'w-1'))
    expect(shopifyKey('{"id":1}', 'w-1')).toBe(shopifyKey('{"id":1}', 'w-2', 'orders/create'))
    expect(shopifyKey('{"id":1}', 'w-1')).toBe(shopifyKey('{"id":1}', null))
  })

  test("an id used up with another body does not hide the real one's delivery", () => {
    expect(shopifyKey('{"id":1}', 'w-1')).not.toBe(shopifyKey('{"id":2}', 'w-1'))
  })

  test('the newer header names are read too', () => {
    const newer = headers({ 'Shopify-Hmac-Sha256': hmac('one', BODY), 'Shopify-Topic': 'orders/paid' })
    expect(shopify.verify({ headers: newer, body: BODY }, ['one'], NOW)).toEqual({ ok: true })
    expect(shopify.topic(newer)).toBe('orders/paid')
  })

  test('what Shopify’s own library signs is right: letters, escapes and long ids as they came', () => {
    const body =
      '{"id":9820982911946154509,"admin_graphql_api_id":"gid:\\/\\/shopify\\/Order\\/9820982911946154509",' +
      '"name":"#1042","note":"Wanjirũ \\u0026 Juma 🧺"}'
    // By createSHA256HMAC of @shopify/shopify-api 15.0.0.
    const signed = headers({ 'X-Shopify-Hmac-Sha256': 'RL6KHAY4gGzbIq626q6YwbO8u4FoNyCJmp6SW7KEJ9c=' })
    const verdict = (text: string) =>
      shopify.verify({ headers: signed, body: bytes(text) }, ['another', 'shpss_ya_duka_é'], NOW)
    expect(verdict(body)).toEqual({ ok: true })
    expect(verdict(body.replaceAll('\\/', '/'))).toMatchObject({ ok: false, code: 'signature.invalid' })
  })
})

describe('standard', () => {
  const key = Buffer.from('a-secret-of-thirty-two-bytes-ok!')
  const sign = (id: string, seconds: number, body: Uint8Array = BODY, with_: Buffer = key) =>
    `v1,${hmac(with_, `${id}.${seconds}.`, body)}`
  const signed = (seconds: number, prefix = 'webhook') => ({
    [`${prefix}-id`]: 'msg_1',
    [`${prefix}-timestamp`]: String(seconds),
    [`${prefix}-signature`]: sign('msg_1', seconds),
  })

  test('id, timestamp and body are signed with the decoded secret', () => {
    expect(verify(signed(at(0)))).toEqual({ ok: true })
    expect(verify(signed(at(0)), [WHSEC.slice(6)])).toEqual({ ok: true })
    expect(verify({ ...signed(at(0)), 'webhook-id': 'msg_2' })).toMatchObject({ code: 'signature.invalid' })
    expect(verify({ ...signed(at(0)), 'webhook-timestamp': String(at(1)) })).toMatchObject({
      code: 'signature.invalid',
    })
  })

  test('svix names are the same thing, but the two sets are not mixed', () => {
    expect(verify(signed(at(0), 'svix'))).toEqual({ ok: true })
    const { 'svix-id': _, ...mixed } = signed(at(0), 'svix')
    expect(verify({ ...mixed, 'webhook-id': 'msg_1' })).toMatchObject({ code: 'signature.missing' })
  })

  test.each([
    [-300, { ok: true }],
    [-301, { ok: false, code: 'signature.stale' }],
    [300, { ok: true }],
    [301, { ok: false, code: 'signature.stale' }],
  ])('a timestamp %i s from now: %j', (offset, expected) => {
    expect(verify(signed(at(offset)))).toMatchObject(expected)
    expect(verify(signed(at(offset)), [WHSEC], NOW + 999)).toMatchObject(expected)
  })

  test('one right signature among old and unknown ones is enough', () => {
    const other = sign('msg_1', at(0), BODY, Buffer.from('another key'))
    const list = `${other} v2,abc v1a,xyz= ${sign('msg_1', at(0))}`
    expect(verify({ ...signed(at(0)), 'webhook-signature': list })).toEqual({ ok: true })
    expect(verify({ ...signed(at(0)), 'webhook-signature': other })).toMatchObject({ code: 'signature.invalid' })
    expect(verify({ ...signed(at(0)), 'webhook-signature': list.replaceAll('v1,', 'v3,') })).toMatchObject({
      code: 'signature.invalid',
      detail: expect.stringContaining('v3'),
    })
  })

  test('each missing header is named', () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      const without = Object.fromEntries(Object.entries(signed(at(0))).filter(([key_]) => key_ !== name))
      expect(verify(without)).toMatchObject({ code: 'signature.missing', detail: expect.stringContaining(name) })
    }
  })

  test('odd headers and secrets are verdicts, not throws', () => {
    for (const timestamp of ['now', '-5', '1e9', '1.5', '9'.repeat(400)]) {
      expect(verify({ ...signed(at(0)), 'webhook-timestamp': timestamp })).toMatchObject({ ok: false })
    }
    for (const signature of ['v1,', 'v1', ',', 'v1,é', `v1,${'A'.repeat(9000)}`, 'v1,x '.repeat(500)]) {
      expect(verify({ ...signed(at(0)), 'webhook-signature': signature })).toMatchObject({ ok: false })
    }
    expect(verify(signed(at(0)), ['', 'whsec_', 'whsec_not base64!'])).toMatchObject({ code: 'signature.invalid' })
    expect(standard.secretProblem('whsec_not base64!')).toMatch(/base64/)
    expect(standard.secretProblem(WHSEC)).toBeNull()
  })

  test('the attempt’s time makes no other delivery of it', () => {
    const [first, second] = [0, 60].map((seconds) => ({ headers: headers(signed(at(seconds))), body: BODY }))
    expect(standard.deliveryKey(first!)).toBe(standard.deliveryKey(second!))
  })
})
