import { request } from 'undici'
import { expect, test } from 'vitest'
import { clickpesaPayment, clickpesaSigned } from '../shops/money-bodies.ts'
import { ASHA, START, testWorld, type World } from '../support/world.ts'

const PATH_SECRET = 'an-address-nobody-can-guess'
const CHECKSUM_KEY = 'CHK-ya-duka'
const SHOPS = `
  malipo: { platform: pesapal, path_secrets: ["\${PATH_SECRET}"], credentials: { consumer_key: "\${KEY}", consumer_secret: "\${KEY}" }, country: TZ, brand: { name: Malipo } }
  soko-la-simu: { platform: clickpesa, secrets: ["\${CHECKSUM_KEY}"], country: TZ, brand: { name: Soko la Simu } }
`
const NOTICE = 'OrderTrackingId=a1b2-c3&OrderNotificationType=IPNCHANGE&OrderMerchantReference=DUKA-77'

const world = () => testWorld({ shops: SHOPS, env: { PATH_SECRET, CHECKSUM_KEY, KEY: 'a-key-of-the-gateway' } })
const events = async ({ get }: World, shop: string) => {
  const { body } = await get<{ items: { source: string }[] }>('/v1/events?limit=200')
  return body.items.filter(({ source }) => source === shop)
}

test('four notifications at once, by GET, are one event, each answered in the gateway’s words', async () => {
  const here = await world()
  const address = `${here.url}/webhooks/malipo/${PATH_SECRET}?${NOTICE}`
  const answers = await Promise.all([1, 2, 3, 4].map(() => request(address)))
  for (const answer of answers) {
    expect(answer.statusCode).toBe(200)
    expect(await answer.body.json()).toEqual({
      orderNotificationType: 'IPNCHANGE',
      orderTrackingId: 'a1b2-c3',
      orderMerchantReference: 'DUKA-77',
      status: 200,
    })
  }
  expect(await events(here, 'malipo')).toHaveLength(1)
})

test('without the secret of its address nothing is taken', async () => {
  const here = await world()
  for (const path of ['malipo', 'malipo/another-secret-of-20-chars']) {
    const { statusCode, body } = await request(`${here.url}/webhooks/${path}?${NOTICE}`)
    await body.dump()
    expect(statusCode).toBe(401)
  }
  expect(await events(here, 'malipo')).toEqual([])
})

test('a payment told as SUCCESS and later as SETTLED is one receipt; one without a checksum is none', async () => {
  const here = await world()
  here.karibu.customerWrites(ASHA)
  await here.run(20_000)
  const send = async (changes: Record<string, unknown>, signed = true) => {
    const customer = { customerName: 'Asha Mwinyi', customerPhoneNumber: ASHA }
    const at = new Date(START).toISOString()
    const data = clickpesaPayment({ customer, createdAt: at, updatedAt: at, ...changes })
    const { checksum, ...event } = clickpesaSigned(data, CHECKSUM_KEY)
    const body = JSON.stringify({ ...event, ...(signed && { checksum }) })
    const answer = await request(`${here.url}/webhooks/soko-la-simu`, { method: 'POST', body })
    await answer.body.dump()
    await here.run(60_000)
    return answer.statusCode
  }
  expect(await send({}, false)).toBe(401)
  expect(await send({})).toBe(200)
  expect(await send({})).toBe(200)
  expect(await send({ status: 'SETTLED', updatedAt: new Date(START + 50_000).toISOString() })).toBe(200)
  const messages = await here.messages()
  expect(messages.map(({ order_number, to }) => [order_number, to])).toEqual([['DUKA77', ASHA]])
  expect(here.karibu.images()).toHaveLength(1)
})
