import { z } from 'zod'
import type { Activity } from '../activity.ts'
import { type Clock, HOUR, MINUTE } from '../clock.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop, type LoopOptions } from '../loop.ts'
import type { TrackingStore } from '../store/tracking.ts'
import { createOrphanSweep, type OrphansDeps } from './orphans.ts'
import { createRetention, type RetentionDeps } from './retention.ts'
import { type ClockRecord, judgeClock } from './steady.ts'

export interface HousekeepingDeps {
  store: RetentionDeps['store'] & OrphansDeps['store'] & Pick<TrackingStore, 'findCursor' | 'saveCursor'>
  files: RetentionDeps['files'] & OrphansDeps['files']
  retention: RetentionDeps['retention']
  clock: Clock
  activity: Activity
  passed?: LoopOptions['passed']
  log: Log
  /** Goes on with erasures that were asked for; true when more is left to do at once. */
  erase(): Promise<boolean>
  /** What waits may be due earlier than it was. */
  wakeWorkers(): void
}

const CLOCK_CURSOR = 'housekeeping.clock'
const LOOK_EVERY_MS = MINUTE
const FORGET_EVERY_MS = 10 * MINUTE
const ORPHANS_EVERY_MS = HOUR
/** Between two helpings of a backlog: forgetting takes about a fifth of the time and leaves the rest to the work. */
const NEXT_HELPING_MS = 100
/** 256 KB. */
const RECLAIM_PAGES = 64
/** Free pages that new rows will fill anyway stay in the file (8 MB). */
const KEEP_PAGES = 2048

const clockRecord = z.object({ at: z.number(), steadySince: z.number() })

export interface Housekeeping extends Loop {
  /** Whether the clock can be trusted at this instant with saying that something has waited too long. */
  clockIsSteady(): Promise<boolean>
}

/** Keeps the house small and in order: the log's size, what is old, files of nobody, room given back to the disk. */
export function createHousekeeping(deps: HousekeepingDeps): Housekeeping {
  const { store, clock, log } = deps
  const forget = createRetention(deps)
  const sweepOrphans = createOrphanSweep(deps)
  let known: ClockRecord | undefined
  let savedAt = 0
  let forgetAt = 0
  let orphansAt = 0

  async function lookAtClock(): Promise<boolean> {
    const now = clock.now()
    known ??= parseRecord(await store.findCursor(CLOCK_CURSOR))
    const { record, steady, backBy } = judgeClock(known, now)
    if (backBy > 0) {
      log.warn({ backByMs: backBy }, 'clock.set_back')
      await store.pullBack(backBy, now)
      forgetAt = orphansAt = now
      deps.wakeWorkers()
    }
    if (!steady && record.steadySince === now) log.warn({ lastSeenAt: known?.at ?? null }, 'clock.leapt')
    const changed = known?.steadySince !== record.steadySince
    known = record
    if (changed || Math.abs(now - savedAt) >= HOUR) {
      await store.saveCursor(CLOCK_CURSOR, JSON.stringify(record))
      savedAt = now
    }
    return steady
  }

  /** True when more is left to do at once. */
  async function tidy(now: number): Promise<boolean> {
    const { removed, more } = await forget(now)
    if (Object.keys(removed).length > 0) log.info({ ...removed }, 'housekeeping.forgotten')
    const reclaimed = await store.reclaim(RECLAIM_PAGES, KEEP_PAGES)
    return more || reclaimed === RECLAIM_PAGES
  }

  async function pass(): Promise<number> {
    const { walBytes, blocked } = store.checkpoint()
    if (blocked && walBytes > WAL_WORTH_A_WORD) log.warn({ walBytes }, 'database.log_grows')
    const steady = await lookAtClock()
    const now = clock.now()
    if (await deps.erase()) return NEXT_HELPING_MS
    if (!steady) return LOOK_EVERY_MS
    if (now >= forgetAt) {
      if (await tidy(now)) return NEXT_HELPING_MS
      forgetAt = now + FORGET_EVERY_MS
    }
    if (now >= orphansAt) {
      orphansAt = now + ORPHANS_EVERY_MS
      const removed = await sweepOrphans()
      if (removed > 0) log.info({ files: removed }, 'housekeeping.orphans_removed')
    }
    return LOOK_EVERY_MS
  }

  return {
    ...createLoop({ ...deps, name: 'housekeeping', retryMs: MINUTE, pass }),
    async clockIsSteady() {
      known ??= parseRecord(await store.findCursor(CLOCK_CURSOR))
      return judgeClock(known, clock.now()).steady
    },
  }
}

const WAL_WORTH_A_WORD = 64 * 1024 * 1024

function parseRecord(text: string | undefined): ClockRecord | undefined {
  if (text === undefined) return undefined
  try {
    return clockRecord.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
