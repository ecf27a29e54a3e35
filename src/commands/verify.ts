import { decodeEntities } from '../shops/html.ts'
import type { DeliveryHeaders, RawDelivery, ShopPlatform } from '../shops/platform.ts'
import { platforms } from '../shops/registry.ts'

export interface VerifyInput {
  platform: ShopPlatform
  secret: string
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array
  /** The address the platform was given, where it signs it. */
  url?: string | undefined
  /** Epoch milliseconds to judge timestamps by. */
  now: number
}

/** One change to what was given, and what it means when the signature is right with it. */
interface Attempt {
  means: string
  body?: Uint8Array
  secret?: string
  headers?: DeliveryHeaders
}

const NO_HINT =
  'It does not match with the usual slips put right either: the secret is another one, or the body was changed on its way.'

/** Says in plain sentences why a delivery's signature is right or not, never with the secret or a right signature. */
export function runVerify(input: VerifyInput): { output: string; exitCode: number } {
  const { platform, secret, now } = input
  if (platform.unsigned) return says(1, nothingSigned(platform.facts.title))
  const given = deliveryOf(input)
  const verdict = platform.verify(given, [secret], now)
  if (verdict.ok === 'ping') return says(0, ['This is a set-up ping: it carries no signature and is answered 200.'])
  if (verdict.ok) {
    const decoded = platform.name === 'woocommerce' && decodeEntities(secret) !== secret
    return says(0, [
      'The signature is valid.',
      ...(decoded ? ['The secret holds HTML entities; WooCommerce signs with them decoded, and so do we.'] : []),
    ])
  }
  // A service speaks of its shop's secrets; here one was given.
  const detail = verdict.detail.replace('under any secret of this shop', 'under the given secret')
  const lines = [`The signature is not valid: ${detail}.`]
  const problem = platform.secretProblem(secret)
  if (verdict.code === 'signature.missing') lines.push(...missingHints(platform, input.headers))
  if (verdict.code === 'signature.invalid') {
    const hints = mismatchHints(input, given)
    if (problem !== null) lines.push(`The secret ${problem}.`)
    else if (hints.length === 0) lines.push(NO_HINT)
    lines.push(...hints)
  }
  const { signed, digest, key } = platform.facts
  lines.push(`${platform.facts.title} signs ${signed}: ${digest}; the key is ${key}.`)
  return says(1, lines)
}

function nothingSigned(title: string): string[] {
  return [
    `${title} signs nothing, so there is nothing to check.`,
    `The secret at the end of its address (path_secrets) keeps others out, and nothing is believed before ${title}’s own API was asked.`,
  ]
}

function missingHints(platform: ShopPlatform, headers: VerifyInput['headers']): string[] {
  const names = headers.map(([name]) => name.toLowerCase())
  const other = Object.values(platforms).find(
    ({ name, facts }) => name !== platform.name && names.includes((facts.headers[0] ?? '').toLowerCase()),
  )
  const needed = `Needed: ${platform.facts.headers.join(', ')}.`
  // One that signs within the body needs no header.
  const inBody = platform.facts.headers.every((header) => header.includes('body'))
  const got = `Given: ${names.length === 0 ? 'no headers' : names.join(', ')}.`
  return [
    inBody && names.length === 0 ? needed : `${needed} ${got}`,
    ...(other ? [`These headers are those of ${other.facts.title}: is the shop's platform set right?`] : []),
  ]
}

function mismatchHints({ platform, secret, body, headers, now }: VerifyInput, given: RawDelivery): string[] {
  const attempts = [...secretAttempts(secret), ...headerAttempts(headers), ...bodyAttempts(body)]
  const matching = attempts.filter((attempt) => {
    const delivery = { ...given, headers: attempt.headers ?? given.headers, body: attempt.body ?? body }
    const verdict = platform.verify(delivery, [attempt.secret ?? secret], now)
    return verdict.ok === true || (verdict.ok === false && verdict.code === 'signature.stale')
  })
  const slips = platform.slips?.(given, secret) ?? []
  return [...new Set([...matching.map((attempt) => attempt.means), ...slips])]
}

