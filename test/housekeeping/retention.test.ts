import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { ask } from '../support/api.ts'
import { ASHA, paidOrder, testWorld, type World, type WorldOptions } from '../support/world.ts'

const SHORT = `
retention: { bodies: 1d, images: 1d, reports: 35d, messages: 100d, events: 7d, orders: 100d }
`
/** Polls of days would make these stories slow. */
const CALM = `  poll_inbound_every: 1h\n`

const calmWorld = (options: WorldOptions = {}) => testWorld({ karibu: CALM, settings: SHORT, ...options })

async function sentReceipt(world: World): Promise<string> {
  world.karibu.customerWrites(ASHA)
  await world.run(HOUR)
  await world.shopSends('woocommerce', paidOrder({ paidAt: world.clock.now() - MINUTE }))
  await world.run(MINUTE)
  const [message] = await world.messages()
  expect(message).toMatchObject({ status: 'read' })
  return message?.id ?? ''
}

function imageFiles(world: World): string[] {
  const folder = join(world.folder, 'data/media')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /..\/.+/.test(name))
}

/** Days in steps short enough that no clock is doubted. */
async function days(world: World, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 2) {
    world.clock.moveTo(world.clock.now() + Math.min(2, left) * DAY)
    await world.run(MINUTE)
  }
}

test('each class is forgotten at its own age, and what is younger stays', async () => {
  const world = await calmWorld()
  const id = await sentReceipt(world)
  const events = (await world.get<{ items: { id: string; type: string }[] }>('/v1/events')).body.items
  const paid = events.find(({ type }) => type === 'order.paid')?.id ?? ''
  expect(imageFiles(world)).toHaveLength(1)
  world.clock.moveTo(world.clock.now() + DAY - 2 * HOUR)
  await world.run(MINUTE)
  expect(imageFiles(world)).toHaveLength(1)
  expect((await ask<{ body: unknown }>(world, `/v1/events/${paid}`)).body.body).not.toBeNull()

  await world.run(2 * HOUR)
  expect(imageFiles(world)).toEqual([])
  const bare = await ask<{ body: unknown; type: string }>(world, `/v1/events/${paid}`)
  expect(bare.body).toMatchObject({ type: 'order.paid', body: null })
  expect((await ask(world, `/v1/messages/${id}`)).body).toMatchObject({ status: 'read', media_url: null, images: [] })

  await days(world, 7)
  expect((await ask(world, `/v1/events/${paid}`)).status).toBe(404)
  expect((await ask(world, `/v1/messages/${id}`)).body).toMatchObject({
    status: 'read',
    order: { number: 'DUKA-0107' },
  })
})

test('a receipt is never sent again, however long ago it was forgotten that it was sent', async () => {
  const world = await calmWorld()
  const id = await sentReceipt(world)
  await days(world, 102)
  expect((await ask(world, `/v1/messages/${id}`)).status).toBe(404)
  expect((await world.get('/v1/messages')).body).toMatchObject({ items: [] })

  world.karibu.customerWrites(ASHA)
  await world.run(HOUR)
  // The shop tells the order anew, as one paid a minute ago.
  const now = world.clock.now()
  await world.shopSends(
    'woocommerce',
    paidOrder({ paidAt: now - MINUTE, updatedAt: now - MINUTE, createdAt: now - HOUR }),
  )
  await world.run(HOUR)
  expect(world.karibu.images()).toHaveLength(1)
  const { body } = await world.get<{ items: { type: string; trace: { text: string }[] }[] }>('/v1/events')
  const told = body.items.find(({ type }) => type === 'order.paid')
  expect(told?.trace.map(({ text }) => text)).toContain('this message was made already; no second one is made')
})

test('an Idempotency-Key stays used after its message is gone', async () => {
  const world = await calmWorld()
  await sentReceipt(world)
  const body = { shop: 'duka', to: ASHA, order: '4522' }
  const key = { 'idempotency-key': 'till-7' }
  expect((await world.post('/v1/messages', body, key)).status).toBe(202)
  await days(world, 102)
  const again = await world.post('/v1/messages', { shop: 'duka', to: ASHA, image_url: `${world.url}/x.png` }, key)
  expect([again.status, again.body]).toMatchObject([409, { error: { code: 'idempotency.mismatch' } }])
})

test('what still waits is kept at any age, with its order', async () => {
  const world = await calmWorld({
    rules: `
  - name: receipt
    on: order.paid
    send: { image: receipt }
    expires_after: 90d
`,
  })
  await world.shopSends('woocommerce', paidOrder())
  await days(world, 40)
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  world.karibu.customerWrites(ASHA)
  await world.run(2 * HOUR)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a file that no row knows goes after a second look; a picture of ours stays', async () => {
  const world = await calmWorld()
  await sentReceipt(world)
  const [ours = ''] = imageFiles(world)
  const folder = join(world.folder, 'data/media/zz')
  mkdirSync(folder)
  writeFileSync(join(folder, `zz${'a'.repeat(30)}`), 'left by a crash')
  writeFileSync(join(folder, `zz${'b'.repeat(30)}.tmp`), 'half')
  await world.run(HOUR + MINUTE)
  expect(imageFiles(world)).toHaveLength(3)
  await world.run(HOUR + MINUTE)
  expect(imageFiles(world)).toEqual([ours])
})

test('a clock that leaps forward makes nothing old until it has held for a day', async () => {
  const world = await calmWorld()
  await sentReceipt(world)
  world.clock.moveTo(world.clock.now() + 500 * DAY)
  await world.run(HOUR)
  expect(await world.messages()).toHaveLength(1)
  expect(imageFiles(world)).toHaveLength(1)
  await world.run(DAY + HOUR)
  expect(await world.messages()).toEqual([])
  expect(imageFiles(world)).toEqual([])
})
