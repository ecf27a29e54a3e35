import { describe, expect, test } from 'vitest'
import { csvField, exportMessages } from '../../src/query/export.ts'
import { reasonOf } from '../../src/query/reasons.ts'
import type { MessageFilter } from '../../src/store/message-search.ts'
import type { MessageRow } from '../../src/store/records.ts'
import type { Page } from '../../src/store/search.ts'
import { seeded } from '../rules/an-order.ts'
import { aMessageRow, anAcceptedRow, NOW } from '../support/rows.ts'

/** Reads CSV as RFC 4180 says: what a spreadsheet would see. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  rows.pop()
  return rows
}

function aStore(rows: MessageRow[]) {
  const asked: { filter: MessageFilter; page: Page }[] = []
  return {
    asked,
    inboundRefusedSince: async () => null,
    listMessages: async (filter: MessageFilter, page: Page) => {
      asked.push({ filter, page })
      const rest = rows.filter(({ id }) => page.before === undefined || id < page.before)
      const shown = rest.slice(0, page.limit).map((row) => ({ ...row, doubts: 0 }))
      return { rows: shown, next: rest.length > page.limit ? (shown.at(-1)?.id ?? null) : null }
    },
  }
}

async function exported(rows: MessageRow[], format: 'csv' | 'ndjson', filter: MessageFilter = {}) {
  const store = aStore(rows)
  const parts: string[] = []
  for await (const part of exportMessages(store, filter, format, 'https://risiti.example')) parts.push(part)
  return { text: parts.join(''), parts, asked: store.asked }
}

const newestFirst = (count: number) =>
  Array.from({ length: count }, (_, index) => aMessageRow({ id: `msg_${String(count - index).padStart(26, '0')}` }))

describe('csvField', () => {
  test.each<[unknown, string]>([
    ['Neema', 'Neema'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [3, '3'],
    [-3, '-3'],
    [{ a: 1 }, ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    [' spaces ', ' spaces '],
    ['شكرا', 'شكرا'],
  ])('%j is written %j', (value, expected) => {
    expect(csvField(value)).toBe(expected)
  })

  test.each(['=1+1', '+255', '-5', '@SUM(A1)', '\t=1', '\r=1', '=cmd|"/C calc"!A0'])(
    'a text that begins like a formula is no formula any more: %j',
    (value) => {
      const [[cell] = []] = readCsv(`${csvField(value)}\r\n`)
      expect(cell).toBe(`'${value}`)
    },
  )

  test('any text of commas, quotes, breaks and letters is read back as it was', () => {
    const random = seeded(16)
    const signs = [',', '"', '\r', '\n', '\r\n', 'a', 'é', '🙏', ' ', "'", ';', '']
    for (let round = 0; round < 1000; round++) {
      const value = `x${Array.from({ length: 12 }, () => signs[Math.floor(random() * signs.length)]).join('')}`
      expect(readCsv(`${csvField(value)},${csvField(value)}\r\n`)).toEqual([[value, value]])
    }
  })
})

describe('an export', () => {
  test('CSV begins with the names of its columns, also when there is nothing', async () => {
    const { text } = await exported([], 'csv')
    const [header = [], ...rows] = readCsv(text)
    expect(rows).toEqual([])
    expect(header.slice(0, 6)).toEqual(['id', 'message_id', 'provider_message_id', 'status', 'reason_code', 'reason'])
    expect(new Set(header).size).toBe(header.length)
  })

  test('NDJSON of nothing is nothing', async () => {
    expect((await exported([], 'ndjson')).text).toBe('')
  })

  test('CSV has a line per message with what is known of it, under its column', async () => {
    const row = anAcceptedRow({
      status: 'failed',
      errorCode: 'whatsapp.131026',
      errorDetail: 'undeliverable, says "Meta"',
      caption: '=HYPERLINK("https://evil.example")\nAsante, Neema',
      mediaToken: 'tok',
      failedAt: NOW,
    })
    const [header = [], cells = [], ...others] = readCsv((await exported([row], 'csv')).text)
    expect(others).toEqual([])
    expect(cells).toHaveLength(header.length)
    expect(Object.fromEntries(header.map((name, index) => [name, cells[index]]))).toMatchObject({
      id: 'msg_1',
      message_id: 'karibu-1',
      provider_message_id: '',
      status: 'failed',
      reason_code: 'whatsapp.131026',
      reason: 'undeliverable, says "Meta"',
      to: '255712345678',
      caption: `'=HYPERLINK("https://evil.example")\nAsante, Neema`,
      media_url: 'https://risiti.example/media/tok.png',
      attempts: '1',
      created_at: '2026-11-20T09:00:00.000Z',
      sent_at: '',
      failed_at: '2026-11-20T09:00:00.000Z',
    })
  })

  test('NDJSON has one JSON object per line, whatever the caption holds', async () => {
    const { text } = await exported([aMessageRow({ caption: 'a\nb\u2028c' }), aMessageRow()], 'ndjson')
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id: 'msg_1', caption: 'a\nb\u2028c', reason: null })
  })

  test.each([0, 1, 199, 200, 201, 400, 450])(
    '%i messages come out once each, in order, page by page',
    async (count) => {
      const rows = newestFirst(count)
      const { text, asked, parts } = await exported(rows, 'ndjson', { shop: 'duka' })
      const ids = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { id: string }).id)
      expect(ids).toEqual(rows.map(({ id }) => id))
      expect(asked.every(({ filter, page }) => filter.shop === 'duka' && page.limit <= 200)).toBe(true)
      expect(parts.length).toBe(Math.ceil(count / 200))
    },
  )
})

describe('reasons, in words for a shopkeeper', () => {
  test.each([
    ['held', 'window_closed'],
    ['uncertain', 'answer_lost'],
    ['uncertain', 'needs_a_person'],
    ['skipped', 'no_phone'],
    ['skipped', 'invalid_phone'],
    ['skipped', 'opted_out'],
    ['skipped', 'no_consent'],
    ['skipped', 'too_old'],
    ['skipped', 'phone_changed'],
    ['skipped', 'test_order'],
    ['skipped', 'order_refunded'],
    ['skipped', 'order_cancelled'],
    ['expired', 'held_too_long'],
    ['cancelled', 'order_refunded'],
    ['cancelled', 'order_cancelled'],
    ['cancelled', 'by_hand'],
  ] as const)('%s for %s has a sentence of its own', (status, reason) => {
    const given = reasonOf(aMessageRow({ status, reason }))
    expect(given?.code).toBe(reason)
    expect(given?.text).not.toBe(reason.replaceAll('_', ' '))
    expect(given?.text).toMatch(/ .* /)
  })

  test('a held message says when it expires', () => {
    const given = reasonOf(aMessageRow({ status: 'held', reason: 'window_closed', expiresAt: NOW }))
    expect(given?.text).toContain('expires 2026-11-20T09:00:00.000Z')
  })

  test('a failure gives the provider’s code and words', () => {
    const failed = aMessageRow({ status: 'failed', errorCode: 'whatsapp.131026', errorDetail: 'undeliverable' })
    expect(reasonOf(failed)).toEqual({ code: 'whatsapp.131026', text: 'undeliverable' })
  })

  test('a failure without a word is still a reason', () => {
    expect(reasonOf(aMessageRow({ status: 'failed' }))).toEqual({ code: 'unknown', text: 'no reason was given' })
  })

  test.each(['queued', 'sending', 'pending', 'sent', 'delivered', 'read'] as const)('%s needs no reason', (status) => {
    expect(reasonOf(aMessageRow({ status, reason: 'window_closed', errorCode: 'karibu.http_429' }))).toBeNull()
  })

  test('a message skipped for a closed window does not promise that it will go out', () => {
    const skipped = reasonOf(aMessageRow({ status: 'skipped', reason: 'window_closed' }))
    expect(skipped?.text).not.toContain('goes out when they do')
  })
})
