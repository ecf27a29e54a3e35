/** What the clocks of a zone show. */
export interface ZonedTime {
  year: number
  /** 1–12 */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** Minutes ahead of UTC. */
  offset: number
}

/** Making an Intl formatter takes far longer than using one, and there are only as many zones as the file names. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** `at` is epoch milliseconds, `timezone` an IANA name; Gregorian and Latin digits whatever the machine's locale. */
export function zonedTime(at: number, timezone: string): ZonedTime {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatterFor(timezone).formatToParts(at)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const wall = Date.UTC(year, month - 1, day, hour, minute)
  return { year, month, day, hour, minute, second, offset: wall / 60_000 - Math.floor(at / 60_000) }
}

function formatterFor(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timezone, made)
  return made
}
