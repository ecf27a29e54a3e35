import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { MINUTE } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { presentMessage } from '../../src/query/present.ts'
import type { KnownTarget } from '../../src/store/notifications.ts'
import type { NotificationRow } from '../../src/store/records.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { MESSAGE_STATUSES, type MessageStatus, TOLD_STATUSES } from '../../src/store/words.ts'
import { aMessageRow, NOW } from '../support/rows.ts'

const ALL = `,${TOLD_STATUSES.join(',')},`
const told: MessageStatus[] = [...TOLD_STATUSES]
const TARGET = { name: 'backend', address: 'a', statuses: ALL, shops: null }

async function aStore(targets: KnownTarget[] = [TARGET]): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-notify-'))
  const store = openStore(join(folder, 'risiti.db'), createIds({ now: () => NOW }))
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await store.syncTargets(targets, NOW)
  return store
}

/** Every column filled, so that one that is left out of a notification shows. */
async function addMessage(store: Store, id: string, status: MessageStatus, change = {}) {
  const { conversationId: _none, ...row } = aMessageRow({
    id,
    effectKey: id,
    status,
    reason: 'window_closed',
    mediaToken: 'token',
    messageId: `karibu-${id}`,
    providerMessageId: 'wamid.1',
    errorCode: 'whatsapp.131026',
    errorDetail: 'not on WhatsApp',
    attemptCount: 2,
    expiresAt: NOW + MINUTE,
    acceptedAt: NOW + 1,
    sentAt: NOW + 2,
    deliveredAt: NOW + 3,
    readAt: NOW + 4,
    failedAt: NOW + 5,
    ...change,
  })
  return (await store.addMessage({ ...row, contact: null }, NOW)).message
}

const claim = (store: Store, now = NOW, perTarget = 100) =>
  store.claimNotifications({ now, leaseMs: MINUTE, perTarget })

const settle = (store: Store, { id, attempts }: NotificationRow, nextAttemptAt: number | null, now = NOW) =>
  store.settleNotification({
    id,
    attempt: attempts,
    now,
    decide: () => ({ nextAttemptAt, attempts, target: 'unchanged' }),
  })

test.each(MESSAGE_STATUSES)(
  'a message made %s is told of, exactly as the list of messages shows it, if that is told',
  async (status) => {
    const store = await aStore()
    const message = await addMessage(store, 'msg_1', status)
    const rows = await claim(store)
    expect(rows.map(({ type }) => type)).toEqual(told.includes(status) ? [`message.${status}`] : [])
    for (const row of rows) {
      expect(presentMessage(row.facts, { publicUrl: '' })).toEqual(presentMessage(message, { publicUrl: '' }))
      expect(row).toMatchObject({ target: 'backend', message: 'msg_1', createdAt: message.updatedAt })
      expect(row.key).toMatch(/^ntf_[0-9a-f]{32}$/)
    }
  },
)

test.each(MESSAGE_STATUSES)('a change from %s is told of if it is one, and is told', async (from) => {
  const store = await aStore()
  for (const to of MESSAGE_STATUSES) {
    await addMessage(store, `msg_${to}`, from)
    for (const row of await claim(store)) await settle(store, row, null)
    const { message } = await store.changeMessage(`msg_${to}`, [from], { status: to }, NOW + MINUTE)
    const rows = await claim(store, NOW + MINUTE)
    expect(rows.map(({ type }) => type)).toEqual(from !== to && told.includes(to) ? [`message.${to}`] : [])
    for (const { facts } of rows)
      expect(presentMessage(facts, { publicUrl: '' })).toEqual(message && presentMessage(message, { publicUrl: '' }))
    for (const row of rows) await settle(store, row, null)
  }
})

test('a target hears only of its events and shops, and without targets nothing is kept', async () => {
  const store = await aStore([
    TARGET,
    { ...TARGET, name: 'reads', statuses: ',read,' },
    { ...TARGET, name: 'soko', shops: ',soko,' },
  ])
  await addMessage(store, 'msg_1', 'sent')
  await addMessage(store, 'msg_2', 'read', { shop: 'soko' })
  await addMessage(store, 'msg_3', 'read', { shop: null })
  const heard = (await claim(store)).map(({ target, message }) => `${target} ${message}`)
  expect(heard.toSorted()).toEqual([
    'backend msg_1',
    'backend msg_2',
    'backend msg_3',
    'reads msg_2',
    'reads msg_3',
    'soko msg_2',
  ])
  await store.syncTargets([], NOW)
  await addMessage(store, 'msg_4', 'sent')
  expect(await store.countNotifications()).toEqual([])
  expect(await store.nextNotificationAt(8)).toBeUndefined()
})

