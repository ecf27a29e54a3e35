import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { request } from 'undici'
import { expect, test } from 'vitest'
import type { Log } from '../../src/log.ts'
import { postToy, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { ask } from '../support/api.ts'
import { imageServer } from '../support/image-server.ts'
import { API_TOKEN, ASHA, KARIBU_SECRET, paidOrder, READ_TOKEN, SECRETS, START, testWorld } from '../support/world.ts'

const JUMA = '255754000123'
const CAPTION = 'Asante kwa kununua kwetu leo'
const RULES = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "${CAPTION} {{ customer.name }}" }
`

/** Errors with all they say, as a careless logger would write them. */
function whole(_: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { ...Object.fromEntries(Object.entries(value)), name, message, stack, cause }
}

/** Keeps every line of the service's log. */
function recorder() {
  const lines: string[] = []
  const names = new Set<string>()
  const keep = (fields: Record<string, unknown>, name: string) => {
    names.add(name)
    lines.push(JSON.stringify({ name, ...fields }, whole))
  }
  const log: Log = { info: keep, warn: keep, error: keep }
  return { log, lines, names }
}

const order = (id: string) => paidOrder({ id, number: `N-${id}` })

const FORBIDDEN = {
  'a phone': ASHA,
  'another phone': JUMA,
  'a phone as the shop wrote it': '0712 345 678',
  'the API token': API_TOKEN,
  'another token': READ_TOKEN,
  'an unknown token': 'nobody-s-token-at-all',
  'a shop secret': SECRETS.woocommerce,
  'a shop’s older secret': 'an-older-secret',
  'Karibu’s secret': KARIBU_SECRET,
  'Karibu’s key': 'sandbox-key',
  'a caption': CAPTION,
  'a customer’s name': 'Mwinyi',
  'a customer’s words': 'Nimelipa jana',
  'a secret in an image’s address': 'sig=9f8e7d6c',
}

function leaks(lines: string[]): string[] {
  return Object.entries(FORBIDDEN).flatMap(([what, text]) =>
    lines.filter((line) => line.includes(text)).map((line) => `${what}: ${line}`),
  )
}

test('the main job and everything that goes wrong with it log no phone, token, secret, name or caption', async () => {
  const { log, lines, names } = recorder()
  const world = await testWorld({ log, rules: RULES, karibu: '  per_contact_every: 0s' })
  world.karibu.customerWrites(ASHA, { text: 'Nimelipa jana', name: 'Asha Mwinyi' })
  await world.run(15_000)
  await world.shopSends('woocommerce', order('1'))
  await world.shopSends('standard', paidOrder({ customer: { name: 'Juma Mwinyi', phone: '0754000123' } }))
  await world.run(10_000)
  expect(await world.messages()).toMatchObject([{ status: 'read' }, { status: 'held' }])

  // Shops and callers that do wrong.
  const forged = toyWebhook('woocommerce', 'another', order('2'), 'order.updated', START)
  expect((await postToy(`${world.url}/webhooks/duka`, forged)).status).toBe(401)
  await postToy(`${world.url}/webhooks/nobody`, forged)
  const odd = `{"id":7,"phone":"${ASHA}","secret":"${SECRETS.woocommerce}"`
  const signature = createHmac('sha256', SECRETS.woocommerce).update(odd).digest('base64')
  await postToy(`${world.url}/webhooks/duka`, { headers: { 'x-wc-webhook-signature': signature }, body: odd })
  const answer = await request(`${world.url}/webhooks/karibu`, { method: 'POST', body: odd })
  await answer.body.dump()
  await ask(world, '/v1/messages', { token: 'nobody-s-token-at-all' })
  await ask(world, `/v1/messages?to=${ASHA}&q=Mwinyi&since=x${ASHA}`)
  await ask(world, `/v1/conversations/${ASHA}`)
  await ask(world, `/v1/conversations/${JUMA}0`)
  await ask(world, `/v1/messages/${ASHA}`)

  // Karibu that does wrong.
  const faults = [
    { http: 429, retryAfterSeconds: 5 },
    { http: 422, code: 'VALIDATION_ERROR', message: `${ASHA} is odd: ${CAPTION}` },
    { http: 502, accepted: true, shape: 'html' as const },
    { cut: true, accepted: true },
    { http: 422, code: 'WINDOW_CLOSED', message: `closed for ${ASHA}` },
    { failAsync: 131026, failMessage: `${ASHA} undeliverable` },
    { answer: 'garbage' as const },
  ]
  for (const [index, fault] of faults.entries()) {
    world.karibu.customerWrites(ASHA, { text: 'Nimelipa jana' })
    await world.run(20_000)
    world.karibu.nextSend(fault)
    await world.shopSends('woocommerce', order(String(100 + index)))
    await world.run(120_000)
  }
  world.karibu.set({ auth: 'unauthorized' })
  await world.shopSends('woocommerce', order('200'))
  await world.run(10 * 60_000)
  world.karibu.set({ auth: 'normal' })
  await world.karibu.goDown()
  await world.shopSends('woocommerce', order('201'))
  await world.run(60_000)
  await world.karibu.comeBack()

  // An image that cannot be had.
  const host = await imageServer(Buffer.from('no image'))
  const image = `${host.url}?sig=9f8e7d6c`
  for (const image_url of [image, 'http://127.0.0.1:9/bei.png?sig=9f8e7d6c', 'http://10.0.0.1/x?sig=9f8e7d6c']) {
    await ask(world, '/v1/messages', { method: 'POST', body: { shop: 'duka', to: ASHA, image_url, caption: CAPTION } })
  }
  await world.run(120_000)

  const media = (await world.messages())[0]?.media_url?.slice(-36, -4) ?? ''
  expect(lines.length).toBeGreaterThan(100)
  for (const name of ['request.served', 'delivery.taken', 'message.attempted', 'status.reported', 'request.refused']) {
    expect(names).toContain(name)
  }
  expect(leaks(lines)).toEqual([])
  expect(lines.filter((line) => line.includes(media))).toEqual([])
})

test('a request refused for want of a token does not log the phone it asked for', async () => {
  const { log, lines } = recorder()
  const world = await testWorld({ log })
  await ask(world, `/v1/conversations/${ASHA}`, { token: null })
  await ask(world, `/v1/conversations/${ASHA}`, { token: 'nobody-s-token-at-all' })
  expect(lines.filter((line) => line.includes('request.refused'))).toHaveLength(2)
  expect(leaks(lines)).toEqual([])
})

test('a request that fails on the database is logged without what it asked for or brought', async () => {
  const { log, lines, names } = recorder()
  const world = await testWorld({ log, rules: RULES })
  const database = new Database(join(world.folder, 'data', 'risiti.db'))
  database.exec('ALTER TABLE orders RENAME TO lost_orders; ALTER TABLE messages RENAME TO lost_messages')
  database.close()
  const statuses = [
    (await ask(world, `/v1/messages?to=${ASHA}&q=Mwinyi`)).status,
    (await world.shopSends('woocommerce', paidOrder())).status,
    (await ask(world, '/v1/messages', { method: 'POST', body: { shop: 'duka', to: ASHA, order: JUMA } })).status,
  ]
  expect(statuses).toEqual([500, 500, 500])
  expect(names).toContain('request.failed')
  expect(leaks(lines)).toEqual([])
})

test('a request for a contact that fails does not log the phone it asked for', async () => {
  const { log, lines, names } = recorder()
  const world = await testWorld({ log })
  await world.app.store.close()
  expect((await ask(world, `/v1/conversations/${ASHA}`)).status).toBe(500)
  expect(names).toContain('request.failed')
  expect(leaks(lines)).toEqual([])
})
