import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * `X-Briq-Signature` is HMAC-SHA256 of the raw body keyed with the webhook's secret as text (whole, prefix included).
 * Its written form is not documented for WhatsApp: `sha256=<hex>` (as for SMS) and bare hex are taken, in either case.
 */
export function verifyKaribuSignature(body: Uint8Array, header: string | null, secret: string): boolean {
  const given = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(header?.trim() ?? '')?.[1]
  if (!given) return false
  const expected = hmac(body, secret)
  return timingSafeEqual(Buffer.from(given, 'hex'), expected)
}

/** The header as Briq writes it. */
export function signKaribuBody(body: Uint8Array, secret: string): string {
  return `sha256=${hmac(body, secret).toString('hex')}`
}

function hmac(body: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(body).digest()
}
