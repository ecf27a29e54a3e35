import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * `X-Briq-Signature` is HMAC-SHA256 of the raw body keyed with the webhook's secret as text (whole, prefix included).
 * Its written form is not documented for WhatsApp: `sha256=<hex>` (as for SMS) and bare hex are taken, in either case.
 */
export function verifyKaribuSignature(body: Uint8Array, header: string | null, secret: string): boolean {
  const given = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(header?.trim() ?? '')?.[1]
  if (!given) return false
  const expected = createHmac('sha256', secret).update(body).digest()
  return timingSafeEqual(Buffer.from(given, 'hex'), expected)
}
