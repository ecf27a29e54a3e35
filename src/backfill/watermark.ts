import { z } from 'zod'
import type { TrackingStore } from '../store/tracking.ts'

/** How far a shop was read, by its own clock. */
export interface Watermark {
  since: number
  /** The latest change that was taken in; everything up to it was. */
  changedAt: number
}

export type CursorStore = Pick<TrackingStore, 'findCursor' | 'saveCursor'>

const kept = z.object({ since: z.number(), changedAt: z.number() })

export const ownCursor = (shop: string) => `backfill:${shop}`
export const byHandCursor = (shop: string) => `backfill-by-hand:${shop}`

export async function loadWatermark(store: CursorStore, name: string): Promise<Watermark | null> {
  const value = await store.findCursor(name)
  return value === undefined || value === FINISHED ? null : kept.parse(JSON.parse(value))
}

export function saveWatermark(store: CursorStore, name: string, mark: Watermark): Promise<void> {
  return store.saveCursor(name, JSON.stringify(mark))
}

export function endWatermark(store: CursorStore, name: string): Promise<void> {
  return store.saveCursor(name, FINISHED)
}

const FINISHED = ''

/** Never beyond our own time: an order dated in a year to come must not hide those of today. */
export function movedOn(mark: Watermark, changedAt: number | null, now: number): Watermark {
  return { ...mark, changedAt: Math.max(mark.changedAt, Math.min(changedAt ?? 0, now)) }
}
