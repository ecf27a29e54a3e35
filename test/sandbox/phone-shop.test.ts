import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { visit, wordsOf } from './phone-pages.ts'
import { CUSTOMER, sandboxWorld, webhookReceiver } from './world.ts'

const SECRET = 'duka-secret'
const BASKET = { khanga: '2', sabuni: '1', phone: CUSTOMER, payment: 'Airtel Money' }

async function shopWorld(answer: (nth: number) => number = () => 200) {
  const receiver = await webhookReceiver(answer)
  const shop = { platform: 'woocommerce', name: 'Duka', url: receiver.url, secret: SECRET } as const
  const world = await sandboxWorld({ phone: { shop } })
  const buy = (form: Record<string, string>, headers = {}) =>
    visit(world.karibu.url, '/phone/shop/orders', { form, headers })
  return {
    ...world,
    receiver,
    buy,
    orders: async () => wordsOf((await visit(world.karibu.url, '/phone/shop/orders')).text),
    change: (id: string, what: string) => visit(world.karibu.url, `/phone/shop/orders/${id}`, { form: { do: what } }),
    posts: () =>
      receiver.received.map(({ headers, json }) => [headers['x-wc-webhook-topic'], json.status, json.total, json.id]),
  }
}

test('buying posts what WooCommerce would: created unpaid, then updated and paid, both signed', async () => {
  const world = await shopWorld()
  const answer = await world.buy({ ...BASKET, paid: 'yes' })
  expect([answer.status, answer.headers.location]).toEqual([303, '/phone'])
  const [created, updated] = world.receiver.received
  const { id } = created?.json ?? {}
  expect(world.posts()).toEqual([
    ['order.created', 'pending', '45000.00', id],
    ['order.updated', 'processing', '45000.00', id],
  ])
  for (const post of [created, updated]) {
    expect(post?.headers['x-wc-webhook-signature']).toBe(
      createHmac('sha256', SECRET)
        .update(post?.body ?? '')
        .digest('base64'),
    )
  }
  expect(updated?.json).toMatchObject({
    payment_method_title: 'Airtel Money',
    billing: { first_name: 'Asha', last_name: 'Mwinyi', phone: `+${CUSTOMER}`, country: 'TZ' },
    line_items: [{ name: 'Khanga ya Kilimanjaro', quantity: 2 }, { name: 'Sabuni ya mwarobaini' }],
  })
  expect(updated?.json.date_modified_gmt > created?.json.date_modified_gmt).toBe(true)
})

test('an order can wait for its payment, be paid, be paid back, and be told of again', async () => {
  const world = await shopWorld()
  await world.buy({ ...BASKET, paid: 'no' })
  const id = String(world.receiver.received[0]?.json.id)
  expect(await world.orders()).toContain('not paid yet Asha Mwinyi · TSh 45,000')
  for (const what of ['pay', 'refund', 'repeat']) expect((await world.change(id, what)).status).toBe(303)
  expect(world.posts().map(([topic, status]) => [topic, status])).toEqual([
    ['order.created', 'pending'],
    ['order.updated', 'processing'],
    ['order.updated', 'refunded'],
    ['order.updated', 'refunded'],
  ])
  expect(world.receiver.received[3]?.body).toBe(world.receiver.received[2]?.body)
  // What cannot be done any more is refused, and posts nothing.
  expect((await world.change(id, 'refund')).status).toBe(404)
  expect((await world.change('1', 'pay')).status).toBe(404)
  expect((await world.change(id, 'delete')).status).toBe(400)
  expect(world.receiver.received).toHaveLength(4)
})

test('the page says what Risiti answered, also where that was no, and where nobody did', async () => {
  const world = await shopWorld((nth) => (nth === 0 ? 200 : 401))
  await world.buy({ ...BASKET, paid: 'yes' })
  const said = await world.orders()
  expect(said).toContain('order.created : Risiti answered 200')
  expect(said).toContain('order.updated : Risiti answered 401')
  const silent = await sandboxWorld({
    phone: { shop: { platform: 'woocommerce', name: 'Duka', url: 'http://127.0.0.1:1/webhooks/duka', secret: SECRET } },
  })
  await visit(silent.karibu.url, '/phone/shop/orders', { form: { ...BASKET, paid: 'no' } })
  expect(wordsOf((await visit(silent.karibu.url, '/phone/shop/orders')).text)).toContain('Risiti did not answer')
})

test('an empty basket buys nothing and says so, with and without htmx', async () => {
  const world = await shopWorld()
  const empty = { khanga: '0', kikapu: '-3', sabuni: 'x', phone: CUSTOMER, paid: 'yes' }
  for (const [headers, status] of [[{}, 400] as const, [{ 'hx-request': 'true' }, 200] as const]) {
    const answer = await world.buy(empty, headers)
    expect([answer.status, wordsOf(answer.text).includes('The basket is empty')]).toEqual([status, true])
  }
  expect((await world.buy({ ...BASKET, phone: '999' })).status).toBe(400)
  expect(world.receiver.received).toEqual([])
})

test('a held receipt is explained by the window of whoever bought', async () => {
  const world = await shopWorld()
  await world.buy({ ...BASKET, paid: 'yes' })
  expect(await world.orders()).toContain('Asha Mwinyi’s window is closed: Risiti holds the receipt until they write.')
  world.karibu.customerWrites(CUSTOMER)
  expect(await world.orders()).not.toContain('window is closed')
})

test('orders have ids that a till opened later does not give again', async () => {
  const world = await shopWorld()
  for (let nth = 0; nth < 3; nth++) await world.buy({ ...BASKET, paid: 'no' })
  const ids = world.receiver.received.map((post) => post.json.id)
  const now = Math.floor(world.clock.now() / 1000)
  expect(ids).toEqual([now, now + 1, now + 2])
})

test('without a shop the page says what to set, and there is nothing to buy', async () => {
  const world = await sandboxWorld()
  const { text } = await visit(world.karibu.url, '/phone/shop')
  expect(wordsOf(text)).toContain('--shop-url http://127.0.0.1:8787/webhooks/duka')
  expect(wordsOf(text)).toContain('--shop-secret-env DUKA_WEBHOOK_SECRET')
  expect((await visit(world.karibu.url, '/phone/shop/orders', { form: BASKET })).status).toBe(404)
})
