import { type Clock, SECOND } from '../clock.ts'
import { AppError } from '../errors.ts'
import { type Counts, noCounts } from './counts.ts'
import { afterTrouble, type PageRead, type Pages, type Trouble, troubleIn } from './pages.ts'
import { byHandCursor, type CursorStore, endWatermark, loadWatermark, movedOn, saveWatermark } from './watermark.ts'

export interface ByHandInput {
  shop: string
  since: number
  until: number | null
  /** Decides all, keeps nothing. */
  trial: boolean
}

export interface ByHandDeps {
  pages: Pages
  store: CursorStore
  clock: Clock
  /** Asks to stop after the page under way. */
  signal: AbortSignal
  /** Told before each page, and while it waits for the shop. */
  progress(state: Progress): void
}

export interface Progress {
  counts: Counts
  /** Orders in all; null when the shop does not say. */
  total: number | null
  /** Why nothing moves, when nothing does. */
  waiting: string | null
}

export interface ByHandResult {
  counts: Counts
  /** From when on it was read: later than asked for where an earlier run had come further. */
  since: number
  resumed: boolean
  stopped: boolean
}

const PAGE_REST_MS = SECOND / 2
const MOST_FAILURES = 8

/**
 * Reads a span of a shop's orders to its end. How far it came is kept after each page, so that a run that was cut short
 * is gone on with by asking for the same again.
 */
export async function backfillByHand(
  { shop, since: asked, until, trial }: ByHandInput,
  deps: ByHandDeps,
): Promise<ByHandResult> {
  const { pages, store, clock, signal, progress } = deps
  const name = byHandCursor(shop)
  const begun = trial ? null : await loadWatermark(store, name)
  // Whatever changed since the earlier run came so far is dated later than that.
  const goesOn = begun !== null && begun.since <= asked && begun.changedAt > asked
  const since = goesOn ? begun.changedAt : asked
  let mark = { since: goesOn ? begun.since : asked, changedAt: since }
  const counts = noCounts()
  const total = await withPatience(
    () => pages.count({ since, until }),
    deps,
    (trouble) => tell(null, trouble),
  )
  let cursor: string | null = null
  let limit = pages.pageSize

  function tell(known: number | null, trouble: Trouble | null = null): void {
    progress({ counts, total: known, waiting: trouble?.detail ?? null })
  }

  for (;;) {
    tell(total)
    const read = (): Promise<PageRead> => pages.read({ since, until, cursor, limit }, counts, trial)
    const { next, changedAt, restMs }: PageRead = await withPatience(read, deps, (trouble, fewer) => {
      limit = fewer(limit)
      tell(total, trouble)
    })
    mark = movedOn(mark, changedAt, clock.now())
    if (next === null) break
    if (!trial) await saveWatermark(store, name, mark)
    if (signal.aborted) return { counts, since, resumed: goesOn, stopped: true }
    cursor = next
    await clock.sleep(Math.max(PAGE_REST_MS, restMs), signal)
  }
  if (!trial) await endWatermark(store, name)
  tell(total)
  return { counts, since, resumed: goesOn, stopped: false }
}

/** Asks until there is an answer; gives up on what asking again does not mend. */
async function withPatience<T>(
  ask: () => Promise<T>,
  { clock, signal }: ByHandDeps,
  troubled: (trouble: Trouble, fewer: (limit: number) => number) => void,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask()
    } catch (error) {
      const trouble = troubleIn(error)
      if (trouble?.kind !== 'later' || failures >= MOST_FAILURES || signal.aborted) throw explained(error, trouble)
      const after = (limit: number) => afterTrouble(trouble, { failures, limit, random: 1 })
      troubled(trouble, (limit) => after(limit).limit)
      await clock.sleep(after(1).waitMs, signal)
    }
  }
}

function explained(error: unknown, trouble: Trouble | undefined): unknown {
  if (!trouble) return error
  return new AppError('backfill.no_answer', `${trouble.detail}; run the same command again to go on from there`, {
    cause: error,
  })
}
