import type { EventFilter } from '../store/event-search.ts'
import type { MessageFilter } from '../store/message-search.ts'
import type { Page, PageRows } from '../store/search.ts'
import { MESSAGE_STATUSES, type MessageStatus } from '../store/words.ts'
import { badFilter, parseMoment } from './times.ts'

/** Filters as people write them, in a URL's query or as CLI flags alike. */
export type RawFilter = Record<string, string | undefined>

export const MESSAGE_FILTERS = ['status', 'shop', 'order', 'to', 'rule', 'error_code', 'since', 'until', 'q'] as const
export const EVENT_FILTERS = ['source', 'type', 'order', 'outcome', 'since', 'until'] as const
export const DEFAULT_LIMIT = 50
export const MAX_LIMIT = 200

export function parseMessageFilter(raw: RawFilter, now: number): MessageFilter {
  return {
    status: parseStatuses(raw.status),
    shop: text('shop', raw.shop),
    order: text('order', raw.order),
    to: parsePhone('to', raw.to),
    rule: text('rule', raw.rule),
    errorCode: text('error_code', raw.error_code),
    since: parseMoment('since', raw.since, now),
    until: parseMoment('until', raw.until, now),
    q: searchText(raw.q),
  }
}

export function parseEventFilter(raw: RawFilter, now: number): EventFilter {
  return {
    source: text('source', raw.source),
    type: text('type', raw.type),
    order: text('order', raw.order),
    outcome: parseOutcome(raw.outcome),
    since: parseMoment('since', raw.since, now),
    until: parseMoment('until', raw.until, now),
  }
}

export function parsePage(raw: { limit?: string | undefined; cursor?: string | undefined }): Page {
  const limit = raw.limit === undefined ? DEFAULT_LIMIT : Number(raw.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw badFilter('limit', `must be a whole number from 1 to ${MAX_LIMIT}`)
  }
  return { limit, before: raw.cursor === undefined ? undefined : parseCursor(raw.cursor) }
}

/** What `parsePage` takes back as `cursor`. */
export function cursorOf({ next }: Pick<PageRows<unknown>, 'next'>): string | null {
  return next === null ? null : Buffer.from(next).toString('base64url')
}

/** Refuses names nobody knows: a mistyped filter must not list everything. */
export function refuseUnknown(given: Iterable<string>, known: readonly string[]): void {
  for (const name of given) {
    if (known.includes(name)) continue
    // A value that slipped into the place of a name is not repeated.
    throw badFilter(/^[a-z_]{1,30}$/i.test(name) ? name : 'this', `is no filter here; known are ${known.join(', ')}`)
  }
}

function parseCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!/^[a-z]{3}_[0-9a-z]{26}$/.test(id)) throw badFilter('cursor', 'must be next_cursor of an earlier answer')
  return id
}

function parseStatuses(value: string | undefined): MessageStatus[] | undefined {
  if (value === undefined) return undefined
  const names = value.split(',').map((name) => name.trim())
  const known = names.filter((name): name is MessageStatus => (MESSAGE_STATUSES as readonly string[]).includes(name))
  if (known.length !== names.length) throw badFilter('status', `must be one or more of ${MESSAGE_STATUSES.join(', ')}`)
  return known
}

/** Digits of an international number; `+`, spaces and dashes are let through. A `+` in a URL's query is a space. */
export function parsePhone(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const digits = value.replace(/[\s+().-]/g, '')
  if (!/^[1-9]\d{6,17}$/.test(digits))
    throw badFilter(name, 'must be an international phone number such as 255700000000')
  return digits
}

function parseOutcome(value: string | undefined): EventFilter['outcome'] {
  if (value === undefined || value === 'handled' || value === 'ignored') return value
  throw badFilter('outcome', 'must be handled or ignored')
}

/** A number is looked for as it is stored, however people space it. */
function searchText(value: string | undefined): string | undefined {
  const wanted = text('q', value)
  return wanted !== undefined && /^\+[\d\s().-]{5,}$/.test(wanted) ? wanted.replace(/\D/g, '') : wanted
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value.trim() === '' || value.length > 200) throw badFilter(name, 'must be 1 to 200 characters long')
  return value.trim()
}
