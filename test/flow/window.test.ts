import { expect, test } from 'vitest'
import { postToy, toyMessage } from '../../src/sandbox/toy-shop.ts'
import { type ApiEvent, type ApiPage, ask } from '../support/api.ts'
import { ASHA, paidOrder, SECRETS, START, testWorld } from '../support/world.ts'

const HOUR = 3_600_000

test('a relayed message opens the window and lets the held receipt go at once, without waiting for the poll', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h' })
  await world.shopSends('woocommerce', paidOrder())
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  await world.run(60_000)
  world.karibu.customerWrites(ASHA)
  const relayed = toyMessage(SECRETS.standard, { from: `+${ASHA}`, text: 'Habari', at: world.clock.now() })
  expect((await postToy(`${world.url}/webhooks/mtandao`, relayed)).status).toBe(200)
  await world.run(1_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('our record unknown, Karibu is asked before a receipt is held', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h' })
  world.karibu.customerWrites(ASHA)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(1_000)
  expect(world.karibu.images()).toHaveLength(1)
  const { body } = await world.get<{ items: { window: object; last_inbound_at: string }[] }>(
    `/v1/conversations/${ASHA}`,
  )
  expect(body.items).toMatchObject([
    { window: { open: true, closes_at: '2026-11-21T09:00:00.000Z', evidence: { source: 'karibu' } }, phone: ASHA },
  ])
})

test('nothing goes out within the margin of the window’s end', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 10m' })
  world.karibu.customerWrites(ASHA)
  await world.leap(23 * HOUR + 50 * 60_000)
  await world.shopSends('woocommerce', paidOrder({ paidAt: world.clock.now(), updatedAt: world.clock.now() }))
  await world.run(1_000)
  expect(world.karibu.images()).toEqual([])
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
})

test('Karibu’s WINDOW_CLOSED beats our record until the customer writes again', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ http: 422, code: 'WINDOW_CLOSED' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(HOUR)
  expect(world.karibu.images()).toEqual([])
  const [message] = await world.messages()
  expect(message).toMatchObject({ status: 'held', error_code: 'karibu.WINDOW_CLOSED', attempts: 1 })
  const { body } = await world.get<{ items: unknown[] }>(`/v1/conversations/${ASHA}`)
  expect(body.items).toMatchObject([{ window: { open: false, evidence: { provider_code: 'karibu.WINDOW_CLOSED' } } }])
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a template of ours opens nothing, although Karibu’s own gate would let the image pass', async () => {
  const rules = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante" }
    when_closed: invite
    invite: { template: receipt_ready, variables: { "1": "{{ order.number }}" } }
`
  const world = await testWorld({ rules })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(2 * HOUR)
  const sent = world.karibu.messages()
  expect(sent).toMatchObject([{ kind: 'template', template: { name: 'receipt_ready', variables: { 1: 'DUKA-0107' } } }])
  expect((await world.messages()).map(({ kind, status }) => ({ kind, status }))).toEqual([
    { kind: 'image', status: 'held' },
    { kind: 'template', status: 'read' },
  ])
  world.karibu.customerWrites(ASHA, { text: 'Ndiyo' })
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('two held receipts of one customer are announced by one invitation', async () => {
  const rules = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante" }
    when_closed: invite
    invite: { template: receipt_ready, variables: { "1": "{{ order.number }}" } }
`
  const world = await testWorld({ rules })
  await world.shopSends('woocommerce', paidOrder({ id: '1', number: '1' }))
  await world.shopSends('woocommerce', paidOrder({ id: '2', number: '2' }))
  await world.run(HOUR)
  expect(world.karibu.messages().map((message) => message.kind)).toEqual(['template'])
})

test('WhatsApp’s own 131047 after the acceptance puts the receipt back to waiting', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ failAsync: 131047 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  expect(await world.messages()).toMatchObject([{ status: 'held', error_code: 'whatsapp.131047', message_id: null }])
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
})

test('a held receipt expires with its reason when the customer never writes', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h' })
  await world.shopSends('woocommerce', paidOrder())
  await world.leap(71 * HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  await world.leap(HOUR)
  expect(await world.messages()).toMatchObject([{ status: 'expired', reason: { code: 'held_too_long' } }])
  world.karibu.customerWrites(ASHA)
  await world.run(2 * HOUR)
  expect(world.karibu.images()).toEqual([])
})

