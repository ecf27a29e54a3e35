import { SECOND } from '../clock.ts'
import type { ShopSilence } from '../silence/watch.ts'

/** When a shop last told anything, and whether that is longer ago than usual. */
export function presentSilence({ shop, lastAt, alarmAfterMs, silent }: ShopSilence) {
  return {
    shop,
    last_event_at: lastAt === null ? null : new Date(lastAt).toISOString(),
    alarm_after_seconds: alarmAfterMs === null ? null : Math.round(alarmAfterMs / SECOND),
    silent,
  }
}
