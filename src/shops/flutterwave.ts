import type { Reading } from '../order.ts'
import { currencyCode, type Fields, time, word } from './fields.ts'
import { dataIn, flutterwaveConfirmer } from './flutterwave-confirm.ts'
import { claimedAmount } from './payment.ts'
import type { DeliveryHeaders, ShopPlatform, Verdict } from './platform.ts'
import { ignored, readObject } from './reading.ts'
import { bodyHash, refused, sameText, verifyBodySignature } from './signature.ts'

const SIGNATURE = 'flutterwave-signature'
const HASH = 'verif-hash'

/**
 * Flutterwave v3 and v4, told apart by what they say: v3 numbers its transactions, v4's charges are `chg_…`. v3 signs
 * nothing: its `verif-hash` is the dashboard's secret hash itself (developer.flutterwave.com/v3.0/docs/webhooks). v4 signs the
 * body with it in `flutterwave-signature`, though its machine-readable description still names `verif-hash`: both are taken.
 * Either way the API is asked, since a delivery with `verif-hash` alone proves nothing about its body.
 */
export const flutterwave: ShopPlatform = {
  name: 'flutterwave',
  ourSecret: 'text',
  verify({ headers, body }, secrets) {
    const keys = secrets.filter((secret) => secret.trim() !== '')
    const byHash = verifyHash(headers, keys)
    if (headers.get(SIGNATURE) === null || byHash.ok) return byHash
    return verifyBodySignature(SIGNATURE, headers.get(SIGNATURE), body, keys)
  },
  // Neither version names its deliveries in a header; equal bytes are one delivery.
  deliveryKey: ({ body }) => bodyHash(body),
  topic: () => null,
  read: (body) => readObject(body, readEvent),
  secretProblem: (secret) => (secret.trim() === '' ? 'is empty' : null),
  confirmer: flutterwaveConfirmer,
  facts: {
    title: 'Flutterwave',
    headers: [HASH, SIGNATURE],
    signed: 'nothing in v3, where verif-hash is the secret itself, and the raw body in v4',
    digest: 'in v4 HMAC-SHA256, base64',
    key: "the dashboard's secret hash as text",
    deliveryKey: 'hash of the body',
  },
}

function verifyHash(headers: DeliveryHeaders, keys: readonly string[]): Verdict {
  const given = headers.get(HASH)?.trim() ?? ''
  if (given === '') return refused('signature.missing', `the ${HASH} or ${SIGNATURE} header is missing`)
  if (keys.length === 0) return refused('signature.invalid', 'no secret is set for this shop')
  // Every one is compared, so that the answer's time does not tell which was right.
  const matches = keys.filter((key) => sameText(given, key))
  return matches.length > 0 ? { ok: true } : refused('signature.invalid', `${HASH} is no secret of this shop`)
}

function readEvent(body: Fields): Reading {
  const type = word(body['type'] ?? body['event'])
  if (type !== null && type !== 'charge.completed')
    return ignored('Only charges are read: this event is about another thing.')
  const data = dataIn(body)
  const status = (word(data['status']) ?? '').toLowerCase()
  if (!PAID.has(status)) return ignored(status === '' ? 'The event names no status.' : 'The charge did not succeed.')

  const subject = subjectOf(data['id'])
  const reference = word(data['tx_ref'] ?? data['txRef'] ?? data['reference'], 100)
  const currency = currencyCode(data['currency'])
  const amount = claimedAmount(data['amount'], currency)
  if (subject === null) return ignored('The charge has no id Flutterwave could be asked about.')
  if (reference === null) return ignored('The charge has no reference of the shop.')
  if (amount === undefined) return ignored('The charge has no amount that can be read.')
  const at = data['created_at'] ?? data['createdAt'] ?? data['created_datetime']
  return { kind: 'claim', claim: { subject, amount, currency, reference, occurredAt: time(at) } }
}

const PAID = new Set(['successful', 'succeeded'])

/** `transaction:` of v3, `charge:` of v4. */
function subjectOf(value: unknown): string | null {
  const id = word(value) ?? ''
  if (/^\d{1,20}$/.test(id)) return `transaction:${id}`
  return /^chg_\w{1,60}$/.test(id) ? `charge:${id}` : null
}
