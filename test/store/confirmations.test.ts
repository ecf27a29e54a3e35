import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { type ConfirmationChange, createConfirmationStore } from '../../src/store/confirmations.ts'
import { createHousekeepingStore } from '../../src/store/housekeeping.ts'
import { createIntakeStore } from '../../src/store/intake.ts'
import { openDatabase } from '../../src/store/open.ts'
import type { ConfirmationRow } from '../../src/store/records.ts'
import { confirmationEvents, confirmations, events } from '../../src/store/schema.ts'
import { NOW } from '../support/rows.ts'

const PER_SHOP = 2

function aDesk() {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-confirm-'))
  const database = openDatabase(join(folder, 'risiti.db'))
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const store = createConfirmationStore(database, () => 'cnv_new')
  const intake = createIntakeStore(database, () => 'cnv_new')
  let count = 0
  return {
    store,
    database,
    /** A notification of its own, unless `key` names one that came before. */
    claims(shop: string, subject: string, { at = NOW, key = `k${count}`, amount = null as number | null } = {}) {
      const number = count++
      const claim = { subject, amount, currency: null, reference: null, occurredAt: null }
      return intake.recordDelivery(
        {
          id: `evt_${number}`,
          source: shop,
          deliveryKey: key,
          topic: null,
          receivedAt: at,
          contentType: null,
          body: Buffer.from('{}'),
        },
        [{ kind: 'claim', question: { id: `cnf_${number}`, shop, claim, query: '', askAt: at + SECOND } }],
      )
    },
    claim: async (now: number, limit = 16) =>
      (await store.claimQuestions({ now, leaseMs: MINUTE, limit, perShop: PER_SHOP })).map(({ id }) => id).toSorted(),
    settle: (id: string, attempt: number, now: number, change: Partial<ConfirmationChange> = {}) =>
      store.settleQuestion({ id, attempt, now, decide: () => ({ ...CONFIRMED, ...change }), believed: null }),
    row: async (id: string): Promise<ConfirmationRow | undefined> =>
      (await database.reader.select().from(confirmations).where(eq(confirmations.id, id)))[0],
  }
}

const CONFIRMED: ConfirmationChange = {
  row: { status: 'confirmed', nextAttemptAt: null, burned: 0, lastCode: null, lastDetail: null },
  pause: null,
  standing: { text: 'confirmed', outcome: 'handled', reason: null },
}
const WAITS: ConfirmationChange['row'] = { ...CONFIRMED.row, status: 'waiting', lastCode: 'api.key_refused' }

test('claims that say the same are one open question, and its notifications all learn what came of it', async () => {
  const { store, claims, claim, settle, database } = aDesk()
  await claims('malipo', 'p1')
  await claims('malipo', 'p1', { at: NOW + 300 })
  await claims('malipo', 'p1', { amount: 5 })
  await claims('duka', 'p1')
  expect(await store.countQuestions()).toEqual([
    { shop: 'duka', count: 1, oldestAt: NOW },
    { shop: 'malipo', count: 2, oldestAt: NOW },
  ])
  expect(await claim(NOW + 999)).toEqual([])
  expect(await claim(NOW + SECOND)).toHaveLength(3)
  const reason = 'it failed'
  await settle('cnf_0', 1, NOW + SECOND, { standing: { text: reason, outcome: 'ignored', reason } })
  const told = await database.reader.select({ id: events.id }).from(events).where(eq(events.reason, reason))
  expect(told.map(({ id }) => id)).toEqual(['evt_0', 'evt_1'])
})

test('a repeated notification opens its question anew once the one before has ended, and not sooner', async () => {
  const { claims, claim, settle, row } = aDesk()
  await claims('malipo', 'p1', { key: 'same' })
  expect(await claims('malipo', 'p1', { key: 'same' })).toMatchObject({ duplicate: true, eventId: 'evt_0', claims: 1 })
  expect(await row('cnf_1')).toBeUndefined()
  expect(await claim(NOW + SECOND)).toEqual(['cnf_0'])
  await claims('malipo', 'p1', { key: 'same' })
  expect(await row('cnf_0')).toMatchObject({ again: true })
  await settle('cnf_0', 1, NOW + SECOND)
  expect(await row('cnf_0')).toMatchObject({ status: 'confirmed', again: false })
  await claims('malipo', 'p1', { key: 'same', at: NOW + HOUR })
  expect(await row('cnf_3')).toMatchObject({ status: 'waiting', eventId: 'evt_0', nextAttemptAt: NOW + HOUR + SECOND })
})

