import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { personTarget } from '../../src/privacy/erase.ts'
import { findPerson, presentPerson } from '../../src/privacy/person.ts'
import { ask } from '../support/api.ts'
import { type Receiver, receiver } from '../support/receiver.ts'
import { ASHA, paidOrder, START, testWorld, type World, type WorldOptions } from '../support/world.ts'

const SECRET = `whsec_${Buffer.from('a secret of a target, 32 bytes..').toString('base64')}`
const NEXT = `whsec_${Buffer.from('the secret that follows it, 32..').toString('base64')}`

interface Target {
  name?: string
  to: Receiver | string
  more?: string
}

/** A world whose shop is told of changes. */
function tellingWorld(targets: Target[], options: WorldOptions = {}): Promise<World> {
  const lines = targets.map(({ name = 'duka-backend', to, more = 'secret: "${TOLD}"' }) => {
    const url = typeof to === 'string' ? to : to.url
    return `  - { name: ${name}, url: "${url}", ${more} }`
  })
  return testWorld({
    // Karibu is asked when it matters; polls would only fill the days that pass here.
    karibu: '  poll_inbound_every: 1h',
    ...options,
    settings: `notify:\n${lines.join('\n')}\n${options.settings ?? ''}`,
    env: { TOLD: SECRET, TOLD_NEXT: NEXT, ...options.env },
  })
}

async function sendsReceipt(world: World): Promise<void> {
  world.karibu.customerWrites(ASHA)
  await world.shopSends('woocommerce', paidOrder())
}

/** Lets so many tries come due one by one, without living through the days between them. */
async function leapsOfDays(world: World, tries: number): Promise<void> {
  for (let leap = 0; leap < tries; leap++) await world.leap(29 * HOUR)
}

test('a shop is told that its receipt was held, sent, delivered and read, signed and in this order', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop }], { karibu: '' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(SECOND)
  expect(shop.all.map(({ type }) => type)).toEqual(['message.held'])
  expect(shop.all[0]?.data).toMatchObject({
    status: 'held',
    order_number: 'DUKA-0107',
    shop: 'duka',
    reason: { code: 'window_closed' },
  })
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  const [message] = await world.messages()
  expect(shop.story(message?.id ?? '')).toEqual(['message.held', 'message.sent', 'message.delivered', 'message.read'])
  const last = shop.all.at(-1)
  expect(last?.data).toEqual(message)
  expect(last?.data['read_at']).toBe(message?.read_at)
  expect(last?.timestamp).toBe(new Date((last?.at ?? 0) * 1000).toISOString())
  expect(shop.all.every(({ signedWith }) => signedWith.join() === '0')).toBe(true)
  expect(new Set(shop.all.map(({ id }) => id)).size).toBe(4)
})

test('a failure is tried again by the schedule, with the same id and body, and what follows waits behind it', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop, more: 'secret: "${TOLD}", events: [message.sent, message.read]' }])
  let fails = 4
  shop.answer(() => ({ status: fails-- > 0 ? 500 : 200 }))
  await sendsReceipt(world)
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
  expect(shop.all.map(({ type }) => type)).toEqual(['message.sent', 'message.sent'])
  for (const wait of [330, 1980, 7920]) {
    await world.leap((wait - 90) * SECOND)
    await world.run(90 * SECOND)
  }
  await world.run(SECOND)
  expect(shop.all.map(({ type }) => type)).toEqual([...Array<string>(5).fill('message.sent'), 'message.read'])
  const [first, ...again] = shop.all.slice(0, 5)
  const waits = again.map(({ at }, index) => at - (shop.all[index]?.at ?? 0))
  expect(waits).toEqual([5, 330, 1980, 7920].map((wait) => expect.closeTo(wait, -1)))
  for (const { id, data, timestamp, signedWith } of again) {
    expect({ id, data, timestamp }).toEqual({ id: first?.id, data: first?.data, timestamp: first?.timestamp })
    expect(signedWith).toEqual([0])
  }
  expect(first?.data['status']).toBe('sent')
})

