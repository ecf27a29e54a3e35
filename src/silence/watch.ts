import type { Activity } from '../activity.ts'
import { type Clock, HOUR, MINUTE } from '../clock.ts'
import type { Config } from '../config/types.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { SilenceStore } from '../store/silence.ts'
import type { TrackingStore } from '../store/tracking.ts'
import { createHearing, type Hearing } from './hearing.ts'
import { type Silence, silence } from './silence.ts'

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
/** After a start nobody can have told anything while we were away: shops get so long to do so. */
const GRACE_MS = HOUR

export function silencesOf(
  { shops }: Pick<Config, 'shops'>,
  { timesOf }: Pick<Hearing, 'timesOf'>,
  now: number,
): ShopSilence[] {
  return Object.values(shops).map(({ id, silenceAlarm }) => ({ shop: id, ...silence(timesOf(id), now, silenceAlarm) }))
}

/** Remembers when each shop told something, and says once when one has fallen silent. */
export function createSilenceWatch({ config, store, clock, activity, log }: WatchDeps): SilenceWatch {
  const startedAt = clock.now()
  const hearing = createHearing(store, clock)

  function shops(): ShopSilence[] {
    const now = clock.now()
    return silencesOf(config, hearing, now).map((found) => ({
      ...found,
      silent: found.silent && now - startedAt >= GRACE_MS,
    }))
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
    await hearing.listen()
    for (const shop of shops()) await tell(shop)
    return LOOK_EVERY_MS
  }

  return { loop: createLoop({ name: 'silence', clock, activity, log, retryMs: MINUTE, pass }), shops }
}
