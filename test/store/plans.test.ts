import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { DAY } from '../../src/clock.ts'
import { createActionStore } from '../../src/store/actions.ts'
import { createConfirmationStore } from '../../src/store/confirmations.ts'
import { listDue, soonest } from '../../src/store/due.ts'
import type { EventFilter } from '../../src/store/event-search.ts'
import { createKeptStore } from '../../src/store/kept.ts'
import type { MessageFilter } from '../../src/store/message-search.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createOverviewStore } from '../../src/store/overview.ts'
import { createPageReadStore } from '../../src/store/page-reads.ts'

import { createReadStore } from '../../src/store/reads.ts'
import * as schema from '../../src/store/schema.ts'
import { createSilenceStore } from '../../src/store/silence.ts'

const folder = mkdtempSync(join(tmpdir(), 'risiti-plans-'))
const file = join(folder, 'risiti.db')
const opened = openDatabase(file)
const sqlite = new Database(file, { readonly: true })
const asked: { query: string; params: unknown[] }[] = []
const logger = { logQuery: (query: string, params: unknown[]) => void asked.push({ query, params }) }
const reader = drizzle(sqlite, { schema, logger })
const database = { ...opened, reader }
const store = createReadStore(database)
const pages = createPageReadStore(database)
const kept = createKeptStore(database)
const silence = createSilenceStore(database)
const actions = createActionStore(database, () => '')
const confirmations = createConfirmationStore(database, () => '')
const overview = createOverviewStore(database)

