import { SECOND } from '../clock.ts'
import { parseJson } from './json.ts'
import type { DeliveryHeaders, ShopPlatform } from './platform.ts'
import { bodyHash, hmacBase64, plainToken, refused, sameText, writtenForm } from './signature.ts'
import { readStandard } from './standard-read.ts'

/** Both ways, in whole seconds, as in the reference libraries of standard-webhooks/standard-webhooks. */
const TOLERANCE_SECONDS = 300
/** Signatures looked at in one header: a rotation needs two. */
const MOST_SIGNATURES = 20

export const standard: ShopPlatform = {
  name: 'standard',
  verify({ headers, body }, secrets, now) {
    const { id, timestamp, signature } = signedHeaders(headers)
    if (signature === '') return refused('signature.missing', 'the webhook-signature header is missing')
    if (id === '') return refused('signature.missing', 'the webhook-id header is missing')
    if (timestamp === '') return refused('signature.missing', 'the webhook-timestamp header is missing')
    if (!/^\d{1,12}$/.test(timestamp)) {
      return refused('signature.invalid', 'webhook-timestamp is not a whole number of seconds since 1970')
    }
    const keys = secrets.flatMap((secret) => keyOf(secret) ?? [])
    if (keys.length === 0) return refused('signature.invalid', 'no usable secret is set for this shop')

    const signatures = signature.split(/\s+/).slice(0, MOST_SIGNATURES)
    const known = signatures.filter((item) => item.startsWith('v1,')).map((item) => item.slice(3))
    if (known.length === 0) return refused('signature.invalid', `webhook-signature ${otherForm(signature)}`)
    const expected = keys.map((key) => hmacBase64(key, `${id}.${timestamp}.`, body))
    const matches = known.filter((given) => expected.filter((right) => sameText(given, right)).length > 0)
    if (matches.length === 0) {
      const odd = known.find((given) => given.length !== 44)
      const form = odd === undefined ? '' : ` (one is not a base64 HMAC-SHA256: ${writtenForm(odd)})`
      return refused('signature.invalid', `no v1 signature matches under any secret of this shop${form}`)
    }

    const age = Math.floor(now / SECOND) - Number(timestamp)
    if (Math.abs(age) > TOLERANCE_SECONDS) {
      const where = age > 0 ? 'old' : 'in the future'
      const detail = `the signature is right, but webhook-timestamp is ${Math.abs(age)} s ${where}: at most ${TOLERANCE_SECONDS} s is taken`
      return refused('signature.stale', detail)
    }
    return { ok: true }
  },
  // Signed, and the same over the retries of one event.
  deliveryKey({ headers, body }) {
    return plainToken(signedHeaders(headers).id, 200) ?? bodyHash(body)
  },
  topic: () => null,
  read(body, options) {
    const parsed = parseJson(body)
    return [parsed.ok ? readStandard(parsed.value, options) : { kind: 'ignored', reason: parsed.reason }]
  },
  secretProblem(secret) {
    if (secret.trim() === '') return 'is empty'
    return keyOf(secret) === undefined ? 'is not base64 after whsec_' : null
  },
  facts: {
    title: 'Standard Webhooks',
    headers: ['webhook-signature', 'webhook-id', 'webhook-timestamp'],
    signed: 'webhook-id, a dot, webhook-timestamp, a dot, the raw body',
    digest: 'HMAC-SHA256, base64, written v1,<signature>',
    key: 'the bytes of the secret: base64-decoded text after whsec_',
    deliveryKey: 'webhook-id',
  },
}

/** Svix sends the same under its own names; the two are not mixed. */
function signedHeaders(headers: DeliveryHeaders): { id: string; timestamp: string; signature: string } {
  const prefix =
    headers.get('webhook-signature') === null && headers.get('svix-signature') !== null ? 'svix' : 'webhook'
  const get = (name: string) => headers.get(`${prefix}-${name}`)?.trim() ?? ''
  return { id: get('id'), timestamp: get('timestamp'), signature: get('signature') }
}

function keyOf(secret: string): Buffer | undefined {
  const text = secret.trim().replace(/^whsec_/, '')
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  return key.length === 0 ? undefined : key
}

function otherForm(signature: string): string {
  const versions = signature.split(/\s+/).map((item) => /^(v\w{1,5}),/.exec(item)?.[1])
  if (versions.some((version) => version === undefined)) return 'is not a list of v1,<base64>'
  return `holds only versions that are not known here (${[...new Set(versions)].slice(0, 5).join(', ')})`
}
