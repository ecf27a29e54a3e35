import { createHmac } from 'node:crypto'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { byGet, simulatedApi } from '../shops/confirm-api.ts'
import { squareCustomer, squareEvent, squareOrder, squarePayment, squareRefund } from '../shops/square-bodies.ts'
import { type ApiEvent, ask } from '../support/api.ts'
import { ASHA, START, testWorld, type World, type WorldOptions } from '../support/world.ts'

const PATH_SECRET = 'an-address-nobody-can-guess'
const SQUARE_KEY = 'signature-key-of-the-subscription'
const ENV = { PATH_SECRET, SQUARE_KEY, KEY: 'a-key-of-the-platform' }
const ADDRESS = 'https://risiti.cafe.example/webhooks/cafe'

async function openFor(platform: string, options: WorldOptions = {}): Promise<World> {
  const shops = `  cafe: { ${platform}, country: TZ, brand: { name: Cafe } }`
  const world = await testWorld({ shops, env: ENV, ...options })
  world.karibu.customerWrites(ASHA)
  await world.run(20 * SECOND)
  return world
}

async function events(world: World): Promise<ApiEvent[]> {
  const { body } = await ask<{ items: ApiEvent[] }>(world, '/v1/events?source=cafe&limit=200')
  return body.items.toReversed()
}

async function squareTells(world: World, event: Record<string, unknown>): Promise<number> {
  const body = JSON.stringify(event)
  const signature = createHmac('sha256', SQUARE_KEY)
    .update(ADDRESS + body)
    .digest('base64')
  const headers = { 'x-square-hmacsha256-signature': signature }
  const answer = await request(`${world.url}/webhooks/cafe`, { method: 'POST', headers, body })
  await answer.body.dump()
  await world.run(MINUTE)
  return answer.statusCode
}

test('a sale that Square tells by its payment and its order is one receipt, and a part of it given back is known', async () => {
  const tender = {
    id: 'PAY1',
    payment_id: 'PAY1',
    amount_money: { amount: 5700, currency: 'USD' },
    created_at: iso(-30),
  }
  const order = squareOrder({ created_at: iso(-60), updated_at: iso(-30), tenders: [tender] })
  const customer = { ...squareCustomer, phone_number: `+${ASHA}` }
  const answers: Record<string, unknown> = byGet({
    '/v2/orders/ORD1': { order },
    '/v2/customers/CUST1': { customer },
    '/v2/payments/PAY1': { payment: squarePayment() },
  })
  const { url } = await simulatedApi(answers, ({ authorization }) => authorization === `Bearer ${ENV.KEY}`)
  const world = await openFor(
    `platform: square, secrets: ["\${SQUARE_KEY}"], credentials: { access_token: "\${KEY}" }, api_url: "${url}", notification_url: "${ADDRESS}"`,
  )
  expect(
    await squareTells(world, {
      ...squareEvent('payment.updated', { payment: squarePayment() }),
      event_id: 'a-payment',
    }),
  ).toBe(200)
  const updated = { order_updated: { order_id: 'ORD1', version: 4 } }
  expect(await squareTells(world, { ...squareEvent('order.updated', updated), event_id: 'an-order' })).toBe(200)
  expect(await world.messages()).toMatchObject([{ order_number: 'web-88', to: ASHA, status: 'read' }])

  answers['GET /v2/payments/PAY1'] = { payment: squarePayment({ refund_ids: ['PAY1_r1'] }) }
  answers['GET /v2/refunds/PAY1_r1'] = { refund: squareRefund({ created_at: iso(100), updated_at: iso(100) }) }
  answers['GET /v2/orders/ORD1'] = { order: { ...order, updated_at: iso(100), refunds: [{ id: 'r' }] } }
  expect(
    await squareTells(world, { ...squareEvent('refund.updated', { refund: squareRefund() }), event_id: 'a-refund' }),
  ).toBe(200)
  const all = await events(world)
  expect(all.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
    'claim.received handled',
    'order.paid handled',
    'claim.received handled',
    'ignored ignored',
    'claim.received handled',
    'order.refunded handled',
  ])
  expect(world.karibu.images()).toHaveLength(1)
})

test('a payment Pesapal tells by GET is asked about at its API and becomes a receipt', async () => {
  const status = {
    status_code: 1,
    merchant_reference: 'DUKA-77',
    order_tracking_id: 'a1b2-c3',
    amount: 18_000,
    currency: 'TZS',
    created_date: '2026-11-20T11:58:00',
    payment_method: 'MpesaTZ',
    payment_account: ASHA,
    confirmation_code: 'QK7X2P9LMN',
  }
  const { url, asked } = await simulatedApi({
    'POST /api/Auth/RequestToken': { token: 'a-token-of-five-minutes' },
    'GET /api/Transactions/GetTransactionStatus?orderTrackingId=a1b2-c3': status,
  })
  const world = await openFor(
    `platform: pesapal, path_secrets: ["\${PATH_SECRET}"], credentials: { consumer_key: "\${KEY}", consumer_secret: "\${KEY}" }, api_url: "${url}"`,
  )
  const notice = 'OrderTrackingId=a1b2-c3&OrderNotificationType=IPNCHANGE&OrderMerchantReference=DUKA-77'
  const answer = await request(`${world.url}/webhooks/cafe/${PATH_SECRET}?${notice}`)
  await answer.body.dump()
  expect(asked).toHaveLength(0)
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ order_number: 'DUKA-77', to: ASHA, status: 'read' }])
  const { body } = (await ask<{ body: string }>(world, `/v1/events/${(await events(world)).at(-1)?.id}`)).body
  expect(body).not.toMatch(/a-token-of|a-key-of/)
})

function iso(seconds: number): string {
  return new Date(START + seconds * SECOND).toISOString()
}