test('each message keeps its order while others fail, and nothing is told that was not asked for', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([
    { to: shop },
    { name: 'soko-only', to: shop, more: 'secret: "${TOLD}", shops: [soko]' },
  ])
  let count = 0
  shop.answer(() => ({ status: count++ % 3 === 0 ? 503 : 200 }))
  const numbers = ['1', '2', '3', '4', '5', '6']
  for (const id of numbers) world.karibu.customerWrites(`25571234560${id}`)
  for (const id of numbers) {
    const customer = { name: 'Neema', phone: `071234560${id}` }
    await world.shopSends('woocommerce', paidOrder({ id, number: `N-${id}`, customer }))
  }
  await world.run(MINUTE)
  await leapsOfDays(world, 12)
  const messages = await world.messages()
  expect(messages).toHaveLength(6)
  for (const { id } of messages) {
    const taken = shop.taken().filter(({ data }) => data['id'] === id)
    expect(taken.map(({ type }) => type)).toEqual(['message.sent', 'message.delivered', 'message.read'])
  }
  expect(shop.all.length).toBeGreaterThan(18)
})

test('a target that asks for patience rests as long as it says, and no other message is told to it meanwhile', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop, more: 'secret: "${TOLD}", events: [message.held]' }])
  shop.answer(() => ({ status: 429, headers: { 'retry-after': '60' } }))
  await world.shopSends('woocommerce', paidOrder())
  await world.run(0)
  expect(shop.all).toHaveLength(1)
  shop.answer(() => ({ status: 200 }))
  await world.shopSends('woocommerce', paidOrder({ id: '4523', number: 'DUKA-0108' }))
  await world.run(59 * SECOND)
  expect(shop.all).toHaveLength(1)
  await world.run(SECOND)
  expect(shop.taken()).toHaveLength(2)
})

test('a target that answers 410 is told nothing more until the next start, which loses nothing', async () => {
  const lines: string[] = []
  const shop = await receiver([SECRET])
  const log: Log = { ...quiet, error: (_, name) => void lines.push(name) }
  const world = await tellingWorld([{ to: shop }], { log })
  shop.answer(() => ({ status: 410 }))
  await sendsReceipt(world)
  await world.run(MINUTE)
  await leapsOfDays(world, 2)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
  expect(shop.all.map(({ type }) => type)).toEqual(['message.sent'])
  expect(lines.filter((name) => name === 'notify.target_off')).toHaveLength(1)
  const ready = await world.get('/readyz')
  expect(ready.body).toMatchObject({
    status: 'degraded',
    notify: [{ target: 'duka-backend', waiting: 3, off_since: expect.stringMatching(/^2026-11-20T09:00/) }],
  })
  const { text } = await ask(world, '/metrics')
  expect(text).toContain('risiti_notify_target_off{target="duka-backend"} 1\n')
  expect(text).toContain('risiti_notifications_waiting{target="duka-backend"} 3\n')
  expect(text).toContain('risiti_notifications_total{target="duka-backend",outcome="gone"} 1\n')
  shop.answer(() => ({ status: 200 }))
  await world.restart()
  await world.run(0)
  expect(shop.taken().map(({ type }) => type)).toEqual(['message.sent', 'message.delivered', 'message.read'])
  expect((await world.get('/readyz')).body).toMatchObject({ status: 'ok', notify: [{ waiting: 0, off_since: null }] })
})

test('a slow target stalls neither sending nor another target', async () => {
  const slow = await receiver([SECRET])
  const quick = await receiver([SECRET])
  const world = await tellingWorld([
    { name: 'slow', to: slow },
    { name: 'quick', to: quick },
  ])
  let waited = false
  // Answers nothing before the other order's picture is out and the other target was told.
  slow.answer(async () => {
    const done = () => world.karibu.images().length > 0 && quick.all.length > 0
    waited ||= !done()
    for (let tries = 0; !done(); tries++) {
      if (tries > 2000) throw new Error('the service waits for the slow target')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return { status: 200 }
  })
  world.karibu.customerWrites(ASHA)
  const juma = paidOrder({ id: '1', number: 'N-1', customer: { name: 'Juma', phone: '0754 000 123' } })
  await Promise.all([world.shopSends('woocommerce', juma), world.shopSends('woocommerce', paidOrder())])
  await world.run(MINUTE)
  expect(waited).toBe(true)
  for (const target of [slow, quick]) expect(target.taken()).toHaveLength(4)
  expect(slow.all).toHaveLength(4)
})

test('what was under way when the service ended is told again after the next start', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop }])
  shop.answer(() => ({ status: 500 }))
  await sendsReceipt(world)
  await world.run(2 * SECOND)
  const before = shop.all.length
  expect(before).toBeGreaterThan(0)
  shop.answer(() => ({ status: 200 }))
  await world.restart()
  await world.run(10 * MINUTE)
  expect(shop.taken().map(({ type }) => type)).toEqual(['message.sent', 'message.delivered', 'message.read'])
  expect(new Set(shop.taken().map(({ id }) => id)).size).toBe(3)
  expect(shop.taken()[0]?.id).toBe(shop.all[0]?.id)
})

