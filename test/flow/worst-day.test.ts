import { expect, test } from 'vitest'
import { postToy, toyMessage } from '../../src/sandbox/toy-shop.ts'
import { ASHA, paidOrder, SECRETS, START, testWorld } from '../support/world.ts'

const HOUR = 3_600_000
const NEEMA = '255713999888'

async function openWorld(options: Parameters<typeof testWorld>[0] = {}) {
  const world = await testWorld(options)
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  return world
}

test('a list that lags behind what Karibu took on never leads to a second copy', async () => {
  const world = await openWorld({ sandbox: { switches: { listLagMs: 90_000 }, statusDelays: { fetch: 100_000 } } })
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(HOUR)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ attempts: 1, message_id: world.karibu.images()[0]?.id }])
})

test('a phone corrected in the shop moves the held receipt: the stranger gets nothing', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1m' })
  await world.shopSends('woocommerce', paidOrder({ customer: { name: 'Asha Mwinyi', phone: '0713 999 888' } }))
  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + 1000 }))
  world.karibu.customerWrites(NEEMA)
  await world.run(5 * 60_000)
  expect(world.karibu.images()).toEqual([])
  world.karibu.customerWrites(ASHA)
  await world.run(5 * 60_000)
  expect(world.karibu.images()).toMatchObject([{ to: ASHA }])
})

test('an outage of hours fails nothing; what the window still allows goes out afterwards', async () => {
  const world = await openWorld({ karibu: '  poll_inbound_every: 1m' })
  await world.run(60_000)
  await world.karibu.goDown()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(3 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'queued', error_code: 'karibu.unreachable' }])
  await world.karibu.comeBack()
  await world.run(2 * 60_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a late word of a closed window does not beat a message the customer wrote since', async () => {
  const world = await openWorld({ webhooks: false })
  world.karibu.nextSend({ failAsync: 131047 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  world.karibu.customerWrites(ASHA, { text: 'bado' })
  await world.run(20 * 60_000)
  expect(world.karibu.images()).toHaveLength(2)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
})

test('threads a relay named wrongly neither refuse a signed webhook nor stop the poller', async () => {
  const other = '255700000002'
  const world = await testWorld({
    sandbox: { senders: [{ number: '255700000001', default: true }, { number: other }] },
  })
  await world.shopSends('woocommerce', paidOrder())
  const { conversationId } = world.karibu.customerWrites(ASHA, { to: other })
  const at = world.clock.now()
  const relay = async (fields: object) => {
    const webhook = toyMessage(SECRETS.standard, { from: '', text: 'habari', at, ...fields })
    return (await postToy(`${world.url}/webhooks/mtandao`, webhook)).status
  }
  expect(await relay({ conversation_id: conversationId })).toBe(200)
  expect(await relay({ from: ASHA, to: other, conversation_id: conversationId })).toBe(200)
  await world.run(60_000)
  expect(world.karibu.images(), 'she wrote to the other number').toEqual([])
  world.karibu.customerWrites(ASHA)
  await world.run(60_000)
  expect(world.karibu.images()).toMatchObject([{ to: ASHA, sender: '255700000001' }])
})

test('a customer whose country WhatsApp does not serve holds up nobody else', async () => {
  const world = await openWorld()
  world.karibu.customerWrites(NEEMA)
  await world.run(15_000)
  world.karibu.nextSend({ to: NEEMA, failAsync: 130497, times: 50 })
  await world.shopSends('woocommerce', paidOrder({ id: '1', customer: { name: 'Neema', phone: '0713999888' } }))
  await world.shopSends('woocommerce', paidOrder({ id: '2' }))
  await world.run(60_000)
  expect((await world.messages()).map(({ status, attempts }) => [status, attempts])).toEqual([
    ['failed', 1],
    ['read', 1],
  ])
})

test('an account trouble reported after the acceptance gives up in the end', async () => {
  const world = await openWorld({ karibu: '  poll_inbound_every: 10m' })
  world.karibu.nextSend({ failAsync: 131042, times: 1000 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(12 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'failed', error_code: 'whatsapp.131042', attempts: 10 }])
})

test('an order paid days after it was placed gets its receipt, whichever webhook comes first', async () => {
  const world = await openWorld()
  const days = 86_400_000
  const placed = paidOrder({ createdAt: START - 3 * days, updatedAt: START - 3 * days })
  const { paidAt: _paidAt, ...unpaid } = placed
  await world.shopSends('shopify', unpaid, 'orders/create')
  await world.shopSends('shopify', { ...placed, paidAt: START - 3 * days, updatedAt: START }, 'orders/updated')
  await world.run(10_000)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
})

test('an older START seen late does not lift a newer STOP', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1m' })
  await world.run(1000)
  world.karibu.customerWrites(ASHA, { text: 'anza', at: START })
  const stop = toyMessage(SECRETS.standard, { from: ASHA, text: 'stop', at: START + 1000 })
  await postToy(`${world.url}/webhooks/mtandao`, stop)
  await world.run(2 * 60_000)
  await world.shopSends('woocommerce', paidOrder())
  expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'opted_out' } }])
})

test('a refund before its order, and a phone mended later, make a caption of the whole order', async () => {
  const world = await openWorld()
  const order = paidOrder({ number: '#1001', customer: { name: 'Asha Mwinyi', phone: '0712' } })
  await world.shopSends('shopify', { ...order, refunds: [{ id: '1', amount: 9_000_00, at: START }] }, 'refunds/create')
  await world.shopSends('shopify', order)
  await world.shopSends('shopify', {
    ...order,
    customer: { name: 'Asha Mwinyi', phone: '0712345678' },
    updatedAt: START + 1000,
  })
  await world.run(10_000)
  expect(world.karibu.images()).toMatchObject([{ caption: 'Asante Asha! Risiti ya oda #1001: TSh 48,000.' }])
})

test('an order cancelled by mistake and reopened gets its receipt', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + 1000, cancelledAt: START + 1000 }))
  expect(await world.messages()).toMatchObject([{ status: 'cancelled' }])
  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + 2000 }))
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('no wait that Karibu names parks a receipt for longer than a quarter of an hour', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 900_000 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(16 * 60_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a retry that would come after the window’s end is held at once instead', async () => {
  const world = await openWorld({ karibu: '  poll_inbound_every: 10m' })
  await world.leap(23 * HOUR + 45 * 60_000)
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 600 })
  const now = world.clock.now()
  await world.shopSends('woocommerce', paidOrder({ paidAt: now, updatedAt: now }))
  expect(await world.messages()).toMatchObject([{ status: 'held', attempts: 1 }])
})

test('a test order’s receipt cannot be retried onto a phone', async () => {
  const world = await openWorld()
  await world.shopSends('shopify', paidOrder({ test: true }))
  const [message] = await world.messages()
  await world.post(`/v1/messages/${message?.id}/retry`)
  await world.run(10_000)
  expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'test_order' } }])
  expect(world.karibu.images()).toEqual([])
})

test('lists that cannot be read for a day settle the message when they can be again', async () => {
  const world = await openWorld({
    karibu: '  poll_inbound_every: 1h',
    sandbox: { switches: { webhookDropAll: true } },
  })
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  world.karibu.set({ readFault: { http: 503 } })
  await world.run(26 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'uncertain', reason: { code: 'answer_lost' } }])
  world.karibu.set({ readFault: null })
  await world.run(2 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 1 }])
  expect(world.karibu.images()).toHaveLength(1)
})
