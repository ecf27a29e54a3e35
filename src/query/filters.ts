import { parseDuration } from '../config/duration.ts'
import { AppError } from '../errors.ts'
import type { EventFilter, MessageFilter, Page } from '../store/reads.ts'
import { MESSAGE_STATUSES, type MessageStatus } from '../store/words.ts'

/** Filters as people write them, in a URL's query or as CLI flags alike. */
export type RawFilter = Record<string, string | undefined>

export const MESSAGE_FILTERS = ['status', 'shop', 'order', 'to', 'rule', 'error_code', 'since', 'until', 'q'] as const
export const EVENT_FILTERS = ['source', 'type', 'order', 'outcome', 'since', 'until'] as const
export const DEFAULT_LIMIT = 50
export const MAX_LIMIT = 200

export function parseMessageFilter(raw: RawFilter): MessageFilter {
  return {
    status: parseStatuses(raw.status),
    shop: text('shop', raw.shop),
    order: text('order', raw.order),
    to: parsePhone('to', raw.to),
    rule: text('rule', raw.rule),
    errorCode: text('error_code', raw.error_code),
    since: parseTime('since', raw.since),
    until: parseTime('until', raw.until),
    q: searchText(raw.q),
  }
}

export function parseEventFilter(raw: RawFilter): EventFilter {
  return {
    source: text('source', raw.source),
    type: text('type', raw.type),
    order: text('order', raw.order),
    outcome: parseOutcome(raw.outcome),
    since: parseTime('since', raw.since),
    until: parseTime('until', raw.until),
  }
}

export function parsePage(raw: { limit?: string | undefined; cursor?: string | undefined }): Page {
  const limit = raw.limit === undefined ? DEFAULT_LIMIT : Number(raw.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw bad('limit', `must be a whole number from 1 to ${MAX_LIMIT}`)
  }
  return { limit, before: raw.cursor === undefined ? undefined : parseCursor(raw.cursor) }
}

/** One row more than asked for tells whether there is a next page. */
export function pageOf<Row extends { id: string }>(rows: Row[], limit: number): { rows: Row[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > limit && last ? Buffer.from(last.id).toString('base64url') : null }
}

/** Refuses names nobody knows: a mistyped filter must not list everything. */
export function refuseUnknown(given: Iterable<string>, known: readonly string[]): void {
  for (const name of given) {
    if (known.includes(name)) continue
    // A value that slipped into the place of a name is not repeated.
    throw bad(/^[a-z_]{1,30}$/i.test(name) ? name : 'this', `is no filter here; known are ${known.join(', ')}`)
  }
}

function parseCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!/^[a-z]{3}_[0-9a-z]{26}$/.test(id)) throw bad('cursor', 'must be next_cursor of an earlier answer')
  return id
}

function parseStatuses(value: string | undefined): MessageStatus[] | undefined {
  if (value === undefined) return undefined
  const names = value.split(',').map((name) => name.trim())
  const known = names.filter((name): name is MessageStatus => (MESSAGE_STATUSES as readonly string[]).includes(name))
  if (known.length !== names.length) throw bad('status', `must be one or more of ${MESSAGE_STATUSES.join(', ')}`)
  return known
}

/** Digits of an international number; `+`, spaces and dashes are let through. A `+` in a URL's query is a space. */
export function parsePhone(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const digits = value.replace(/[\s+().-]/g, '')
  if (!/^[1-9]\d{6,17}$/.test(digits)) throw bad(name, 'must be an international phone number such as 255700000000')
  return digits
}

export function parseTime(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const written = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+ -]\d\d:?\d\d)?)?$/.exec(value)
  // A `+` of a zone in a URL's query arrives as a space.
  const zoned = value.replace(' ', '+')
  const hasZone = /T.*(Z|[+-]\d\d:?\d\d)$/.test(zoned) || !zoned.includes('T')
  const at = written && isDay(written[1] ?? '') ? Date.parse(hasZone ? zoned : `${zoned}Z`) : Number.NaN
  if (Number.isNaN(at)) throw bad(name, 'must be a time such as 2026-11-20 or 2026-11-20T14:00:00Z')
  return at
}

/** A time, or how long ago: `7d`. */
export function parseMoment(name: string, value: string, now: number): number {
  const ago = parseDuration(value.trim())
  if (ago !== undefined) return now - ago
  const at = parseTime(name, value)
  if (at === undefined) throw bad(name, 'must be a time such as 2026-11-20, or how long ago, such as 7d')
  return at
}

/** A time that ends now unless something else is said. */
export function parseSpan({ since, until }: { since: string; until?: string | undefined }, now: number) {
  const span = {
    since: parseMoment('since', since, now),
    until: until === undefined ? now : parseMoment('until', until, now),
  }
  if (span.since >= span.until) throw bad('since', 'must be before until, or before now')
  return span
}

function parseOutcome(value: string | undefined): EventFilter['outcome'] {
  if (value === undefined || value === 'handled' || value === 'ignored') return value
  throw bad('outcome', 'must be handled or ignored')
}

/** A number is looked for as it is stored, however people space it. */
function searchText(value: string | undefined): string | undefined {
  const wanted = text('q', value)
  return wanted !== undefined && /^\+[\d\s().-]{5,}$/.test(wanted) ? wanted.replace(/\D/g, '') : wanted
}

/** 2026-02-30 is none. */
function isDay(day: string): boolean {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value.trim() === '' || value.length > 200) throw bad(name, 'must be 1 to 200 characters long')
  return value.trim()
}

function bad(name: string, what: string): AppError {
  return new AppError('filter.invalid', `${name} ${what}`, { details: { filter: name } })
}