function secretAttempts(secret: string): Attempt[] {
  const bare = secret.trim().replace(/^(['"])(.*)\1$/s, '$2')
  const tries: Attempt[] = [
    { secret: secret.trim(), means: 'It matches without the white space around the secret: take that out.' },
    { secret: bare, means: 'It matches without the quotes around the secret: take them out.' },
    { secret: decodeEntities(secret), means: 'It matches with the HTML entities in the secret decoded.' },
  ]
  return tries.filter((attempt) => attempt.secret !== secret)
}

/** The right HMAC in the wrong letters. */
function headerAttempts(headers: VerifyInput['headers']): Attempt[] {
  const rewrite = (means: string, change: (value: string) => string): Attempt[] => {
    const changed = headers.map(([name, value]) => [name, change(value)] as const)
    return changed.some(([, value], index) => value !== headers[index]?.[1])
      ? [{ means, headers: headersOf(changed) }]
      : []
  }
  return [
    ...rewrite('The HMAC itself is right, but written in hex where base64 is due.', (value) =>
      value.replace(/[0-9a-f]{64}/gi, (hex) => Buffer.from(hex, 'hex').toString('base64')),
    ),
    ...rewrite('The HMAC itself is right, but written in base64url or without its padding.', (value) =>
      value.replace(/(?<![\w+/-])[\w-]{43}=?(?![\w+/=-])/g, (text) =>
        Buffer.from(text, 'base64url').toString('base64'),
      ),
    ),
  ]
}

function bodyAttempts(body: Uint8Array): Attempt[] {
  const text = Buffer.from(body).toString('utf8')
  const newline = 'It matches without the line break at the end of the body: an editor or echo added it.'
  const endings = 'It matches with other line endings: the file was converted between CRLF and LF.'
  const rewritten =
    'It matches when the JSON is written out in another way: something between the shop and here parsed the body and wrote it anew. Sign and check the raw bytes.'
  const tries: [string, string][] = [
    [newline, text.replace(/\r?\n$/, '')],
    ['It matches with a line break at the end of the body: something cut it off.', `${text}\n`],
    [endings, text.replaceAll('\r\n', '\n')],
    [endings, text.replace(/\r?\n/g, '\r\n')],
    ['It matches without the byte order mark at the start of the body.', text.replace(/^\ufeff/, '')],
    ...serialisations(text).map((again): [string, string] => [rewritten, again]),
  ]
  return tries.filter(([, tried]) => tried !== text).map(([means, tried]) => ({ means, body: Buffer.from(tried) }))
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The same JSON as JavaScript, PHP (WooCommerce) and Ruby (Shopify) write it. */
function serialisations(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    const compact = JSON.stringify(value)
    const slashes = compact.replaceAll('/', '\\/')
    return [
      compact,
      JSON.stringify(value, null, 2),
      JSON.stringify(value, null, 4),
      slashes.replace(/[\u0080-\uffff]/g, unicodeEscape),
      slashes.replace(/[&<>]/g, unicodeEscape),
    ]
  } catch {
    // Not JSON, or nested deeper than can be written.
    return []
  }
}

function deliveryOf({ headers, body, url }: VerifyInput): RawDelivery {
  return { headers: headersOf(headers), body, ...(url === undefined ? {} : { url }) }
}

function headersOf(headers: VerifyInput['headers']): DeliveryHeaders {
  const values = new Map(headers.map(([name, value]) => [name.trim().toLowerCase(), value]))
  return { get: (name) => values.get(name.toLowerCase()) ?? null }
}

function says(exitCode: number, lines: string[]): { output: string; exitCode: number } {
  return { output: lines.join('\n'), exitCode }
}
