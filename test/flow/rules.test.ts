import { expect, test } from 'vitest'
import { imageServer } from '../support/image-server.ts'
import { ASHA, paidOrder, START, testWorld, type World } from '../support/world.ts'

const MINUTE = 60_000

const AWAITING = `
  - name: awaiting
    on: order.created
    if: order.paid_at == ""
    send:
      image: receipt
      caption: { sw: "Oda {{ order.number }} inasubiri malipo ya {{ order.total | money }}.", en: "Order {{ order.number }} awaits payment." }
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Risiti" }
`
const REFUNDED = `
  - name: refund
    on: order.refunded
    send: { image: receipt, caption: "Tumerejesha {{ order.refund_amount | money }}, jumla {{ order.refunded_total | money }}." }
`
const PARCEL = `
  - name: parcel
    on: order.fulfilled
    send: { image: { url: "{{ order.attributes.parcel_photo }}" }, caption: "Oda {{ order.number }} imetumwa." }
`
const KEYWORDS = `
  - name: price-list
    on: message.received
    when: { text: [bei, "price list"] }
    send: { image: { url: "IMAGE" }, caption: "Bei zetu, {{ message.name }}." }
`

const { paidAt: _paidAt, ...UNPAID } = paidOrder({ updatedAt: START - 30_000 })

async function openWorld(rules: string): Promise<World> {
  const world = await testWorld({ rules })
  world.karibu.customerWrites(ASHA, { name: 'Asha' })
  await world.run(15_000)
  return world
}

async function captions(world: World): Promise<string[]> {
  return (await world.messages()).map(({ caption }) => caption)
}

test('a new order that awaits payment is told once, in the customer’s language, and its payment is its own message', async () => {
  const world = await openWorld(AWAITING)
  await world.shopSends('woocommerce', UNPAID)
  await world.shopSends('woocommerce', { ...UNPAID, updatedAt: START })
  await world.run(MINUTE)
  expect(await captions(world)).toEqual(['Oda DUKA-0107 inasubiri malipo ya TSh 48,000.'])
  expect(world.karibu.images()).toHaveLength(1)
  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + MINUTE, paidAt: START + MINUTE }))
  await world.run(MINUTE)
  expect(await captions(world)).toEqual(['Oda DUKA-0107 inasubiri malipo ya TSh 48,000.', 'Risiti'])
  const english = { name: 'Asha Mwinyi', phone: '0712 345 678', locale: 'en' }
  await world.shopSends('woocommerce', { ...UNPAID, id: '4523', number: 'DUKA-0108', customer: english })
  expect(await captions(world)).toContain('Order DUKA-0108 awaits payment.')
})

test('an order first seen paid does not await payment', async () => {
  const world = await openWorld(AWAITING)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  expect(await captions(world)).toEqual(['Risiti'])
})

test('“awaiting payment” that was held until after the payment does not go out', async () => {
  const world = await testWorld({ rules: AWAITING })
  await world.shopSends('woocommerce', UNPAID)
  await world.run(MINUTE)
  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + 1, paidAt: START + 1 }))
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([
    { status: 'cancelled', reason: { code: 'order_paid' } },
    { status: 'held', caption: 'Risiti' },
  ])
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
})

test('each further part of the money given back is told once, with its own amount and the sum', async () => {
  const world = await openWorld(REFUNDED)
  await world.shopSends('woocommerce', paidOrder())
  const first = { id: '901', amount: 9_000_00, reason: 'Sabuni imeisha' }
  const second = { id: '902', amount: 3_000_00 }
  const after = (refunds: { id: string; amount: number }[], updatedAt: number) =>
    world.shopSends('woocommerce', paidOrder({ refunds, updatedAt }))
  await after([first], START + 1_000)
  await after([first], START + 2_000)
  await world.run(MINUTE)
  // WooCommerce lists the newest first.
  await after([second, first], START + 3_000)
  await after([second, first], START + 4_000)
  await world.run(MINUTE)
  expect(await captions(world)).toEqual([
    'Tumerejesha TSh 9,000, jumla TSh 9,000.',
    'Tumerejesha TSh 3,000, jumla TSh 12,000.',
  ])
  expect(world.karibu.images()).toHaveLength(2)
})

