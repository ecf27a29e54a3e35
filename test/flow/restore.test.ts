import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { makeBackup } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { verifyBackup } from '../../src/backup/verify.ts'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { openServiceStore } from '../../src/store/store.ts'
import { ask } from '../support/api.ts'
import { gatewayWorld, notify, PAYMENT } from '../support/toy-gateway.ts'
import { ASHA, paidOrder, testWorld, type World, type WorldOptions } from '../support/world.ts'

const JUMA = '255713000002'

const quiet = () => {}
const backUp = (world: World, freeBytes?: () => Promise<number>) =>
  makeBackup(
    { dataDir: join(world.folder, 'data'), to: null, minFreeBytes: 0 },
    { clock: world.clock, progress: quiet, ...(freeBytes && { freeBytes }) },
  )

/** The machine is lost; another begins with the backup alone. */
async function loseAllBut(world: World, backup: string) {
  const safe = join(world.folder, 'safe')
  cpSync(backup, safe, { recursive: true })
  await world.app.stop()
  const dataDir = join(world.folder, 'data')
  rmSync(dataDir, { recursive: true })
  const restored = await restoreBackup(
    { from: safe, dataDir, publicUrl: world.url },
    { clock: world.clock, progress: quiet },
  )
  await world.restart()
  return restored
}

async function worldWithCustomer(options: WorldOptions = {}): Promise<World> {
  const world = await testWorld({ karibu: '  per_contact_every: 0s', ...options })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  return world
}

let orders = 7000
/** One more order of Asha's, paid now. */
const orderOf = (world: World, number: string, change: Parameters<typeof paidOrder>[0] = {}) => {
  const now = world.clock.now()
  return paidOrder({ id: String(++orders), number, createdAt: now - SECOND, updatedAt: now, paidAt: now, ...change })
}

test('a backup made while orders come in holds what was acknowledged before it began, and verifies', async () => {
  const world = await worldWithCustomer()
  await world.shopSends('woocommerce', orderOf(world, 'A-1'))
  const later = Array.from({ length: 20 }, (_, index) => world.shopSends('woocommerce', orderOf(world, `B-${index}`)))
  const { folder, manifest } = await backUp(world)
  await Promise.all(later)
  expect(manifest.rows.orders).toBeGreaterThanOrEqual(1)
  expect(manifest.images.length).toBeGreaterThanOrEqual(1)
  expect(await verifyBackup(folder)).toEqual(manifest)
  expect(readdirSync(join(world.folder, 'data/backups'))).toHaveLength(1)
  const modes = ['.', 'risiti.db', 'manifest.json'].map((name) => statSync(join(folder, name)).mode & 0o777)
  expect(modes).toEqual([0o700, 0o600, 0o600])
  await world.run(MINUTE)
  expect(await world.messages()).toHaveLength(21)
})

test('what was sent after the backup is not sent again; what was not goes out', async () => {
  const world = await worldWithCustomer()
  await world.shopSends('woocommerce', orderOf(world, 'SENT-BEFORE'))
  await world.run(MINUTE)
  for (const [number, phone] of [
    ['SENT-AFTER', '0713 000 002'],
    ['STILL-HELD', '0713 000 003'],
  ] as const) {
    await world.shopSends('woocommerce', orderOf(world, number, { customer: { name: 'Juma', phone } }))
  }
  await world.run(MINUTE)
  const { folder } = await backUp(world)
  await world.run(MINUTE)
  world.karibu.customerWrites(JUMA)
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(2)

  const { doubted } = await loseAllBut(world, folder)
  expect(doubted).toBe(2)
  const states = async () => (await world.messages()).map(({ order_number, status }) => `${order_number} ${status}`)
  expect(await states()).toEqual(['SENT-BEFORE read', 'SENT-AFTER uncertain', 'STILL-HELD uncertain'])
  await world.run(20 * MINUTE)
  expect(await states()).toEqual(['SENT-BEFORE read', 'SENT-AFTER uncertain', 'STILL-HELD held'])
  expect((await world.messages())[1]).toMatchObject({ reason: { code: 'restored' } })
  world.karibu.customerWrites('255713000003')
  await world.run(MINUTE)
  expect(await states()).toEqual(['SENT-BEFORE read', 'SENT-AFTER uncertain', 'STILL-HELD read'])
  await world.run(2 * 60 * MINUTE)
  expect(world.karibu.images()).toHaveLength(3)
})

