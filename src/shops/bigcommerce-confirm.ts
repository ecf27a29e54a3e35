import { readBigcommerceOrder } from './bigcommerce-order.ts'
import { isRecord, list, record, word } from './fields.ts'
import { parseJson } from './json.ts'
import type { Confirmation, Confirmer, ConfirmInput } from './platform.ts'

export const bigcommerceConfirmer: Confirmer = {
  apiUrl: 'https://api.bigcommerce.com',
  credentials: [
    { name: 'access_token', required: true, meaning: 'token of a store API account that may read orders' },
    { name: 'store_hash', required: true, meaning: 'the store’s own part of its API path, stores/<hash>' },
  ],
  async confirm({ claim, body, options, credentials, api, now }: ConfirmInput): Promise<Confirmation> {
    const store = credentials['store_hash']?.trim() ?? ''
    const producer = producerOf(body)
    // An app’s client secret signs for every store the app is in.
    if (producer !== null && producer !== `stores/${store}`) return denied('The webhook is about another store.')
    const headers = { 'X-Auth-Token': credentials['access_token'] ?? '', Accept: 'application/json' }
    const id = claim.subject.slice('order:'.length)
    const get = (path: string) =>
      api.request({
        method: 'GET',
        path: `/stores/${encodeURIComponent(store)}/v2/orders/${encodeURIComponent(id)}${path}`,
        headers,
      })

    const order = record(await get(''))
    if (word(order['id']) !== id) return denied('BigCommerce knows no order of this id.')
    if (word(order['status_id']) === '0') return denied('The checkout was not finished (status Incomplete).')
    const products = list(await get('/products?limit=250'))
    const addresses = list(await get('/shipping_addresses?limit=50'), 50)
    const hasCoupons = /[1-9]/.test(word(order['coupon_discount']) ?? '')
    const coupons = hasCoupons ? list(await get('/coupons?limit=50'), 50) : []
    const reading = readBigcommerceOrder({ order, products, addresses, coupons }, { receivedAt: now, ...options })
    return reading.kind === 'order'
      ? { kind: 'confirmed', readings: [reading] }
      : denied(reading.kind === 'ignored' ? reading.reason : 'BigCommerce’s answer is no order.')
  },
}

/** `stores/<hash>`; null where a sample leaves it out. */
function producerOf(body: Uint8Array): string | null {
  const parsed = parseJson(body)
  return parsed.ok && isRecord(parsed.value) ? word(parsed.value['producer'], 100) : null
}

function denied(reason: string): Confirmation {
  return { kind: 'denied', reason }
}
