import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { explain } from '../../src/commands/failure.ts'
import { runMessages } from '../../src/commands/messages.ts'
import { phoneArgument } from '../../src/commands/phone.ts'
import type { Log } from '../../src/log.ts'
import { personTarget } from '../../src/privacy/erase.ts'
import { postToy, toyMessage, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { ask, type Question } from '../support/api.ts'
import { gatewayWorld, notify, PAYMENT } from '../support/toy-gateway.ts'
import { API_TOKEN, ASHA, KARIBU_SECRET, paidOrder, SECRETS, START, testWorld, type World } from '../support/world.ts'

const CAPTION = 'Asante kwa kununua kwetu leo'
const RULES = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "${CAPTION} {{ customer.name }}" }
`
/** In every form a phone is written here, and whatever else is nobody's business. */
const MARKS = [
  ASHA,
  '0712 345 678',
  '0712345678',
  '712-345-678',
  '712345678',
  'Mwinyi',
  CAPTION,
  'Nimelipa jana',
  'asha@example.com',
  API_TOKEN,
  'a-token-of-nobody',
  KARIBU_SECRET,
  'sandbox-key',
  ...Object.values(SECRETS),
]

/** Everything the service says: its log, and the error answers it gives. */
function listen() {
  const said: string[] = []
  const names = new Set<string>()
  const whole = (_: string, value: unknown) =>
    value instanceof Error
      ? { ...Object.fromEntries(Object.entries(value)), message: value.message, stack: value.stack, cause: value.cause }
      : value
  const keep = (fields: Record<string, unknown>, name: string) => {
    names.add(name)
    said.push(`log: ${JSON.stringify({ name, ...fields }, whole)}`)
  }
  const log: Log = { info: keep, warn: keep, error: keep }
  return { log, said, names }
}

const leaks = (said: string[]) => said.filter((line) => MARKS.some((mark) => line.includes(mark)))

function talkTo(world: World, said: string[]) {
  return {
    async api(path: string, question: Question = {}) {
      const { status, text } = await ask(world, path, question)
      if (status >= 400) said.push(`answer ${status}: ${text}`)
      return status
    },
    async webhook(shop: string, headers: Record<string, string>, body: string) {
      const { status, body: answer } = await postToy(`${world.url}/webhooks/${shop}`, { headers, body })
      said.push(`answer ${status}: ${JSON.stringify(answer)}`)
      return status
    },
  }
}

const woo = (body: string, secret = SECRETS.woocommerce) => ({
  'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
})

test('no path repeats a phone, name, caption, token or secret in a log line, an error answer or a metric', async () => {
  const { log, said, names } = listen()
  const world = await testWorld({ log, rules: RULES, karibu: '  per_contact_every: 0s\n  poll_inbound_every: 1m' })
  const { api, webhook } = talkTo(world, said)
  world.karibu.customerWrites(ASHA, { text: 'Nimelipa jana', name: 'Asha Mwinyi' })
  await world.run(MINUTE)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * SECOND)

  // Webhooks: forged, malformed, of nobody, and a relayed message.
  const personal = `{"phone":"${ASHA}","name":"Asha Mwinyi","email":"asha@example.com","key":"${SECRETS.woocommerce}"`
  expect(await webhook('duka', woo(personal, 'another'), personal)).toBe(401)
  expect(await webhook('duka', woo(personal), personal)).toBe(200)
  expect(await webhook('duka', { 'x-wc-webhook-signature': SECRETS.woocommerce }, personal)).toBe(401)
  expect(await webhook(ASHA, woo(personal), personal)).toBe(404)
  expect(await webhook('Asha%20Mwinyi', woo(personal), personal)).toBe(404)
  expect(await webhook('karibu', { 'x-briq-signature': KARIBU_SECRET }, personal)).toBe(401)
  const relayed = toyMessage(SECRETS.standard, { from: '0712 345 678', text: 'Nimelipa jana', at: world.clock.now() })
  expect(await webhook('mtandao', relayed.headers, relayed.body)).toBe(200)

  // The API, asked wrongly.
  for (const path of [
    `/v1/messages?to=0712345678`,
    `/v1/messages?since=${ASHA}`,
    `/v1/messages?status=Mwinyi`,
    `/v1/messages?cursor=${ASHA}`,
    `/v1/messages?${ASHA}=1`,
    `/v1/messages/${ASHA}`,
    `/v1/messages/export?format=${ASHA}`,
    `/v1/conversations/0712345678`,
    `/v1/conversations/${ASHA}0`,
    `/v1/events/Mwinyi`,
    `/v1/${ASHA}/Mwinyi`,
    `/${ASHA}/Mwinyi`,
    `/media/${ASHA}.png`,
  ])
    expect([path, await api(path)]).toEqual([path, expect.any(Number)])
  await api(`/v1/conversations/${ASHA}`, { token: 'a-token-of-nobody' })
  const wrongs: unknown[] = [
    { shop: 'Mwinyi', to: ASHA, image_url: 'https://x.example/a.png' },
    { shop: 'duka', to: '0712345678', image_url: 'https://x.example/a.png' },
    { shop: 'duka', to: ASHA, order: 'Mwinyi' },
    { shop: 'duka', to: ASHA, image_url: `ftp://${ASHA}`, caption: CAPTION },
    { shop: 'duka', [ASHA]: 'Mwinyi' },
    { shop: 'duka', to: ASHA, image_url: 'https://x.example/a.png', when_closed: 'Mwinyi' },
    { shop: 'duka', to: ASHA, image_url: 'https://x.example/a.png', caption: `${CAPTION}${'x'.repeat(2000)}` },
  ]
  for (const body of wrongs) expect(await api('/v1/messages', { method: 'POST', body })).toBeGreaterThanOrEqual(400)
  expect(await api('/v1/messages', { method: 'POST', raw: `{"to": ${ASHA} Mwinyi` })).toBe(400)

  // Karibu, whose errors quote what was asked.
  const quote = `${ASHA} (Asha Mwinyi) is odd: ${CAPTION}`
  let id = 100
  for (const fault of [
    { http: 422, code: 'VALIDATION_ERROR', message: quote },
    { http: 422, code: ASHA, message: quote },
    { http: 422, code: 'no such contact: Mwinyi', message: quote },
    { http: 503, message: quote },
    { http: 403, message: quote },
    { failAsync: 131026, failMessage: quote },
    { failAsync: ASHA, failMessage: quote },
  ]) {
    world.karibu.customerWrites(ASHA, { text: 'Nimelipa jana' })
    await world.run(2 * MINUTE)
    world.karibu.nextSend(fault)
    await world.shopSends('woocommerce', paidOrder({ id: String(id), number: `N-${id++}` }))
    await world.run(2 * MINUTE)
  }
  world.karibu.set({ readFault: { http: 422, code: ASHA, message: quote } })
  await world.shopSends('woocommerce', paidOrder({ id: '300', customer: { name: 'Juma', phone: '0754000123' } }))
  await world.run(6 * MINUTE)
  world.karibu.set({ readFault: null })

  // Somebody who is forgotten, and a shop that asks for it.
  const redact = JSON.stringify({
    shop_id: 1,
    shop_domain: 'soko.myshopify.com',
    customer: { phone: '0712345678', email: 'asha@example.com' },
    orders_to_redact: [1],
  })
  const hmac = createHmac('sha256', SECRETS.shopify).update(redact).digest('base64')
  expect(await webhook('soko', { 'x-shopify-hmac-sha256': hmac, 'x-shopify-topic': 'customers/redact' }, redact)).toBe(
    200,
  )
  await world.app.store.requestErasure('ers_1', personTarget(ASHA), world.clock.now())
  await world.run(2 * MINUTE)

  const { text } = await ask(world, '/metrics')
  said.push(...text.split('\n').map((line) => `metric: ${line}`))
  for (const name of ['request.refused', 'message.attempted', 'window.lookup_failed', 'privacy.erased'])
    expect(names).toContain(name)
  expect(said.length).toBeGreaterThan(300)
  expect(leaks(said)).toEqual([])
})

