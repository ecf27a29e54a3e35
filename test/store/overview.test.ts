import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createOverviewStore } from '../../src/store/overview.ts'
import type { MessageRow } from '../../src/store/records.ts'
import { fillTown } from '../support/full-town.ts'
import { NOW } from '../support/rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'risiti-overview-'))
const file = join(folder, 'risiti.db')
const database = openDatabase(file)
const { messages } = fillTown(file, 4000, NOW)
const overview = createOverviewStore(database)

afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

function tally(rows: MessageRow[], key: (row: MessageRow) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1
  return counts
}
const byStatus = (rows: { status: string; count: number }[]) =>
  Object.fromEntries(rows.map(({ status, count }) => [status, count]))
const since = (at: number) => messages.filter(({ createdAt }) => createdAt >= at)

test('what an hour made is counted by status, and hour by hour it is all that was made', async () => {
  const from = NOW - 2 * DAY
  const hours = await Promise.all(
    Array.from({ length: 48 }, (_, hour) => overview.countMade(from + hour * HOUR, from + (hour + 1) * HOUR)),
  )
  expect(hours.flat().reduce((sum, { count }) => sum + count, 0)).toBe(since(from).length)
  expect(byStatus(await overview.countMade(from, NOW))).toEqual(tally(since(from), ({ status }) => status))
})

test('a shop’s day is counted whole, or its newest part with word that there is more', async () => {
  const day = since(NOW - DAY)
  const whole = await overview.countOfShop('duka', NOW - DAY, 1000)
  expect([byStatus(whole.counts), whole.more]).toEqual([tally(day, ({ status }) => status), false])
  const exact = await overview.countOfShop('duka', NOW - DAY, day.length)
  expect(exact.more).toBe(false)
  const part = await overview.countOfShop('duka', NOW - DAY, 20)
  expect(part.more).toBe(true)
  expect(await overview.countOfShop('nobody', NOW - DAY, 20)).toEqual({ counts: [], more: false })
})

test('failures are counted by their code or reason, of those made since then', async () => {
  const week = since(NOW - 7 * DAY).filter(({ status }) => ['failed', 'skipped', 'expired'].includes(status))
  const { counts, more } = await overview.countFailures(NOW - 7 * DAY, 1000)
  const found = Object.fromEntries(counts.map(({ status, code, count }) => [`${status} ${code}`, count]))
  expect(found).toEqual(tally(week, ({ status, errorCode, reason }) => `${status} ${errorCode ?? reason}`))
  expect([more, Object.keys(found).length]).toEqual([false, 3])
  const few = await overview.countFailures(NOW - 7 * DAY, 5)
  expect([few.more, few.counts.every(({ count }) => count <= 5)]).toEqual([true, true])
})

test('what is held expires in its order, and only what does so in time is counted', async () => {
  const held = messages.filter(({ status }) => status === 'held')
  const until = NOW + 10 * DAY
  const soon = held
    .filter(({ expiresAt }) => (expiresAt ?? 0) < until)
    .toSorted((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0))
  expect(soon.length).toBeGreaterThan(5)
  expect(await overview.countExpiring(until)).toBe(soon.length)
  const first = await overview.listExpiring(until, 3)
  expect(first.map(({ id }) => id)).toEqual(soon.slice(0, 3).map(({ id }) => id))
})

test('times to the phone are of the newest that arrived', async () => {
  const times = await overview.listDeliveryTimes(NOW - DAY, 1000)
  const arrived = since(NOW - DAY).filter(({ acceptedAt, deliveredAt }) => acceptedAt !== null && deliveredAt !== null)
  expect(times.filter(({ acceptedAt }) => acceptedAt >= NOW - DAY)).toHaveLength(arrived.length)
  expect(times.every(({ acceptedAt, deliveredAt }) => deliveredAt - acceptedAt === MINUTE)).toBe(true)
  expect((await overview.listDeliveryTimes(NOW - DAY, 4)).length).toBeLessThanOrEqual(8)
})
