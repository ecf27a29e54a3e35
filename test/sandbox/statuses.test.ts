import { expect, test } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import { CUSTOMER, imageHost, SENDER, START, sandboxWorld } from './world.ts'

async function withImage(options: Parameters<typeof sandboxWorld>[0] = {}) {
  const host = await imageHost(() => ({}))
  const world = await sandboxWorld(options)
  world.karibu.customerWrites(CUSTOMER)
  return { world, send: async (): Promise<string> => (await world.image(`${host.url}/a.png`)).json.data.message_id }
}

test('a message goes pending, sent, delivered, read by the clock', async () => {
  const { world, send } = await withImage()
  const id = await send()
  const seen: string[] = []
  for (const ms of [299, 1, 1199, 1, 2499, 1]) {
    await world.run(ms)
    seen.push((await world.detail(id)).status)
  }
  expect(seen).toEqual(['pending', 'sent', 'sent', 'delivered', 'delivered', 'read'])
  expect(world.karibu.images()[0]).toMatchObject({
    acceptedAt: START,
    sentAt: START + 300,
    deliveredAt: START + 1500,
    readAt: START + 4000,
    failedAt: null,
  })
})

test('detail is the list item with status, provider id and an empty reply', async () => {
  const { world, send } = await withImage()
  const id = await send()
  expect(await world.detail(id)).toMatchObject({ id, message_id: null, provider_message_id: null, status: 'pending' })
  await world.run(300)
  const detail = await world.detail(id)
  expect(detail).toMatchObject({ id, is_outbound: true, message_type: 'image', status: 'sent', reply: null })
  expect(detail.provider_message_id).toMatch(/^wamid\./)
  expect(detail.message_id).toBe(detail.provider_message_id)
  expect(detail).not.toHaveProperty('error_code')
})

test('while the phone is off a message stays sent, and arrives when it comes on', async () => {
  const { world, send } = await withImage()
  world.karibu.phone(CUSTOMER).off()
  const id = await send()
  await world.run(20 * HOUR)
  expect((await world.detail(id)).status).toBe('sent')
  world.karibu.phone(CUSTOMER).on()
  expect((await world.detail(id)).status).toBe('delivered')
  await world.run(2500)
  expect((await world.detail(id)).status).toBe('read')
})

test('a phone that sends no read receipts leaves it delivered, until the customer is made to read', async () => {
  const { world, send } = await withImage()
  world.karibu.phone(CUSTOMER).reads(false)
  const id = await send()
  await world.run(HOUR)
  expect((await world.detail(id)).status).toBe('delivered')
  world.karibu.customerReads(id)
  expect((await world.detail(id)).status).toBe('read')
})

test('a message can be read without having been delivered, and is never delivered afterwards', async () => {
  const { world, send } = await withImage()
  const id = await send()
  await world.run(600)
  world.karibu.customerReads(id)
  await world.run(HOUR)
  expect(world.karibu.images()[0]).toMatchObject({ status: 'read', deliveredAt: null })
})

test('a number that is not on WhatsApp fails with 131026, our own with 131021', async () => {
  const { world, send } = await withImage()
  world.karibu.phone(CUSTOMER).registered(false)
  await send()
  world.karibu.customerWrites(SENDER)
  await world.text({ to: SENDER })
  await world.run(300)
  expect(world.karibu.messages().map((message) => message.errorCode)).toEqual(['131026', '131021'])
})

test('delays can be set, and vary by seeded chance', async () => {
  const { world, send } = await withImage({
    statusDelays: { sent: 1000, fetch: 1000, delivered: 1000, read: 1000 },
    switches: { statusJitter: 0.5 },
    random: () => 0,
  })
  const id = await send()
  await world.run(499)
  expect((await world.detail(id)).status).toBe('pending')
  await world.run(1)
  expect((await world.detail(id)).status).toBe('read')
})

test('the error code can be a number', async () => {
  const { world, send } = await withImage({ switches: { errorCodeForm: 'number' } })
  world.karibu.nextSend({ failAsync: 131026 })
  world.karibu.nextSend({ failAsync: 'EC_INVALID_DESTINATION' })
  const ids = [await send(), await send()]
  await world.run(300)
  const details = await Promise.all(ids.map((id) => world.detail(id)))
  expect(details.map((detail) => detail.error_code)).toEqual([131026, 'EC_INVALID_DESTINATION'])
})

test('stopping ends all that is under way', async () => {
  const { world, send } = await withImage()
  await send()
  await world.karibu.stop()
  expect(world.clock.nextWakeAt()).toBeUndefined()
  await world.activity.idle()
})

test('while it is down connections are refused, and what was accepted lives on', async () => {
  const { world, send } = await withImage()
  const id = await send()
  await world.karibu.goDown()
  await expect(world.text()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await world.run(5000)
  await world.karibu.comeBack()
  expect((await world.detail(id)).status).toBe('read')
})
