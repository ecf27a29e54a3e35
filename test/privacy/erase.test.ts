import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { personTarget } from '../../src/privacy/erase.ts'
import { postToy } from '../../src/sandbox/toy-shop.ts'
import { type ApiConversation, type ApiEvent, type ApiPage, ask } from '../support/api.ts'
import { filesHolding } from '../support/files.ts'
import { ASHA, KARIBU_SECRET, paidOrder, SECRETS, testWorld, type World, type WorldOptions } from '../support/world.ts'

const JUMA = '255754000123'
/** Every form in which she was told to us, and what she and her orders are known by. */
const MARKS = [
  ASHA,
  '0712 345 678',
  '+255 712-345-678',
  '0712345678',
  '712345678',
  'Mwinyi',
  'Nimelipa jana',
  'asha@example.com',
  'QK7X2P9LMN',
  'Khanga ya pamba',
  Buffer.from(ASHA).toString('base64'),
]
const calm = (options: WorldOptions = {}) =>
  testWorld({ karibu: '  poll_inbound_every: 1m\n  per_contact_every: 0s\n', ...options })

const dataOf = (world: World) => join(world.folder, 'data')
const juma = (id: string) =>
  paidOrder({
    id,
    number: `J-${id}`,
    customer: { name: 'Juma Kombo', phone: '0754000123' },
    items: [{ name: 'Chai', quantity: 1, price: 9_000_00 }],
    payment: { method: 'M-Pesa', reference: 'J1' },
  })

async function signedBody(world: World, body: string) {
  const signature = createHmac('sha256', SECRETS.woocommerce).update(body).digest('base64')
  return postToy(`${world.url}/webhooks/duka`, { headers: { 'x-wc-webhook-signature': signature }, body })
}

/** A life with us: wrote, ordered, was answered, waits for more; and another customer beside. */
async function lifeOfAsha(world: World): Promise<void> {
  world.karibu.customerWrites(ASHA, { text: 'Nimelipa jana', name: 'Asha Mwinyi' })
  world.karibu.customerWrites(JUMA, { text: 'Habari', name: 'Juma Kombo' })
  await world.run(MINUTE)
  for (let update = 0; update < 5; update++) {
    await world.shopSends('woocommerce', paidOrder({ updatedAt: world.clock.now() + update }))
    await world.run(SECOND)
  }
  await world.shopSends('woocommerce', juma('9'))
  await world.run(10 * SECOND)
  // Karibu quotes her number, a body nobody understands holds it, and a client puts it into its key.
  world.karibu.nextSend({ http: 422, code: 'VALIDATION_ERROR', message: `${ASHA} is odd` })
  await world.shopSends('woocommerce', paidOrder({ id: '5', number: 'A-5' }))
  await world.run(10 * SECOND)
  await signedBody(world, `{"note":"call +255 712-345-678 or write to asha@example.com"}`)
  const byHand = { shop: 'duka', to: ASHA, order: '4522', caption: 'Asha Mwinyi' }
  const sent = await ask(world, '/v1/messages', {
    method: 'POST',
    body: byHand,
    headers: { 'idempotency-key': `asha-${ASHA}` },
  })
  expect(sent.status).toBe(202)
  await world.run(30 * SECOND)
}

async function erase(world: World, phone = ASHA): Promise<void> {
  await world.app.store.requestErasure(`ers_${world.clock.now()}`, personTarget(phone), world.clock.now())
  await world.run(2 * MINUTE)
}

const open = (world: World) => world.app.store.openErasures()
const events = async (world: World) => (await world.get<ApiPage<ApiEvent>>('/v1/events?limit=200')).body.items

test('after an erasure no file in data_dir holds a byte of who was erased, and others keep theirs', async () => {
  const world = await calm()
  await lifeOfAsha(world)
  expect(filesHolding(dataOf(world), [ASHA, 'Mwinyi', 'Nimelipa jana', '0712 345 678']).length).toBeGreaterThan(3)
  const before = (await world.messages()).filter(({ to }) => to === JUMA)
  const eventCount = (await events(world)).length
  await erase(world)
  expect(await open(world)).toEqual([])
  expect(filesHolding(dataOf(world), MARKS)).toEqual([])
  expect(await world.messages()).toEqual(before)
  expect(before).toMatchObject([{ status: 'read', customer_name: 'Juma Kombo' }])
  expect(await events(world)).toHaveLength(eventCount)
  expect((await ask(world, `/v1/conversations/${ASHA}`)).status).toBe(404)
  expect((await ask(world, `/v1/conversations/${JUMA}`)).status).toBe(200)
  const image = await ask(world, new URL(before[0]?.media_url ?? '').pathname)
  expect(image.status).toBe(200)
})

