import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { runVerify } from '../../src/commands/verify.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes } from './bodies.ts'

const NOW = Date.UTC(2026, 9, 5, 12)
const BODY = '{"id":1,"url":"https:\\/\\/duka.example","name":"caf\\u00e9"}'
const SECRET = 'k3y-of-the-shop'
const sign = (key: string | Buffer, text: string, as: 'base64' | 'hex' | 'base64url' = 'base64') =>
  createHmac('sha256', key).update(text).digest(as)

const standardHeaders = (seconds: number, signature: string): [string, string][] => [
  ['webhook-id', 'msg_1'],
  ['webhook-timestamp', String(seconds)],
  ['webhook-signature', signature],
]
const text = (seconds: number) => `msg_1.${seconds}.${BODY}`

function verify(platform: keyof typeof platforms, given: [string, string][], body = BODY, secret = SECRET) {
  const result = runVerify({ platform: platforms[platform], secret, headers: given, body: bytes(body), now: NOW })
  expect(result.output).not.toContain(secret || '(no secret)')
  expect(result.output).not.toContain(sign(secret, body))
  return result
}

const woo = (signature: string, body = BODY, secret = SECRET) =>
  verify('woocommerce', [['x-wc-webhook-signature', signature]], body, secret)

test('a right signature is said to be valid', () => {
  expect(woo(sign(SECRET, BODY))).toEqual({ output: 'The signature is valid.', exitCode: 0 })
  expect(verify('shopify', [['X-SHOPIFY-HMAC-SHA256', sign(SECRET, BODY)]]).exitCode).toBe(0)
})

describe('what is wrong is said in a sentence', () => {
  test('no signature, and whose headers these are', () => {
    const { output, exitCode } = verify('woocommerce', [['X-Shopify-Hmac-Sha256', sign(SECRET, BODY)]])
    expect(exitCode).toBe(1)
    expect(output).toContain('X-WC-Webhook-Signature header is missing')
    expect(output).toContain('Given: x-shopify-hmac-sha256.')
    expect(output).toContain('those of Shopify')
  })

  test('another secret', () => {
    const { output, exitCode } = woo(sign('other', BODY))
    expect(exitCode).toBe(1)
    expect(output).toContain('the secret is another one')
  })

  test.each([
    ['a line break added', `${BODY}\n`, BODY, /without the line break/],
    ['a line break lost', BODY, `${BODY}\n`, /something cut it off/],
    ['windows line endings', BODY.replaceAll(',', ',\r\n'), BODY.replaceAll(',', ',\n'), /line endings/],
    ['a byte order mark', `\ufeff${BODY}`, BODY, /byte order mark/],
    ['JSON written anew by JavaScript', JSON.stringify(JSON.parse(BODY)), BODY, /wrote it anew/],
    ['JSON made pretty', JSON.stringify(JSON.parse(BODY), null, 2), BODY, /wrote it anew/],
    ['pretty JSON made compact', '{"a":1}', '{\n    "a": 1\n}', /wrote it anew/],
  ])('%s', (_, given, signed, sentence) => {
    expect(woo(sign(SECRET, signed), given).output).toMatch(sentence)
  })

  test.each([
    ['white space', ` ${SECRET}\n`, /white space around the secret/],
    ['quotes', `"${SECRET}"`, /quotes around the secret/],
  ])('%s around the secret', (_, secret, sentence) => {
    const result = runVerify({
      platform: platforms.shopify,
      secret,
      headers: [['X-Shopify-Hmac-Sha256', sign(SECRET, BODY)]],
      body: bytes(BODY),
      now: NOW,
    })
    expect(result.output).toMatch(sentence)
    expect(result.output).not.toContain(SECRET)
  })

  test('entities in a secret', () => {
    expect(woo(sign('a<b&c', BODY), BODY, 'a&lt;b&amp;c')).toMatchObject({ exitCode: 0 })
    expect(woo(sign('a<b&c', BODY), BODY, 'a&lt;b&amp;c').output).toContain('HTML entities')
  })

  test('the right HMAC in other letters', () => {
    expect(woo(sign(SECRET, BODY, 'hex')).output).toMatch(/looks like hex[\s\S]*written in hex/)
    expect(woo(sign(SECRET, BODY, 'base64url')).output).toMatch(/base64url/)
    expect(woo('short').output).toContain('it has 5 characters')
  })

  test('an empty secret', () => {
    expect(woo(sign('', BODY), BODY, '').output).toContain('The secret is empty.')
  })
})

describe('standard', () => {
  const key = Buffer.from('twenty-four-bytes-or-more!')
  const secret = `whsec_${key.toString('base64')}`
  const now = NOW / 1000

  test('a late one is told by how much', () => {
    const { output, exitCode } = verify(
      'standard',
      standardHeaders(now - 1000, `v1,${sign(key, text(now - 1000))}`),
      BODY,
      secret,
    )
    expect(exitCode).toBe(1)
    expect(output).toContain('is 1000 s old')
    expect(verify('standard', standardHeaders(now, `v1,${sign(key, text(now))}`), BODY, secret).exitCode).toBe(0)
  })

  test('a secret that was not decoded', () => {
    for (const used of [secret, secret.slice(6)]) {
      expect(verify('standard', standardHeaders(now, `v1,${sign(used, text(now))}`), BODY, secret).output).toMatch(
        /as plain text/,
      )
    }
  })

  test('versions nobody knows', () => {
    expect(verify('standard', standardHeaders(now, 'v1a,abc v2,def'), BODY, secret).output).toContain('v1a, v2')
    expect(verify('standard', standardHeaders(now, sign(key, text(now))), BODY, secret).output).toContain('v1,<base64>')
  })

  test('a secret that is not base64', () => {
    expect(verify('standard', standardHeaders(now, 'v1,abc'), BODY, 'whsec_not base64!').output).toContain(
      'is not base64',
    )
  })
})

