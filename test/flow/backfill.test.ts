import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { type ApiEvent, ask } from '../support/api.ts'
import { keptLines } from '../support/kept-lines.ts'
import { CONSUMER_KEY, CONSUMER_SECRET, type ToyShopApi, toyShopApi } from '../support/toy-shop-api.ts'
import { ASHA, paidOrder, START, testWorld, type World, type WorldOptions } from '../support/world.ts'

const EVERY = 10 * MINUTE
/** When the orders of these stories were paid: after the first read, before the second. */
const AT = START + 5 * MINUTE

/** The usual world, its WooCommerce shop read every ten minutes. */
async function readWorld(options: WorldOptions = {}): Promise<{ world: World; shop: ToyShopApi }> {
  const shop = await toyShopApi()
  const world = await testWorld({
    karibu: '  poll_inbound_every: 2m',
    ...options,
    change({ config, secrets }) {
      const { duka } = config.shops
      if (!duka) throw new Error('the world lacks its shop')
      duka.backfillEveryMs = EVERY
      duka.apiUrl = shop.url
      if (secrets.shops.duka)
        secrets.shops.duka.credentials = { consumer_key: CONSUMER_KEY, consumer_secret: CONSUMER_SECRET }
      options.change?.({ config, secrets })
    },
  })
  return { world, shop }
}

async function events(world: World): Promise<ApiEvent[]> {
  const { body } = await ask<{ items: ApiEvent[] }>(world, '/v1/events?source=duka&limit=200')
  return body.items.toReversed()
}

function customerIsAwake(world: World): Promise<void> {
  world.karibu.customerWrites(ASHA)
  return world.run(2 * MINUTE + SECOND)
}

const lost = (change: Partial<ToyOrder> = {}): ToyOrder => {
  return paidOrder({ createdAt: AT - MINUTE, updatedAt: AT, paidAt: AT, ...change })
}

test('an order whose webhook was lost gets its receipt at the next read, once, whatever comes later', async () => {
  const { world, shop } = await readWorld()
  await customerIsAwake(world)
  shop.orders.push(lost())
  await world.run(EVERY + MINUTE)
  expect(await world.messages()).toMatchObject([{ order_number: 'DUKA-0107', to: ASHA, status: 'read' }])
  const [event] = await events(world)
  expect(event).toMatchObject({ topic: 'backfill', type: 'order.paid', outcome: 'handled' })
  expect(event?.trace[0]).toMatchObject({ step: 'backfill', text: expect.stringContaining('read in the shop') })

  await world.shopSends('woocommerce', lost())
  await world.run(3 * EVERY)
  expect(shop.pages.length).toBeGreaterThanOrEqual(4)
  expect((await events(world)).map(({ topic }) => topic)).toEqual(['backfill', 'order.updated'])
  expect(world.karibu.images()).toHaveLength(1)
})

test('an order its webhook told of stays as it is, and leaves no event however often it is read', async () => {
  const { world, shop } = await readWorld()
  await customerIsAwake(world)
  await world.run(4 * MINUTE)
  await world.shopSends('woocommerce', lost())
  shop.orders.push(lost())
  await world.run(2 * EVERY + MINUTE)
  expect(shop.sizes.filter((size) => size === 1).length).toBeGreaterThanOrEqual(2)
  expect(await events(world)).toHaveLength(1)
  expect(world.karibu.images()).toHaveLength(1)
})

test('an order we know as unpaid is paid when the shop says so, though only when read', async () => {
  const { world, shop } = await readWorld()
  await customerIsAwake(world)
  const { paidAt: _, ...unpaid } = lost()
  await world.shopSends('woocommerce', unpaid)
  expect(await world.messages()).toEqual([])
  shop.orders.push({ ...unpaid, paidAt: AT + MINUTE, updatedAt: AT + MINUTE })
  await world.run(EVERY + MINUTE)
  expect((await events(world)).map(({ type }) => type)).toEqual(['order.created', 'order.paid'])
  expect(world.karibu.images()).toHaveLength(1)
})

test('a webhook that comes while the same order is being read makes one receipt with it', async () => {
  const { world, shop } = await readWorld()
  await customerIsAwake(world)
  await world.run(6 * MINUTE)
  shop.orders.push(lost())
  shop.beforePage = async () => {
    shop.beforePage = null
    const told = Array.from({ length: 3 }, () => world.shopSends('woocommerce', lost({ updatedAt: AT + SECOND })))
    void Promise.all(told)
  }
  await world.run(EVERY)
  expect(world.karibu.images()).toHaveLength(1)
  expect((await world.messages()).map(({ status }) => status)).toEqual(['read'])
})

