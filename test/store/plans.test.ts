import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { listDue, soonest } from '../../src/store/due.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createReadStore, type MessageFilter } from '../../src/store/reads.ts'
import * as schema from '../../src/store/schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'risiti-plans-'))
const file = join(folder, 'risiti.db')
await openDatabase(file).close()
const sqlite = new Database(file, { readonly: true })
const asked: { query: string; params: unknown[] }[] = []
const logger = { logQuery: (query: string, params: unknown[]) => void asked.push({ query, params }) }
const reader = drizzle(sqlite, { schema, logger })
const store = createReadStore({ reader })

afterAll(() => {
  sqlite.close()
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

test.each<[string, MessageFilter, RegExp]>([
  ['a status', { status: ['failed'] }, /messages_status \(status=\? AND id<\?\)/],
  ['several statuses', { status: ['failed', 'expired'] }, /messages_status \(status=\? AND id<\?\)/],
  ['a phone', { to: '255712345678' }, /messages_phone \(phone=\?\)/],
  ['a phone and a status', { to: '255712345678', status: ['read'] }, /messages_(phone|status) /],
  ['a span of time', { since: AT, until: AT + 1000 }, /messages_created \(created_at>\? AND created_at<\?\)/],
  ['a shop', { shop: 'duka' }, /messages_order \(shop=\?\)/],
])('messages of %s are found by the index made for it', async (_, filter, index) => {
  const plan = await planOf(() => store.listMessages(filter, { before, limit }))
  expect(plan.join('\n')).toMatch(index)
})

test.each<[string, MessageFilter]>([
  ['no filter', {}],
  ['an order', { order: 'DUKA-0107' }],
  ['a time since', { since: AT }],
  ['a time until', { until: AT }],
  ['a rule', { rule: 'receipt' }],
  ['an error', { errorCode: 'whatsapp.131026' }],
  ['a text', { q: 'Asha' }],
])('messages of %s are read through an index, from where the page begins', async (_, filter) => {
  const first = await planOf(() => store.listMessages(filter, { before: undefined, limit }))
  expect(first.join('\n')).toMatch(/messages USING (COVERING )?INDEX/)
  const later = await planOf(() => store.listMessages(filter, { before, limit }))
  expect(later.join('\n')).toMatch(/^(SEARCH messages|MULTI-INDEX)/)
  expect(later.join('\n')).not.toMatch(/SCAN messages/)
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
