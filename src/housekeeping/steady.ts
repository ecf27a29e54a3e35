import { DAY, HOUR, MINUTE } from '../clock.ts'

/** What is remembered of the clock from one look to the next. */
export interface ClockRecord {
  at: number
  /** Since when it has only gone forward, in plausible steps. */
  steadySince: number
}

export interface ClockVerdict {
  record: ClockRecord
  /** Ages may be believed: nothing is forgotten because a clock was wrong for an hour. */
  steady: boolean
  /** By how much it was set back. */
  backBy: number
}

/** A service may rest over a weekend, but a leap of more is as likely a wrong clock: then a day must pass first. */
const LEAP_MS = 3 * DAY
const PROBATION_MS = DAY
/** Network time corrects a clock by seconds all the time. */
const JITTER_MS = MINUTE

/** Pure: whether the clock can be trusted with deciding what is old. */
export function judgeClock(last: ClockRecord | undefined, now: number): ClockVerdict {
  if (!last) return { record: { at: now, steadySince: now - PROBATION_MS }, steady: true, backBy: 0 }
  const moved = now - last.at
  const leapt = moved > LEAP_MS || moved < -HOUR
  const steadySince = leapt ? now : Math.min(last.steadySince, now)
  return {
    record: { at: now, steadySince },
    steady: now - steadySince >= PROBATION_MS,
    backBy: moved < -JITTER_MS ? -moved : 0,
  }
}
