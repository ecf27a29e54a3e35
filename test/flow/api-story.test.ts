import { createHash } from 'node:crypto'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { toyWebhook } from '../../src/sandbox/toy-shop.ts'
import {
  type ApiConversation,
  type ApiEvent,
  type ApiPage,
  type ApiProblem,
  type ApiRow,
  type ApiStory,
  ask,
} from '../support/api.ts'
import { ASHA, paidOrder, SECRETS, START, testWorld, type World } from '../support/world.ts'

const SENDER = '255700000001'

async function readWorld(): Promise<{ world: World; row: ApiRow }> {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA, { name: 'Asha' })
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const { body } = await ask<ApiPage<ApiRow>>(world, '/v1/messages')
  const [row] = body.items
  if (!row) throw new Error('no message')
  return { world, row }
}

test('a message is found by our id and by Karibu’s', async () => {
  const { world, row } = await readWorld()
  const ours = await ask<ApiStory>(world, `/v1/messages/${row.id}`)
  const theirs = await ask<ApiStory>(world, `/v1/messages/${row.message_id}`)
  expect([ours.status, theirs.status]).toEqual([200, 200])
  expect(ours.body.message_id).toBe(world.karibu.images()[0]?.id)
  expect(theirs.body).toEqual(ours.body)
  expect(ours.body).toMatchObject(row)
})

test('what is not there is 404 with a code, whatever the id looks like', async () => {
  const world = await testWorld()
  const missing: [path: string, code: string][] = [
    ['/v1/messages/msg_01kap2v5x0abcdefghjkmnpqrs', 'message.unknown'],
    ['/v1/messages/6f7f8a1e-0000-4000-8000-000000000000', 'message.unknown'],
    ["/v1/messages/'%20or%201=1", 'message.unknown'],
    ['/v1/messages/%ff%00', 'message.unknown'],
    ['/v1/messages/%E2%82%AC', 'message.unknown'],
    ['/v1/events/evt_01kap2v5x0abcdefghjkmnpqrs', 'event.unknown'],
    ['/v1/events/msg_1', 'event.unknown'],
    ['/v1/conversations/255799999999', 'conversation.unknown'],
  ]
  for (const [path, code] of missing) {
    const { status, body } = await ask<ApiProblem>(world, path)
    expect([path, status, body.error.code]).toEqual([path, 404, code])
    expect(body.error.message).toMatch(/^[a-z].{10,}/)
  }
})

test('the story of a message tells the order, the rule and why, the attempt, the timeline, the image and the window', async () => {
  const { world, row } = await readWorld()
  const { body: story } = await ask<ApiStory>(world, `/v1/messages/${row.id}`)
  const sent = world.karibu.images()[0]
  expect(story).toMatchObject({
    status: 'read',
    reason: null,
    kind: 'image',
    shop: 'duka',
    order_id: '4522',
    order_number: 'DUKA-0107',
    rule: 'receipt',
    to: ASHA,
    sender: SENDER,
    customer_name: 'Asha Mwinyi',
    attempts: 1,
    when_closed: 'hold',
    provider_message_id: sent?.providerMessageId,
    caption_cut: false,
  })
  const at = START + 15_000
  const times = [story.created_at, story.accepted_at, story.sent_at, story.delivered_at, story.read_at, story.failed_at]
  expect(times).toEqual([...[at, at, at + 300, at + 1500, at + 4000].map((time) => new Date(time).toISOString()), null])
  expect(story.order).toMatchObject({
    id: '4522',
    number: 'DUKA-0107',
    currency: 'TZS',
    total: '48000.00',
    refunded_total: '0.00',
    customer: { name: 'Asha Mwinyi', phone: ASHA, phone_as_sent: '0712 345 678' },
    payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
    paid_at: new Date(START - 1_000).toISOString(),
  })
  expect(story.order?.items.map(({ name, quantity, total }) => [name, quantity, total])).toEqual([
    ['Khanga ya pamba – Kilimanjaro', '2', '36000.00'],
    ['Sabuni & mafuta', '1', '9000.00'],
  ])
  expect(story.why.map(({ step }) => step)).toContain('receipt')
  expect(story.why.find(({ step }) => step === 'receipt')?.text).toMatch(/^matched: /)
  expect(story.attempts_made).toMatchObject([
    {
      number: 1,
      result: 'accepted',
      code: null,
      http_status: 202,
      message_id: row.message_id,
      media_url: row.media_url,
      window_closes_at: '2026-11-21T09:00:00.000Z',
    },
  ])
  expect(story.attempts_made[0]?.request_id).toBeTruthy()
  expect(story.timeline.map(({ what }) => what)).toEqual([
    'order.paid',
    'created',
    'attempt',
    'accepted',
    'sent',
    'delivered',
    'read',
  ])
  const instants = story.timeline.map((line) => Date.parse(line.at))
  expect(instants).toEqual(instants.toSorted((a, b) => a - b))
  const [image, ...others] = story.images
  expect(others).toEqual([])
  const bytes = Buffer.from(await (await request(row.media_url ?? '')).body.arrayBuffer())
  expect(image).toMatchObject({
    url: row.media_url,
    type: 'image/png',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fetches: [{ at: new Date(at + 600).toISOString(), method: 'GET', user_agent: 'risiti-sandbox (media)' }],
  })
  expect(story.conversation).toMatchObject({
    phone: ASHA,
    sender: SENDER,
    window: {
      open: true,
      closes_at: '2026-11-21T09:00:00.000Z',
      evidence: { last_inbound_at: new Date(START).toISOString(), source: 'karibu', provider_code: null },
    },
  })
})