test('a target that fails for good is given up after ten tries, and told what came after', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop, more: 'secret: "${TOLD}", events: [message.sent, message.read]' }])
  shop.answer(({ type }) => ({ status: type === 'message.sent' ? 301 : 200, headers: { location: shop.url } }))
  await sendsReceipt(world)
  await world.run(MINUTE)
  await leapsOfDays(world, 10)
  expect(shop.all.map(({ type }) => type)).toEqual([...Array<string>(10).fill('message.sent'), 'message.read'])
  expect((await ask(world, '/metrics')).text).toContain(
    'risiti_notifications_total{target="duka-backend",outcome="given_up"} 1\n',
  )
})

test('while secrets change every notification bears a signature of each', async () => {
  const shop = await receiver([SECRET, NEXT])
  const world = await tellingWorld([{ to: shop, more: 'secret: ["${TOLD_NEXT}", "${TOLD}"]' }])
  await world.shopSends('woocommerce', paidOrder())
  await world.run(SECOND)
  expect(shop.all[0]?.signedWith).toEqual([1, 0])
})

test.each(['https://127.0.0.1/x', 'https://localhost/x', 'https://10.0.0.8/x', 'https://169.254.169.254/latest'])(
  'nothing is posted to %s, whatever a name says when it is used',
  async (url) => {
    const lines: object[] = []
    const log: Log = { ...quiet, warn: (facts, name) => void lines.push({ ...facts, name }) }
    const shop = await receiver([SECRET])
    const world = await tellingWorld([{ to: shop }], {
      log,
      change({ config }) {
        config.publicUrl = 'https://risiti.duka.example'
        config.notify = config.notify.map((target) => ({ ...target, url }))
      },
    })
    await world.shopSends('woocommerce', paidOrder())
    await world.run(0)
    expect(lines).toContainEqual(expect.objectContaining({ name: 'notification.not_taken', code: 'blocked_address' }))
    expect(shop.all).toEqual([])
  },
)

test('of a person who is forgotten nothing more is told, and neither log nor database holds a secret or the address', async () => {
  const lines: string[] = []
  const line = (facts: object, name: string) => void lines.push(JSON.stringify({ ...facts, name }))
  const log: Log = { info: line, warn: line, error: line }
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop }], { log })
  shop.answer(() => ({ status: 500 }))
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  expect(await world.app.store.countNotifications()).toMatchObject([{ count: 1 }])
  const { store } = world.app
  const options = { publicUrl: world.url, marginMs: 0, now: world.clock.now(), fileOf: (token: string) => token }
  const stored = await presentPerson(ASHA, await findPerson(ASHA, store, options.now), store, options)
  expect(stored.notifications).toMatchObject([{ target: 'duka-backend', type: 'message.held', data: { to: ASHA } }])
  await store.requestErasure('ers_1', personTarget(ASHA), options.now)
  await world.run(2 * MINUTE)
  expect(await world.app.store.countNotifications()).toMatchObject([{ count: 0 }])
  const before = shop.all.length
  await leapsOfDays(world, 3)
  expect(shop.all).toHaveLength(before)
  const said = lines.join('\n')
  expect(said).toContain('notification.not_taken')
  for (const hidden of [SECRET, SECRET.slice(6), shop.url, ASHA]) expect(said).not.toContain(hidden)
  for (const file of ['risiti.db', 'risiti.db-wal']) {
    const bytes = readFileSync(join(world.folder, 'data', file))
    for (const hidden of [SECRET, SECRET.slice(6), shop.url]) expect(bytes.includes(hidden)).toBe(false)
  }
})

test('without targets nothing is kept to be told, and a target taken from the settings is forgotten', async () => {
  const shop = await receiver([SECRET])
  const world = await tellingWorld([{ to: shop }], { karibu: '' })
  shop.answer(() => ({ status: 500 }))
  await world.shopSends('woocommerce', paidOrder())
  await world.run(SECOND)
  await world.restart({ notify: [] })
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
  expect(await world.app.store.countNotifications()).toEqual([])
  await world.restart()
  await world.leap(HOUR)
  expect(shop.all.map(({ at }) => at * 1000 - START).every((after) => after < 2 * SECOND)).toBe(true)
})

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }
