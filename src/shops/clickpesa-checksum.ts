import { createHmac } from 'node:crypto'
import { isRecord } from './fields.ts'

/** Deeper than any payment, and shallow enough to walk. */
const DEEPEST = 30
/** Larger than any payment: anybody can have a body put in order, so it must not take long. */
const LARGEST = 64 * 1024

/** Left out of what is signed. */
const UNSIGNED = new Set(['checksum', 'checksumMethod'])

/**
 * What ClickPesa signs (docs.clickpesa.com/home/checksum): the body without its checksum, the keys of every object sorted, as
 * JSON without white space. It writes JSON as JavaScript does, so numbers and letters are written so here. Undefined when
 * the body is no such thing, or too large for one.
 */
export function signedText(body: Uint8Array): { text: string; checksum: unknown } | undefined {
  const value = body.length > LARGEST ? undefined : jsonOf(body)
  if (!isRecord(value)) return undefined
  const rest = Object.entries(value).filter(([key]) => !UNSIGNED.has(key))
  const text = objectText(rest, 1)
  return text === undefined ? undefined : { text, checksum: value['checksum'] }
}

/** What senders sign by mistake, each with the sentence that says so. */
export function wronglySigned(body: Uint8Array): { text: string; means: string }[] {
  const value = body.length > LARGEST ? undefined : jsonOf(body)
  if (!isRecord(value)) return []
  const { checksum: _, ...all } = value
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !UNSIGNED.has(key)))
  return [
    { text: safeJson(rest), means: 'It matches with the keys in the order they came: the sender did not sort them.' },
    {
      text: objectText(Object.entries(all), 1) ?? '',
      means: 'It matches with checksumMethod left inside what was signed: the sender has to take it out.',
    },
  ]
}

export function checksumOf(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

/** With long numbers rounded as the sender's own JSON has them, unlike what orders are read with. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // Nested deeper than can be written.
    return ''
  }
}

function canonical(value: unknown, depth: number): string | undefined {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value))
    return joined(
      '[',
      ']',
      value.map((item: unknown) => canonical(item, depth + 1)),
    )
  return isRecord(value) ? objectText(Object.entries(value), depth) : JSON.stringify(value)
}

/** Written piece by piece: a key like `__proto__` would be lost in an object made anew. */
function objectText(entries: [string, unknown][], depth: number): string | undefined {
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return joined(
    '{',
    '}',
    sorted.map(([key, item]) => {
      const text = canonical(item, depth + 1)
      return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`
    }),
  )
}

function joined(open: string, close: string, parts: (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(',')}${close}`
}
