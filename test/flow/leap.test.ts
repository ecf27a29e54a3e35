import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { ASHA, INVITING, paidOrder, testWorld } from '../support/world.ts'

const LEAP = 5 * DAY

test('a clock that leaps ahead ends no hold: the receipt goes out when the customer writes', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1m' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(5 * MINUTE)
  world.clock.moveTo(world.clock.now() + LEAP)
  await world.run(2 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  await world.restart()
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  world.karibu.customerWrites(ASHA)
  await world.run(2 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
})

test('once the clock has held for a day it is believed, and what is too old expires', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(5 * MINUTE)
  world.clock.moveTo(world.clock.now() + LEAP)
  await world.run(5 * MINUTE)
  world.clock.moveTo(world.clock.now() + DAY)
  await world.run(5 * MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'expired', reason: { code: 'held_too_long' } }])
})

test('the same holds for an invitation that waits for a blocked sender', async () => {
  const world = await testWorld({ rules: INVITING, karibu: '  poll_inbound_every: 1h' })
  world.karibu.set({ auth: 'unauthorized' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(5 * MINUTE)
  world.clock.moveTo(world.clock.now() + LEAP)
  await world.run(10 * MINUTE)
  expect((await world.messages()).map(({ status }) => status)).toEqual(['held', 'queued'])
})
