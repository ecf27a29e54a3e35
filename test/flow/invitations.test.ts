import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { ASHA, INVITING, paidOrder, START, testWorld, type World } from '../support/world.ts'

const invitingWorld = () => testWorld({ rules: INVITING, karibu: '  poll_inbound_every: 1m' })
const templates = (world: World) => world.karibu.messages().filter(({ kind }) => kind === 'template')
const invitation = async (world: World) => (await world.messages()).find(({ kind }) => kind === 'template')

test('an invitation that has not gone out is dropped when the customer writes; the receipt goes instead', async () => {
  const world = await invitingWorld()
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 300, kind: 'template' })
  await world.shopSends('woocommerce', paidOrder())
  expect(await invitation(world)).toMatchObject({ status: 'queued', attempts: 1 })
  world.karibu.customerWrites(ASHA)
  await world.run(10 * MINUTE)
  expect(templates(world)).toEqual([])
  expect(world.karibu.images()).toHaveLength(1)
  expect(await invitation(world)).toMatchObject({ status: 'cancelled', reason: { code: 'customer_wrote' } })
})

test('nor does it go out for a receipt that was cancelled by hand meanwhile', async () => {
  const world = await invitingWorld()
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 300, kind: 'template' })
  await world.shopSends('woocommerce', paidOrder())
  const held = (await world.messages()).find(({ status }) => status === 'held')
  expect((await world.post(`/v1/messages/${held?.id}/cancel`)).status).toBe(200)
  await world.run(10 * MINUTE)
  expect(templates(world)).toEqual([])
  expect(await invitation(world)).toMatchObject({ status: 'cancelled', reason: { code: 'nothing_held' } })
})

test('a blocked sender keeps an invitation no longer than its receipt is kept', async () => {
  const world = await invitingWorld()
  world.karibu.set({ auth: 'unauthorized' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  expect(await invitation(world)).toMatchObject({ status: 'queued' })
  world.clock.moveTo(START + 72 * HOUR)
  await world.run(2 * MINUTE)
  expect(await invitation(world)).toMatchObject({ status: 'expired', reason: { code: 'waited_too_long' } })
  expect(templates(world)).toEqual([])
})

test('a day counts from when the invitation went out, and one that still waits speaks for later receipts', async () => {
  const world = await invitingWorld()
  const order = (id: string) => {
    const now = world.clock.now()
    return world.shopSends('woocommerce', paidOrder({ id, number: id, paidAt: now, updatedAt: now }))
  }
  world.karibu.set({ auth: 'unauthorized' })
  await order('1')
  world.clock.moveTo(START + 25 * HOUR)
  await order('2')
  expect((await world.messages()).filter(({ kind }) => kind === 'template')).toHaveLength(1)
  world.karibu.set({ auth: 'normal' })
  await world.run(10 * MINUTE)
  expect(templates(world)).toHaveLength(1)
  world.clock.moveTo(START + 48 * HOUR)
  await order('3')
  await world.run(MINUTE)
  expect(templates(world)).toHaveLength(1)
  world.clock.moveTo(START + 50 * HOUR)
  await order('4')
  await world.run(MINUTE)
  expect(templates(world)).toHaveLength(2)
})

test('an invitation whose answer was lost leads to no second one, whatever is held within the day', async () => {
  const world = await invitingWorld()
  world.karibu.nextSend({ http: 502, accepted: true, kind: 'template' })
  await world.shopSends('woocommerce', paidOrder({ id: '1', number: '1' }))
  await world.run(HOUR)
  await world.shopSends('woocommerce', paidOrder({ id: '2', number: '2' }))
  await world.run(HOUR)
  expect(templates(world)).toHaveLength(1)
})
