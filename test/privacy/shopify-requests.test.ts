import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { postToy } from '../../src/sandbox/toy-shop.ts'
import { shopify } from '../../src/shops/shopify.ts'
import { type ApiEvent, type ApiPage, ask } from '../support/api.ts'
import { filesHolding } from '../support/files.ts'
import { ASHA, paidOrder, SECRETS, testWorld, type World } from '../support/world.ts'

const NEEMA = '254712345678'
const CUSTOMER = { id: 191167, email: 'Neema@Example.com', phone: '+254 712 345 678' }
const SHOP = { shop_id: 954889, shop_domain: 'soko.myshopify.com' }
const DATA_REQUEST = { ...SHOP, customer: CUSTOMER, orders_requested: [41, 42], data_request: { id: 9999 } }
const REDACT = { ...SHOP, customer: CUSTOMER, orders_to_redact: [41, 42] }

let delivery = 0
function post(world: World, topic: string, value: object, secret = SECRETS.shopify) {
  const body = JSON.stringify(value)
  return postToy(`${world.url}/webhooks/soko`, {
    body,
    headers: {
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': `privacy-${delivery++}`,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    },
  })
}

const neema = { name: 'Neema Wanjiru', phone: '+254712345678' }
const sokoOrder = (id: string) =>
  paidOrder({
    id,
    number: `#${id}`,
    customer: neema,
    country: 'KE',
    payment: { method: 'M-Pesa', reference: `SOKO${id}` },
  })
const dukaOrder = () => paidOrder({ customer: { name: 'Neema Wanjiru', phone: '+254712345678' } })
const quiet = (log?: Log) =>
  testWorld({ karibu: '  poll_inbound_every: 1m\n  per_contact_every: 0s\n', ...(log && { log }) })
const eventsOf = async (world: World, query = '') =>
  (await world.get<ApiPage<ApiEvent>>(`/v1/events?limit=200${query}`)).body.items
const dataOf = (world: World) => join(world.folder, 'data')

/** Known to two shops that share our number. */
async function customerOfTwoShops(world: World): Promise<void> {
  world.karibu.customerWrites(NEEMA, { text: 'Bei gani?', name: 'Neema Wanjiru' })
  await world.run(MINUTE)
  await world.shopSends('shopify', sokoOrder('41'))
  await world.shopSends('shopify', sokoOrder('42'))
  await world.shopSends('woocommerce', dukaOrder())
  await world.run(30 * SECOND)
  expect((await world.messages()).map(({ status }) => status)).toEqual(['read', 'read', 'read'])
}

test('a request with a bad signature is 401 and nothing is forgotten or kept', async () => {
  const world = await quiet()
  for (const [topic, body] of [
    ['customers/redact', REDACT],
    ['shop/redact', SHOP],
    ['customers/data_request', DATA_REQUEST],
  ] as const)
    expect((await post(world, topic, body, 'another secret')).status).toBe(401)
  expect(await eventsOf(world)).toEqual([])
  expect(await world.app.store.openErasures()).toEqual([])
})

test('customers/data_request is kept for a person: an event that says what to run, and a line in the log', async () => {
  const lines: string[] = []
  const keep = (fields: Record<string, unknown>, name: string) => void lines.push(JSON.stringify({ name, ...fields }))
  const world = await quiet({ info: keep, warn: keep, error: keep })
  expect((await post(world, 'customers/data_request', DATA_REQUEST)).status).toBe(200)
  const [event] = await eventsOf(world, '&type=privacy.data_request')
  expect(event).toMatchObject({ type: 'privacy.data_request', source: 'soko', outcome: 'handled' })
  expect(event?.trace[0]?.text).toMatch(/orders 41, 42: run risiti person .* this event’s body/)
  expect(lines.filter((line) => line.includes('privacy.data_requested'))).toHaveLength(1)
  expect(lines.filter((line) => /254712345678|712 345 678|neema/i.test(line))).toEqual([])
  const { body } = await ask<{ body: string }>(world, `/v1/events/${event?.id}`)
  expect(body.body).toContain('+254 712 345 678')
})

test('customers/redact forgets what this shop told and sent, its own body too; another shop keeps its own', async () => {
  const world = await quiet()
  await customerOfTwoShops(world)
  await post(world, 'customers/data_request', DATA_REQUEST)
  expect((await post(world, 'customers/redact', REDACT)).status).toBe(200)
  await world.run(2 * MINUTE)
  expect(await world.app.store.openErasures()).toEqual([])
  expect(await world.messages()).toMatchObject([{ shop: 'duka', status: 'read', to: NEEMA }])
  expect(filesHolding(dataOf(world), ['SOKO41', 'SOKO42', 'example.com', '+254 712 345 678'])).toEqual([])
  const events = await eventsOf(world)
  expect(events.filter(({ source, order_id }) => source === 'soko' && order_id !== null)).toEqual([])
  const redact = events.find(({ type }) => type === 'privacy.redact_customer')
  expect((await ask(world, `/v1/events/${redact?.id}`)).body).toMatchObject({ outcome: 'handled', body: null })
  expect((await ask(world, `/v1/conversations/${NEEMA}`)).status).toBe(200)
})

test('customers/redact of a customer no other shop knows leaves not a byte', async () => {
  const world = await quiet()
  world.karibu.customerWrites(NEEMA, { text: 'Bei gani?', name: 'Neema Wanjiru' })
  await world.run(MINUTE)
  await world.shopSends('shopify', sokoOrder('41'))
  await world.run(30 * SECOND)
  await post(world, 'customers/redact', { ...REDACT, customer: { ...CUSTOMER, phone: null } })
  await world.run(2 * MINUTE)
  expect(await world.messages()).toEqual([])
  expect(filesHolding(dataOf(world), [NEEMA, '712345678', 'Wanjiru', 'Bei gani', 'SOKO41', 'xample.com'])).toEqual([])
})

test('shop/redact forgets all of that shop and nothing of another that shares our number', async () => {
  const world = await quiet()
  await customerOfTwoShops(world)
  world.karibu.customerWrites(ASHA, { text: 'Habari' })
  await world.run(MINUTE)
  await world.shopSends('shopify', { ...sokoOrder('43'), customer: { name: 'Asha', phone: '+255712345678' } })
  await world.run(30 * SECOND)
  const before = await world.messages()
  expect(before).toHaveLength(4)
  expect((await post(world, 'shop/redact', SHOP)).status).toBe(200)
  await world.run(2 * MINUTE)
  expect(await world.app.store.openErasures()).toEqual([])
  expect(await world.messages()).toEqual(before.filter((message) => message.shop === 'duka'))
  expect(filesHolding(dataOf(world), ['SOKO4', ASHA, '#43', 'Habari'])).toEqual([])
  expect((await eventsOf(world)).filter(({ source }) => source === 'soko')).toMatchObject([
    { type: 'privacy.redact_shop' },
  ])
  expect((await ask(world, `/v1/conversations/${NEEMA}`)).status).toBe(200)
  const image = before.find((message) => message.shop === 'duka')?.media_url ?? ''
  expect((await ask(world, new URL(image).pathname)).status).toBe(200)
})

const read = (value: object, topic: string | null) =>
  shopify.read(Buffer.from(JSON.stringify(value)), { topic, country: 'KE' })[0]

test.each<[string, object, string | null, unknown]>([
  ['a data request', DATA_REQUEST, 'customers/data_request', 'privacy.data_request'],
  ['a data request under a forged topic', DATA_REQUEST, 'customers/redact', 'privacy.data_request'],
  ['a redaction without its topic', REDACT, null, 'privacy.redact_customer'],
  ['a redaction that names no orders', { ...SHOP, customer: CUSTOMER }, 'customers/redact', 'privacy.redact_customer'],
  ['a shop’s redaction', SHOP, 'shop/redact', 'privacy.redact_shop'],
  ['a customer’s redaction under the shop’s topic', REDACT, 'shop/redact', 'privacy.redact_customer'],
])('%s is read by its shape', (_name, body, topic, type) => {
  expect(read(body, topic)).toMatchObject({ kind: 'privacy', request: { type } })
})

test.each<[string, object, string]>([
  ['a shop’s own data', { ...SHOP, name: 'Soko' }, 'shop/redact'],
  ['a customer', { id: 1, email: 'a@example.com', phone: null }, 'customers/redact'],
  ['a redaction of nobody', { ...SHOP, customer: {}, orders_to_redact: [] }, 'customers/redact'],
])('%s is no order to delete anything', (_name, body, topic) => {
  expect(read(body, topic)).toMatchObject({ kind: 'ignored' })
})

test('numbers, addresses and ids are read as they are stored', () => {
  expect(read(REDACT, 'customers/redact')).toEqual({
    kind: 'privacy',
    request: {
      type: 'privacy.redact_customer',
      phone: NEEMA,
      email: 'neema@example.com',
      orderIds: ['41', '42'],
      domain: 'soko.myshopify.com',
    },
  })
})

test('a request about another shop of the same app forgets nothing here', async () => {
  const world = await testWorld({ karibu: '  per_contact_every: 0s\n', sokoSettings: 'domain: soko.myshopify.com' })
  await world.shopSends('shopify', sokoOrder('41'))
  const other = { shop_id: 1, shop_domain: 'other.myshopify.com' }
  for (const body of [{ ...REDACT, ...other }, other]) expect((await post(world, 'shop/redact', body)).status).toBe(200)
  await world.run(MINUTE)
  expect(await world.messages()).toHaveLength(1)
  expect((await eventsOf(world, '&source=soko')).map(({ outcome }) => outcome)).toEqual([
    'ignored',
    'ignored',
    'handled',
  ])
  expect((await post(world, 'shop/redact', SHOP)).status).toBe(200)
  await world.run(MINUTE)
  expect(await world.messages()).toEqual([])
})
