import type { Activity } from '../activity.ts'
import { type Clock, HOUR, MINUTE } from '../clock.ts'
import type { Config } from '../config/types.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { SilenceStore } from '../store/silence.ts'
import type { TrackingStore } from '../store/tracking.ts'
import { LEARN_MS, type Silence, silence } from './silence.ts'

export interface ShopSilence extends Silence {
  shop: string
}

export interface SilenceWatch {
  loop: Loop
  /** Each configured shop as it stands now. */
  shops(): ShopSilence[]
}

export interface WatchDeps {
  config: Pick<Config, 'shops'>
  store: Pick<SilenceStore, 'listSigns'> & Pick<TrackingStore, 'findCursor' | 'saveCursor'>
  clock: Clock
  activity: Activity
  log: Log
}

const LOOK_EVERY_MS = 5 * MINUTE
const CHUNK = 2000
/** One sign in so long is enough to tell a rhythm of hours, and bounds what is remembered. */
const GRAIN_MS = 5 * MINUTE
/** A delivery is dated a moment before it is kept. */
const LATE_MS = MINUTE
/** After a start nobody can have told anything while we were away: shops get so long to do so. */
const GRACE_MS = HOUR

/** Remembers when each shop told something, and says once when one has fallen silent. */
export function createSilenceWatch({ config, store, clock, activity, log }: WatchDeps): SilenceWatch {
  const heard = new Map<string, number[]>()
  const startedAt = clock.now()
  let seenUntil = startedAt - 2 * LEARN_MS

  function hear(shop: string, at: number): void {
    const times = heard.get(shop) ?? []
    heard.set(shop, times)
    const [previous = 0, last = 0] = times.slice(-2)
    if (at <= last) return
    // The newest is exact; those before it are one in five minutes.
    if (times.length > 1 && at - previous < GRAIN_MS) times[times.length - 1] = at
    else times.push(at)
  }

  async function listen(): Promise<void> {
    for (;;) {
      const signs = await store.listSigns(seenUntil, CHUNK)
      for (const { shop, at } of signs) hear(shop, at)
      const last = signs.at(-1)?.at
      if (signs.length === CHUNK && last !== undefined) {
        seenUntil = last
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

  function shops(): ShopSilence[] {
    const now = clock.now()
    return Object.values(config.shops).map(({ id, silenceAlarm }) => {
      const found = silence(heard.get(id) ?? [], now, silenceAlarm)
      return { shop: id, ...found, silent: found.silent && now - startedAt >= GRACE_MS }
    })
  }

  /** Told once for each silence, over restarts too. */
  async function tell({ shop, lastAt, alarmAfterMs, silent }: ShopSilence): Promise<void> {
    const name = `silent:${shop}`
    const told = await store.findCursor(name)
    if (silent && told !== String(lastAt)) {
      const lastEventAt = new Date(lastAt ?? 0).toISOString()
      await store.saveCursor(name, String(lastAt))
      log.warn({ shop, lastEventAt, alarmAfterMs }, 'shop.silent')
    }
    if (!silent && told && lastAt !== null && String(lastAt) !== told) {
      await store.saveCursor(name, '')
      log.info({ shop }, 'shop.heard_again')
    }
  }

  async function pass(): Promise<number> {
    await listen()
    forgetOld()
    for (const shop of shops()) await tell(shop)
    return LOOK_EVERY_MS
  }

  return { loop: createLoop({ name: 'silence', clock, activity, log, retryMs: MINUTE, pass }), shops }
}
