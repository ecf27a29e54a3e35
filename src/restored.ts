import { MINUTE } from './clock.ts'
import type { Gap } from './store/words.ts'

/** A shop's clock and ours may differ by this much. */
const SKEW_MS = 2 * MINUTE

/**
 * Since when a message for something that became true at `at`, and that we do not know of, may have gone out without
 * our knowing; null when it cannot have. What is older than the gap counts too: its news may have come in the gap.
 */
export function forgottenSince(gaps: readonly Gap[], at: number): number | null {
  const later = gaps.filter(({ to }) => at <= to + SKEW_MS)
  return later.length === 0 ? null : Math.min(...later.map(({ from }) => from))
}
