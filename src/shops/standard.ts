import { parseJson } from './json.ts'
import type { ShopPlatform } from './platform.ts'
import { ignored } from './reading.ts'
import { readStandard } from './standard-read.ts'
import {
  decodedKey,
  decodedKeyProblem,
  STANDARD_FACTS,
  standardDeliveryKey,
  undecodedSlip,
  verifyStandard,
} from './standard-signature.ts'

export const standard: ShopPlatform = {
  name: 'standard',
  ourSecret: 'whsec',
  verify(delivery, secrets, now) {
    const keys = secrets.flatMap((secret) => decodedKey(secret) ?? [])
    return verifyStandard(delivery, keys, now)
  },
  deliveryKey: standardDeliveryKey,
  topic: () => null,
  read(body, options) {
    const parsed = parseJson(body)
    return [parsed.ok ? readStandard(parsed.value, options) : ignored(parsed.reason)]
  },
  secretProblem: decodedKeyProblem,
  slips: undecodedSlip,
  facts: {
    ...STANDARD_FACTS,
    title: 'Standard Webhooks',
    key: 'the bytes of the secret: base64-decoded text after whsec_',
  },
}
