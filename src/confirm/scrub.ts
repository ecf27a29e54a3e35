/** What one request was answered with, fit to be kept: without credentials. */
export interface ApiAnswer {
  method: string
  path: string
  status: number
  body: unknown
}

export interface Scrubber {
  /** Whatever proves who we are is told here before it is sent: it is never kept. */
  sent(headers: Record<string, string>): void
  /** The answer with all that proves who we are left out, and cut to what may be kept. */
  clean(answer: ApiAnswer): ApiAnswer
  /** What an error body says for people, without secrets and without anything that could be a phone number. */
  words(body: unknown): string
}

const KEPT_BYTES = 64 * 1024
const SECRET_NAMES = /token|secret|password|passphrase|authori[sz]ation|api_?key|consumer_?key|signature/i
const SECRET_HEADERS = /auth|token|key|secret|digest$|signature/i
/** Shorter ones would blank out innocent words. */
const SHORTEST_SECRET = 6
const SHORTEST_HEADER_PART = 8
const DEEPEST = 30
const LEFT_OUT = '[left out]'

export function createScrubber(credentials: readonly string[]): Scrubber {
  const secrets = new Set(credentials.filter((value) => value.length >= SHORTEST_SECRET))

  function cleanText(text: string): string {
    let clean = text
    for (const secret of secrets) {
      clean = clean.replaceAll(secret, LEFT_OUT).replaceAll(encodeURIComponent(secret), LEFT_OUT)
    }
    return clean
  }

  function cleanValue(value: unknown, name = '', depth = 0): unknown {
    if (depth > DEEPEST) return LEFT_OUT
    if (typeof value === 'string') return SECRET_NAMES.test(name) && value !== '' ? LEFT_OUT : cleanText(value)
    if (Array.isArray(value)) return value.map((item) => cleanValue(item, name, depth + 1))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleanValue(part, key, depth + 1)]))
  }

  return {
    sent(headers) {
      for (const [name, value] of Object.entries(headers)) {
        const parts = SECRET_HEADERS.test(name) ? value.split(/[\s,;]+/) : []
        for (const part of parts) if (part.length >= SHORTEST_HEADER_PART) secrets.add(part)
      }
    },
    clean({ method, path, status, body }) {
      const clean = cleanValue(body)
      const large = Buffer.byteLength(JSON.stringify(clean) ?? '') > KEPT_BYTES
      return { method, path: cleanText(path), status, body: large ? '[too large to be kept]' : clean }
    },
    words(body) {
      return cleanText(wordsIn(body))
        .replace(/\d[\d\s-]{4,}\d/g, '…')
        .replace(/\s+/g, ' ')
        .slice(0, 200)
        .trim()
    },
  }
}

function wordsIn(body: unknown, depth = 0): string {
  if (typeof body !== 'object' || body === null || depth > 3) return ''
  const parts = new Map(Object.entries(body))
  for (const name of ['message', 'error', 'detail', 'error_description', 'title', 'description', 'errors', '0']) {
    const value: unknown = parts.get(name)
    const words = typeof value === 'string' ? value : wordsIn(value, depth + 1)
    if (words !== '') return words
  }
  return ''
}