test('a held message tells why and until when; its story goes on after the customer wrote', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const [held] = await world.messages()
  const expires = new Date(START + 72 * 3_600_000).toISOString()
  const { body: before } = await ask<ApiStory>(world, `/v1/messages/${held?.id}`)
  expect(before).toMatchObject({
    status: 'held',
    message_id: null,
    media_url: null,
    reason: { code: 'window_closed' },
    expires_at: expires,
    attempts_made: [],
    images: [],
    conversation: { window: { open: false, closes_at: null, evidence: { last_inbound_at: null } } },
  })
  expect(before.reason?.text).toContain(expires)
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  const { body: after } = await ask<ApiStory>(world, `/v1/messages/${held?.id}`)
  expect(after).toMatchObject({ status: 'read', reason: null, conversation: { window: { open: true } } })
  expect(after.attempts_made).toHaveLength(1)
})

test('every attempt is kept with its own code and answer', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 10 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * 60_000)
  const [message] = await world.messages()
  const { body: story } = await ask<ApiStory>(world, `/v1/messages/${message?.id}`)
  expect(story.attempts_made.map(({ number, result, http_status }) => [number, result, http_status])).toEqual([
    [1, 'later', 429],
    [2, 'accepted', 202],
  ])
  expect(story.attempts_made[0]).toMatchObject({ code: expect.stringMatching(/^karibu\./), message_id: null })
  expect(story.timeline.map(({ what }) => what)).toEqual([
    'order.paid',
    'created',
    'attempt',
    'later',
    'attempt',
    'accepted',
    'sent',
    'delivered',
    'read',
  ])
})

test('a failure tells WhatsApp’s code and words in the message, the reason and the timeline', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ failAsync: 131026, failMessage: 'Message undeliverable' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const [message] = await world.messages()
  const { body: story } = await ask<ApiStory>(world, `/v1/messages/${message?.id}`)
  expect(story).toMatchObject({
    status: 'failed',
    error_code: 'whatsapp.131026',
    error_detail: 'Message undeliverable',
    reason: { code: 'whatsapp.131026', text: 'Message undeliverable' },
  })
  expect(story.failed_at).not.toBeNull()
  expect(story.timeline.at(-1)).toMatchObject({ what: 'failed', detail: 'whatsapp.131026' })
})

test('conversations show each contact’s window, newest contact first, by sender and by phone', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA, { name: 'Asha', text: 'Habari' })
  await world.run(20_000)
  await world.shopSends('woocommerce', paidOrder({ id: '2', customer: { name: 'Juma', phone: '0754000123' } }))
  const { body } = await ask<ApiPage<ApiConversation>>(world, '/v1/conversations')
  expect(body.items.map(({ phone, window }) => [phone, window.open])).toEqual([
    ['255754000123', false],
    [ASHA, true],
  ])
  expect(body.items[1]).toMatchObject({
    name: 'Asha',
    last_inbound_at: new Date(START).toISOString(),
    opted_out_at: null,
    window: { closes_at: '2026-11-21T09:00:00.000Z', evidence: { source: 'karibu' } },
  })
  const eventId = body.items[1]?.window.evidence.event_id
  expect((await ask<ApiEvent>(world, `/v1/events/${eventId}`)).body).toMatchObject({ type: 'message.received' })
  for (const path of [ASHA, `+${ASHA}`, `%2B${ASHA}`, '255%20712%20345%20678']) {
    const { status, body: one } = await ask<{ items: ApiConversation[] }>(world, `/v1/conversations/${path}`)
    expect([path, status, one.items.map(({ phone }) => phone)]).toEqual([path, 200, [ASHA]])
  }
  expect((await ask<ApiPage<unknown>>(world, `/v1/conversations?sender=${SENDER}`)).body.items).toHaveLength(2)
  expect((await ask<ApiPage<unknown>>(world, '/v1/conversations?sender=255700000009')).body.items).toHaveLength(0)
  for (const path of ['0712345678', 'asha', '%20']) {
    const { status, body: problem } = await ask<ApiProblem>(world, `/v1/conversations/${path}`)
    expect([path, status]).toEqual([path, 400])
    expect(problem.error.message).toContain('phone')
  }
})

