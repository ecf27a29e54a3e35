import { parseDuration } from '../config/duration.ts'
import { AppError } from '../errors.ts'

/** Times as people write them in a URL's query, a body or as CLI flags alike. */

const FORMS = 'must be a time such as 2026-11-20 or 2026-11-20T14:00:00Z, or how long ago, such as 30m, 2h or 7d'
const UNITS: [word: RegExp, unit: string, times: number][] = [
  [/^(s|sec|secs|seconds?)$/i, 's', 1],
  [/^(m|min|mins|minutes?)$/i, 'm', 1],
  [/^(h|hrs?|hours?)$/i, 'h', 1],
  [/^(d|days?)$/i, 'd', 1],
  [/^(w|weeks?)$/i, 'd', 7],
]

/** A time, or how long ago: `7d`. */
export function parseMoment(name: string, value: string, now: number): number
export function parseMoment(name: string, value: string | undefined, now: number): number | undefined
export function parseMoment(name: string, value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const ago = parseDuration(value.trim())
  if (ago !== undefined) return Math.max(0, now - ago)
  const at = parseTime(value)
  if (at === undefined) throw badFilter(name, `${FORMS}${meant(value)}`)
  return at
}

/** A time that ends now unless something else is said. */
export function parseSpan({ since, until }: { since: string; until?: string | undefined }, now: number) {
  const span = { since: parseMoment('since', since, now), until: parseMoment('until', until, now) ?? now }
  if (span.since >= span.until) throw badFilter('since', 'must be before until, or before now')
  return span
}

export function badFilter(name: string, what: string): AppError {
  return new AppError('filter.invalid', `${name} ${what}`, { details: { filter: name } })
}

function parseTime(value: string): number | undefined {
  const written = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+ -]\d\d:?\d\d)?)?$/.exec(value)
  // A `+` of a zone in a URL's query arrives as a space.
  const zoned = value.replace(' ', '+')
  const hasZone = /T.*(Z|[+-]\d\d:?\d\d)$/.test(zoned) || !zoned.includes('T')
  const at = written && isDay(written[1] ?? '') ? Date.parse(hasZone ? zoned : `${zoned}Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** 2026-02-30 is none. */
function isDay(day: string): boolean {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/** `7days` in the form that is taken. */
function meant(value: string): string {
  const [, count = '', word = ''] = /^(\d{1,6})\s*([a-z]+)(?:\s+ago)?$/i.exec(value.trim()) ?? []
  const found = UNITS.find(([unit]) => unit.test(word))
  return found === undefined ? '' : `: for ${value.trim()} write ${Number(count) * found[2]}${found[1]}`
}
