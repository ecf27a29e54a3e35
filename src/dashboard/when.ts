import { DAY, MINUTE } from '../clock.ts'
import { type ZonedTime, zonedTime } from '../zoned-time.ts'
import type { Language } from './words/language.ts'

interface Names {
  today: string
  yesterday: string
  tomorrow: string
  /** Sunday first. */
  days: readonly string[]
  months: readonly string[]
}

const NAMES: Record<Language, Names> = {
  en: {
    today: 'today',
    yesterday: 'yesterday',
    tomorrow: 'tomorrow',
    days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  },
  sw: {
    today: 'leo',
    yesterday: 'jana',
    tomorrow: 'kesho',
    days: ['Jumapili', 'Jumatatu', 'Jumanne', 'Jumatano', 'Alhamisi', 'Ijumaa', 'Jumamosi'],
    months: ['Jan', 'Feb', 'Mac', 'Apr', 'Mei', 'Jun', 'Jul', 'Ago', 'Sep', 'Okt', 'Nov', 'Des'],
  },
}

/** How people say when something was or will be, on the clocks of one place. */
export interface When {
  /** "today 14:05", "Friday 09:00" within the week ahead, "12 Nov 09:00". */
  time(at: number): string
  /** "today", "12 Nov". */
  day(at: number): string
  /** "12 Nov 2026, 14:05:09": for whoever looks closely. */
  exact(at: number): string
  /** "14:05:09" */
  clock(at: number): string
}

export function whenIn(language: Language, zone: string, now: number): When {
  const names = NAMES[language]
  const today = zonedTime(now, zone)
  function date(local: ZonedTime, withYear: boolean): string {
    return `${local.day} ${names.months[local.month - 1]}${withYear ? ` ${local.year}` : ''}`
  }
  function dayOf(local: ZonedTime): string {
    const away = dayNumber(local) - dayNumber(today)
    if (away === 0) return names.today
    if (away === -1) return names.yesterday
    if (away === 1) return names.tomorrow
    // The day's name alone is sure only ahead: behind us, it could be of any week.
    if (away > 1 && away < 7) return names.days[(dayNumber(local) + 4) % 7] ?? ''
    return date(local, local.year !== today.year)
  }
  return {
    time(at) {
      const local = zonedTime(at, zone)
      return `${dayOf(local)} ${pad(local.hour)}:${pad(local.minute)}`
    },
    day: (at) => dayOf(zonedTime(at, zone)),
    exact(at) {
      const local = zonedTime(at, zone)
      return `${date(local, true)}, ${clockOf(local)}`
    },
    clock: (at) => clockOf(zonedTime(at, zone)),
  }
}

/** When a day of the calendar (`2026-11-20`) begins there, or a number of days later; undefined for anything else. */
export function dayStart(text: string, zone: string, daysOn = 0): number | undefined {
  const wall = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) + daysOn * DAY : Number.NaN
  if (Number.isNaN(wall)) return undefined
  const guess = wall - zonedTime(wall, zone).offset * MINUTE
  // Clocks may be put forward or back in between.
  return wall - zonedTime(guess, zone).offset * MINUTE
}

/** Since 1970-01-01, which was a Thursday. */
function dayNumber({ year, month, day }: ZonedTime): number {
  return Math.round(Date.UTC(year, month - 1, day) / DAY)
}

function clockOf({ hour, minute, second }: ZonedTime): string {
  return `${pad(hour)}:${pad(minute)}:${pad(second)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