test('news of a full refund goes out although no receipt of that order may', async () => {
  const world = await testWorld({ rules: `${AWAITING}${REFUNDED.slice(1)}` })
  await world.shopSends('shopify', paidOrder({ country: 'TZ' }))
  const refunds = [{ id: '901', amount: 48_000_00 }]
  await world.shopSends('shopify', paidOrder({ country: 'TZ', refunds, updatedAt: START + 1_000 }), 'orders/updated')
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([
    { status: 'cancelled', reason: { code: 'order_refunded' } },
    { caption: 'Tumerejesha TSh 48,000, jumla TSh 48,000.' },
  ])
  expect(world.karibu.images()).toHaveLength(1)
})

test.each(['woocommerce', 'shopify', 'standard'] as const)(
  'a fulfilled %s order sends the parcel’s photo from its own fields',
  async (platform) => {
    const world = await openWorld(PARCEL)
    const { url } = await imageServer()
    const sent = { fulfilledAt: START + 1_000, updatedAt: START + 1_000, country: 'TZ' }
    const topic = platform === 'shopify' ? 'orders/fulfilled' : platform === 'standard' ? 'order.fulfilled' : undefined
    await world.shopSends(platform, paidOrder({ ...sent, attributes: { parcel_photo: url } }), topic)
    await world.run(MINUTE)
    expect(await captions(world)).toEqual(['Oda DUKA-0107 imetumwa.'])
    expect(world.karibu.images()).toHaveLength(1)
  },
)

test.each([
  ['is missing', {}],
  ['is empty', { parcel_photo: ' ' }],
  ['is no address', { parcel_photo: 'picha ya mzigo' }],
  ['is a script', { parcel_photo: 'javascript:alert(1)' }],
])(
  'a parcel photo that %s is a skip with its reason, and goes out once the shop adds it',
  async (_name, attributes) => {
    const world = await openWorld(PARCEL)
    const sent = { fulfilledAt: START + 1_000, updatedAt: START + 1_000 }
    await world.shopSends('woocommerce', paidOrder({ ...sent, attributes: { ...attributes } }))
    await world.shopSends(
      'woocommerce',
      paidOrder({ ...sent, updatedAt: START + 2_000, attributes: { ...attributes } }),
    )
    await world.run(MINUTE)
    const [message, ...others] = await world.messages()
    expect(others).toEqual([])
    expect(message).toMatchObject({
      status: 'skipped',
      attempts: 0,
      reason: { code: 'no_image', text: 'the order holds no web address of the image this rule sends' },
    })
    const story = await world.get<{ why: { text: string }[] }>(`/v1/messages/${message?.id}`)
    expect(story.body.why.map(({ text }) => text)).toContain(
      "the image's address came out empty or as none (it is made of order.attributes.parcel_photo)",
    )
    const { url } = await imageServer()
    const mended = { ...sent, updatedAt: START + 3_000, attributes: { parcel_photo: url } }
    await world.shopSends('woocommerce', paidOrder(mended))
    await world.run(MINUTE)
    expect(world.karibu.images()).toHaveLength(1)
    expect(await world.messages()).toHaveLength(1)
  },
)

test('a customer’s keyword is answered once per message, another word is not', async () => {
  const world = await testWorld({ rules: KEYWORDS.replace('IMAGE', (await imageServer()).url) })
  world.karibu.customerWrites(ASHA, { text: 'Naomba BEI za leo', name: 'Asha' })
  await world.run(MINUTE)
  world.karibu.customerWrites(ASHA, { text: 'Price  list please', name: 'Asha' })
  world.karibu.customerWrites(ASHA, { text: 'Bein gani?', name: 'Asha' })
  await world.run(MINUTE)
  expect(await captions(world)).toEqual(['Bei zetu, Asha.', 'Bei zetu, Asha.'])
  expect(world.karibu.images()).toHaveLength(2)
})

test('who asks a hundred times gets a few answers, and the receipt of their order is not held up behind the rest', async () => {
  const { url } = await imageServer()
  const receipt = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Risiti" }
`
  const world = await openWorld(KEYWORDS.replace('IMAGE', url) + receipt)
  for (let i = 0; i < 100; i++) world.karibu.customerWrites(ASHA, { text: `bei ${i}` })
  await world.run(15_000)
  const made = await world.messages()
  expect(made.length).toBeLessThanOrEqual(10)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  expect((await world.messages()).map(({ status }) => status)).toEqual(Array(made.length + 1).fill('read'))
  world.karibu.customerWrites(ASHA, { text: 'bei' })
  await world.run(MINUTE)
  expect(await world.messages()).toHaveLength(made.length + 2)
})
