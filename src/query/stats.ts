import type { ShopSilence } from '../silence/watch.ts'
import { monthOf } from '../store/budget.ts'
import type { ReadStore } from '../store/reads.ts'
import { presentSilence } from './present-silence.ts'

/** Counts by status, what waits, and what keeps things from going out. */
export async function statsOf(
  store: Pick<ReadStore, 'countByStatus' | 'countWaiting' | 'countSends' | 'listPauses'>,
  { since, now, shops }: { since: number; now: number; shops: ShopSilence[] },
) {
  const sends = await store.countSends(monthOf(now))
  const pauses = (await store.listPauses()).filter((pause) => pause.pausedUntil > now)
  return {
    since: new Date(since).toISOString(),
    by_status: counted(await store.countByStatus(since)),
    waiting: counted(await store.countWaiting()),
    sends_this_month: Object.fromEntries(sends.map((row) => [row.sender, row.sends])),
    paused_senders: pauses.map(({ sender, code, detail, pausedUntil }) => ({
      sender,
      code,
      detail,
      until: new Date(pausedUntil).toISOString(),
    })),
    shops: shops.map(presentSilence),
  }
}

function counted(rows: { status: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.status, row.count]))
}
