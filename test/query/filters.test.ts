import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import {
  cursorOf,
  EVENT_FILTERS,
  MAX_LIMIT,
  MESSAGE_FILTERS,
  parseEventFilter,
  parseMessageFilter,
  parsePage,
  parsePhone,
  type RawFilter,
  refuseUnknown,
} from '../../src/query/filters.ts'
import { parseMoment, parseSpan } from '../../src/query/times.ts'
import { MESSAGE_STATUSES } from '../../src/store/words.ts'

const NOW = Date.UTC(2026, 10, 20, 14)

/** The name of the filter that was refused. */
function refused(parse: () => unknown): unknown {
  try {
    parse()
  } catch (error) {
    if (error instanceof AppError && error.code === 'filter.invalid') {
      const filter = error.details?.['filter']
      return error.message.startsWith(`${String(filter)} `) ? filter : `the message does not name ${String(filter)}`
    }
    throw error
  }
  return 'nothing'
}

describe('message filters', () => {
  test('no filter asks for everything', () => {
    expect(Object.values(parseMessageFilter({}, NOW)).every((value) => value === undefined)).toBe(true)
  })

  test('every filter is read', () => {
    const raw: Record<(typeof MESSAGE_FILTERS)[number], string> = {
      status: 'held, failed',
      shop: 'duka',
      order: ' #1042 ',
      to: '+255 712-345-678',
      rule: 'receipt',
      error_code: 'whatsapp.131047',
      since: '2026-11-20',
      until: '2026-11-20T14:00:00+03:00',
      q: 'Neema',
    }
    expect(parseMessageFilter(raw, NOW)).toEqual({
      status: ['held', 'failed'],
      shop: 'duka',
      order: '#1042',
      to: '255712345678',
      rule: 'receipt',
      errorCode: 'whatsapp.131047',
      since: Date.UTC(2026, 10, 20),
      until: Date.UTC(2026, 10, 20, 11),
      q: 'Neema',
    })
  })

  test('every status there is can be asked for', () => {
    expect(parseMessageFilter({ status: MESSAGE_STATUSES.join(',') }, NOW).status).toEqual([...MESSAGE_STATUSES])
  })

  test.each<[string, RawFilter]>([
    ['status', { status: 'gone' }],
    ['status', { status: '' }],
    ['status', { status: 'held,' }],
    ['status', { status: 'HELD' }],
    ['status', { status: '__proto__' }],
    ['shop', { shop: '' }],
    ['order', { order: '   ' }],
    ['rule', { rule: 'x'.repeat(201) }],
    ['error_code', { error_code: '' }],
    ['q', { q: '' }],
    ['to', { to: '0712345678' }],
    ['to', { to: 'Asha' }],
    ['to', { to: '' }],
    ['to', { to: '123' }],
    ['since', { since: 'yesterday' }],
    ['since', { since: '' }],
    ['since', { since: '1795165200' }],
    ['until', { until: '2026-13-01' }],
    ['until', { until: '2026-11-20T25:00' }],
    ['until', { until: '20/11/2026' }],
  ])('a bad %s is named: %j', (name, raw) => {
    expect(refused(() => parseMessageFilter(raw, NOW))).toBe(name)
  })

  test('a day that is in no calendar is refused, not read as another', () => {
    expect(refused(() => parseMessageFilter({ since: '2026-02-30' }, NOW))).toBe('since')
  })
})

describe('event filters', () => {
  test('every filter is read', () => {
    const raw: Record<(typeof EVENT_FILTERS)[number], string> = {
      source: 'duka',
      type: 'order.paid',
      order: '7001',
      outcome: 'ignored',
      since: '2026-11-20T00:00Z',
      until: '2026-11-21T00:00Z',
    }
    expect(parseEventFilter(raw, NOW)).toEqual({
      source: 'duka',
      type: 'order.paid',
      order: '7001',
      outcome: 'ignored',
      since: Date.UTC(2026, 10, 20),
      until: Date.UTC(2026, 10, 21),
    })
  })

  test('a bad one is named', () => {
    expect(refused(() => parseEventFilter({ until: 'soon' }, NOW))).toBe('until')
    expect(refused(() => parseEventFilter({ source: '' }, NOW))).toBe('source')
    expect(refused(() => parseEventFilter({ outcome: 'lost' }, NOW))).toBe('outcome')
  })
})

