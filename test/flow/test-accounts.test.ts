import { request } from 'undici'
import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { byGet, simulatedApi } from '../shops/confirm-api.ts'
import { clickpesaPayment, clickpesaSigned, flutterwaveV3 } from '../shops/money-bodies.ts'
import { ask } from '../support/api.ts'
import { ASHA, START, testWorld, type World } from '../support/world.ts'

const HASH = 'the-secret-hash-of-the-dashboard'
const CHECKSUM_KEY = 'CHK-ya-duka'
const ENV = { HASH, CHECKSUM_KEY, LIVE_KEY: 'FLWSECK-77aa-X', TEST_KEY: 'FLWSECK_TEST-77aa-X' }

async function worldWith(shop: string): Promise<World> {
  const shops = `  cafe: { ${shop}, country: TZ, brand: { name: Cafe } }`
  const world = await testWorld({ shops, env: ENV })
  world.karibu.customerWrites(ASHA)
  await world.run(20 * SECOND)
  return world
}

async function tell(world: World, body: unknown, headers: Record<string, string> = {}): Promise<number> {
  const answer = await request(`${world.url}/webhooks/cafe`, { method: 'POST', headers, body: JSON.stringify(body) })
  await answer.body.dump()
  await world.run(MINUTE)
  return answer.statusCode
}

test.each([
  ['test', 'TEST_KEY', 'skipped', 'test_order'],
  ['live', 'LIVE_KEY', 'read', undefined],
])('a payment confirmed with a %s key: %s', async (_, key, status, reason) => {
  const { data, ...event } = flutterwaveV3({
    customer: { name: 'Asha Mwinyi', phone_number: ASHA },
    created_at: new Date(START).toISOString(),
  })
  const { url, asked } = await simulatedApi(byGet({ '/v3/transactions/408136545/verify': { data } }))
  const world = await worldWith(
    `platform: flutterwave, secrets: ["\${HASH}"], credentials: { secret_key: "\${${key}}" }, api_url: "${url}"`,
  )
  expect(await tell(world, { ...event, data }, { 'verif-hash': HASH })).toBe(200)
  expect(asked).toHaveLength(1)
  const [message, ...others] = await world.messages()
  expect(others).toEqual([])
  expect(message).toMatchObject({ order_number: 'SOKO-77', status })
  expect(message?.reason?.code).toBe(reason)
  expect(world.karibu.images()).toHaveLength(status === 'read' ? 1 : 0)
})

test('a test account whose word needs no asking makes test orders too, also when it is replayed', async () => {
  const world = await worldWith(
    'platform: clickpesa, secrets: ["${CHECKSUM_KEY}"], api_url: "https://api-sandbox.clickpesa.com"',
  )
  const at = new Date(START).toISOString()
  const customer = { customerName: 'Asha Mwinyi', customerPhoneNumber: ASHA }
  const payment = clickpesaPayment({ customer, createdAt: at, updatedAt: at })
  expect(await tell(world, clickpesaSigned(payment, CHECKSUM_KEY))).toBe(200)
  const { body } = await ask<{ items: { id: string; type: string }[] }>(world, '/v1/events?source=cafe')
  expect(body.items).toMatchObject([{ type: 'order.paid' }])
  await world.post(`/v1/events/${body.items[0]?.id}/replay`)
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([
    { order_number: 'DUKA77', status: 'skipped', reason: { code: 'test_order' } },
  ])
  expect(world.karibu.images()).toEqual([])
})
