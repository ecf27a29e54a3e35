import { DAY, HOUR } from '../clock.ts'

export interface Silence {
  /** When the shop last told anything; null when it never did, or too long ago. */
  lastAt: number | null
  /** After so long without an event it is silent; null when that cannot be told yet, or is not asked for. */
  alarmAfterMs: number | null
  silent: boolean
}

/** Its rhythm is learnt from so long before its last event. */
export const LEARN_MS = 28 * DAY
/** Fewer events say nothing about a rhythm. */
const FEWEST_EVENTS = 10
/** Its closed days are not known before a week has passed. */
const SHORTEST_STORY_MS = 7 * DAY
/** Every so many days one longest pause is left out: an outage or a feast is not what is usual. */
const ONE_ODD_PAUSE_IN_MS = 14 * DAY
const TIMES_THE_PAUSE = 2
const SHORTEST_ALARM_MS = 6 * HOUR

/**
 * Pure: whether a shop has told nothing for longer than it ever usually does. Held against its longest usual pause,
 * not the common one: nights and closed days are pauses too. `times` are its events', the earliest first.
 */
export function silence(times: readonly number[], now: number, alarm: 'auto' | number | null): Silence {
  const lastAt = times.at(-1) ?? null
  const alarmAfterMs = alarm === 'auto' ? learnt(times) : alarm
  return {
    lastAt,
    alarmAfterMs,
    silent: lastAt !== null && alarmAfterMs !== null && now - lastAt >= alarmAfterMs,
  }
}

function learnt(times: readonly number[]): number | null {
  const last = times.at(-1) ?? 0
  const story = times.filter((at) => at > last - LEARN_MS)
  const span = last - (story[0] ?? last)
  if (story.length < FEWEST_EVENTS || span < SHORTEST_STORY_MS) return null
  const pauses = story.slice(1).map((at, index) => at - (story[index] ?? at))
  const odd = Math.floor(span / ONE_ODD_PAUSE_IN_MS)
  const usual = pauses.toSorted((a, b) => b - a)[odd] ?? 0
  return Math.max(SHORTEST_ALARM_MS, TIMES_THE_PAUSE * usual)
}
