import { DAY } from '../../clock.ts'
import type { Words } from './words.ts'

/** What a wall clock in the phone’s zone shows. */
export interface Times {
  clock(at: number): string
  day(at: number): string
  /** The time alone today, else with its day. */
  moment(at: number): string
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function format(locale: string, timeZone: string, part: 'clock' | 'day'): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${part}`
  const known = formatters.get(key)
  if (known) return known
  const options: Intl.DateTimeFormatOptions =
    part === 'clock'
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { weekday: 'short', day: 'numeric', month: 'short' }
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone })
  formatters.set(key, made)
  return made
}

export function timesOf(words: Words, timeZone: string, now: number): Times {
  const clock = (at: number) => format('en-GB', timeZone, 'clock').format(at)
  const date = (at: number) => format(words.locale, timeZone, 'day').format(at)
  const day = (at: number) => {
    if (date(at) === date(now)) return words.today
    if (date(at) === date(now + DAY)) return words.tomorrow
    return date(at) === date(now - DAY) ? words.yesterday : date(at)
  }
  return {
    clock,
    day,
    moment: (at) => (date(at) === date(now) ? clock(at) : `${day(at)} ${clock(at)}`),
  }
}
