import { createHmac } from 'node:crypto'
import type { RawDelivery, Verdict } from './platform.ts'
import { hmacBase64, refused, sameText, writtenForm } from './signature.ts'
import { decodedKey, staleness } from './standard-signature.ts'

const HEADER = 'Stripe-Signature'
/** Parts looked at in one header: while a secret is rolled there are `t` and two `v1`. */
const MOST_PARTS = 20

/**
 * `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, hex of HMAC-SHA256 over `<t>.<raw body>` (stripe-node, Webhooks.ts). The key is
 * the whole text of the secret, `whsec_` and all: the opposite of Standard Webhooks, which writes secrets alike. Other
 * schemes (`v0`) are not looked at. Stripe's libraries take any time to come; five minutes are plenty here.
 */
export function verifyStripe(delivery: RawDelivery, secrets: readonly string[], now: number): Verdict {
  const header = delivery.headers.get(HEADER)?.trim() ?? ''
  if (header === '') return refused('signature.missing', `the ${HEADER} header is missing`)
  const { time, signatures } = partsOf(header)
  if (time === undefined) return refused('signature.invalid', `${HEADER} has no t=<seconds since 1970>`)
  if (signatures.length === 0) return refused('signature.invalid', `${HEADER} has no v1=<hex>`)
  const keys = secrets.filter((secret) => secret.trim() !== '')
  if (keys.length === 0) return refused('signature.invalid', 'no secret is set for this shop')

  // Every pair is compared, so that the answer's time does not tell which one was right.
  const matches = keys.filter((key) => isSigned(delivery, key))
  if (matches.length === 0) {
    const odd = signatures.find((given) => !/^[0-9a-f]{64}$/.test(given))
    const form = odd === undefined ? '' : ` (one is not a hex HMAC-SHA256: ${formOf(odd)})`
    return refused('signature.invalid', `no v1 signature matches under any secret of this shop${form}`)
  }
  return staleness(`t in ${HEADER}`, Number(time), now) ?? { ok: true }
}

/** What people take the secret for, seen by the signature it would make. */
export function stripeSlips(delivery: RawDelivery, secret: string): string[] {
  const slips: string[] = []
  const decoded = decodedKey(secret)
  if (decoded && isSigned(delivery, decoded)) {
    slips.push(
      'It matches with the secret base64-decoded after whsec_: that is how Standard Webhooks does it, but Stripe takes the whole text as it is.',
    )
  }
  if (secret.startsWith('whsec_') && isSigned(delivery, secret.slice('whsec_'.length))) {
    slips.push('It matches with the secret without its whsec_: Stripe takes the whole text, whsec_ and all.')
  }
  if (isSigned(delivery, secret, '')) {
    slips.push('It matches when the body alone is signed: Stripe signs t, a dot and the body.')
  }
  return slips
}

function isSigned({ headers, body }: RawDelivery, key: string | Uint8Array, before?: string): boolean {
  const { time, signatures } = partsOf(headers.get(HEADER) ?? '')
  const right = createHmac('sha256', key)
    .update(before ?? `${time}.`)
    .update(body)
    .digest('hex')
  return signatures.filter((given) => sameText(given, right)).length > 0
}

function partsOf(header: string): { time: string | undefined; signatures: string[] } {
  const parts = header.split(',', MOST_PARTS).map((part) => part.trim())
  const time = parts.find((part) => part.startsWith('t='))?.slice(2)
  return {
    time: time !== undefined && /^\d{1,12}$/.test(time) ? time : undefined,
    signatures: parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice(3)),
  }
}

function formOf(signature: string): string {
  const isBase64 = /^[A-Za-z0-9+/]{43}=$/.test(signature) && signature.length === hmacBase64('', '').length
  return isBase64 ? 'it looks like base64' : writtenForm(signature)
}