test('a platform’s API whose errors quote a customer, and a claim that names one, are told of without that', async () => {
  const { log, said, names } = listen()
  const { world, gateway } = await gatewayWorld({ log, rules: RULES })
  const quote = { message: `no payment of ${ASHA} (Asha Mwinyi, asha@example.com)` }
  gateway.payments.set('P1', PAYMENT)
  for (const status of [400, 401, 403, 429, 500]) {
    gateway.next({ status, body: JSON.stringify(quote) })
    const { body } = await notify(world, { id: 'P1', reference: 'Asha Mwinyi', amount: String(status) })
    said.push(`answer: ${JSON.stringify(body)}`)
    await world.run(10 * MINUTE)
  }
  gateway.next({ status: 200, body: `Asha Mwinyi "${ASHA}"` })
  await notify(world, { id: 'P2', reference: '0712 345 678' })
  await world.run(HOUR)
  said.push(...(await ask(world, '/metrics')).text.split('\n'), (await ask(world, '/readyz')).text)
  for (const name of ['platform_api.no_answer', 'platform_api.refuses_key', 'claim.mismatch'])
    expect(names).toContain(name)
  expect(leaks(said)).toEqual([])
})

test('a database that refuses what it is given is told of without what that was', async () => {
  const { log, said, names } = listen()
  const world = await testWorld({ log, rules: RULES, karibu: '  poll_inbound_every: 1m' })
  const { api, webhook } = talkTo(world, said)
  const database = new Database(join(world.folder, 'data', 'risiti.db'))
  for (const table of ['orders', 'messages', 'conversations', 'erasures']) {
    database.exec(`create trigger no_${table} before insert on ${table} begin select raise(abort, 'no more'); end`)
  }
  database.close()
  const order = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'order.updated', START)
  expect(await webhook('duka', order.headers, order.body)).toBe(500)
  const byHand = { shop: 'duka', to: ASHA, image_url: 'https://x.example/a.png', caption: CAPTION }
  expect(await api('/v1/messages', { method: 'POST', body: byHand })).toBe(500)
  world.karibu.customerWrites(ASHA, { text: 'Nimelipa jana', name: 'Asha Mwinyi' })
  await world.run(2 * MINUTE)
  const erasing = world.app.store.requestErasure('ers_1', personTarget(ASHA), START)
  said.push(explain(await erasing.catch((error: unknown) => error)))
  expect(names).toContain('request.failed')
  expect(names).toContain('inbound.set_aside')
  expect(said.filter((line) => line.includes('no more')).length).toBeGreaterThan(2)
  expect(leaks(said)).toEqual([])
})

test('what the commands say of a mistake does not repeat it', async () => {
  const world = await testWorld()
  const said: string[] = []
  const options = {
    limit: undefined,
    cursor: undefined,
    json: false,
    publicUrl: world.url,
    timezone: 'UTC',
    shops: [],
    now: START,
    columns: 120,
  }
  for (const filter of [{ to: '0712345678' }, { since: ASHA }, { status: 'Mwinyi' }])
    await runMessages({ ...options, filter }, world.app.store).catch((error: unknown) => said.push(explain(error)))
  for (const phone of ['0712345678 / 0712 345 678', 'Mwinyi', '0712345678']) {
    try {
      said.push(phoneArgument(phone, phone === '0712345678' ? undefined : 'TZ', []))
    } catch (error) {
      said.push(explain(error))
    }
  }
  expect(said).toHaveLength(6)
  expect(leaks(said)).toEqual([])
})
