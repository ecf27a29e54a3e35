import type { Clock } from '../../src/clock.ts'

export interface FakeClock extends Clock {
  /** When the earliest sleeper wakes; undefined when nobody sleeps. */
  nextWakeAt(): number | undefined
  /** Moves to `time` and wakes whoever is due then. */
  moveTo(time: number): void
}

/** A clock that stands still until a test moves it. */
export function createFakeClock(start: number): FakeClock {
  let now = start
  let sleepers: { at: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return resolve()
        const sleeper = {
          at: now + Math.max(0, ms),
          wake: () => {
            sleepers = sleepers.filter((other) => other !== sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      }),
    nextWakeAt: () => (sleepers.length === 0 ? undefined : Math.min(...sleepers.map((sleeper) => sleeper.at))),
    moveTo(time) {
      now = Math.max(now, time)
      for (const sleeper of sleepers.filter((one) => one.at <= now)) sleeper.wake()
    },
  }
}
