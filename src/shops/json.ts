export type Parsed = { ok: true; value: unknown } | { ok: false; reason: string }

/**
 * JSON whose integers of more than 15 digits arrive as text: JSON.parse would round ids above 2^53
 * (Shopify's 820982911946154508 becomes …500).
 */
export function parseJson(body: Uint8Array): Parsed {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return { ok: false, reason: 'The body is not UTF-8 text.' }
  }
  if (text.trim() === '') return { ok: false, reason: 'The body is empty.' }
  try {
    return { ok: true, value: JSON.parse(/\d{16}/.test(text) ? quoteLongIntegers(text) : text) }
  } catch {
    return { ok: false, reason: 'The body is not JSON.' }
  }
}

/** One pass, by hand: a regular expression over strings with escapes can be made to backtrack. */
function quoteLongIntegers(text: string): string {
  const pieces: string[] = []
  let copied = 0
  let at = 0
  while (at < text.length) {
    if (text[at] === '"') {
      at = endOfString(text, at)
    } else if (isNumberPart(text.charCodeAt(at))) {
      const start = at
      while (at < text.length && isNumberPart(text.charCodeAt(at))) at++
      const token = text.slice(start, at)
      if (token.length > 15 && /^-?\d{16,}$/.test(token)) {
        pieces.push(text.slice(copied, start), '"', token, '"')
        copied = at
      }
    } else {
      at++
    }
  }
  pieces.push(text.slice(copied))
  return pieces.join('')
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** `0-9 + - . e E`: what a JSON number is made of. */
function isNumberPart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101
}