test('the next of a message is claimed only when the one before it has ended, and a target has its share of places', async () => {
  const store = await aStore()
  await addMessage(store, 'msg_1', 'sent')
  await store.changeMessage('msg_1', ['sent'], { status: 'delivered' }, NOW)
  await store.changeMessage('msg_1', ['delivered'], { status: 'read' }, NOW)
  await addMessage(store, 'msg_2', 'held')
  await addMessage(store, 'msg_3', 'held')
  const first = await claim(store, NOW, 2)
  expect(first.map(({ message, type }) => [message, type])).toEqual([
    ['msg_1', 'message.sent'],
    ['msg_2', 'message.held'],
  ])
  expect(await claim(store, NOW, 2)).toEqual([])
  expect(await store.nextNotificationAt(2)).toBe(NOW + MINUTE)
  for (const row of first) await settle(store, row, row.message === 'msg_1' ? NOW + MINUTE : null)
  expect((await claim(store, NOW, 2)).map(({ message }) => message)).toEqual(['msg_3'])
  const again = await claim(store, NOW + MINUTE)
  expect(again).toMatchObject([{ type: 'message.sent', attempts: 2, key: first[0]?.key }])
  for (const row of again) await settle(store, row, null)
  expect(await claim(store, NOW + MINUTE)).toMatchObject([{ type: 'message.delivered', attempts: 1 }])
})

test('a lost worker’s notification is due again, and a worker that comes late changes nothing', async () => {
  const store = await aStore()
  await addMessage(store, 'msg_1', 'sent')
  const [row] = await claim(store)
  expect(await store.reapNotifications(NOW + MINUTE - 1)).toBe(0)
  expect(await store.reapNotifications(NOW + MINUTE)).toBe(1)
  const [second] = await claim(store, NOW + MINUTE)
  expect(second).toMatchObject({ id: row?.id, attempts: 2 })
  expect(row && (await settle(store, row, null))).toBeUndefined()
  await store.syncTargets([TARGET], NOW + MINUTE)
  expect(await claim(store, NOW + MINUTE)).toMatchObject([{ id: row?.id, attempts: 3 }])
})

test('a target at a new address is tried at once', async () => {
  const store = await aStore()
  await addMessage(store, 'msg_1', 'sent')
  for (const row of await claim(store)) await settle(store, row, NOW + 100 * MINUTE)
  await store.syncTargets([TARGET], NOW + MINUTE)
  expect(await store.nextNotificationAt(8)).toBe(NOW + 100 * MINUTE)
  await store.syncTargets([{ ...TARGET, address: 'b' }], NOW + MINUTE)
  expect(await claim(store, NOW + MINUTE)).toMatchObject([{ attempts: 1 }])
})

test('what could not be told for long goes, and what stood behind it may be told', async () => {
  const store = await aStore()
  await addMessage(store, 'msg_1', 'sent')
  for (const row of await claim(store)) await settle(store, row, NOW + 1000 * MINUTE)
  await store.changeMessage('msg_1', ['sent'], { status: 'read' }, NOW + 10 * MINUTE)
  expect(await claim(store, NOW + 10 * MINUTE)).toEqual([])
  expect(await store.removeNotifications(NOW + MINUTE, 20)).toEqual({ removed: 1, more: false })
  expect(await claim(store, NOW + 10 * MINUTE)).toMatchObject([{ type: 'message.read' }])
})

test('a message that is forgotten takes what was to be told of it along', async () => {
  const store = await aStore()
  await addMessage(store, 'msg_1', 'read')
  await store.eraseMessages({ id: 'ers_1', requestedAt: NOW }, ['msg_1'])
  expect(await store.countNotifications()).toMatchObject([{ count: 0, oldestAt: null }])
})

test('a clock set back makes what waits to be told due as soon as before', async () => {
  const store = await aStore()
  await addMessage(store, 'msg_1', 'sent')
  for (const row of await claim(store)) await settle(store, row, NOW + 1001 * MINUTE)
  await store.pullBack(1000 * MINUTE, NOW)
  expect(await store.nextNotificationAt(8)).toBe(NOW + MINUTE)
})
