import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { ASHA, paidOrder, SECRETS, START, testWorld, type World } from '../support/world.ts'

async function post(world: World, path: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const answer = await request(world.url + path, { method: 'POST', headers, body: Buffer.from(body) })
  return {
    status: answer.statusCode,
    body: (await answer.body.json()) as { error?: { code: string; message: string } },
  }
}

async function countEvents(world: World): Promise<number> {
  const { body } = await world.get<{ items: unknown[] }>('/v1/events?limit=200')
  return body.items.length
}

test('acknowledgements rest on a disk that was flushed: synchronous is FULL', async () => {
  const world = await testWorld()
  expect(world.app.store.synchronous()).toBe(2)
})

test('a bad signature is 401 and leaves no row', async () => {
  const world = await testWorld()
  const { body } = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'order.updated', START)
  const forged = toyWebhook('woocommerce', 'another secret', paidOrder(), 'order.updated', START)
  const tries = [
    await post(world, '/webhooks/duka', forged.body, forged.headers),
    await post(world, '/webhooks/duka', body, { 'content-type': 'application/json' }),
    await post(world, '/webhooks/duka', body, { 'x-wc-webhook-signature': 'x' }),
    await post(world, '/webhooks/soko', body, { 'x-shopify-hmac-sha256': 'AAAA' }),
    await post(world, '/webhooks/mtandao', body, {
      'webhook-id': 'a',
      'webhook-timestamp': 'now',
      'webhook-signature': 'v1,',
    }),
    await post(world, '/webhooks/karibu', body, { 'x-briq-signature': 'sha256=00' }),
  ]
  expect(tries.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401, 401])
  expect(tries.every((answer) => answer.body.error?.code.startsWith('signature.'))).toBe(true)
  expect(await countEvents(world)).toBe(0)
  expect(await world.messages()).toEqual([])
})

test('every secret of a shop is taken while it is being changed', async () => {
  const world = await testWorld()
  const webhook = toyWebhook('woocommerce', 'an-older-secret', paidOrder(), 'order.updated', START)
  expect((await post(world, '/webhooks/duka', webhook.body, webhook.headers)).status).toBe(200)
})

test('WooCommerce’s unsigned set-up ping is answered exactly 200 and leaves no trace', async () => {
  const world = await testWorld()
  const answer = await post(world, '/webhooks/duka', 'webhook_id=12', {
    'content-type': 'application/x-www-form-urlencoded',
  })
  expect(answer.status).toBe(200)
  expect(await countEvents(world)).toBe(0)
})

test('an HTTP/1.0 client, as WooCommerce is one, gets its 200', async () => {
  const world = await testWorld()
  const { headers, body } = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'order.updated', START)
  const head = Object.entries({ ...headers, host: '127.0.0.1', 'content-length': String(Buffer.byteLength(body)) })
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
    socket.write(
      `POST /webhooks/duka HTTP/1.0\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
    )
  })
  expect(text).toMatch(/^HTTP\/1\.[01] 200 /)
  expect(await countEvents(world)).toBe(1)
})

test('what we do not understand is kept for a person and answered 2xx', async () => {
  const world = await testWorld()
  for (const body of ['{"id":4521}', 'not json', '[]', '{"action":"woocommerce_x","arg":7}']) {
    const { headers } = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'action.woocommerce_x', START)
    headers['x-wc-webhook-signature'] = createHmac('sha256', SECRETS.woocommerce).update(body).digest('base64')
    expect((await post(world, '/webhooks/duka', body, headers)).status).toBe(200)
  }
  const { body } = await world.get<{ items: { outcome: string; reason: string; id: string }[] }>('/v1/events')
  expect(body.items.map((event) => event.outcome)).toEqual(['ignored', 'ignored', 'ignored', 'ignored'])
  expect(body.items.every((event) => event.reason.length > 10)).toBe(true)
  const { body: kept } = await world.get<{ body: string }>(`/v1/events/${body.items[2]?.id}`)
  expect(kept.body).toBe('not json')
})

test('unknown shops, wrong methods and oversized bodies get their status and no row', async () => {
  const world = await testWorld()
  const large = 'x'.repeat(2 * 1024 * 1024 + 1)
  expect((await post(world, '/webhooks/nobody', '{}')).status).toBe(404)
  expect((await post(world, '/webhooks/constructor', '{}')).status).toBe(404)
  expect((await post(world, '/webhooks/duka', large)).status).toBe(413)
  for (const path of ['/webhooks/duka', '/webhooks/karibu', '/webhooks/nobody']) {
    const answer = await request(world.url + path, { method: 'GET' })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'POST'])
    await answer.body.dump()
  }
  const chunked = await request(`${world.url}/webhooks/duka`, {
    method: 'POST',
    body: Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024))),
  }).catch(() => ({ statusCode: 413, body: { dump: async () => {} } }))
  expect(chunked.statusCode).toBe(413)
  expect(await countEvents(world)).toBe(0)
})

test('cash on delivery is processing but not paid: no receipt until it is', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  const { paidAt: _paidAt, ...cod } = paidOrder()
  const webhook = toyWebhook('woocommerce', SECRETS.woocommerce, cod, 'order.updated', START)
  const body = webhook.body.replace('"status":"pending"', '"status":"processing"')
  webhook.headers['x-wc-webhook-signature'] = createHmac('sha256', SECRETS.woocommerce).update(body).digest('base64')
  expect((await post(world, '/webhooks/duka', body, webhook.headers)).status).toBe(200)
  await world.run(10_000)
  expect(await world.messages()).toEqual([])
})

test('shop’s test orders, old orders and hopeless phones are skipped with their reason', async () => {
  const world = await testWorld()
  const days = 86_400_000
  await world.shopSends('shopify', paidOrder({ id: '1', test: true }))
  await world.shopSends('woocommerce', paidOrder({ id: '2', paidAt: START - 3 * days }))
  await world.shopSends('woocommerce', paidOrder({ id: '3', customer: { name: 'A', phone: '12345' } }))
  await world.shopSends('woocommerce', paidOrder({ id: '4', customer: { name: 'B', phone: null } }))
  await world.shopSends(
    'shopify',
    paidOrder({ id: '5', country: 'KE', customer: { name: 'C', phone: '0222 111 222 333' } }),
  )
  expect((await world.messages()).map(({ status, reason }) => [status, reason?.code])).toEqual([
    ['skipped', 'test_order'],
    ['skipped', 'too_old'],
    ['skipped', 'invalid_phone'],
    ['skipped', 'no_phone'],
    ['skipped', 'invalid_phone'],
  ])
})

test('a phone mended in the shop lets the skipped receipt go out', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder({ customer: { name: 'Asha Mwinyi', phone: '071234' } }))
  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + 1000 }))
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read', to: ASHA, reason: null }])
})

test('ids beyond 2^53 stay exact', async () => {
  const world = await testWorld()
  const { body, headers } = toyWebhook(
    'shopify',
    SECRETS.shopify,
    paidOrder({ id: '820982911946154509' }),
    'orders/paid',
    START,
  )
  const exact = body.replace('"id":820982911946154500', '"id":820982911946154509')
  headers['x-shopify-hmac-sha256'] = createHmac('sha256', SECRETS.shopify).update(exact).digest('base64')
  await post(world, '/webhooks/soko', exact, headers)
  expect(await world.messages()).toMatchObject([{ order_id: '820982911946154509' }])
})