describe('what people take a platform’s key or address for', () => {
  const seconds = NOW / 1000
  const decoded = Buffer.from('twenty-four-bytes-or-more!')
  const whsec = `whsec_${decoded.toString('base64')}`
  const stripe = (key: string | Buffer, signed = `${seconds}.${BODY}`) =>
    verify('stripe', [['Stripe-Signature', `t=${seconds},v1=${sign(key, signed, 'hex')}`]], BODY, whsec)

  test('stripe: the secret decoded, cut, or the body signed alone', () => {
    expect(stripe(whsec)).toEqual({ output: 'The signature is valid.', exitCode: 0 })
    expect(stripe(decoded).output).toMatch(/base64-decoded after whsec_/)
    expect(stripe(whsec.slice(6)).output).toMatch(/without its whsec_/)
    expect(stripe(whsec, BODY).output).toMatch(/body alone is signed/)
    expect(stripe('other').output).toMatch(/the secret is another one/)
    const key = verify(
      'stripe',
      [['Stripe-Signature', `t=${seconds},v1=${sign('x', BODY, 'hex')}`]],
      BODY,
      'sk_live_key',
    )
    expect(key.output).toMatch(/does not begin with whsec_/)
  })

  const square = (url: string | undefined, signed: string) =>
    runVerify({
      platform: platforms.square,
      secret: SECRET,
      headers: [['X-Square-HmacSha256-Signature', sign(SECRET, `${signed}${BODY}`)]],
      body: bytes(BODY),
      url,
      now: NOW,
    })

  test('square: another address', () => {
    const url = 'https://risiti.duka.example/webhooks/cafe'
    expect(square(url, url).exitCode).toBe(0)
    for (const signed of [`${url}/`, url.replace('https', 'http')]) {
      expect(square(url, signed).output).toContain(`with the address ${signed}:`)
    }
    expect(square(`${url}?a=1`, url).output).toContain(`with the address ${url}:`)
    expect(square(url, '').output).toMatch(/without the address/)
    expect(square(undefined, url).output).toMatch(/--url/)
  })

  test('bigcommerce: the secret in the form a library wants', () => {
    const given = (key: string | Buffer) => standardHeaders(seconds, `v1,${sign(key, text(seconds))}`)
    const encoded = Buffer.from('client-secret').toString('base64')
    expect(verify('bigcommerce', given('client-secret'), BODY, encoded).output).toMatch(/base64-decoded/)
    expect(verify('bigcommerce', given(encoded), BODY, encoded).exitCode).toBe(0)
    expect(verify('bigcommerce', given('client-secret'), BODY, 'whsec_client-secret').output).toMatch(/without whsec_/)
  })
})

test('odd input is explained, not thrown', () => {
  const odd: [string, string][] = [
    ['x-wc-webhook-signature', 'é\n'],
    ['bad name\n', 'x'],
    ['', ''],
  ]
  expect(verify('woocommerce', odd, '['.repeat(100_000)).exitCode).toBe(1)
  expect(verify('standard', [], '').exitCode).toBe(1)
})

test('a set-up ping is recognised', () => {
  const ping = verify('woocommerce', [['Content-Type', 'application/x-www-form-urlencoded']], 'webhook_id=3')
  expect(ping).toMatchObject({ exitCode: 0, output: expect.stringContaining('ping') })
})

describe('gateways', () => {
  const checksum = (signed: string) => sign(SECRET, signed, 'hex')

  test('a checksum in the body needs no header, and its usual slips are explained', () => {
    expect(verify('clickpesa', [], `{"b":1,"a":2,"checksum":"${checksum('{"a":2,"b":1}')}"}`).exitCode).toBe(0)
    expect(verify('clickpesa', [], '{"a":1}').output).toMatch(
      /has no checksum: switch checksums on[\s\S]*a field of the body/,
    )
    expect(verify('clickpesa', [], '{"a":1}').output).not.toContain('no headers')
    const wrong = verify('clickpesa', [], `{"a":1,"checksum":"${'0'.repeat(64)}"}`).output
    expect(wrong).toMatch(/does not match the body under the given secret/)
    const unsorted = `{"b":1,"a":2,"checksum":"${checksum('{"b":1,"a":2}')}"}`
    expect(verify('clickpesa', [], unsorted).output).toMatch(/did not sort them/)
    const whole = `{"a":2,"checksumMethod":"HMAC","checksum":"${checksum('{"a":2,"checksumMethod":"HMAC"}')}"}`
    expect(verify('clickpesa', [], whole).output).toMatch(/checksumMethod left inside/)
    expect(verify('clickpesa', [], `{"a":2,"checksum":"${checksum('{"a":1}')}"}`).output).toMatch(
      /the checksum key of the dashboard, not the API key/,
    )
  })

  test('a secret hash that differs is said to, without either', () => {
    expect(verify('flutterwave', [['verif-hash', 'another']]).output).toMatch(/verif-hash is no secret of this shop/)
    expect(verify('flutterwave', []).output).toMatch(/verif-hash or flutterwave-signature header is missing/)
    expect(verify('flutterwave', [['Flutterwave-Signature', sign(SECRET, BODY)]]).exitCode).toBe(0)
    expect(verify('woocommerce', [['Verif-Hash', 'x']]).output).toMatch(/those of Flutterwave/)
  })

  test.each(['pesapal', 'azampay', 'selcom'] as const)('%s signs nothing', (platform) => {
    const { output, exitCode } = verify(platform, [])
    expect(exitCode).toBe(1)
    expect(output).toMatch(/signs nothing[\s\S]*path_secrets/)
  })
})
