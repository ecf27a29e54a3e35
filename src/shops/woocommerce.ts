import { decodeEntities } from './html.ts'
import type { DeliveryHeaders, RawDelivery, ShopPlatform } from './platform.ts'
import { ignored, readObject } from './reading.ts'
import { bodyHash, plainToken, verifyBodySignature } from './signature.ts'
import { woocommerceBackfill } from './woocommerce-backfill.ts'
import { readWooCommerce } from './woocommerce-order.ts'

const SIGNATURE = 'X-WC-Webhook-Signature'

export const woocommerce: ShopPlatform = {
  name: 'woocommerce',
  ourSecret: 'text',
  backfill: woocommerceBackfill,
  verify(delivery, secrets) {
    if (isSetUpPing(delivery)) return { ok: 'ping' }
    return verifyBodySignature(SIGNATURE, delivery.headers.get(SIGNATURE), delivery.body, secrets.flatMap(keysOf))
  },
  // X-WC-Webhook-Delivery-ID is made of the webhook's id and the second: two orders can share one (class-wc-webhook.php).
  // The body holds the order's state and date_modified, so equal bytes say the same, whatever headers nobody signed.
  deliveryKey: ({ body }) => bodyHash(body),
  topic,
  read(body, options) {
    if (isPingBody(body)) return [ignored('The ping WooCommerce sends when a webhook is saved.')]
    return readObject(body, (value) => readWooCommerce(value, options))
  },
  secretProblem: (secret) => (secret.trim() === '' ? 'is empty' : null),
  facts: {
    title: 'WooCommerce',
    headers: [SIGNATURE, 'X-WC-Webhook-Topic'],
    signed: 'the raw body',
    digest: 'HMAC-SHA256, base64',
    key: "the webhook's secret as text, HTML entities decoded",
    deliveryKey: 'hash of the body',
  },
}

function topic(headers: DeliveryHeaders): string | null {
  return plainToken(headers.get('X-WC-Webhook-Topic'))
}

/** WooCommerce signs with the secret after wp_specialchars_decode: `a&lt;b`, as stored, is the key `a<b`. */
function keysOf(secret: string): string[] {
  if (secret.trim() === '') return []
  const decoded = decodeEntities(secret)
  return decoded === secret ? [secret] : [secret, decoded]
}

/** Sent unsigned on a webhook's first save; any answer but 200 shows the owner an error (WC_Webhook::deliver_ping). */
function isSetUpPing({ headers, body }: RawDelivery): boolean {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers.get('Content-Type')?.trim() ?? '')
  return isForm && headers.get(SIGNATURE) === null && headers.get('X-WC-Webhook-Topic') === null && isPingBody(body)
}

function isPingBody(body: Uint8Array): boolean {
  return body.length <= 40 && /^webhook_id=\d{1,20}\s*$/.test(Buffer.from(body).toString('latin1'))
}
