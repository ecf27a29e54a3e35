import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { MINUTE } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { openStore } from '../../src/store/store.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')

function aStore() {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-house-'))
  const file = join(folder, 'risiti.db')
  const store = openStore(file, createIds({ now: () => NOW }))
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const deliver = (key: string, bytes: number) =>
    store.recordDelivery(
      {
        id: `evt_${key}`,
        source: 'duka',
        deliveryKey: key,
        topic: null,
        receivedAt: NOW,
        contentType: null,
        body: Buffer.alloc(bytes, 1),
      },
      [{ kind: 'ignored', reason: 'none of ours' }],
    )
  return { store, file, deliver }
}

test('the room of forgotten bodies goes back to the disk in steps, but for what is to stay', async () => {
  const { store, file, deliver } = aStore()
  for (let count = 0; count < 40; count++) await deliver(`k${count}`, 100_000)
  store.checkpoint()
  const full = statSync(file).size
  expect(full).toBeGreaterThan(4_000_000)
  expect(await store.removeBodies(NOW + 1, 20)).toEqual({ removed: 20, more: true })
  expect(await store.removeBodies(NOW + 1, 21)).toEqual({ removed: 20, more: false })
  expect(await store.removeBodies(NOW + 1, 20)).toEqual({ removed: 0, more: false })
  expect(await store.reclaim(64, 500)).toBe(64)
  let steps = 0
  while ((await store.reclaim(64, 500)) > 0) steps++
  expect(steps).toBeGreaterThan(3)
  store.checkpoint()
  expect(statSync(file).size).toBeLessThan(full / 1.5)
})

test('a log that a long read made grow is cut back as soon as the read ends', async () => {
  const { store, file, deliver } = aStore()
  await deliver('first', 10)
  const reader = new Database(file, { readonly: true })
  reader.exec('begin')
  reader.prepare('select count(*) from events').get()
  for (let count = 0; count < 12; count++) await deliver(`k${count}`, 2_000_000)
  const during = store.checkpoint()
  expect(during.blocked).toBe(true)
  expect(during.walBytes).toBeGreaterThan(16 * 1024 * 1024)
  reader.exec('commit')
  reader.close()
  expect(store.checkpoint()).toEqual({ walBytes: 0, blocked: false })
})

test('a clock set back makes what waits due as soon as before', async () => {
  const { store } = aStore()
  const ahead = NOW + 1000 * MINUTE
  const contact = { sender: '255700000001', phone: '255712345678', karibuId: null, name: null }
  const waiting = {
    id: 'msg_1',
    effectKey: 'one',
    kind: 'image' as const,
    status: 'queued' as const,
    cause: 'api' as const,
    contact,
    sender: contact.sender,
    caption: '',
    whenClosed: 'hold' as const,
    expiresAfterMs: 1,
    nextAttemptAt: ahead + MINUTE,
    createdAt: ahead,
    updatedAt: ahead,
  }
  await store.addMessage(waiting, ahead)
  expect(await store.nextDueAt(NOW, true)).toBe(ahead + MINUTE)
  await store.pullBack(1000 * MINUTE, NOW)
  expect(await store.nextDueAt(NOW, true)).toBe(NOW + MINUTE)
})
