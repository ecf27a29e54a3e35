import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { backfillLine } from '../../src/commands/backfill.ts'
import { addBackfillCommand } from '../../src/commands/cli/backfill.ts'
import { plain } from '../../src/commands/paint.ts'
import { createIds } from '../../src/ids.ts'
import { ACCESS_TOKEN, type ToyShopApi, toyShopApi } from '../support/toy-shop-api.ts'
import { ASHA, paidOrder, START, testWorld, type World } from '../support/world.ts'

const ENV = { KARIBU_KEY: 'a-key-of-karibu', SHOPIFY: 'soko-secret-1', TOKEN: ACCESS_TOKEN }

function yaml(world: World, shop: ToyShopApi): string {
  return `
public_url: http://127.0.0.1:8787
data_dir: ${world.folder}/data
karibu: { api_key: "\${KARIBU_KEY}", sender: "255700000001" }
shops:
  soko:
    platform: shopify
    secrets: ["\${SHOPIFY}"]
    credentials: { access_token: "\${TOKEN}" }
    api_url: ${shop.url}
    country: TZ
    brand: { name: Soko }
rules:
  - { name: receipt, on: order.paid, send: { image: receipt, caption: "Asante" } }
`
}

/** Runs `risiti backfill soko …` beside the world's service; `seen` are the lines of its progress. */
async function backfill(
  world: World,
  shop: ToyShopApi,
  flags: string[],
  { stop = new AbortController(), env = ENV }: { stop?: AbortController; env?: Record<string, string> } = {},
) {
  const printed: string[] = []
  const seen: string[] = []
  const program = new Command().exitOverride()
  const slept: number[] = []
  const clock = { now: world.clock.now, sleep: async (ms: number) => void slept.push(ms) }
  const file = join(world.folder, 'by-hand.yaml')
  writeFileSync(file, yaml(world, shop))
  addBackfillCommand(program, {
    clock,
    ids: createIds(clock),
    env,
    print: (text) => void printed.push(text),
    write: async () => {},
    paint: plain,
    isTerminal: false,
    exitWith() {},
    stopSignal: () => stop.signal,
    stdin: process.stdin,
    stderr: { isTTY: true, write: (text: string) => Boolean(seen.push(text)) } as unknown as NodeJS.WriteStream,
    columns: 120,
    temporary: world.folder,
  })
  await program.parseAsync(['backfill', 'soko', '--config', file, ...flags], { from: 'user' })
  return { printed: printed.join('\n'), seen, slept }
}

interface Said {
  resumed: boolean
  finished: boolean
  dry_run: boolean
  orders: Record<string, number>
  messages: { queued: number; skipped: Record<string, number> }
}

const said = ({ printed }: { printed: string }) => JSON.parse(printed) as Said

function someOrders() {
  const paid = START - 2 * HOUR
  return [
    paidOrder({ id: '1', number: '#1', paidAt: paid, createdAt: paid, updatedAt: paid }),
    paidOrder({
      id: '2',
      number: '#2',
      paidAt: paid,
      createdAt: paid,
      updatedAt: paid,
      customer: { name: 'Juma', phone: null },
    }),
    paidOrder({ id: '3', number: '#3', paidAt: START - 5 * DAY, createdAt: START - 5 * DAY, updatedAt: START - DAY }),
    paidOrder({ id: '4', number: '#4', paidAt: paid, createdAt: paid, updatedAt: START - 60 * DAY }),
  ]
}