test('a receipt that was claimed after the backup is not sent again when the claim is read anew; its link is the same', async () => {
  const world = await testWorld()
  const noPhone = { customer: { name: 'Asha', phone: null } }
  const [claimed, waiting] = [orderOf(world, 'CLAIMED', noPhone), orderOf(world, 'WAITING', noPhone)]
  for (const order of [claimed, waiting]) await world.shopSends('woocommerce', order)
  const codeOf = async ({ id }: typeof claimed) =>
    (await ask<{ code: string }>(world, `/v1/orders/duka/${id}/claim`)).body.code
  const codes = [await codeOf(claimed), await codeOf(waiting)]
  await world.run(MINUTE)
  const { folder } = await backUp(world)
  world.karibu.customerWrites(JUMA, { text: `Risiti ${codes[0]}` })
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(1)

  await loseAllBut(world, folder)
  await world.run(2 * 60 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
  expect((await world.messages())[0]).toMatchObject({ status: 'uncertain', reason: { code: 'restored' }, to: JUMA })
  expect([await codeOf(claimed), await codeOf(waiting)]).toEqual(codes)
  world.karibu.customerWrites(ASHA, { text: `Risiti ${codes[1]}` })
  await world.run(MINUTE)
  expect(world.karibu.images().map(({ to }) => to)).toEqual([JUMA, ASHA])
})

test('a receipt whose picture was ready before the backup is known by its link and followed to read', async () => {
  const world = await worldWithCustomer()
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 120 })
  await world.shopSends('woocommerce', orderOf(world, 'READY'))
  expect(await world.messages()).toMatchObject([{ status: 'queued' }])
  const { folder } = await backUp(world)
  await world.run(3 * MINUTE)
  const [image] = world.karibu.images()
  expect(image).toMatchObject({ status: 'read' })
  await loseAllBut(world, folder)
  await world.run(20 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read', message_id: image?.id }])
})

test('one that was queued and did not go out before the disaster goes out after it, once', async () => {
  const world = await worldWithCustomer()
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 120 })
  await world.shopSends('woocommerce', orderOf(world, 'WAITING'))
  const { folder } = await backUp(world)
  await loseAllBut(world, folder)
  await world.run(9 * MINUTE)
  expect(world.karibu.images()).toEqual([])
  await world.run(11 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
})

test('an order paid in the gap and updated afterwards sends no second receipt; one the gap never saw sends its first', async () => {
  const world = await worldWithCustomer()
  const { folder } = await backUp(world)
  await world.run(MINUTE)
  const paid = orderOf(world, 'IN-THE-GAP')
  const unseen = orderOf(world, 'UNSEEN', { customer: { name: 'Juma', phone: '0713 000 002' } })
  await world.shopSends('woocommerce', paid)
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(1)

  await loseAllBut(world, folder)
  await world.run(10 * MINUTE)
  world.karibu.customerWrites(JUMA)
  await world.run(MINUTE)
  await world.shopSends('woocommerce', { ...paid, updatedAt: world.clock.now() })
  await world.shopSends('woocommerce', { ...unseen, updatedAt: world.clock.now() })
  await world.shopSends('woocommerce', { ...paid, updatedAt: world.clock.now() + SECOND })
  await world.run(20 * MINUTE)
  const messages = await world.messages()
  expect(messages.map(({ order_number, status }) => `${order_number} ${status}`)).toEqual([
    'IN-THE-GAP uncertain',
    'UNSEEN read',
  ])
  expect(world.karibu.images().map(({ to }) => to)).toEqual([ASHA, JUMA])
  const { body } = await ask<{ items: { id: string; type: string }[] }>(world, '/v1/events?limit=200')
  const event = body.items.findLast(({ type }) => type === 'order.paid')
  const story = await ask<{ trace: { text: string }[] }>(world, `/v1/events/${event?.id}`)
  expect(story.body.trace.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('before a backup was restored'),
  )
})

test('a claim confirmed and answered in the gap is asked about again, and sends no second receipt', async () => {
  const { world, gateway } = await gatewayWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15 * SECOND)
  gateway.payments.set('P1', { ...PAYMENT, status: 'pending' })
  await notify(world, { id: 'P1' })
  const { folder } = await backUp(world)
  gateway.payments.set('P1', PAYMENT)
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(1)

  const { asked } = gateway
  await loseAllBut(world, folder)
  await world.run(20 * MINUTE)
  expect(gateway.asked).toBe(asked + 1)
  expect(await world.messages()).toMatchObject([{ order_id: 'P1', status: 'uncertain', reason: { code: 'restored' } }])
  expect(world.karibu.images()).toHaveLength(1)
})

test('an order paid after the restore waits for nothing', async () => {
  const world = await worldWithCustomer()
  const { folder } = await backUp(world)
  await loseAllBut(world, folder)
  await world.run(5 * MINUTE)
  await world.shopSends('woocommerce', orderOf(world, 'FRESH'))
  await world.run(10 * SECOND)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
})

test('a window that opened in the gap is known after the restore', async () => {
  const world = await testWorld()
  const { folder } = await backUp(world)
  await world.run(MINUTE)
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  await loseAllBut(world, folder)
  await world.run(5 * MINUTE)
  await world.shopSends('woocommerce', orderOf(world, 'OPEN'))
  await world.run(10 * SECOND)
  expect(await world.messages()).toMatchObject([{ order_number: 'OPEN', status: 'read' }])
})

