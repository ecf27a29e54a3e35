import type { RawDelivery, Verdict } from './platform.ts'
import { BASE64_OF_32, hmacBase64, refused, sameText, writtenForm } from './signature.ts'

const HEADER = 'x-square-hmacsha256-signature'
const OLD_HEADER = 'x-square-signature'

/**
 * base64(HMAC-SHA256(signature key, notification URL + raw body)), the URL byte for byte as it stands in the subscription
 * (square-nodejs-sdk, WebhooksHelper). The header before it was SHA-1, and is not taken.
 */
export function verifySquare(delivery: RawDelivery, secrets: readonly string[]): Verdict {
  const signature = delivery.headers.get(HEADER)?.trim() ?? ''
  if (signature === '') {
    const old = delivery.headers.get(OLD_HEADER) === null ? '' : `; ${OLD_HEADER} is SHA-1 and not taken`
    return refused('signature.missing', `the ${HEADER} header is missing${old}`)
  }
  const keys = secrets.filter((secret) => secret.trim() !== '')
  if (keys.length === 0) return refused('signature.invalid', 'no secret is set for this shop')
  const { url } = delivery
  if (url === undefined) {
    return refused('signature.invalid', 'Square signs the notification URL with the body, and it is not known here')
  }
  if (!BASE64_OF_32.test(signature)) {
    return refused(
      'signature.invalid',
      `${HEADER} is not a base64 HMAC-SHA256 (44 characters); ${writtenForm(signature)}`,
    )
  }
  const matches = keys.filter((key) => sameText(signature, hmacBase64(key, url, delivery.body)))
  if (matches.length > 0) return { ok: true }
  return refused(
    'signature.invalid',
    `${HEADER} does not match ${url} and the body under any secret of this shop: the address must be the one of the subscription, byte for byte`,
  )
}

/** Addresses that are taken for the subscription's, seen by the signature they would make. */
export function squareSlips({ headers, body, url }: RawDelivery, secret: string): string[] {
  const signature = headers.get(HEADER)?.trim() ?? ''
  const isSigned = (address: string) => sameText(signature, hmacBase64(secret, address, body))
  const slips: string[] = []
  if (isSigned('')) slips.push('It matches without the address: Square signs the notification URL and the body.')
  if (url === undefined) {
    return [...slips, 'Give the notification URL of the subscription with --url: it is signed too.']
  }
  const other = spellings(url).find((address) => address !== url && isSigned(address))
  if (other !== undefined) {
    slips.push(`It matches with the address ${other}: put that one as notification_url, or into the subscription.`)
  }
  return slips
}

/** The same address with and without its last slash, query, and with the other scheme. */
function spellings(url: string): string[] {
  const bare = url.replace(/[?#].*$/s, '')
  const slashes = [url, bare].flatMap((address) => [address, address.replace(/\/+$/, ''), `${address}/`])
  return slashes.flatMap((address) => [
    address,
    address.replace(/^http:/i, 'https:'),
    address.replace(/^https:/i, 'http:'),
  ])
}
