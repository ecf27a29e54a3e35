import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { ask } from '../support/api.ts'
import { ASHA, paidOrder, testWorld, type World, type WorldOptions } from '../support/world.ts'

// Noon in Dar es Salaam; quiet from a quarter past until seven in the evening.
const QUIET = '12:15-19:00'
const END = '2026-11-20T16:00:00.000Z'
const quietWorld = (options: WorldOptions = {}) =>
  testWorld({ quietHours: QUIET, karibu: '  poll_inbound_every: 1m\n  per_contact_every: 0s\n', ...options })

async function wroteThenQuiet(world: World): Promise<void> {
  world.karibu.customerWrites(ASHA)
  await world.run(20 * MINUTE)
}

test('an order paid in quiet hours waits with a reason, and its receipt goes out as they end', async () => {
  const world = await quietWorld()
  await wroteThenQuiet(world)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  const [waiting] = await world.messages()
  expect(waiting).toMatchObject({ status: 'queued', reason: { code: 'quiet_hours' }, attempts: 0 })
  expect(waiting?.reason?.text).toContain(END)
  await world.run(Date.parse(END) - world.clock.now() - 1)
  expect(world.karibu.images()).toEqual([])
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read', reason: null }])
})

test('a customer who writes is awake: what waited goes out within a second of our hearing it', async () => {
  const world = await quietWorld()
  await wroteThenQuiet(world)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  world.karibu.customerWrites(ASHA, { text: 'Risiti iko wapi?' })
  await world.run(MINUTE + SECOND)
  expect(world.karibu.images()).toHaveLength(1)
})

test('an order paid while the customer is writing, and a send by hand, do not wait', async () => {
  const world = await quietWorld()
  await wroteThenQuiet(world)
  world.karibu.customerWrites(ASHA, { text: 'Bei?' })
  await world.run(MINUTE + SECOND)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
  await world.run(HOUR)
  expect((await ask(world, '/v1/messages', { method: 'POST', body: { shop: 'duka', order: '4522' } })).status).toBe(202)
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toHaveLength(2)
})

test('a window that ends before the quiet hours do is treated as closed at once', async () => {
  const world = await quietWorld({ quietHours: '12:15-12:00' })
  await wroteThenQuiet(world)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'held', reason: { code: 'quiet_hours' } }])
  world.karibu.customerWrites(ASHA)
  await world.run(2 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a cancelled order and a STOP are heeded when the morning comes', async () => {
  const world = await quietWorld()
  await wroteThenQuiet(world)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  world.karibu.customerWrites(ASHA, { text: 'STOP' })
  await world.run(8 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'opted_out' } }])
  expect(world.karibu.images()).toEqual([])
})
