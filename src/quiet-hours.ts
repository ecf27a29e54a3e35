import { MINUTE } from './clock.ts'
import { zonedTime } from './zoned-time.ts'

/** Minutes after midnight as the shop's clocks show it; over midnight when `until` is the smaller. */
export interface QuietHours {
  from: number
  until: number
}

/** `21:00-07:00`; undefined for anything else, or when they never begin. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (!match) return undefined
  const from = minutes(match[1], match[2])
  const until = minutes(match[3], match[4])
  return from === until ? undefined : { from, until }
}

/** When the quiet hours that hold at `now` end, by the clocks of `timezone`; null when none hold. */
export function quietUntil(now: number, { from, until }: QuietHours, timezone: string): number | null {
  const { year, month, day, hour, minute, offset } = zonedTime(now, timezone)
  const at = hour * 60 + minute
  const overMidnight = from > until
  if (overMidnight ? at < from && at >= until : at < from || at >= until) return null
  const endDay = overMidnight && at >= from ? day + 1 : day
  const wall = Date.UTC(year, month - 1, endDay, 0, until)
  const guess = wall - offset * MINUTE
  // Clocks may be put forward or back before the morning.
  const end = wall - zonedTime(guess, timezone).offset * MINUTE
  return end > now ? end : guess
}

/** The same of a shop; null where it keeps none, or none is known. */
export function quietUntilOf(
  shop: { quietHours: QuietHours | null; timezone: string } | undefined,
  now: number,
): number | null {
  return shop?.quietHours ? quietUntil(now, shop.quietHours, shop.timezone) : null
}

function minutes(hours = '0', rest = '0'): number {
  return Number(hours) * 60 + Number(rest)
}