test('an order paid or cancelled last year and changed today messages nobody', async () => {
  const rules = `
  - { name: receipt, on: order.paid, send: { image: receipt } }
  - { name: cancelled, on: order.cancelled, send: { image: { url: "https://duka.example/c.png" } } }
  - { name: refunded, on: order.refunded, send: { image: receipt } }
`
  const { world, shop } = await readWorld({ rules })
  await customerIsAwake(world)
  const lastYear = START - 300 * DAY
  const old = { createdAt: lastYear, paidAt: lastYear + MINUTE, updatedAt: AT }
  shop.orders.push(lost({ id: '1', ...old }))
  shop.orders.push(lost({ id: '2', ...old, refunds: [{ id: '9', amount: 66_000_00 }], cancelledAt: lastYear + HOUR }))
  shop.orders.push(lost({ id: '3', ...old, cancelledAt: lastYear + HOUR }))
  await world.run(EVERY + MINUTE)
  const made = await world.messages()
  expect(made.length).toBeGreaterThanOrEqual(4)
  expect(new Set(made.map(({ status, reason }) => `${status} ${reason?.code}`))).toEqual(new Set(['skipped too_old']))
})

test('a shop that is read for the first time wakes none of its earlier customers', async () => {
  const { world, shop } = await readWorld({ sandbox: {} })
  shop.orders.push(paidOrder({ id: '7', createdAt: START - HOUR, updatedAt: START - HOUR, paidAt: START - HOUR }))
  await world.run(2 * EVERY)
  expect(await world.messages()).toEqual([])
  expect(shop.pages[0]?.searchParams.get('modified_after')).toBe('2026-11-20T08:49:59')
})

test('what the shop did not tell while the service was down is read when it is back', async () => {
  const { world, shop } = await readWorld()
  await customerIsAwake(world)
  await world.run(MINUTE)
  shop.orders.push(lost())
  await world.restart()
  await world.run(MINUTE)
  expect(shop.pages.length).toBeGreaterThanOrEqual(2)
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
})

test('refused keys pause the reading loudly, and it goes on by itself once they work', async () => {
  const { log, lines } = keptLines()
  const { world, shop } = await readWorld({ log })
  await customerIsAwake(world)
  shop.keysWork = false
  shop.orders.push(lost())
  await world.run(EVERY + MINUTE)
  const ready = await ask<{ status: string; paused_shops: object[] }>(world, '/readyz')
  expect(ready.status).toBe(200)
  expect(ready.body).toMatchObject({ status: 'degraded', paused_shops: [{ shop: 'duka', code: 'api.key_refused' }] })
  expect((await ask(world, '/metrics')).text).toContain(
    'risiti_platform_api_paused{shop="duka",code="api.key_refused"} 1',
  )
  expect(lines.filter(({ level }) => level === 'error').map(({ name }) => name)).toContain('platform_api.refuses_key')
  expect(JSON.stringify(lines)).not.toContain(CONSUMER_SECRET)
  shop.keysWork = true
  await world.run(20 * MINUTE)
  expect((await ask<{ status: string }>(world, '/readyz')).body).toMatchObject({ status: 'ok', paused_shops: [] })
  expect(world.karibu.images()).toHaveLength(1)
})

test('a throttled read waits as long as the shop says, and a server that breaks down is asked for less', async () => {
  const { world, shop } = await readWorld()
  await world.run(MINUTE)
  shop.next({ status: 429, headers: { 'retry-after': '600' } })
  await world.run(EVERY)
  const asked = shop.pages.length
  await world.run(8 * MINUTE)
  expect(shop.pages).toHaveLength(asked)
  for (const status of [503, 502]) shop.next({ status })
  await world.run(10 * MINUTE)
  expect(shop.pages.slice(asked).map((page) => page.searchParams.get('per_page'))).toEqual(['100', '50', '25'])
})

test('a read that is cut off between two pages goes on there, and doubles nothing', async () => {
  const { world, shop } = await readWorld({ rules: '\n  - { name: paid, on: order.paid, send: { image: receipt } }\n' })
  await world.run(MINUTE)
  const unpaid = lost()
  delete unpaid.paidAt
  shop.orders = Array.from({ length: 130 }, (_, index) => ({
    ...unpaid,
    id: String(1000 + index),
    updatedAt: AT + index * SECOND,
  }))
  const before = shop.pages.length
  // The second page follows a second after the first.
  await world.run(EVERY - MINUTE + SECOND / 2)
  expect(shop.sizes.at(-1)).toBe(100)
  expect(await events(world)).toHaveLength(100)
  await world.restart()
  await world.run(MINUTE)
  const again = shop.pages[before + 1]?.searchParams.get('modified_after')
  // The hundredth order's second, less the overlap of ten minutes.
  expect(again).toBe(new Date(AT + 99 * SECOND - 10 * MINUTE - SECOND).toISOString().slice(0, 19))
  const { rows } = await world.app.store.listEvents({ source: 'duka' }, { before: undefined, limit: 500 })
  const ids = rows.map(({ orderId }) => orderId)
  expect(ids).toHaveLength(130)
  expect(new Set(ids).size).toBe(130)
})

test('an order dated in a year to come hides none of today’s', async () => {
  const { world, shop } = await readWorld()
  await customerIsAwake(world)
  shop.orders.push(
    lost({ id: '66', updatedAt: START + 900 * DAY, paidAt: START - 30 * DAY, createdAt: START - 30 * DAY }),
  )
  await world.run(EVERY + MINUTE)
  shop.orders.push(lost({ updatedAt: AT + EVERY, paidAt: AT + EVERY }))
  await world.run(EVERY)
  expect(world.karibu.images()).toHaveLength(1)
})
