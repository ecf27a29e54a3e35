import { expect, test, vi } from 'vitest'
import { imageServer } from '../support/image-server.ts'
import { ASHA, testWorld, type World } from '../support/world.ts'

const phoneOf = (index: number) => `2557130000${String(index).padStart(2, '0')}`
const others = Array.from({ length: 50 }, (_, index) => phoneOf(index))

const send = (world: World, to: string, image_url: string) =>
  world.post('/v1/messages', { shop: 'duka', to, image_url, caption: to })
const sentTo = (world: World) => world.karibu.images().map(({ to }) => to)

/** So many pictures for one contact, put into the queue without a word to the worker. */
async function queue(world: World, count: number, imageUrl: string): Promise<void> {
  const at = world.clock.now()
  for (let number = 0; number < count; number++) {
    await world.app.store.addMessage(
      {
        id: `msg_queued_${String(number).padStart(4, '0')}`,
        effectKey: `queued ${number}`,
        kind: 'image',
        status: 'queued',
        cause: 'api',
        shop: 'duka',
        contact: { sender: '255700000001', phone: ASHA, karibuId: null, name: null },
        sender: '255700000001',
        phone: ASHA,
        caption: 'one of many',
        imageUrl,
        whenClosed: 'hold',
        expiresAfterMs: 3_600_000,
        nextAttemptAt: at,
        createdAt: at,
        updatedAt: at,
      },
      at,
    )
  }
}

test('five hundred pictures for one customer, whose window closes first, hold up nobody else', async () => {
  const { url } = await imageServer()
  const world = await testWorld({ karibu: '  per_contact_burst: 1' })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  for (const phone of others) world.karibu.customerWrites(phone)
  await world.run(15_000)
  await queue(world, 500, url)
  await Promise.all(others.map((phone) => send(world, phone, url)))
  await world.run(100)
  expect(sentTo(world).filter((to) => to === ASHA)).toHaveLength(1)
  expect(new Set(sentTo(world))).toEqual(new Set([ASHA, ...others]))
  await world.run(60_000)
  expect(sentTo(world).filter((to) => to === ASHA)).toHaveLength(11)
})

test('customers whose sends hang take one place each until the time-out; the rest go through what is left', async () => {
  const { url } = await imageServer()
  const world = await testWorld({ karibu: '  concurrency: 4\n  timeout: 25s' })
  const slow = [90, 91, 92].map(phoneOf)
  for (const phone of [...slow, ...others]) world.karibu.customerWrites(phone)
  await world.run(15_000)
  for (const to of slow) world.karibu.nextSend({ to, delayMs: 60_000, accepted: false, http: 500 })
  for (const phone of slow) for (let copy = 0; copy < 5; copy++) await send(world, phone, url)
  for (const phone of others) await send(world, phone, url)
  await vi.waitFor(() => expect(new Set(sentTo(world))).toEqual(new Set(others)), { timeout: 15_000, interval: 20 })
  const hanging = (await world.messages()).filter(({ status }) => status === 'sending')
  expect(hanging.map(({ to }) => to)).toEqual(slow)
  world.clock.moveTo(world.clock.now() + 60_000)
  await world.settle()
})

test('of more than can be sent at once, the window that closes first goes first', async () => {
  const { url } = await imageServer()
  const world = await testWorld({ karibu: '  per_sender_per_second: 5\n  concurrency: 1' })
  const shuffled = others.slice(0, 20).toSorted((a, b) => Number(a.slice(-1)) - Number(b.slice(-1)))
  const byClosing = others.slice(0, 20)
  for (const phone of byClosing) {
    world.karibu.customerWrites(phone)
    await world.run(15_000)
  }
  await world.karibu.goDown()
  for (const phone of shuffled) await send(world, phone, url)
  await world.settle()
  await world.karibu.comeBack()
  await world.run(60_000)
  // The very first try found Karibu away; it tries again as whoever closes first.
  expect(sentTo(world)).toEqual(byClosing)
})
