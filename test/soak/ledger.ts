import { createHash } from 'node:crypto'
import type { SentSnapshot } from '../../src/sandbox/snapshot.ts'

/** What must come of an order's receipt: on the phone once, at most once (given back meanwhile), or never. */
export type Fate = 'once' | 'at-most-once' | 'never'

const FATES: Fate[] = ['once', 'at-most-once', 'never']
const STATUSES = ['none', 'pending', 'sent', 'delivered', 'read', 'failed'] as const
export type Seen = (typeof STATUSES)[number]

export interface Entry {
  fate: Fate
  /** Accepted images that did not fail. */
  live: number
  /** Whether there ever were two of them. */
  doubled: boolean
  /** Of the newest accepted image. */
  status: Seen
  /** Of its id. */
  fingerprint: number
}

/** What each phone got, kept in a few bytes per order, because the sandbox itself forgets. */
export interface Ledger {
  plan(index: number, fate: Fate): void
  /** Told by the sandbox of every accepted send and every status. */
  watch(message: SentSnapshot): void
  entry(index: number): Entry
  /** Images accepted so far, failed ones among them. */
  images(): number
  planned(): number
}

export function createLedger(capacity: number): Ledger {
  const fates = new Uint8Array(capacity)
  const live = new Uint8Array(capacity)
  const doubled = new Uint8Array(capacity)
  const statuses = new Uint8Array(capacity)
  const newest = new Float64Array(capacity)
  let images = 0
  let planned = 0

  function change(array: Uint8Array, index: number, by: number): number {
    const value = (array[index] ?? 0) + by
    array[index] = value
    return value
  }

  return {
    plan(index, fate) {
      fates[index] = FATES.indexOf(fate)
      planned = Math.max(planned, index + 1)
    },
    watch({ id, caption, status }) {
      const index = orderIndex(caption ?? '')
      if (index === null) return
      const mark = fingerprint(id)
      if (status === 'pending') {
        images++
        newest[index] = mark
        if (change(live, index, 1) > 1) doubled[index] = 1
      }
      if (status === 'failed') change(live, index, -1)
      if (newest[index] === mark) statuses[index] = STATUSES.indexOf(status)
    },
    entry: (index) => ({
      fate: FATES[fates[index] ?? 0] ?? 'once',
      live: live[index] ?? 0,
      doubled: doubled[index] === 1,
      status: STATUSES[statuses[index] ?? 0] ?? 'none',
      fingerprint: newest[index] ?? 0,
    }),
    images: () => images,
    planned: () => planned,
  }
}

/** Of the order this number or caption names; null when it names none. */
export function orderIndex(text: string): number | null {
  const found = /\bC-(\d+)-/.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

/** 48 bits in place of an id. */
export function fingerprint(id: string): number {
  return createHash('sha256').update(id).digest().readUIntBE(0, 6)
}

/** Many numbers at eight bytes each. */
export interface Numbers {
  add(value: number): void
  size(): number
  sorted(): Float64Array
}

export function createNumbers(): Numbers {
  let held = new Float64Array(1024)
  let size = 0
  return {
    add(value) {
      if (size === held.length) {
        const larger = new Float64Array(2 * size)
        larger.set(held)
        held = larger
      }
      held[size++] = value
    },
    size: () => size,
    sorted: () => held.subarray(0, size).toSorted(),
  }
}

/** How many different ones of `wanted` are not in `there`. */
export function countMissing(wanted: Numbers, there: Numbers): number {
  const known = there.sorted()
  let at = 0
  let missing = 0
  let last = Number.NaN
  for (const value of wanted.sorted()) {
    if (value === last) continue
    last = value
    while (at < known.length && (known[at] ?? 0) < value) at++
    if (known[at] !== value) missing++
  }
  return missing
}
