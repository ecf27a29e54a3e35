import { SECOND } from '../clock.ts'
import type { DeliveryHeaders, RawDelivery, Verdict } from './platform.ts'
import { bodyHash, hmacBase64, plainToken, refused, sameText, writtenForm } from './signature.ts'

/**
 * The signature of Standard Webhooks, which others took over with keys of their own: `v1,` and the base64 HMAC-SHA256 of
 * id, time and body.
 */

/** Both ways, in whole seconds, as in the reference libraries of standard-webhooks/standard-webhooks. */
const TOLERANCE_SECONDS = 300
/** Signatures looked at in one header: a rotation needs two. */
const MOST_SIGNATURES = 20

export const STANDARD_FACTS = {
  headers: ['webhook-signature', 'webhook-id', 'webhook-timestamp'],
  signed: 'webhook-id, a dot, webhook-timestamp, a dot, the raw body',
  digest: 'HMAC-SHA256, base64, written v1,<signature>',
  deliveryKey: 'webhook-id and hash of the body',
} as const

export function verifyStandard({ headers, body }: RawDelivery, keys: readonly Uint8Array[], now: number): Verdict {
  const { id, timestamp, signature } = signedHeaders(headers)
  if (signature === '') return refused('signature.missing', 'the webhook-signature header is missing')
  if (id === '') return refused('signature.missing', 'the webhook-id header is missing')
  if (timestamp === '') return refused('signature.missing', 'the webhook-timestamp header is missing')
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refused('signature.invalid', 'webhook-timestamp is not a whole number of seconds since 1970')
  }
  if (keys.length === 0) return refused('signature.invalid', 'no usable secret is set for this shop')

  const known = knownSignatures(signature)
  if (known.length === 0) return refused('signature.invalid', `webhook-signature ${otherForm(signature)}`)
  const expected = keys.map((key) => hmacBase64(key, `${id}.${timestamp}.`, body))
  const matches = known.filter((given) => expected.filter((right) => sameText(given, right)).length > 0)
  if (matches.length === 0) {
    const odd = known.find((given) => given.length !== 44)
    const form = odd === undefined ? '' : ` (one is not a base64 HMAC-SHA256: ${writtenForm(odd)})`
    return refused('signature.invalid', `no v1 signature matches under any secret of this shop${form}`)
  }
  return staleness('webhook-timestamp', Number(timestamp), now) ?? { ok: true }
}

/** The refusal of a rightly signed time that is too far from now; null when it is near enough. */
export function staleness(name: string, seconds: number, now: number): Verdict | null {
  const age = Math.floor(now / SECOND) - seconds
  if (Math.abs(age) <= TOLERANCE_SECONDS) return null
  const where = age > 0 ? 'old' : 'in the future'
  const detail = `the signature is right, but ${name} is ${Math.abs(age)} s ${where}: at most ${TOLERANCE_SECONDS} s is taken`
  return refused('signature.stale', detail)
}

/** Whether one of the signatures is right under this key, whatever the time says. */
export function standardMatches({ headers, body }: RawDelivery, key: Uint8Array): boolean {
  const { id, timestamp, signature } = signedHeaders(headers)
  const right = hmacBase64(key, `${id}.${timestamp}.`, body)
  return knownSignatures(signature).some((given) => sameText(given, right))
}

/**
 * The id is signed, and the same over the retries of one event. The body's hash beside it: a shop that takes an order's id
 * for the event's must not lose that it was paid because it was created before.
 */
export function standardDeliveryKey({ headers, body }: RawDelivery): string {
  const id = plainToken(signedHeaders(headers).id, 200)
  return id === null ? bodyHash(body) : `${id}:${bodyHash(body, 24)}`
}

/** The key as Standard Webhooks writes it: base64, with or without `whsec_` before it. Undefined when it is not. */
export function decodedKey(secret: string): Buffer | undefined {
  const text = secret.trim().replace(/^whsec_/, '')
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  return key.length === 0 ? undefined : key
}

export function decodedKeyProblem(secret: string): string | null {
  if (secret.trim() === '') return 'is empty'
  return decodedKey(secret) === undefined ? 'is not base64 after whsec_' : null
}

/** A secret that was not decoded before it was used. */
export function undecodedSlip(delivery: RawDelivery, secret: string): string[] {
  const used = [secret, secret.replace(/^whsec_/, '')]
  return used.some((text) => standardMatches(delivery, Buffer.from(text)))
    ? [
        'It matches with the secret used as plain text: the sender does not base64-decode it after whsec_, as Standard Webhooks asks.',
      ]
    : []
}

/** Svix sends the same under its own names; the two are not mixed. */
function signedHeaders(headers: DeliveryHeaders): { id: string; timestamp: string; signature: string } {
  const prefix =
    headers.get('webhook-signature') === null && headers.get('svix-signature') !== null ? 'svix' : 'webhook'
  const get = (name: string) => headers.get(`${prefix}-${name}`)?.trim() ?? ''
  return { id: get('id'), timestamp: get('timestamp'), signature: get('signature') }
}

function knownSignatures(signature: string): string[] {
  const signatures = signature.split(/\s+/).slice(0, MOST_SIGNATURES)
  return signatures.filter((item) => item.startsWith('v1,')).map((item) => item.slice(3))
}

function otherForm(signature: string): string {
  const versions = signature.split(/\s+/).map((item) => /^(v\w{1,5}),/.exec(item)?.[1])
  if (versions.some((version) => version === undefined)) return 'is not a list of v1,<base64>'
  return `holds only versions that are not known here (${[...new Set(versions)].slice(0, 5).join(', ')})`
}