test('a trial says what would come of it and keeps nothing; the run itself then does just that, and once', async () => {
  const shop = await toyShopApi()
  shop.orders = someOrders()
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(20 * SECOND)
  const facts = {
    orders: { seen: 3, new: 3, changed: 0, unchanged: 0, passed_over: 0 },
    messages: { queued: 1, skipped: { no_phone: 1, too_old: 1 } },
  }
  expect(said(await backfill(world, shop, ['--since', '7d', '--dry-run', '--json']))).toMatchObject({
    dry_run: true,
    ...facts,
  })
  expect(await world.messages()).toEqual([])
  expect(said(await backfill(world, shop, ['--since', '7d', '--json']))).toMatchObject({ finished: true, ...facts })
  await world.run(90 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
  const { printed } = await backfill(world, shop, ['--since', '2026-11-13'])
  expect(printed).toContain('3 orders: 0 new, 0 changed, 3 known already')
  await world.run(90 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a run that was stopped goes on where it was, by asking for the same again', async () => {
  const shop = await toyShopApi()
  const base = someOrders()[0]
  if (!base) throw new Error('no order')
  const { paidAt: _, ...unpaid } = base
  shop.orders = Array.from({ length: 600 }, (_unused, index) => ({
    ...unpaid,
    id: String(1000 + index),
    updatedAt: START - HOUR + index * SECOND,
  }))
  const world = await testWorld()
  const stop = new AbortController()
  shop.beforePage = () => {
    if (shop.pages.length === 2) stop.abort()
  }
  const first = said(await backfill(world, shop, ['--since', '1d', '--json'], { stop }))
  expect(first).toMatchObject({ finished: false, resumed: false, orders: { seen: 500, new: 500 } })
  await world.run(MINUTE)
  const second = said(await backfill(world, shop, ['--since', '1d', '--json']))
  // The last order of the page before is looked at once more.
  expect(second).toMatchObject({ finished: true, resumed: true, orders: { seen: 101, new: 100, unchanged: 1 } })
  expect(said(await backfill(world, shop, ['--since', '1d', '--json']))).toMatchObject({
    resumed: false,
    orders: { seen: 600, new: 0 },
  })
})

test('what cannot go on is said in a sentence: refused keys, a missing key, a shop nobody knows', async () => {
  const shop = await toyShopApi()
  const world = await testWorld()
  shop.keysWork = false
  await expect(backfill(world, shop, ['--since', '1d'])).rejects.toThrow(/answered 401.*run the same command again/)
  const { TOKEN: _, ...without } = ENV
  await expect(backfill(world, shop, ['--since', '1d'], { env: without })).rejects.toThrow(/access_token is missing/)
  await expect(backfill(world, shop, ['--since', 'soon'])).rejects.toThrow(/since must be a time/)
  await expect(backfill(world, shop, ['--since', '2027-01-01'])).rejects.toThrow(/before now/)
})

test('a shop that is throttled or away for a moment is waited for', async () => {
  const shop = await toyShopApi()
  shop.orders = someOrders()
  const world = await testWorld()
  shop.next({ status: 429, headers: { 'retry-after': '40' } })
  shop.next({ status: 503 })
  const run = await backfill(world, shop, ['--since', '7d'])
  expect(run.printed).toContain('3 orders: 3 new')
  expect(run.slept[0]).toBeGreaterThanOrEqual(40_000)
  expect(run.seen.join('')).toContain('waiting: Shopify’s API answered 503')
  expect(run.seen.join('')).toContain('100%  3 of 3 orders')
})

test('a shop that gives the same page for ever is not asked for ever', async () => {
  const shop = await toyShopApi()
  const world = await testWorld()
  const link = `<${shop.url}/orders.json?page_info=eyJ9>; rel="next"`
  for (let count = 0; count < 40; count++) {
    shop.next({ status: 200, headers: { link }, body: '{"orders":[{"id":1,"note":"no order"}]}' })
  }
  await expect(backfill(world, shop, ['--since', '1d'])).rejects.toThrow(/the same page for ever/)
  expect(shop.pages.length).toBeLessThan(25)
})

test('the bar tells how far it is and how long it takes, or only what was read', () => {
  const counts = { seen: 1200, new: 0, changed: 0, unchanged: 0, passed_over: 0, queued: 0, skipped: {} }
  const at = { startedAt: 0, now: 3 * MINUTE }
  expect(backfillLine({ counts, total: 2400, waiting: null }, at)).toBe(
    '[############------------] 50%  1,200 of 2,400 orders, about 3 min left',
  )
  expect(backfillLine({ counts, total: null, waiting: null }, at)).toBe('1,200 orders read …')
  expect(backfillLine({ counts, total: 1000, waiting: null }, at)).toBe(
    '[########################] 100%  1,200 of 1,200 orders',
  )
})