test('a filter nobody knows is refused by its name: it must not list everything', () => {
  expect(refused(() => refuseUnknown(['status', 'stauts'], MESSAGE_FILTERS))).toBe('stauts')
  expect(refused(() => refuseUnknown(MESSAGE_FILTERS, MESSAGE_FILTERS))).toBe('nothing')
})

describe('times', () => {
  test.each<[string, number]>([
    ['2026-11-20', Date.UTC(2026, 10, 20)],
    ['2026-11-20T14:00', NOW],
    ['2026-11-20T14:00:00', NOW],
    ['2026-11-20T14:00:00Z', NOW],
    ['2026-11-20T14:00:00.250Z', NOW + 250],
    ['2026-11-20T17:00:00+03:00', NOW],
    ['2026-11-20T17:00:00 03:00', NOW],
    ['2026-11-20T17:00:00+0300', NOW],
    ['2026-11-20T09:00:00-05:00', NOW],
    ['30m', NOW - 30 * 60_000],
    ['2h', Date.UTC(2026, 10, 20, 12)],
    [' 7d ', Date.UTC(2026, 10, 13, 14)],
    ['999999999d', 0],
  ])('%s is the same moment in every filter that takes a time', (value, expected) => {
    expect(parseMoment('since', value, NOW)).toBe(expected)
    expect(parseMessageFilter({ since: value, until: value }, NOW)).toMatchObject({ since: expected, until: expected })
    expect(parseEventFilter({ since: value, until: value }, NOW)).toMatchObject({ since: expected, until: expected })
    expect(parseSpan({ since: value, until: '2026-11-21' }, NOW).since).toBe(expected)
  })

  test.each([
    ['7days', '7d'],
    ['7 days ago', '7d'],
    ['2weeks', '14d'],
    ['90min', '90m'],
    ['1hour', '1h'],
  ])('%s is refused with the form that is taken: %s', (value, form) => {
    expect(() => parseMoment('since', value, NOW)).toThrow(`since must be a time`)
    expect(() => parseMoment('since', value, NOW)).toThrow(new RegExp(`: for ${value} write ${form}$`))
  })
})

test.each(['255712345678', '+255712345678', ' 255712345678', '255 712 345 678', '(255) 712.345-678'])(
  'the number “%s” is read as its digits',
  (value) => {
    expect(parsePhone('to', value)).toBe('255712345678')
  },
)

const row = (id: number) => ({ id: `msg_${String(id).padStart(26, '0')}` })

describe('pages', () => {
  test('fifty unless told, and no cursor on the first', () => {
    expect(parsePage({})).toEqual({ limit: 50, before: undefined })
  })

  test.each(['1', '200'])('a limit of %s is taken', (limit) => {
    expect(parsePage({ limit }).limit).toBe(Number(limit))
  })

  test.each(['0', '201', '-1', '1.5', '', 'many', 'NaN', 'Infinity'])('a limit of %j is refused by name', (limit) => {
    expect(refused(() => parsePage({ limit }))).toBe('limit')
  })

  test.each(['', 'x', 'msg_1', Buffer.from("msg_' or 1=1").toString('base64url')])(
    'the cursor %j is refused by name',
    (cursor) => {
      expect(refused(() => parsePage({ cursor }))).toBe('cursor')
    },
  )

  test('walking by cursor sees every row once, in order, whatever the limit', () => {
    const rows = Array.from({ length: 23 }, (_, index) => row(99 - index))
    for (const limit of [1, 2, 5, 22, 23, 24, MAX_LIMIT]) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const { before } = parsePage({ limit: String(limit), cursor })
        const rest = rows.filter(({ id }) => before === undefined || id < before)
        const shown = rest.slice(0, limit).map(({ id }) => id)
        seen.push(...shown)
        cursor = cursorOf({ next: rest.length > limit ? (shown.at(-1) ?? null) : null }) ?? undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(rows.map(({ id }) => id))
    }
  })

  test('an empty list has no next page', () => {
    expect(cursorOf({ next: null })).toBeNull()
  })
})
