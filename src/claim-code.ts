import { createHash } from 'node:crypto'

/**
 * The code of an order, as its buyer writes it: `7K3M-9QZ2-XW4T-B8HD`. 15 characters of Crockford's base32 (75 bits)
 * and one that checks them, so that ordinary words and slips of the finger are not taken for somebody's guesses.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHANCE_CHARS = 15
const LENGTH = CHANCE_CHARS + 1
const GROUP = 4
/** What stands before the code in the text of the link. */
export const CLAIM_WORD = 'Risiti'
/** Among so many letters and figures a message may hide its codes; the rest of a longer one is not looked at. */
const TOKENS_AT_MOST = 400
/** Of what looks like codes, so many are looked up. */
const CODES_AT_MOST = 3

/** Undefined when it holds no clear figure: such a code could be taken for words, and the next bytes are to be tried. */
export function codeOf(bytes: Uint8Array): string | undefined {
  let bits = bytes.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n)
  let chars = ''
  for (let i = 0; i < CHANCE_CHARS; i++, bits >>= 5n) chars += ALPHABET[Number(bits & 31n)]
  return CLEAR_FIGURE.test(chars) ? `${chars}${checkOf(chars)}`.match(GROUPS)?.join('-') : undefined
}

const GROUPS = new RegExp(`.{${GROUP}}`, 'g')
/** No letter is mistaken for these. */
const CLEAR_FIGURE = /[2-9]/

/** Each place counts by its own odd number, so any one wrong character shows. */
function checkOf(chars: string): string {
  const sum = chars.split('').reduce((all, char, index) => all + ALPHABET.indexOf(char) * (2 * index + 1), 0)
  return ALPHABET[sum % 32] ?? ''
}

/** The codes in a message, however they are spaced and whatever stands around them; usually none. */
export function codesIn(text: string | null): string[] {
  const tokens =
    (text ?? '')
      .normalize('NFKC')
      .toUpperCase()
      .match(/[0-9A-Z]+/g) ?? []
  const codes = new Set<string>()
  for (const start of tokens.slice(0, TOKENS_AT_MOST).keys()) {
    for (const first of readings(tokens[start] ?? '')) {
      let chars = first
      for (let next = start + 1; chars.length < LENGTH && next < tokens.length; next++) chars += tokens[next]
      const code = chars.length === LENGTH ? plainCode(chars) : undefined
      if (code !== undefined) codes.add(code)
    }
  }
  return [...codes].slice(0, CODES_AT_MOST)
}

/** The word before the code may have grown together with it. */
function readings(token: string): string[] {
  const word = CLAIM_WORD.toUpperCase()
  return token.startsWith(word) && token !== word ? [token, token.slice(word.length)] : [token]
}

function plainCode(chars: string): string | undefined {
  const plain = chars.replace(/O/g, '0').replace(/[IL]/g, '1')
  if (!CLEAR_FIGURE.test(plain.slice(0, CHANCE_CHARS)) || plain.includes('U')) return undefined
  return checkOf(plain.slice(0, CHANCE_CHARS)) === plain.slice(CHANCE_CHARS) ? plain : undefined
}

/** How a code, or a key of the shop's, is kept. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

export function hashCode(code: string): string {
  return hashSecret(code.replaceAll('-', ''))
}

/** `https://wa.me/…`: opens WhatsApp with the code written already. `phone` is the number the buyer writes to. */
export function claimUrl(phone: string, code: string): string {
  return `https://wa.me/${phone.replace(/\D/g, '')}?text=${CLAIM_WORD}%20${code}`
}

/** A shop's own key of an order opens its link: one that could be tried out is not taken. */
const KEY_CHARS = { min: 9, max: 300 }

/** Which of these a shop's platform gave as keys of an order. */
export function claimKeysOf(...keys: (string | null | undefined)[]): string[] {
  return keys.flatMap((key) => (key != null && key.length >= KEY_CHARS.min && key.length <= KEY_CHARS.max ? [key] : []))
}
