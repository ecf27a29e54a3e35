import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { postToy, type ToyPlatform, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { ASHA, paidOrder, SECRETS, SHOPS, START, testWorld } from '../support/world.ts'

const TOPICS: Record<ToyPlatform, [string, string, string]> = {
  woocommerce: ['order.created', 'order.updated', 'order.updated'],
  shopify: ['orders/create', 'orders/updated', 'orders/paid'],
  standard: ['order.created', 'order.updated', 'order.paid'],
}
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const

test('the same delivery fifty times at once makes one event and one image', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  const webhook = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'order.updated', START)
  const answers = await Promise.all(Array.from({ length: 50 }, () => postToy(`${world.url}/webhooks/duka`, webhook)))
  expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200))
  const firsts = answers.filter((answer) => !(answer.body as { duplicate: boolean }).duplicate)
  expect(firsts).toHaveLength(1)
  expect(new Set(answers.map((answer) => (answer.body as { event_id: string }).event_id)).size).toBe(1)
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test.each(Object.keys(TOPICS) as ToyPlatform[])(
  '%s: created, updated and paid in every order, twice over, send one image',
  async (platform) => {
    const world = await testWorld({ karibu: '  per_contact_every: 0s' })
    world.karibu.customerWrites(ASHA)
    await world.run(15_000)
    for (const [index, sequence] of ORDERS.entries()) {
      const paid = paidOrder({
        id: String(7000 + index),
        number: `N-${index}`,
        updatedAt: START + 2_000,
        paidAt: START + 2_000,
      })
      const { paidAt: _paidAt, ...unpaid } = paid
      const states: ToyOrder[] = [{ ...unpaid, updatedAt: START }, { ...unpaid, updatedAt: START + 1_000 }, paid]
      for (const step of [...sequence, ...sequence]) {
        const state = states[step]
        if (state) await world.shopSends(platform, state, TOPICS[platform][step])
      }
    }
    await world.run(60_000)
    const messages = await world.messages()
    expect(messages.map((message) => message.order_number)).toEqual(['N-0', 'N-1', 'N-2', 'N-3', 'N-4', 'N-5'])
    expect(messages.map((message) => message.status)).toEqual(Array(6).fill('read'))
    expect(world.karibu.images()).toHaveLength(6)
  },
)

test('WooCommerce gives two orders of one second the same delivery id; both get their receipt', async () => {
  const world = await testWorld({ karibu: '  per_contact_every: 0s' })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  for (const id of ['1', '2']) {
    const webhook = toyWebhook(
      'woocommerce',
      SECRETS.woocommerce,
      paidOrder({ id, number: id }),
      'order.updated',
      START,
    )
    await postToy(`${world.url}/webhooks/${SHOPS.woocommerce}`, webhook)
  }
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(2)
})

test('a shop that takes the order’s id for the event’s loses nothing: the payment told after the order gets its receipt', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  for (const [topic, paidAt] of [
    ['order.created', undefined],
    ['order.paid', START],
    ['order.paid', START],
  ] as const) {
    const { headers, body } = toyWebhook('standard', SECRETS.standard, paidOrder({ paidAt }), topic, START)
    const id = 'order-4522'
    const seconds = headers['webhook-timestamp'] ?? ''
    const key = Buffer.from(SECRETS.standard.slice('whsec_'.length), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
    const signed = { ...headers, 'webhook-id': id, 'webhook-signature': `v1,${signature}` }
    expect((await postToy(`${world.url}/webhooks/${SHOPS.standard}`, { headers: signed, body })).status).toBe(200)
  }
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a lost answer to an accepted send is found in Karibu’s list: one image, one attempt', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  expect(await world.messages()).toMatchObject([
    { status: 'uncertain', reason: { code: 'answer_lost' }, message_id: null },
  ])
  await world.run(60_000)
  const [image, ...others] = world.karibu.images()
  expect(others).toEqual([])
  expect(await world.messages()).toMatchObject([{ status: 'read', message_id: image?.id, attempts: 1 }])
})

test('a request that broke before Karibu took it is sent again, but only once its list has stayed empty', async () => {
  const world = await testWorld({ karibu: '  absent_after: 2m' })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: false })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(119_000)
  expect(world.karibu.images()).toEqual([])
  expect(await world.messages()).toMatchObject([{ status: 'uncertain' }])
  await world.run(60_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
})

test('when Karibu’s list shows no links, a lost answer is never guessed at: it stays uncertain', async () => {
  const world = await testWorld({
    karibu: '  poll_inbound_every: 1h',
    sandbox: { switches: { listEchoesMediaUrl: false, webhookDropAll: true } },
  })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(26 * 3_600_000)
  expect(world.karibu.images()).toHaveLength(1)
  const [message] = await world.messages()
  expect(message).toMatchObject({ status: 'uncertain', reason: { code: 'needs_a_person' } })
  expect((await world.post(`/v1/messages/${message?.id}/retry`)).status).toBe(409)
})

test('a crash between request and settling is looked up after the restart, not sent again', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  const [message] = await world.messages()
  // As a process killed in the middle leaves it: sending, with its lease still running.
  await world.app.store.changeMessage(
    message?.id ?? '',
    ['uncertain'],
    { status: 'sending', leaseExpiresAt: START + 9e6 },
    START,
  )
  await world.restart()
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 1 }])
})

test('a restart goes on with what was queued and held', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.restart()
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  await world.restart()
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
})