test('a refund while held cancels the receipt; a partial one does not', async () => {
  const world = await testWorld()
  const order = paidOrder()
  await world.shopSends('woocommerce', order)
  await world.shopSends('woocommerce', { ...order, updatedAt: START + 1000, refunds: [{ id: '1', amount: 9_000_00 }] })
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  await world.shopSends('woocommerce', { ...order, updatedAt: START + 2000, refunds: [{ id: '1', amount: 48_000_00 }] })
  expect(await world.messages()).toMatchObject([{ status: 'cancelled', reason: { code: 'order_refunded' } }])
  world.karibu.customerWrites(ASHA)
  await world.run(60_000)
  expect(world.karibu.images()).toEqual([])
})

test('an order cancelled while its receipt is held sends nothing', async () => {
  const world = await testWorld()
  await world.shopSends('shopify', paidOrder())
  await world.shopSends(
    'shopify',
    paidOrder({ updatedAt: START + 1000, cancelledAt: START + 1000 }),
    'orders/cancelled',
  )
  expect(await world.messages()).toMatchObject([{ status: 'cancelled', reason: { code: 'order_cancelled' } }])
})

test('STOP is honoured: later receipts are skipped until START', async () => {
  const world = await testWorld({ karibu: '  per_contact_every: 0s' })
  world.karibu.customerWrites(ASHA, { text: 'Stop!' })
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder({ id: '1', number: '1' }))
  expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'opted_out' } }])
  world.karibu.customerWrites(ASHA, { text: 'anza' })
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder({ id: '2', number: '2' }))
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('what is held at a STOP says so, and the STOP’s trace names it; it goes out at START', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  world.karibu.customerWrites(ASHA, { text: 'Acha' })
  await world.run(30_000)
  const [held] = await world.messages()
  expect(held).toMatchObject({ status: 'held', reason: { code: 'opted_out' } })
  expect(held?.reason?.text).toMatch(
    /^the customer asked to get no more.*only after they write START \(ANZA\); expires 2026/,
  )
  const { items } = (await ask<ApiPage<ApiEvent>>(world, '/v1/events?type=message.received')).body
  expect(items[0]?.trace).toMatchObject([
    { step: 'window' },
    { step: 'opt-out', text: 'the customer asked to get no more messages', message_id: null },
    { step: 'opt-out', text: 'stays held; goes out only after START (ANZA)', message_id: held?.id },
  ])
  world.karibu.customerWrites(ASHA, { text: 'Habari?' })
  await world.run(30_000)
  expect(await world.messages()).toMatchObject([{ status: 'held', reason: { code: 'opted_out' } }])
  world.karibu.customerWrites(ASHA, { text: 'Anza' })
  await world.run(30_000)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
  expect(world.karibu.images()).toHaveLength(1)
})

test('what was held at a STOP and saw no START expires for that reason', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  world.karibu.customerWrites(ASHA, { text: 'STOP' })
  await world.run(30_000)
  for (let day = 0; day < 3; day++) await world.leap(24 * HOUR)
  await world.run(60_000)
  const [expired] = await world.messages()
  expect(expired).toMatchObject({ status: 'expired', reason: { code: 'opted_out' } })
  expect(expired?.reason?.text).toContain('wrote no START (ANZA) before it expired')
})

test('what is queued at a STOP is named in its trace, and skipped', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.set({ sendFault: { http: 429, retryAfterSeconds: 120 } })
  await world.shopSends('woocommerce', paidOrder())
  world.karibu.customerWrites(ASHA, { text: 'STOP' })
  await world.run(30_000)
  const [queued] = await world.messages()
  expect(queued?.status).toBe('queued')
  const { items } = (await ask<ApiPage<ApiEvent>>(world, '/v1/events?type=message.received')).body
  expect(items[0]?.trace.at(-1)).toEqual({
    step: 'opt-out',
    text: 'is skipped when its turn comes, unless they write START (ANZA) before',
    message_id: queued?.id,
  })
  world.karibu.set({ sendFault: null })
  await world.run(10 * 60_000)
  expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'opted_out' } }])
  expect(world.karibu.images()).toEqual([])
})
