import type { Activity } from '../activity.ts'
import { type Clock, DAY, MINUTE, SECOND } from '../clock.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { SilenceStore } from '../store/silence.ts'
import { type Counts, noCounts } from './counts.ts'
import { afterTrouble, createPages, type Pages, type PagesDeps, type Trouble, troubleIn } from './pages.ts'
import { type CursorStore, loadWatermark, movedOn, ownCursor, saveWatermark, type Watermark } from './watermark.ts'

export interface BackfillDeps extends PagesDeps {
  store: CursorStore & Pick<SilenceStore, 'firstEventAt' | 'setApiPause'>
  clock: Clock
  activity: Activity
  log: Log
  /** Whether the disk takes more; nothing is read while it does not. */
  hasRoom(): Promise<boolean>
  /** Told whenever a shop was read to the end. */
  passed(loop: string): void
  /** 0 ≤ random < 1 */
  random(): number
}

/** Read again each time: a change may be seen later than the shop dates it. */
const OVERLAP_MS = 10 * MINUTE
/** Between two pages, so that the shop's customers do not feel it. */
const PAGE_REST_MS = SECOND
const BLOCKED_PAUSE_MS = 15 * MINUTE
/** What goes wrong so often in a row is told as an error. */
const MANY_FAILURES = 5
/** A shop that always names a next page is left alone for a while. */
const MOST_PAGES = 2000

interface Run {
  mark: Watermark
  since: number
  cursor: string | null
  pages: number
  counts: Counts
}

/** One loop for each shop that is to be read by itself. */
export function createBackfills(deps: BackfillDeps): Loop[] {
  return Object.values(deps.config.shops).flatMap(({ id, backfillEveryMs, ignoreOlderThanMs }) => {
    if (backfillEveryMs === null) return []
    return [createBackfill({ ...deps, shop: id, everyMs: backfillEveryMs, ignoreOlderThanMs })]
  })
}

function createBackfill(deps: BackfillDeps & { shop: string; everyMs: number; ignoreOlderThanMs: number }): Loop {
  const { shop, store, clock, log, everyMs } = deps
  const name = ownCursor(shop)
  const pages: Pages = createPages(shop, deps)
  let run: Run | null = null
  let failures = 0
  let limit = pages.pageSize

  async function begin(): Promise<Run> {
    const mark = (await loadWatermark(store, name)) ?? (await firstMark())
    return { mark, since: mark.changedAt - OVERLAP_MS, cursor: null, pages: 0, counts: noCounts() }
  }

  /** A shop that has only just been connected asks nobody to message its earlier customers. */
  async function firstMark(): Promise<Watermark> {
    const now = clock.now()
    const knownSince = (await store.firstEventAt(shop)) ?? now
    const changedAt = Math.max(knownSince, now - Math.min(deps.ignoreOlderThanMs, 30 * DAY))
    const mark = { since: changedAt, changedAt }
    await saveWatermark(store, name, mark)
    return mark
  }

  async function pass(): Promise<number> {
    if (!(await deps.hasRoom())) return MINUTE
    run ??= await begin()
    try {
      return await readOn(run)
    } catch (error) {
      const trouble = troubleIn(error)
      if (trouble) return troubled(trouble)
      run = null
      throw error
    }
  }

  async function readOn(now: Run): Promise<number> {
    const { since, cursor, counts } = now
    const { next, changedAt, restMs } = await pages.read({ since, until: null, cursor, limit }, counts)
    now.mark = movedOn(now.mark, changedAt, clock.now())
    await saveWatermark(store, name, now.mark)
    if (failures > 0) await store.setApiPause(shop, null)
    failures = 0
    now.cursor = next
    now.pages++
    if (next !== null && now.pages < MOST_PAGES) return Math.max(PAGE_REST_MS, restMs)
    run = null
    limit = pages.pageSize
    log.info({ shop, ...counts, pages: now.pages }, 'backfill.done')
    deps.passed(name)
    return everyMs
  }

  async function troubled(trouble: Trouble): Promise<number> {
    const { kind, code, detail } = trouble
    failures++
    // What the API names a place by may be forgotten there: begin again from the watermark.
    if (kind !== 'later') run = null
    if (kind === 'blocked') {
      const pausedAt = clock.now()
      await store.setApiPause(shop, { pausedAt, pausedUntil: pausedAt + BLOCKED_PAUSE_MS, code, detail })
      log.error({ shop, code, reason: detail }, 'platform_api.refuses_key')
      return BLOCKED_PAUSE_MS
    }
    const after = afterTrouble(trouble, { failures, limit, random: deps.random() })
    limit = after.limit
    const level = failures === MANY_FAILURES ? 'error' : 'warn'
    log[level]({ shop, code, reason: detail, failures }, 'backfill.no_answer')
    return after.waitMs
  }

  return createLoop({
    name,
    clock,
    activity: deps.activity,
    log,
    retryMs: MINUTE,
    pass,
  })
}
