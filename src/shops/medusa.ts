import { readMedusa } from './medusa-read.ts'
import type { ShopPlatform } from './platform.ts'
import { readObject } from './reading.ts'
import {
  decodedKey,
  decodedKeyProblem,
  STANDARD_FACTS,
  standardDeliveryKey,
  undecodedSlip,
  verifyStandard,
} from './standard-signature.ts'

/**
 * Medusa has no webhooks of its own: a subscriber in the shop posts here, signed as Standard Webhooks are, with Medusa's
 * order as it is. Read from @medusajs/utils (event names) and Medusa v2's order.
 */
export const medusa: ShopPlatform = {
  name: 'medusa',
  verify(delivery, secrets, now) {
    const keys = secrets.flatMap((secret) => decodedKey(secret) ?? [])
    return verifyStandard(delivery, keys, now)
  },
  deliveryKey: standardDeliveryKey,
  topic: () => null,
  read: (body, options) => readObject(body, (value) => readMedusa(value, options)),
  secretProblem: decodedKeyProblem,
  slips: undecodedSlip,
  facts: {
    ...STANDARD_FACTS,
    title: 'Medusa',
    key: 'the bytes of the secret: base64-decoded text after whsec_',
  },
}
