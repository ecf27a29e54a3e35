import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Verdict } from './platform.ts'

/** base64 of 32 bytes, as HMAC-SHA256 gives. */
export const BASE64_OF_32 = /^[A-Za-z0-9+/]{43}=$/

export function hmacBase64(key: string | Uint8Array, ...parts: (string | Uint8Array)[]): string {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('base64')
}

/** Constant time for equal lengths; lengths are looked at first, since timingSafeEqual throws on unequal ones. */
export function sameText(given: string, expected: string): boolean {
  const left = Buffer.from(given)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Shopify and WooCommerce alike: base64(HMAC-SHA256(key, raw body)) in one header. */
export function verifyBodySignature(
  header: string,
  given: string | null,
  body: Uint8Array,
  keys: readonly string[],
): Verdict {
  const signature = given?.trim() ?? ''
  if (signature === '') return refused('signature.missing', `the ${header} header is missing`)
  if (keys.length === 0) return refused('signature.invalid', 'no secret is set for this shop')
  if (!BASE64_OF_32.test(signature)) {
    return refused(
      'signature.invalid',
      `${header} is not a base64 HMAC-SHA256 (44 characters); ${writtenForm(signature)}`,
    )
  }
  // Every key is tried, so that the answer's time does not tell which one was right.
  const matches = keys.filter((key) => sameText(signature, hmacBase64(key, body)))
  if (matches.length > 0) return { ok: true }
  return refused('signature.invalid', `${header} does not match the body under any secret of this shop`)
}

export function refused(code: 'signature.missing' | 'signature.invalid' | 'signature.stale', detail: string): Verdict {
  return { ok: false, code, detail }
}

/** What a malformed signature looks like, without repeating it. */
export function writtenForm(signature: string): string {
  if (/^[0-9a-f]{64}$/i.test(signature)) return 'it looks like hex'
  if (/^[A-Za-z0-9_-]{43}=?$/.test(signature)) return 'it looks like base64url or lacks its padding'
  return `it has ${signature.length} characters`
}

/** Hex of SHA-256, cut to `length`: tells bodies apart inside a delivery key. */
export function bodyHash(body: Uint8Array, length = 64): string {
  return createHash('sha256').update(body).digest('hex').slice(0, length)
}

/** A header's value fit to stand in a key or a reason; null when it is missing, long or odd. */
export function plainToken(value: string | null, max = 100): string | null {
  const text = value?.trim() ?? ''
  return text.length > 0 && text.length <= max && /^[\w./:+=-]+$/.test(text) ? text : null
}

/**
 * The value of one text field of a JSON body, found without parsing it: an event's own id, where its headers name none.
 * Null where it does not look like one, or stands there with several values: then nothing can be told apart by it.
 */
export function idInBody(body: Uint8Array, field: string, form: RegExp): string | null {
  const text = Buffer.from(body).toString('latin1')
  const found = [...text.matchAll(new RegExp(`"${field}"\\s{0,9}:\\s{0,9}"([^"\\\\]{1,200})"`, 'g'))]
  const ids = new Set(found.map((match) => match[1] ?? '').filter((id) => form.test(id)))
  const [only] = ids
  return ids.size === 1 && only !== undefined ? only : null
}
