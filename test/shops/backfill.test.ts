import { expect, test } from 'vitest'
import { createPlatformApis } from '../../src/confirm/platform-api.ts'
import type { BackfillPage } from '../../src/shops/platform.ts'
import { shopify } from '../../src/shops/shopify.ts'
import { woocommerce } from '../../src/shops/woocommerce.ts'
import { ACCESS_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, type ToyShopApi, toyShopApi } from '../support/toy-shop-api.ts'
import { paidOrder, START } from '../support/world.ts'

const CREDENTIALS = { consumer_key: CONSUMER_KEY, consumer_secret: CONSUMER_SECRET, access_token: ACCESS_TOKEN }

function reader(platform: typeof woocommerce, shop: ToyShopApi) {
  const apis = createPlatformApis({ now: () => START })
  const { backfill } = platform
  if (!backfill) throw new Error('the platform has no backfill')
  const given = () => ({
    credentials: CREDENTIALS,
    api: apis.open({ baseUrl: shop.url, title: 'Toy', credentials: CREDENTIALS }).api,
  })
  async function all(limit: number, span: { since: number; until?: number }): Promise<BackfillPage[]> {
    const pages: BackfillPage[] = []
    for (let cursor: string | null = null; pages.length < 40; ) {
      const page: BackfillPage = await backfill!.page({ until: null, ...span, cursor, limit, ...given() })
      pages.push(page)
      cursor = page.next
      if (cursor === null) return pages
    }
    throw new Error('it never ends')
  }
  return { all, count: (since: number) => backfill.count({ since, until: null, ...given() }) }
}

function orders(count: number, updatedAt: (index: number) => number) {
  return Array.from({ length: count }, (_, index) =>
    paidOrder({ id: String(100 + index), updatedAt: updatedAt(index) }),
  )
}

const idsOf = (pages: BackfillPage[]) => pages.flatMap((page) => page.orders.map((order) => String(order['id'])))

for (const [name, platform] of [
  ['WooCommerce', woocommerce],
  ['Shopify', shopify],
] as const) {
  test(`${name}: every order changed since is read, the first change first, and none from before`, async () => {
    const shop = await toyShopApi()
    shop.orders = orders(23, (index) => START + index * 60_000).toReversed()
    const since = START + 3 * 60_000
    const pages = await reader(platform, shop).all(5, { since })
    expect([...new Set(idsOf(pages))]).toEqual(Array.from({ length: 20 }, (_, index) => String(103 + index)))
    expect(pages.at(-1)?.changedAt).toBe(START + 22 * 60_000)
    expect(await reader(platform, shop).count(since)).toBe(20)
  })

  test(`${name}: orders that change while pages are read push no other one out of the list`, async () => {
    const shop = await toyShopApi()
    shop.orders = orders(30, (index) => START + index * 60_000)
    let changes = 0
    shop.beforePage = () => {
      // What was read already moves to the end, and what stands behind it moves up.
      const first = shop.orders.toSorted((a, b) => a.updatedAt - b.updatedAt)[0]
      if (first && ++changes <= 6) first.updatedAt = START + 3_600_000 + changes * 1000
    }
    const pages = await reader(platform, shop).all(5, { since: START })
    expect(new Set(idsOf(pages))).toEqual(new Set(shop.orders.map(({ id }) => id)))
  })

  test(`${name}: more orders of one moment than a page holds are all read`, async () => {
    const shop = await toyShopApi()
    shop.orders = orders(57, (index) => (index < 45 ? START : START + 5000))
    const pages = await reader(platform, shop).all(20, { since: START - 1000 })
    expect(new Set(idsOf(pages))).toEqual(new Set(shop.orders.map(({ id }) => id)))
  })

  test(`${name}: an address without a list of orders is a fault, not an empty list`, async () => {
    const shop = await toyShopApi()
    shop.next({ status: 404 })
    await expect(reader(platform, shop).all(5, { since: START })).rejects.toMatchObject({ code: 'api.no_orders' })
    shop.next({ status: 200, body: '{"hello":"world"}' })
    await expect(reader(platform, shop).all(5, { since: START })).rejects.toMatchObject({ code: 'api.no_orders' })
  })
}

test('Shopify: half of the calls it grants are left to others', async () => {
  const shop = await toyShopApi()
  shop.orders = orders(3, () => START)
  shop.callLimit = '30/40'
  expect((await reader(shopify, shop).all(5, { since: START }))[0]?.restMs).toBe(5000)
  shop.callLimit = '20/40'
  expect((await reader(shopify, shop).all(5, { since: START }))[0]?.restMs).toBe(0)
})

test('WooCommerce: an end is asked for by its UTC time', async () => {
  const shop = await toyShopApi()
  shop.orders = orders(10, (index) => START + index * 60_000)
  const pages = await reader(woocommerce, shop).all(5, { since: START, until: START + 4 * 60_000 })
  expect([...new Set(idsOf(pages))]).toEqual(['100', '101', '102', '103'])
})