test('a shop with many questions takes no more than its share, and leaves room for the others', async () => {
  const { store, claims, claim } = aDesk()
  for (let number = 0; number < 20; number++) await claims('malipo', `p${number}`)
  await claims('duka', 'late', { at: NOW + MINUTE })
  expect(await claim(NOW + HOUR)).toEqual(['cnf_0', 'cnf_1', 'cnf_20'])
  expect(await claim(NOW + HOUR)).toEqual([])
  // What waits for room wakes nobody; a lease that runs out does.
  expect(await store.nextQuestionAt(PER_SHOP)).toBe(NOW + HOUR + MINUTE)
})

test('while a shop rests nothing of it is asked, then one question alone, until an answer after the rest ends it', async () => {
  const { store, claims, claim, settle } = aDesk()
  for (const subject of ['p0', 'p1', 'p2', 'p3']) await claims('malipo', subject)
  expect(await claim(NOW + SECOND)).toEqual(['cnf_0', 'cnf_1'])
  await claims('duka', 'p4')
  const pause = { pausedUntil: NOW + 5 * MINUTE, code: 'api.key_refused', detail: null }
  await settle('cnf_0', 1, NOW + SECOND, { row: { ...WAITS, nextAttemptAt: NOW + 6 * MINUTE }, pause })
  await settle('cnf_1', 1, NOW + 2 * SECOND)
  expect(await store.listApiPauses()).toMatchObject([{ shop: 'malipo', code: 'api.key_refused' }])
  expect(await claim(NOW + 3 * SECOND)).toEqual(['cnf_4'])
  await settle('cnf_4', 1, NOW + 3 * SECOND)
  expect(await store.nextQuestionAt(PER_SHOP)).toBe(NOW + 5 * MINUTE)
  expect(await claim(NOW + 5 * MINUTE)).toEqual(['cnf_2'])
  expect(await claim(NOW + 5 * MINUTE)).toEqual([])
  await settle('cnf_2', 1, NOW + 5 * MINUTE)
  expect(await store.listApiPauses()).toEqual([])
  expect(await claim(NOW + 6 * MINUTE)).toEqual(['cnf_0', 'cnf_3'])
})

test('an asker that was given up changes nothing any more', async () => {
  const { store, claims, claim, settle, row } = aDesk()
  await claims('malipo', 'p1')
  await claim(NOW + SECOND)
  expect(await store.reapQuestions(NOW + MINUTE)).toBe(0)
  expect(await store.reapQuestions(NOW + SECOND + MINUTE)).toBe(1)
  expect(await settle('cnf_0', 1, NOW + 2 * MINUTE)).toBeUndefined()
  expect(await claim(NOW + 2 * MINUTE)).toEqual(['cnf_0'])
  expect(await settle('cnf_0', 1, NOW + 2 * MINUTE)).toBeUndefined()
  expect(await row('cnf_0')).toMatchObject({ status: 'asking', attempts: 2 })
  expect(await settle('cnf_0', 2, NOW + 2 * MINUTE)).toMatchObject({ change: { row: { status: 'confirmed' } } })
})

test('after a start what was being asked is due again, and with it what waited for another key', async () => {
  const { store, claims, claim, settle, row } = aDesk()
  for (const subject of ['p0', 'p1', 'p2']) await claims('malipo', subject)
  await claim(NOW + SECOND)
  const pause = { pausedUntil: NOW + HOUR, code: 'api.key_refused', detail: null }
  await settle('cnf_0', 1, NOW + SECOND, { row: { ...WAITS, nextAttemptAt: NOW + HOUR }, pause })
  expect(await store.recoverQuestions(NOW + MINUTE)).toBe(1)
  expect(await row('cnf_0')).toMatchObject({ status: 'waiting', nextAttemptAt: NOW + MINUTE })
  expect(await store.listApiPauses()).toEqual([])
  expect(await claim(NOW + MINUTE)).toHaveLength(2)
})

test('ended questions are forgotten when they are old, open ones never', async () => {
  const { store, claims, claim, settle, row, database } = aDesk()
  await claims('malipo', 'p0')
  await claims('malipo', 'p1')
  await claim(NOW + SECOND, 1)
  await settle('cnf_0', 1, NOW + SECOND)
  expect(await store.removeQuestions(NOW + SECOND, 20)).toEqual({ removed: 0, more: false })
  expect(await store.removeQuestions(NOW + HOUR, 20)).toEqual({ removed: 1, more: false })
  expect([await row('cnf_0'), (await row('cnf_1'))?.status]).toEqual([undefined, 'waiting'])
  expect(await database.reader.select().from(confirmationEvents)).toEqual([{ confirmation: 'cnf_1', event: 'evt_1' }])
})

test('after the clock was set back what waits is due as soon as before', async () => {
  const { claims, claim, row, database } = aDesk()
  await claims('malipo', 'p0', { at: NOW + HOUR })
  await createHousekeepingStore(database).pullBack(HOUR, NOW)
  expect(await row('cnf_0')).toMatchObject({ nextAttemptAt: NOW + SECOND })
  expect(await claim(NOW + SECOND)).toEqual(['cnf_0'])
})
