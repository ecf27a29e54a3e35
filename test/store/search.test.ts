import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import type { EventFilter } from '../../src/store/event-search.ts'
import type { MessageFilter } from '../../src/store/message-search.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createReadStore } from '../../src/store/reads.ts'
import type { EventRow, MessageRow } from '../../src/store/records.ts'
import * as schema from '../../src/store/schema.ts'
import type { Page, PageRows } from '../../src/store/search.ts'
import type { MessageStatus } from '../../src/store/words.ts'
import { seeded } from '../rules/an-order.ts'
import { aMessageRow, NOW } from '../support/rows.ts'

const random = seeded(5)
const chance = (of: number) => random() < of
const oneOf = <T>(...values: [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0]
const sometimes = <T>(value: T): T | undefined => (chance(0.3) ? value : undefined)

/** So many that rare finds take several pages. */
const MADE = 12_000
const events: EventRow[] = []
const messages: MessageRow[] = []
/** The clock as it stood at each of them. */
const moments: number[] = []

/** A clock that is corrected, and one that is wrong for a while, both ways; a restart; steps that wait to be written. */
function makeRows(): void {
  let now = NOW
  const restarted = () => createIds({ now: () => now })
  let ids = restarted()
  for (let index = 0; index < MADE; index++) {
    now += Math.floor(random() * 40 * SECOND)
    if (index % 1500 === 700) now -= 45 * SECOND
    if (index === 2500 || index === 8000) now += 9 * DAY
    if (index === 3500 || index === 9500) now -= 9 * DAY
    if (index === 4500) now -= 3 * HOUR
    if (index === 6000) {
      now -= 2 * DAY
      ids = restarted()
    }
    const at = now
    moments.push(at)
    now += chance(0.01) ? 5 * SECOND : 1
    addRows(index, at, ids)
  }
}

function addRows(index: number, at: number, ids: ReturnType<typeof createIds>): void {
  const orderId = chance(0.01) ? null : String(index % 9000)
  const shop = chance(0.001) ? 'soko' : oneOf('duka', 'kiosk')
  const number = orderId === null ? null : chance(0.1) ? String(index % 900) : `K-${orderId}`
  const status: MessageStatus = chance(0.9) ? 'read' : oneOf('failed', 'expired', 'held')
  messages.push(
    aMessageRow({
      id: ids.next('msg'),
      effectKey: String(index),
      status,
      shop,
      orderId,
      orderNumber: number,
      rule: chance(0.0005) ? 'asante' : oneOf('receipt', null),
      phone: chance(0.3) ? '255700000000' : `2557${10_000_000 + (index % 700)}`,
      customerName: oneOf('Asha Juma', 'Neema 100%', 'Bi_Mwana', null),
      errorCode: status === 'failed' ? oneOf('whatsapp.131026', 'whatsapp.131049') : null,
      createdAt: at,
    }),
  )
  events.push({
    id: ids.next('evt'),
    source: chance(0.3) ? 'karibu' : shop,
    deliveryKey: `id:${index}`,
    topic: null,
    type: chance(0.001) ? 'order.refunded' : oneOf('order.paid', 'ignored'),
    orderId,
    orderNumber: number,
    conversationId: null,
    receivedAt: at,
    occurredAt: null,
    outcome: chance(0.9) ? 'handled' : 'ignored',
    reason: null,
    trace: [],
  })
}

const folder = mkdtempSync(join(tmpdir(), 'risiti-search-'))
const file = join(folder, 'risiti.db')
await openDatabase(file).close()
const sqlite = new Database(file)
const db = drizzle(sqlite, { schema })
makeRows()
sqlite.transaction(() => {
  for (let from = 0; from < MADE; from += 500) {
    db.insert(schema.messages)
      .values(messages.slice(from, from + 500))
      .run()
    db.insert(schema.events)
      .values(events.slice(from, from + 500))
      .run()
  }
})()
const store = createReadStore({ reader: db })

afterAll(() => {
  sqlite.close()
  rmSync(folder, { recursive: true, force: true })
})

/** All pages one after the other. */
async function allIds(list: (page: Page) => Promise<PageRows<{ id: string }>>, limit: number): Promise<string[]> {
  const seen: string[] = []
  let before: string | undefined
  do {
    const { rows, next } = await list({ before, limit })
    expect(rows.length).toBeLessThanOrEqual(limit)
    expect(next === null || before === undefined || next < before).toBe(true)
    seen.push(...rows.map(({ id }) => id))
    before = next ?? undefined
  } while (before !== undefined)
  return seen
}

const newestFirst = (rows: { id: string }[]) =>
  rows
    .map(({ id }) => id)
    .toSorted()
    .toReversed()

const somewhen = () => (moments[Math.floor(random() * MADE)] ?? 0) + oneOf(0, 1, -1, MINUTE, -HOUR)
const fits = <T>(wanted: T | undefined, value: T | null) => wanted === undefined || wanted === value
const inSpan = ({ since = -Infinity, until = Infinity }: MessageFilter, at: number) => at >= since && at < until

function messageFits(filter: MessageFilter, row: MessageRow): boolean {
  const { q, order } = filter
  const texts = [row.orderNumber, row.phone, row.customerName].map((text) => text?.toLowerCase() ?? '')
  return (
    (filter.status?.includes(row.status) ?? true) &&
    fits(filter.shop, row.shop) &&
    fits(filter.to, row.phone) &&
    fits(filter.rule, row.rule) &&
    fits(filter.errorCode, row.errorCode) &&
    (order === undefined || order === row.orderId || order === row.orderNumber) &&
    (q === undefined || texts.some((text) => text.includes(q.toLowerCase()))) &&
    inSpan(filter, row.createdAt)
  )
}

function aMessageFilter(): MessageFilter {
  return {
    status: sometimes(oneOf<MessageStatus[]>(['read'], ['failed'], ['failed', 'held', 'failed'], ['queued'])),
    shop: sometimes(oneOf('duka', 'soko', 'nobody')),
    order: chance(0.15) ? oneOf('77', 'K-77', '8000', 'K-1') : undefined,
    to: sometimes(oneOf('255700000000', '255710000077')),
    rule: sometimes(oneOf('receipt', 'asante')),
    errorCode: chance(0.15) ? oneOf('whatsapp.131026', 'none') : undefined,
    since: sometimes(somewhen()),
    until: sometimes(somewhen()),
    q: sometimes(oneOf('ASHA', '0%', 'i_m', 'K-77', '0000077', 'Zanzibar')),
  }
}

const MESSAGE_FILTERS: MessageFilter[] = [
  {},
  { status: ['read'] },
  { rule: 'asante' },
  { q: 'Zanzibar' },
  ...Array.from({ length: 80 }, aMessageFilter),
]

test.each(MESSAGE_FILTERS)(
  'the pages of %j hold what reading every message would have found, newest first',
  async (filter) => {
    const found = await allIds((page) => store.listMessages(filter, page), oneOf(99, 400))
    expect(found).toEqual(newestFirst(messages.filter((row) => messageFits(filter, row))))
  },
)

const EVENT_FILTERS: EventFilter[] = Array.from({ length: 30 }, () => ({
  source: sometimes(oneOf('duka', 'karibu', 'soko')),
  type: sometimes(oneOf('order.paid', 'order.refunded')),
  order: sometimes(oneOf('77', 'K-77')),
  outcome: sometimes(oneOf<'handled' | 'ignored'>('handled', 'ignored')),
  since: sometimes(somewhen()),
  until: sometimes(somewhen()),
}))

test.each(EVENT_FILTERS)('the pages of events of %j hold what reading every event would have found', async (filter) => {
  const found = await allIds((page) => store.listEvents(filter, page), oneOf(99, 400))
  const wanted = events.filter(
    (row) =>
      fits(filter.source, row.source) &&
      fits(filter.type, row.type) &&
      fits(filter.outcome, row.outcome) &&
      (filter.order === undefined || filter.order === row.orderId || filter.order === row.orderNumber) &&
      inSpan(filter, row.receivedAt),
  )
  expect(found).toEqual(newestFirst(wanted))
})

test.each(Array.from({ length: 10 }, somewhen))(
  'counts by status since %i are of the messages made since',
  async (at) => {
    const counts = Object.fromEntries((await store.countByStatus(at)).map(({ status, count }) => [status, count]))
    for (const status of ['read', 'failed', 'expired', 'held', 'queued'] as const) {
      const made = messages.filter((row) => row.status === status && row.createdAt >= at)
      expect(counts[status] ?? 0, status).toBe(made.length)
    }
  },
)

test('a search for what is nowhere reads a part of the list a page and says that there is more', async () => {
  const pages: PageRows<unknown>[] = []
  let before: string | undefined
  do {
    const page = await store.listMessages({ q: 'Zanzibar' }, { before, limit: 50 })
    pages.push(page)
    before = page.next ?? undefined
  } while (before !== undefined)
  expect(pages.every(({ rows }) => rows.length === 0)).toBe(true)
  expect(pages.length).toBeGreaterThan(2)
  expect(pages.map(({ next }) => next === null)).toEqual(pages.map((_, index) => index === pages.length - 1))
})
