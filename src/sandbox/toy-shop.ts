import { createHash, createHmac } from 'node:crypto'
import { request } from 'undici'
import type { ToyOrder } from './toy-order.ts'
import { shopifyBody } from './toy-shopify.ts'
import { standardBody } from './toy-standard.ts'
import { wooBody } from './toy-woocommerce.ts'

export interface ToyRequest {
  headers: Record<string, string>
  body: string
}

export type ToyPlatform = 'woocommerce' | 'shopify' | 'standard'

/** A request as that platform would really make it, signed with the secret. */
export function toyWebhook(
  platform: ToyPlatform,
  secret: string,
  order: ToyOrder,
  topic: string,
  now: number,
): ToyRequest {
  switch (platform) {
    case 'woocommerce':
      return signedWoo(secret, topic, wooBody(order), now)
    case 'shopify':
      return signedShopify(secret, topic, shopifyBody(order))
    case 'standard':
      return signedStandard(secret, topic, standardBody(order), now)
  }
}

/** Posts it and gives the status and the answer. */
export async function postToy(url: string, { headers, body }: ToyRequest): Promise<{ status: number; body: unknown }> {
  const answer = await request(url, { method: 'POST', headers, body, headersTimeout: 30_000, bodyTimeout: 30_000 })
  const text = await answer.body.text()
  const isJson = String(answer.headers['content-type']).includes('json')
  return { status: answer.statusCode, body: text === '' ? null : isJson ? JSON.parse(text) : text }
}

const sign = (key: string | Buffer, ...parts: string[]) => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('base64')
}

/** The same request has the same id, as a platform's retries have. */
function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
}

function signedWoo(secret: string, topic: string, value: object, now: number): ToyRequest {
  // PHP's json_encode: slashes and everything beyond ASCII are escaped.
  const body = JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'WooCommerce/10.3.4 Hookshot (WordPress/6.8.3)',
      'x-wc-webhook-source': 'https://duka.example/',
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': topic.split('.')[1] ?? '',
      'x-wc-webhook-id': '7',
      // Made of the webhook and the second, as the plugin does: two orders in one second share it.
      'x-wc-webhook-delivery-id': createHash('md5')
        .update(`7${Math.floor(now / 1000)}`)
        .digest('hex'),
      'x-wc-webhook-signature': sign(secret, body),
    },
  }
}

function signedShopify(secret: string, topic: string, value: object): ToyRequest {
  const body = JSON.stringify(value).replaceAll('/', '\\/').replaceAll('&', '\\u0026')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': 'soko.myshopify.com',
      'x-shopify-api-version': '2025-01',
      'x-shopify-webhook-id': idOf('delivery', topic, body),
      'x-shopify-event-id': idOf('event', body),
      'x-shopify-hmac-sha256': sign(secret, body),
    },
  }
}

function signedStandard(secret: string, type: string, data: object, now: number): ToyRequest {
  const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data })
  const id = `msg_${idOf(body)}`
  const timestamp = String(Math.floor(now / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${sign(key, `${id}.${timestamp}.${body}`)}`,
    },
  }
}

/** A relayed message of a customer, for shops that can pass such on. */
export function toyMessage(
  secret: string,
  message: { from: string; text: string; to?: string; at: number },
): ToyRequest {
  const { at, ...rest } = message
  return signedStandard(secret, 'message.received', { ...rest, received_at: new Date(at).toISOString() }, at)
}