afterAll(async () => {
  sqlite.close()
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

/** How SQLite would go about it, a line for each step. */
async function planOf(ask: () => Promise<unknown>): Promise<string[]> {
  asked.length = 0
  await ask()
  return asked.flatMap(({ query, params }) =>
    sqlite
      .prepare<unknown[], { detail: string }>(`explain query plan ${query}`)
      .all(...params)
      .map(({ detail }) => detail),
  )
}

const limit = 50
const before = 'msg_01m89rvhmne2vca8nyycxfac0b'
const AT = Date.parse('2026-11-20T09:00:00Z')

const A_DAY = { since: AT, until: AT + DAY }
const first = { before: undefined, limit }
const later = { before, limit }

test.each<[string, MessageFilter, string[]]>([
  ['no filter', {}, ['sqlite_autoindex_messages_1 (id>?']],
  ['a status', { status: ['failed'] }, ['messages_status (status=? AND id>?']],
  ['several statuses', { status: ['failed', 'expired'] }, ['messages_status (status=? AND id>?']],
  ['a shop', { shop: 'duka' }, ['messages_shop (shop=? AND id>?']],
  ['an order', { order: 'DUKA-0107' }, ['messages_order (order_id=?', 'messages_number (order_number=?']],
  ['a phone', { to: '255712345678' }, ['messages_phone (phone=? AND id>?']],
  ['a rule', { rule: 'receipt' }, ['sqlite_autoindex_messages_1 (id>?']],
  ['an error', { errorCode: 'whatsapp.131026' }, ['messages_error (error_code=? AND id>?']],
  ['a time since', { since: AT }, ['sqlite_autoindex_messages_1 (id>?']],
  ['a time until', { until: AT }, ['sqlite_autoindex_messages_1 (id>? AND id<?)']],
  ['a span of time', A_DAY, ['sqlite_autoindex_messages_1 (id>? AND id<?)']],
  ['a text', { q: 'Asha' }, ['sqlite_autoindex_messages_1 (id>?']],
  ['a phone and a status', { to: '255712345678', status: ['read'] }, ['messages_phone (phone=? AND id>?']],
  ['a status and an error', { status: ['read'], errorCode: 'x' }, ['messages_error (error_code=? AND id>?']],
  ['a status and a shop', { status: ['read'], shop: 'duka' }, ['messages_status (status=? AND id>?']],
  ['a shop in a span of time', { shop: 'duka', ...A_DAY }, ['messages_shop (shop=? AND id>? AND id<?)']],
])('messages of %s are found by the index made for it, and never sorted', async (_, filter, indexes) => {
  const [plan, next] = [
    await planOf(() => store.listMessages(filter, first)),
    await planOf(() => store.listMessages(filter, later)),
  ]
  for (const index of indexes) expect(plan.join('\n')).toContain(index)
  for (const step of next.filter((line) => line.includes('id>?'))) expect(step).toContain('id>? AND id<?')
  for (const steps of [plan, next]) {
    expect(steps.join('\n')).not.toMatch(/SCAN (messages|attempts)/)
    // Only the few messages of one order are.
    expect(steps.some((step) => step.includes('TEMP B-TREE'))).toBe(filter.order !== undefined)
  }
})

const ofShop: EventFilter = { source: 'duka' }

test.each<[string, string, () => Promise<unknown>]>([
  ['events', 'autoindex_events_1 (id>? AND id<?)', () => store.listEvents({}, later)],
  ['events of a source', 'autoindex_events_1 (id>? AND id<?)', () => store.listEvents(ofShop, later)],
  ['events of an order', 'events_order (order_id=?)', () => store.listEvents({ order: '7' }, later)],
  ['events of an order number', 'events_number (order_number=?)', () => store.listEvents({ order: '7' }, later)],
  ['events of a type', 'autoindex_events_1 (id>? AND id<?)', () => store.listEvents({ type: 'order.paid' }, later)],
  ['events of a day', 'autoindex_events_1 (id>? AND id<?)', () => store.listEvents(A_DAY, later)],
  [
    'a rehearsal of one shop',
    'events_received (received_at>? AND received_at<?)',
    () => kept.listEventKeys({ ...ofShop, ...A_DAY }, limit),
  ],
  ['a rehearsal', 'events_received (received_at>? AND received_at<?)', () => kept.listEventKeys(A_DAY, limit)],
  ['signs of life', 'events_received (received_at>?)', () => silence.listSigns(AT, limit)],
  [
    'contacts of a sender',
    'autoindex_conversations_1 (id>? AND id<?)',
    () => store.listConversations({ sender: '2' }, later),
  ],
  ['contacts of a phone', 'conversations_phone (phone=?)', () => store.listConversations({ phone: '2' }, later)],
  ['counts by status', 'COVERING INDEX messages_status (status=? AND id>?)', () => store.countByStatus(AT)],
  ['counts of what waits', 'COVERING INDEX messages_status (status=?)', () => store.countWaiting()],
  ['the oldest that waits', 'messages_status (status=?)', () => store.oldestWaiting()],
  ['an order by its id', 'autoindex_orders_1 (shop=? AND order_id=?)', () => store.findOrder('duka', '7')],
  ['an order by its number', 'orders_number (number=? AND shop=?)', () => store.findOrder('duka', '7')],
  ['what waits for a person', 'messages_', () => actions.countForPerson()],
  ['when customers last wrote', 'autoindex_conversations_1 (id=?)', () => pages.lastInboundOf(['1', '2'])],
  ['what went to a contact', 'messages_conversation (conversation_id=?)', () => pages.messagesOf('1', limit)],
  ['contacts of a name', 'autoindex_conversations_1 (id>? AND id<?)', () => store.listConversations({ q: 'a' }, later)],
  ['questions that wait', 'confirmations_due (status=?)', () => confirmations.countQuestions()],
  [
    'what an hour made',
    'COVERING INDEX messages_status (status=? AND id>? AND id<?)',
    () => overview.countMade(AT, AT + DAY),
  ],
  ['the day of a shop', 'messages_shop (shop=? AND id>?)', () => overview.countOfShop('duka', AT, limit)],
  ['times to the phone', 'messages_status (status=? AND id>?)', () => overview.listDeliveryTimes(AT, limit)],
  ['what expires soon, in number', 'messages_expiry (expires_at<?)', () => overview.countExpiring(AT)],
  ['what expires first', 'messages_expiry (expires_at<?)', () => overview.listExpiring(AT, limit)],
  ['failures', 'messages_status (status=? AND id>?)', () => overview.countFailures(AT, limit)],
])('%s is read from an index and not from a whole table', async (_, index, ask) => {
  const plan = (await planOf(ask)).join('\n')
  expect(plan).toContain(index)
  expect(plan).not.toMatch(/SCAN (messages|events|orders|conversations|confirmations)/)
})
test('what is due is read in the order it fell due, without sorting all that waits', async () => {
  const known = { now: AT, windowMs: 1000, marginMs: 0, mayExpire: true, limit, senders: [] }
  const due = await planOf(() => listDue(reader, known))
  expect(due.join('\n')).toMatch(/messages USING INDEX messages_due/)
  expect(due.join('\n')).not.toMatch(/TEMP B-TREE|SCAN messages(?! USING)/)
  const next = await planOf(() => soonest(reader, AT, true))
  expect(next.join('\n')).toMatch(/messages USING INDEX messages_due/)
  expect(next.join('\n')).not.toMatch(/TEMP B-TREE|SCAN messages(?! USING)/)
})

test('what shops and Karibu told last is looked for among the newest rows alone, and these are not sorted', async () => {
  const told = (await planOf(() => overview.listLastTold(limit))).join('\n')
  expect(told).toMatch(/SCAN events USING INDEX sqlite_autoindex_events_1/)
  expect(asked[0]?.query).toMatch(/order by "events"."id" desc limit \?/)
  const reported = (await planOf(() => overview.lastReportedAt(limit))).join('\n')
  expect(reported).toMatch(/SCAN status_reports/)
  expect(reported).not.toMatch(/TEMP B-TREE/)
  expect(asked[0]?.query).toMatch(/order by rowid desc limit \?/)
})