test('our sender is found as it is written in the list, with + and spaces too', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(20_000)
  const { body } = await ask<ApiPage<unknown>>(world, `/v1/conversations?sender=%2B255%20700%20000%20001`)
  expect(body.items).toHaveLength(1)
})

test('an opted-out contact says since when', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA, { text: 'STOP' })
  await world.run(15_000)
  const { body } = await ask<{ items: ApiConversation[] }>(world, `/v1/conversations/${ASHA}`)
  expect(body.items[0]?.opted_out_at).toMatch(/^2026-11-20T09:00:/)
})

test('an event shows its trace and its body byte for byte, and the list filters by source, type, order and time', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(20_000)
  const webhook = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'order.updated', world.clock.now())
  await world.shopSends('woocommerce', paidOrder())
  await world.run(60_000)
  const { paidAt: _paidAt, ...unpaid } = paidOrder({ id: '991', number: '#1043', updatedAt: START })
  const cancelled = { ...unpaid, cancelledAt: START }
  await world.shopSends('shopify', cancelled, 'orders/cancelled')
  const list = async (query: string) => {
    const { status, body } = await ask<ApiPage<ApiEvent>>(world, `/v1/events?${query}`)
    expect([query, status]).toEqual([query, 200])
    return body.items
  }
  const [cancel, paid, inbound, ...others] = await list('')
  expect(others).toEqual([])
  expect([cancel?.source, paid?.source, inbound?.source]).toEqual(['soko', 'duka', 'karibu'])
  expect(await list('source=duka')).toEqual([paid])
  expect(await list('type=order.paid')).toEqual([paid])
  expect(await list('order=DUKA-0107')).toEqual([paid])
  expect(await list('order=4522')).toEqual([paid])
  expect(await list('order=%231043')).toEqual([cancel])
  expect(await list(`since=${paid?.received_at}`)).toEqual([cancel, paid])
  expect(await list(`until=${paid?.received_at}`)).toEqual([inbound])
  expect(inbound).toMatchObject({ type: 'message.received', outcome: 'handled', topic: 'inbound', order_id: null })
  const [message] = await world.messages()
  const { body: event } = await ask<ApiEvent & { body: string; content_type: string }>(world, `/v1/events/${paid?.id}`)
  expect(event).toMatchObject({
    topic: 'order.updated',
    type: 'order.paid',
    order_id: '4522',
    order_number: 'DUKA-0107',
    outcome: 'handled',
    reason: null,
    content_type: 'application/json',
  })
  expect(event.body).toBe(webhook.body)
  expect(event.trace.length).toBeGreaterThan(0)
  expect(event.trace.some((line) => line.step === 'receipt' && line.text.startsWith('matched'))).toBe(true)
  const { body: story } = await ask<ApiStory>(world, `/v1/messages/${message?.id}`)
  expect(story.event_id).toBe(event.id)
})

test('stats count by status, what waits, this month’s sends, and whoever is paused', async () => {
  const { world } = await readWorld()
  await world.shopSends('woocommerce', paidOrder({ id: '2', customer: { name: 'Juma', phone: '0754000123' } }))
  await world.shopSends('woocommerce', paidOrder({ id: '3', customer: { name: 'X', phone: null } }))
  const { body: stats } = await ask(world, '/v1/stats')
  expect(stats).toEqual({
    since: new Date(world.clock.now() - 86_400_000).toISOString(),
    by_status: { read: 1, held: 1, skipped: 1 },
    waiting: { held: 1 },
    sends_this_month: { [SENDER]: 1 },
    paused_senders: [],
    shops: ['duka', 'soko', 'mtandao'].map((shop) => ({
      shop,
      last_event_at: null,
      alarm_after_seconds: null,
      silent: false,
    })),
  })
  expect((await ask(world, '/v1/stats?since=2026-11-21')).body).toMatchObject({ by_status: {}, waiting: { held: 1 } })
  world.karibu.set({ auth: 'unauthorized' })
  await world.run(6_000)
  await world.shopSends('woocommerce', paidOrder({ id: '4' }))
  const { body: paused } = await ask<{ paused_senders: { sender: string; code: string }[] }>(world, '/v1/stats')
  expect(paused).toMatchObject({ waiting: { held: 1, queued: 1 }, paused_senders: [{ sender: SENDER }] })
  expect(paused.paused_senders[0]?.code).toMatch(/^karibu\./)
})
