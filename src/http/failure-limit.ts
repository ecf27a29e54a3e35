import { type Clock, MINUTE, SECOND } from '../clock.ts'

export interface FailureLimit {
  /** Counts a failure of this address; gives the seconds it should stay away, 0 while it has some left. */
  failed(address: string): number
  /** The seconds it should stay away, without counting anything. */
  waitOf(address: string): number
}

/** Whoever has more addresses than this pushes out the oldest, not our memory. */
const ADDRESSES_AT_MOST = 10_000

/** A bucket of failures per address, kept as the time at which its failures would be forgiven. */
export function createFailureLimit(clock: Pick<Clock, 'now'>, perMinute = 60): FailureLimit {
  const costMs = MINUTE / perMinute
  const forgivenAt = new Map<string, number>()
  // Capped, so that a clock that was set back locks nobody out.
  const aheadOf = (address: string) => Math.min(MINUTE, Math.max(0, (forgivenAt.get(address) ?? 0) - clock.now()))
  const waitAfter = (ahead: number) =>
    ahead + costMs > MINUTE ? Math.max(1, Math.ceil((ahead + costMs - MINUTE) / SECOND)) : 0
  return {
    waitOf: (address) => waitAfter(aheadOf(address)),
    failed(address) {
      const ahead = aheadOf(address)
      const waitSeconds = waitAfter(ahead)
      forgivenAt.delete(address)
      forgivenAt.set(address, clock.now() + (waitSeconds > 0 ? ahead : ahead + costMs))
      if (forgivenAt.size > ADDRESSES_AT_MOST) forgivenAt.delete(forgivenAt.keys().next().value ?? '')
      return waitSeconds
    },
  }
}
