import type { DeliveryHeaders, ShopPlatform } from './platform.ts'
import { readObject } from './reading.ts'
import { shopifyBackfill } from './shopify-backfill.ts'
import { readShopify } from './shopify-read.ts'
import { bodyHash, plainToken, verifyBodySignature } from './signature.ts'

const SIGNATURE = 'X-Shopify-Hmac-SHA256'

export const shopify: ShopPlatform = {
  name: 'shopify',
  backfill: shopifyBackfill,
  verify({ headers, body }, secrets) {
    const keys = secrets.filter((secret) => secret.trim() !== '')
    return verifyBodySignature(SIGNATURE, header(headers, 'Hmac-Sha256'), body, keys)
  },
  // No header is signed: with one in the key, a delivery somebody overheard would be another under each made-up webhook
  // id. The body holds the order's state and updated_at, so equal bytes say the same under every topic.
  deliveryKey: ({ body }) => bodyHash(body),
  topic,
  read(body, options) {
    const isTest = /^true$/i.test((options.headers && header(options.headers, 'Test')) ?? '')
    return readObject(body, (value) => readShopify(value, { ...options, isTest }))
  },
  secretProblem: (secret) => (secret.trim() === '' ? 'is empty' : null),
  facts: {
    title: 'Shopify',
    headers: [SIGNATURE, 'X-Shopify-Topic'],
    signed: 'the raw body',
    digest: 'HMAC-SHA256, base64',
    key: "the app's client secret, or for a webhook made under Settings, Notifications the key shown on that page",
    deliveryKey: 'hash of the body',
  },
}

/** The "Events" preview sends `Shopify-…`; everything else `X-Shopify-…`. */
function header(headers: DeliveryHeaders, name: string): string | null {
  return headers.get(`X-Shopify-${name}`) ?? headers.get(`Shopify-${name}`)
}

function topic(headers: DeliveryHeaders): string | null {
  return plainToken(header(headers, 'Topic'))
}
