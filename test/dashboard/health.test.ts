import { html } from 'hono/html'
import { expect, test } from 'vitest'
import { HealthLines } from '../../src/dashboard/health.tsx'
import { sayIn } from '../../src/dashboard/say.ts'
import { overviewWords } from '../../src/dashboard/words/overview.ts'
import { useOfBudgets } from '../../src/query/budgets.ts'
import type { Health } from '../../src/query/health.ts'
import { aPauseRow, NOW, SENDER } from '../support/rows.ts'

const MINUTE = 60_000
const FINE: Health = {
  senders: [{ sender: SENDER, pause: null, budget: null }],
  inbound: { passedAt: NOW - 5_000, late: false, refusal: null },
  loops: [{ name: 'outbox', passedAt: NOW - 5_000, late: false }],
  reportedAt: NOW - MINUTE,
  disk: { freeBytes: 5e9, hasRoom: true },
  queue: { count: 0, oldestAt: null, late: false },
  forPerson: 0,
  questions: [],
  apiPauses: [],
  targets: [],
}
const budget = (sent: number) =>
  useOfBudgets([{ sender: SENDER, messages: 100, warnAt: 80 }], [{ sender: SENDER, sends: sent }])[0] ?? null

/** Each line as its sign and its sentence. */
async function linesOf(change: Partial<Health>, language: 'en' | 'sw' = 'en'): Promise<string[]> {
  const health = { ...FINE, ...change }
  const words = overviewWords(language)
  const drawn = await html`${HealthLines({ words, say: sayIn(language, 'UTC', NOW), health })}`
  return [...drawn.matchAll(/<li>(.*?)<\/li>/gs)].map(([, line = '']) =>
    line
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
}

test('while all is well every line says so', async () => {
  expect(await linesOf({})).toEqual([
    'Fine Our number +255 700 000 001 sends.',
    'Fine What customers write is read: last looked 5 seconds ago.',
    'Fine What is due is sent: last looked 5 seconds ago.',
    'Fine Karibu’s webhook last told a status 1 minute ago.',
    'Fine Nothing waits to be sent.',
    'Fine 5 GB are free on the disk.',
  ])
})

test.each<[string, Partial<Health>]>([
  [
    'Act Our number +255 700 000 001 rests until 09:01',
    { senders: [{ sender: SENDER, pause: aPauseRow(), budget: null }] },
  ],
  [
    'Act +255 700 000 001: 100 of this month’s 100',
    { senders: [{ sender: SENDER, pause: null, budget: budget(100) }] },
  ],
  ['Look +255 700 000 001: 80 of this month’s 100', { senders: [{ sender: SENDER, pause: null, budget: budget(80) }] }],
  [
    'Act Since 20 Nov 2026, 08:59 Karibu refuses',
    { inbound: { passedAt: NOW, late: false, refusal: { detail: 'x', since: NOW - MINUTE } } },
  ],
  [
    'Act What customers write was last read 9 minutes ago',
    { inbound: { passedAt: NOW - 9 * MINUTE, late: true, refusal: null } },
  ],
  ['Look What customers write was not read yet', { inbound: { passedAt: null, late: true, refusal: null } }],
  [
    'Act Sending stands still; last good look: 9 minutes ago',
    { loops: [{ name: 'outbox', passedAt: NOW - 9 * MINUTE, late: true }] },
  ],
  [
    'Act Asking for statuses stands still',
    { loops: [{ name: 'status-poller', passedAt: NOW - 9 * MINUTE, late: true }] },
  ],
  ['Look Karibu’s webhook has told nothing lately', { reportedAt: null }],
  ['Act The disk is almost full (1 MB free)', { disk: { freeBytes: 1e6, hasRoom: false } }],
  ['Look The disk does not tell', { disk: { freeBytes: null, hasRoom: true } }],
  [
    'Look Waiting to be sent: 7, the oldest since 20 Nov 2026, 08:00',
    { queue: { count: 7, oldestAt: NOW - 60 * MINUTE, late: true } },
  ],
  ['Act On the phone or not, which only a person can tell: 2.', { forPerson: 2 }],
  [
    'Look Payments of malipo that its platform has still to confirm: 3.',
    { questions: [{ shop: 'malipo', count: 3, oldestAt: NOW }] },
  ],
  [
    'Act The platform of malipo refuses our questions; it is asked again in 5 minutes',
    { apiPauses: [{ shop: 'malipo', code: 'x', detail: null, pausedAt: NOW, pausedUntil: NOW + 5 * MINUTE }] },
  ],
  [
    'Act till said it wants to be told nothing any more',
    { targets: [{ target: 'till', count: 4, oldestAt: NOW, offSince: NOW }] },
  ],
  [
    'Look Notifications that wait for till: 4.',
    { targets: [{ target: 'till', count: 4, oldestAt: NOW, offSince: null }] },
  ],
])('%s: it stands first, and in Swahili too', async (line, change) => {
  expect((await linesOf(change))[0]).toContain(line)
  expect((await linesOf(change, 'sw'))[0]).toMatch(line.startsWith('Act') ? /^Chukua hatua / : /^Angalia /)
})
