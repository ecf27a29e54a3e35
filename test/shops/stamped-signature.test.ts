import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bigcommerce } from '../../src/shops/bigcommerce.ts'
import { medusa } from '../../src/shops/medusa.ts'
import { square } from '../../src/shops/square.ts'
import { stripe } from '../../src/shops/stripe.ts'
import { bytes, headers } from './bodies.ts'

const NOW = Date.UTC(2026, 9, 5, 12)
const SECONDS = NOW / 1000
const BODY = bytes('{"id":"evt_1","name":"Vitenge \\u2013 \\/blue"}\n')
const hmac = (key: string | Buffer, before: string, as: 'hex' | 'base64') =>
  createHmac('sha256', key).update(before).update(BODY).digest(as)

describe('stripe', () => {
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const v1 = (key: string | Buffer = SECRET, t = SECONDS) => hmac(key, `${t}.`, 'hex')
  const verdict = (signature: string | null, secrets = [SECRET], body = BODY) =>
    stripe.verify({ headers: headers(signature === null ? {} : { 'stripe-signature': signature }), body }, secrets, NOW)

  test('any v1 under any secret is enough; v0 is not looked at', () => {
    expect(verdict(`t=${SECONDS},v1=${v1()}`)).toEqual({ ok: true })
    expect(verdict(`t=${SECONDS}, v1=${'0'.repeat(64)}, v1=${v1()}, v0=x`)).toEqual({ ok: true })
    expect(verdict(`t=${SECONDS},v1=${v1()}`, ['whsec_other', '', SECRET])).toEqual({ ok: true })
    expect(verdict(`t=${SECONDS},v0=${v1()}`)).toMatchObject({ code: 'signature.invalid' })
  })

  test('the whole text of the secret is the key, nothing decoded or cut off', () => {
    for (const key of [Buffer.from(SECRET.slice(6), 'base64'), SECRET.slice(6)]) {
      expect(verdict(`t=${SECONDS},v1=${v1(key)}`)).toMatchObject({ ok: false, code: 'signature.invalid' })
    }
  })

  test.each([
    [-300, true],
    [-301, 'signature.stale'],
    [300, true],
    [301, 'signature.stale'],
  ])('a time %d s from now: %s', (offset, expected) => {
    const t = SECONDS + offset
    const given = verdict(`t=${t},v1=${v1(SECRET, t)}`)
    expect(given.ok === false ? given.code : given.ok).toBe(expected)
    // A time that was moved no longer fits its signature.
    expect(verdict(`t=${t - 1},v1=${v1(SECRET, t)}`)).toMatchObject({ code: 'signature.invalid' })
  })

  test('a missing or malformed header is a verdict, not a throw', () => {
    expect(verdict(null)).toMatchObject({ code: 'signature.missing' })
    for (const odd of [
      'x',
      't=',
      `t=${SECONDS}`,
      `v1=${v1()}`,
      `t=1e9,v1=${v1()}`,
      `t=${SECONDS},v1=é`,
      'a,'.repeat(9e3),
    ]) {
      expect(verdict(odd)).toMatchObject({ ok: false, code: 'signature.invalid' })
    }
    expect(verdict(`t=${SECONDS},v1=${hmac(SECRET, `${SECONDS}.`, 'base64')}`)).toMatchObject({
      detail: expect.stringContaining('looks like base64'),
    })
  })

  test('an empty secret never verifies', () => {
    expect(verdict(`t=${SECONDS},v1=${v1('')}`, [''])).toMatchObject({ ok: false })
    expect(stripe.secretProblem('')).toBe('is empty')
    expect(stripe.secretProblem('sk_live_x')).toMatch(/whsec_/)
    expect(stripe.secretProblem(SECRET)).toBeNull()
  })

  test('any other byte of the body is wrong', () => {
    expect(verdict(`t=${SECONDS},v1=${v1()}`, [SECRET], BODY.slice(0, -1))).toMatchObject({ ok: false })
  })
})

