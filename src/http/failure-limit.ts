import { type Clock, MINUTE, SECOND } from '../clock.ts'

export interface FailureLimit {
  /** Counts a failure of this address; gives the seconds it should stay away, 0 while it has some left. */
  failed(address: string): number
}

const PER_MINUTE = 60
const COST_MS = MINUTE / PER_MINUTE
/** Whoever has more addresses than this pushes out the oldest, not our memory. */
const ADDRESSES_AT_MOST = 10_000

/** A bucket of failures per address, kept as the time at which its failures would be forgiven. */
export function createFailureLimit(clock: Pick<Clock, 'now'>): FailureLimit {
  const forgivenAt = new Map<string, number>()
  return {
    failed(address) {
      const now = clock.now()
      // Capped, so that a clock that was set back locks nobody out.
      const ahead = Math.min(MINUTE, Math.max(0, (forgivenAt.get(address) ?? 0) - now))
      forgivenAt.delete(address)
      const limited = ahead + COST_MS > MINUTE
      forgivenAt.set(address, now + (limited ? ahead : ahead + COST_MS))
      if (forgivenAt.size > ADDRESSES_AT_MOST) forgivenAt.delete(forgivenAt.keys().next().value ?? '')
      return limited ? Math.max(1, Math.ceil((ahead + COST_MS - MINUTE) / SECOND)) : 0
    },
  }
}