test('who was erased is never sent again what was sent, whether the shop tells it again or anew', async () => {
  const world = await calm()
  await lifeOfAsha(world)
  const images = world.karibu.images().length
  await erase(world)
  const anew = paidOrder({ updatedAt: world.clock.now() })
  expect(await world.shopSends('woocommerce', anew)).toMatchObject({ status: 200, body: { duplicate: false } })
  world.karibu.customerWrites(ASHA)
  await world.run(2 * MINUTE)
  expect(world.karibu.images()).toHaveLength(images)
  const key = { 'idempotency-key': `asha-${ASHA}` }
  const again = await ask(world, '/v1/messages', {
    method: 'POST',
    body: { shop: 'duka', to: ASHA, order: '4522', caption: 'Asha Mwinyi' },
    headers: key,
  })
  expect(again.status).toBe(409)
})

test('a STOP outlives an erasure, unreadable; a START said afterwards ends it', async () => {
  const world = await calm()
  world.karibu.customerWrites(ASHA, { text: 'STOP' })
  await world.run(MINUTE)
  await erase(world)
  expect(filesHolding(dataOf(world), [ASHA, '712345678'])).toEqual([])
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * SECOND)
  expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'opted_out' } }])
  const { body } = await ask<{ items: ApiConversation[] }>(world, `/v1/conversations/${ASHA}`)
  expect(body.items[0]?.opted_out_at).not.toBeNull()
  world.karibu.customerWrites(ASHA, { text: 'START' })
  await world.run(MINUTE)
  await erase(world)
  await world.shopSends('woocommerce', paidOrder({ id: '77', number: 'A-77' }))
  await world.run(10 * SECOND)
  expect((await world.messages()).at(-1)).toMatchObject({ order_number: 'A-77', reason: { code: 'window_closed' } })
})

test('what waits is dropped; what is on its way arrives and is forgotten afterwards, its late report too', async () => {
  const world = await calm()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * SECOND)
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  await erase(world)
  expect(await world.messages()).toEqual([])
  world.karibu.customerWrites(ASHA)
  await world.run(2 * MINUTE)
  expect(world.karibu.images()).toEqual([])

  await world.shopSends('woocommerce', paidOrder({ id: '8', number: 'A-8' }))
  await world.run(MINUTE)
  const database = new Database(join(dataOf(world), 'risiti.db'))
  database.prepare(`update messages set status = 'sending', lease_expires_at = ?`).run(world.clock.now() + 3 * MINUTE)
  database.close()
  const [going] = await world.messages()
  await erase(world)
  expect(await open(world)).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'sending' }])
  await world.run(5 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await open(world)).toEqual([])
  expect(await world.messages()).toEqual([])
  const event = { event_id: 'late', event: 'whatsapp.read', timestamp: new Date(world.clock.now()).toISOString() }
  const report = JSON.stringify({
    ...event,
    data: { message_id: going?.message_id, provider_message_id: `wamid.${Buffer.from(ASHA).toString('base64')}` },
  })
  const signature = createHmac('sha256', KARIBU_SECRET).update(report).digest('hex')
  const answer = await postToy(`${world.url}/webhooks/karibu`, {
    headers: { 'x-briq-signature': `sha256=${signature}` },
    body: report,
  })
  expect(answer).toMatchObject({ status: 200, body: { used: false } })
  expect(filesHolding(dataOf(world), MARKS)).toEqual([])
})

test('an erasure goes on after a restart, and one whose message is being drawn leaves no picture behind', async () => {
  const world = await calm()
  await lifeOfAsha(world)
  await world.app.store.requestErasure('ers_1', personTarget(ASHA), world.clock.now())
  await world.restart()
  await world.run(2 * MINUTE)
  expect(await open(world)).toEqual([])
  expect(filesHolding(dataOf(world), MARKS)).toEqual([])
  const row = {
    token: 'a'.repeat(32),
    message: 'msg_gone',
    type: 'image/png' as const,
    sha256: '',
    size: 1,
    createdAt: world.clock.now(),
  }
  expect(await world.app.store.addMedia(row)).toBe(false)
})
