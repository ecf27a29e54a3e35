import { type Clock, MINUTE, nextTurn } from '../clock.ts'
import type { SignStore } from '../store/signs.ts'
import { LEARN_MS } from './silence.ts'

export interface Hearing {
  /** Reads on from where it came to. */
  listen(): Promise<void>
  /** When a shop told something, the earliest first. */
  timesOf(shop: string): readonly number[]
}

const CHUNK = 500
/** One sign in so long is enough to tell a rhythm of hours, and bounds what is remembered. */
const GRAIN_MS = 5 * MINUTE
/** A delivery is dated a moment before it is kept. */
const LATE_MS = MINUTE

/** Remembers when each shop told something by itself, for twice as long as a rhythm is learnt from. */
export function createHearing(store: SignStore, clock: Pick<Clock, 'now'>): Hearing {
  const heard = new Map<string, number[]>()
  let seenUntil = clock.now() - 2 * LEARN_MS

  function hear(shop: string, at: number): void {
    const times = heard.get(shop) ?? []
    heard.set(shop, times)
    const [previous = 0, last = 0] = times.slice(-2)
    if (at <= last) return
    // The newest is exact; those before it are one in five minutes.
    if (times.length > 1 && at - previous < GRAIN_MS) times[times.length - 1] = at
    else times.push(at)
  }

  async function listenOn(): Promise<void> {
    for (;;) {
      const signs = await store.listSigns(seenUntil, CHUNK)
      for (const { shop, at } of signs) hear(shop, at)
      const last = signs.at(-1)?.at
      if (signs.length === CHUNK && last !== undefined) {
        seenUntil = last
        // After a start there are weeks of them to read, and shops to be answered meanwhile.
        await nextTurn()
        continue
      }
      seenUntil = Math.max(seenUntil, clock.now() - LATE_MS)
      return
    }
  }

  function forgetOld(): void {
    const before = clock.now() - 2 * LEARN_MS
    for (const times of heard.values())
      times.splice(
        0,
        Math.max(
          0,
          times.findIndex((at) => at >= before),
        ),
      )
  }

  return {
    async listen() {
      await listenOn()
      forgetOld()
    },
    timesOf: (shop) => heard.get(shop) ?? [],
  }
}
