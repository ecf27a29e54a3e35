import { createHash } from 'node:crypto'

/** Chance that repeats itself for one seed (mulberry32), so that a run with losses can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** 32 hex digits out of any unique text. */
export function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** A version 4 uuid out of any unique text: the same text gives the same uuid. */
export function uuidOf(text: string): string {
  const hex = hexOf(text)
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  )
}
