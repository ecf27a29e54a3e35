import type { Reading } from '../order.ts'
import { bigcommerceConfirmer } from './bigcommerce-confirm.ts'
import { type Fields, record, unixTime, word } from './fields.ts'
import type { ShopPlatform } from './platform.ts'
import { ignored, readObject } from './reading.ts'
import { plainToken } from './signature.ts'
import {
  decodedKey,
  STANDARD_FACTS,
  standardDeliveryKey,
  standardMatches,
  verifyStandard,
} from './standard-signature.ts'

/** What is said under these tells of an order's state; a message of a customer, or an order put away, does not. */
const SCOPES =
  /^store\/(order\/(created|updated|statusUpdated|refund\/created|transaction\/(created|updated))|shipment\/(created|updated|deleted))$/

/**
 * Webhooks name an order and no more; the order is asked for. Signed as Standard Webhooks are, but with the app's client
 * secret as it is: the documented sample base64-encodes it only because its library decodes what it is given. Read from
 * bigcommerce/docs (webhook overview and events, orders.v2).
 */
export const bigcommerce: ShopPlatform = {
  name: 'bigcommerce',
  verify(delivery, secrets, now) {
    const keys = secrets.filter((secret) => secret.trim() !== '').map((secret) => Buffer.from(secret))
    return verifyStandard(delivery, keys, now)
  },
  deliveryKey: standardDeliveryKey,
  topic: () => null,
  read: (body) => readObject(body, readThin),
  secretProblem: (secret) => (secret.trim() === '' ? 'is empty' : null),
  slips(delivery, secret) {
    const slips: string[] = []
    const decoded = decodedKey(secret)
    if (decoded && standardMatches(delivery, decoded)) {
      slips.push(
        'It matches with the secret base64-decoded: that is the form a library wants. Set the client secret itself, as BigCommerce shows it.',
      )
    }
    const bare = secret.replace(/^whsec_/, '')
    if (bare !== secret && standardMatches(delivery, Buffer.from(bare))) {
      slips.push('It matches without whsec_ before the secret: set the client secret itself, as BigCommerce shows it.')
    }
    return slips
  },
  confirmer: bigcommerceConfirmer,
  facts: { ...STANDARD_FACTS, title: 'BigCommerce', key: 'the client secret of the app as text, nothing decoded' },
}

function readThin(body: Fields): Reading {
  const scope = word(body['scope'], 100) ?? ''
  if (!SCOPES.test(scope)) {
    return ignored(`Webhooks of the scope ${plainToken(scope) ?? 'it names'} say nothing about an order’s state.`)
  }
  const data = record(body['data'])
  // Of a shipment or a transaction `id` is its own.
  const id = word(data['orderId']) ?? word(data['order_id']) ?? (data['type'] === 'order' ? word(data['id']) : null)
  if (id === null || !/^\d+$/.test(id)) return ignored('The webhook names no order.')
  return {
    kind: 'claim',
    claim: {
      subject: `order:${id}`,
      amount: null,
      currency: null,
      reference: null,
      occurredAt: unixTime(body['created_at']),
    },
  }
}
