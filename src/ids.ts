import { randomBytes } from 'node:crypto'
import { type Clock, MINUTE } from './clock.ts'

export type IdKind = 'evt' | 'msg' | 'att' | 'cnv' | 'cnf' | 'tok' | 'ers'

export interface Ids {
  /** `msg_…`: 10 characters of time and 16 of chance, Crockford base32, so ids of one kind sort by when they were made. */
  next(kind: IdKind): string
  /** 192 random bits as base64url: for URLs and keys that nobody may guess. */
  token(): string
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** What ten characters hold. */
const LAST_TIME = 32 ** 10 - 1

const POOL_BYTES = 4096

/** Network time corrects a clock by seconds. */
const CORRECTION_MS = MINUTE

/** Bytes of chance, drawn from the system many at a time: a call costs as much for ten as for thousands. */
function createChance(): (count: number) => Buffer {
  let pool = Buffer.alloc(0)
  return (count) => {
    if (pool.length < count) pool = randomBytes(POOL_BYTES)
    const drawn = pool.subarray(0, count)
    pool = pool.subarray(count)
    return drawn
  }
}

export function createIds(clock: Pick<Clock, 'now'>): Ids {
  const chance = createChance()
  let lastTime = 0
  let lastChance: Buffer = Buffer.alloc(0)
  return {
    next(kind) {
      const clocked = clock.now()
      // A clock that is corrected must not sort new ids before old ones; after one that was wrong they are of now again.
      const now = clocked < lastTime && lastTime - clocked <= CORRECTION_MS ? lastTime : clocked
      // Within one millisecond the chance part counts up, so that order of making is kept.
      lastChance = now === lastTime ? increment(lastChance) : chance(10)
      lastTime = now
      return `${kind}_${encodeTime(now)}${encodeChance(lastChance)}`
    },
    token: () => chance(24).toString('base64url'),
  }
}

/** No id made at that time or later sorts before it. */
export function firstIdAt(kind: IdKind, at: number): string {
  return `${kind}_${encodeTime(Math.min(Math.max(0, Math.floor(at)), LAST_TIME))}`
}

/** When an id was made, to the millisecond. */
export function timeOfId(id: string): number {
  const [, time = ''] = id.split('_')
  let ms = 0
  for (const letter of time.slice(0, 10)) ms = ms * 32 + ALPHABET.indexOf(letter)
  return ms
}

function increment(bytes: Buffer): Buffer {
  const next = Buffer.from(bytes)
  for (let i = next.length - 1; i >= 0; i--) {
    const value = ((next[i] ?? 0) + 1) & 0xff
    next[i] = value
    if (value !== 0) break
  }
  return next
}

function encodeTime(ms: number): string {
  let text = ''
  let rest = ms
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeChance(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return text
}
