import type { ReadOutcome } from '../store/order-reads.ts'

/** What a backfill has come upon so far. */
export interface Counts {
  seen: number
  new: number
  changed: number
  unchanged: number
  /** Drafts, and what is no order that can be read. */
  passed_over: number
  queued: number
  /** Messages that were not made to go out, by reason. */
  skipped: Record<string, number>
}

export function noCounts(): Counts {
  return { seen: 0, new: 0, changed: 0, unchanged: 0, passed_over: 0, queued: 0, skipped: {} }
}

/** Adds one order; null when it was none that could be read. */
export function countOrder(counts: Counts, outcome: ReadOutcome | null): void {
  counts.seen++
  if (outcome === null) {
    counts.passed_over++
    return
  }
  counts[outcome.kind]++
  for (const { status, reason } of outcome.messages) {
    if (status !== 'skipped') counts.queued++
    else counts.skipped[reason ?? 'unknown'] = (counts.skipped[reason ?? 'unknown'] ?? 0) + 1
  }
}