describe('square', () => {
  const URL = 'https://risiti.duka.example/webhooks/cafe'
  const verdict = (values: Record<string, string>, url: string | undefined = URL, secrets = ['k3y']) =>
    square.verify({ headers: headers(values), body: BODY, ...(url && { url }) }, secrets, NOW)
  const signed = (url: string, key = 'k3y') => ({ 'x-square-hmacsha256-signature': hmac(key, url, 'base64') })

  test('address and body, under any of the secrets', () => {
    expect(verdict(signed(URL))).toEqual({ ok: true })
    expect(verdict(signed(URL), URL, ['other', '', 'k3y'])).toEqual({ ok: true })
  })

  test.each([`${URL}/`, URL.replace('https', 'http'), `${URL}?x=1`, ''])('the address byte for byte, not %s', (url) => {
    expect(verdict(signed(url))).toMatchObject({ ok: false, code: 'signature.invalid' })
  })

  test('the old SHA-1 header is refused, and alone it says so', () => {
    const old = createHmac('sha1', 'k3y').update(URL).update(BODY).digest('base64')
    expect(verdict({ 'x-square-signature': old })).toMatchObject({
      code: 'signature.missing',
      detail: expect.stringContaining('SHA-1'),
    })
    expect(verdict({ 'x-square-hmacsha256-signature': old })).toMatchObject({ code: 'signature.invalid' })
    expect(verdict({ ...signed(URL), 'x-square-signature': old })).toEqual({ ok: true })
  })

  test('without what is needed it is a verdict, not a throw', () => {
    expect(verdict({})).toMatchObject({ code: 'signature.missing' })
    expect(verdict(signed(URL, ''), URL, [''])).toMatchObject({ code: 'signature.invalid' })
    expect(square.verify({ headers: headers(signed(URL)), body: BODY }, ['k3y'], NOW)).toMatchObject({ ok: false })
    for (const odd of ['x', 'é', 'A'.repeat(5000)]) {
      expect(verdict({ 'x-square-hmacsha256-signature': odd })).toMatchObject({ code: 'signature.invalid' })
    }
  })
})

describe.each([
  { platform: bigcommerce, secret: '3a1e5f0c+client/secret', key: '3a1e5f0c+client/secret' },
  { platform: bigcommerce, secret: 'c2VjcmV0', key: 'c2VjcmV0' },
  { platform: medusa, secret: 'whsec_c2VjcmV0LW9mLW1lZHVzYQ==', key: 'secret-of-medusa' },
])('$platform.name with $secret', ({ platform, secret, key }) => {
  const verdict = (used: string, t = SECONDS, secrets = [secret]) => {
    const signature = `v1,AAAA v1,${hmac(used, `msg_1.${t}.`, 'base64')}`
    const values = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(t), 'webhook-signature': signature }
    return platform.verify({ headers: headers(values), body: BODY }, secrets, NOW)
  }

  test('its own key is right, in time', () => {
    expect(verdict(key)).toEqual({ ok: true })
    expect(verdict(key, SECONDS, ['other', '', secret])).toEqual({ ok: true })
    expect(verdict('another')).toMatchObject({ code: 'signature.invalid' })
    expect(verdict(key, SECONDS - 301)).toMatchObject({ code: 'signature.stale' })
    expect(verdict(key, SECONDS + 301)).toMatchObject({ code: 'signature.stale' })
    expect(verdict('', SECONDS, [''])).toMatchObject({ ok: false })
    expect(platform.secretProblem('')).toBe('is empty')
    expect(platform.secretProblem(secret)).toBeNull()
  })

  test('a delivery goes by its id and what it says', () => {
    const keyOf = (id: string, body = BODY) => platform.deliveryKey({ headers: headers({ 'webhook-id': id }), body })
    expect(keyOf('msg_1')).toBe(keyOf('msg_1'))
    expect(keyOf('msg_1')).not.toBe(keyOf('msg_2'))
    expect(keyOf('msg_1')).not.toBe(keyOf('msg_1', bytes({ other: true })))
    expect(platform.topic(headers({}))).toBeNull()
  })
})