test('a failure learnt again after the restore does not send again what the gap sent again', async () => {
  const world = await worldWithCustomer({ sandbox: { switches: { webhookDropAll: true } } })
  world.karibu.nextSend({ failAsync: '131053' })
  await world.shopSends('woocommerce', orderOf(world, 'TWICE-TRIED'))
  expect(await world.messages()).toMatchObject([{ status: 'pending' }])
  const { folder } = await backUp(world)
  await world.run(15 * MINUTE)
  expect(world.karibu.images().map(({ status }) => status)).toEqual(['failed', 'read'])
  await loseAllBut(world, folder)
  await world.run(60 * MINUTE)
  expect(world.karibu.images()).toHaveLength(2)
  expect(await world.messages()).toMatchObject([{ status: 'uncertain', reason: { code: 'restored' } }])
})

test('what is damaged, cut short or in the way is refused, and says what is wrong', async () => {
  const world = await worldWithCustomer()
  await world.shopSends('woocommerce', orderOf(world, 'A-1'))
  await world.run(MINUTE)
  const { folder, manifest } = await backUp(world)
  const into = join(world.folder, 'new')
  const restore = (from: string, dataDir = into) =>
    restoreBackup({ from, dataDir, publicUrl: world.url }, { clock: world.clock, progress: quiet })
  const spoilt = (name: string, spoil: (copy: string) => void) => {
    const copy = join(world.folder, name)
    cpSync(folder, copy, { recursive: true })
    spoil(copy)
    return copy
  }
  const [image] = manifest.images
  const imagePath = (copy: string) => join(copy, 'media', image?.token.slice(0, 2) ?? '', image?.token ?? '')
  const cases: [string, (copy: string) => void, RegExp][] = [
    ['no-manifest', (copy) => rmSync(join(copy, 'manifest.json')), /cut short/],
    ['half-manifest', (copy) => writeFileSync(join(copy, 'manifest.json'), '{"format": 1,'), /cannot be read/],
    ['short', (copy) => writeFileSync(join(copy, 'risiti.db'), 'SQLite'), /has 6 bytes, the manifest says/],
    ['flipped', (copy) => flipByte(join(copy, 'risiti.db')), /its hash differs/],
    ['image-gone', (copy) => rmSync(imagePath(copy)), /1 of 1 images are missing or changed/],
    ['image-changed', (copy) => writeFileSync(imagePath(copy), 'x'), /1 of 1 images are missing or changed/],
  ]
  for (const [name, spoil, said] of cases) await expect(restore(spoilt(name, spoil)), name).rejects.toThrow(said)
  expect(existsSync(join(into, 'risiti.db'))).toBe(false)

  await expect(restore(folder, join(world.folder, 'data'))).rejects.toMatchObject({ code: 'data_dir.in_use' })
  await world.app.stop()
  await expect(restore(folder, join(world.folder, 'data'))).rejects.toMatchObject({ code: 'restore.not_empty' })
  await restore(folder)
  await expect(restore(folder)).rejects.toMatchObject({ code: 'restore.not_empty' })
})

test('a restore that was cut short is no data folder, and may be run again', async () => {
  const world = await worldWithCustomer()
  const { folder } = await backUp(world)
  const safe = join(world.folder, 'safe')
  cpSync(folder, safe, { recursive: true })
  await world.app.stop()
  const dataDir = join(world.folder, 'data')
  renameSync(dataDir, join(world.folder, 'old'))
  mkdirSync(join(dataDir, '.restoring'), { recursive: true })
  mkdirSync(join(dataDir, 'media/ab'), { recursive: true })
  await expect(world.restart()).rejects.toMatchObject({ code: 'data_dir.half_restored' })
  await restoreBackup({ from: safe, dataDir, publicUrl: world.url }, { clock: world.clock, progress: quiet })
  await world.restart()
  expect((await world.get('/healthz')).status).toBe(200)
})

test('a backup of a newer version is refused and leaves the folder as it was', async () => {
  const world = await worldWithCustomer()
  const dataDir = join(world.folder, 'data')
  await world.app.stop()
  const sqlite = new Database(join(dataDir, 'risiti.db'))
  sqlite.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('of-tomorrow', 9e15)
  sqlite.close()
  const { folder } = await backUp(world)
  const into = join(world.folder, 'new')
  const restoring = restoreBackup(
    { from: folder, dataDir: into, publicUrl: world.url },
    { clock: world.clock, progress: quiet },
  )
  await expect(restoring).rejects.toMatchObject({ code: 'store.newer' })
  expect(readdirSync(into)).toEqual(['serve.lock'])
})

test('a disk with too little room for a backup is said so before anything is written', async () => {
  const world = await worldWithCustomer()
  await expect(backUp(world, async () => 1_000_000)).rejects.toMatchObject({ code: 'disk.full' })
  expect(existsSync(join(world.folder, 'data/backups'))).toBe(false)
})

test('one service at a time runs on a data folder, and the next may as soon as it has ended', async () => {
  const world = await testWorld()
  const second = () => openServiceStore(join(world.folder, 'data'), createIds(world.clock))
  expect(second).toThrow(expect.objectContaining({ code: 'data_dir.in_use' }))
  await world.app.stop()
  const store = second()
  await store.close()
  await world.restart()
})

function flipByte(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1
  writeFileSync(path, bytes)
}
