import { DAY } from '../clock.ts'
import type { Config } from '../config/types.ts'

/** The zone people see times in: that of the shops where all are in one, else UTC. Where it is shown, it is named. */
export function zoneOf({ shops }: Pick<Config, 'shops'>): string {
  const [only, ...others] = new Set(Object.values(shops).map(({ timezone }) => timezone))
  return only !== undefined && others.length === 0 ? only : 'UTC'
}

/** `20 Nov 2026, 12:00:15`, of an ISO time. */
export function timeIn(timezone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: timezone })
  return (at) => format.format(new Date(at))
}

/** Further from now a date is told by its year. */
const NEAR_MS = 180 * DAY

/** For a row of a table: `20 Nov 12:00`, or `20 Nov 2024` where that was long ago. */
export function shortTimeIn(timezone: string, now: number): (at: string) => string {
  const day = { day: '2-digit', month: 'short', timeZone: timezone } as const
  const near = new Intl.DateTimeFormat('en-GB', { ...day, hour: '2-digit', minute: '2-digit' })
  const far = new Intl.DateTimeFormat('en-GB', { ...day, year: 'numeric' })
  return (at) => {
    const time = new Date(at)
    return (Math.abs(time.getTime() - now) < NEAR_MS ? near : far).format(time).replace(',', '')
  }
}

/** Stands under a table that shows times. */
export function zoneNote(timezone: string): string {
  return `Times are of ${timezone}.`
}
