import { createHmac } from 'node:crypto'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { ASHA, KARIBU_SECRET, paidOrder, testWorld, type World } from '../support/world.ts'

async function report(
  world: World,
  event: string,
  messageId: string,
  data: object = {},
  eventId = `wa_${event}_${messageId}`,
) {
  const body = JSON.stringify({
    event,
    event_id: eventId,
    service_type: 'whatsapp',
    data: { message_id: messageId, ...data },
  })
  const signature = createHmac('sha256', KARIBU_SECRET).update(body).digest('hex')
  const answer = await request(`${world.url}/webhooks/karibu`, {
    method: 'POST',
    headers: { 'x-briq-signature': signature },
    body,
  })
  await answer.body.dump()
  await world.settle()
  return answer.statusCode
}

async function sentWorld(options: Parameters<typeof testWorld>[0] = { webhooks: false }) {
  const world = await testWorld(options)
  world.karibu.phone(ASHA).off()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  const [message] = await world.messages()
  return { world, messageId: message?.message_id ?? '' }
}

test('with every webhook lost, the poller brings the status to its true value', async () => {
  const world = await testWorld({ webhooks: false })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  expect(await world.messages()).toMatchObject([{ status: 'pending' }])
  await world.run(10 * 60_000)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
  expect(world.karibu.requests()['GET /v1/whatsapp/messages/:id']).toBe(1)
})

test('reports in any order and any number end at the highest', async () => {
  const { world, messageId } = await sentWorld()
  for (const event of ['whatsapp.read', 'whatsapp.sent', 'whatsapp.delivered', 'whatsapp.read', 'whatsapp.sent']) {
    expect(await report(world, event, messageId)).toBe(200)
  }
  expect(await report(world, 'whatsapp.failed', messageId, { error_code: 131026 })).toBe(200)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
})

test('a failure is kept with the provider’s code word for word, as number or text', async () => {
  const { world, messageId } = await sentWorld()
  await report(world, 'whatsapp.failed', messageId, { error_code: 131026, error_message: 'Message undeliverable' })
  expect(await world.messages()).toMatchObject([
    {
      status: 'failed',
      error_code: 'whatsapp.131026',
      reason: { code: 'whatsapp.131026', text: 'Message undeliverable' },
    },
  ])
})

test('a report that overtakes the answer to its send is parked and applied', async () => {
  const world = await testWorld({ webhooks: false })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  const [image] = world.karibu.images()
  expect(await report(world, 'whatsapp.delivered', image?.id ?? '')).toBe(200)
  expect(await world.messages()).toMatchObject([{ status: 'uncertain' }])
  await world.run(6_000)
  expect(await world.messages()).toMatchObject([{ status: 'delivered', message_id: image?.id }])
})

test('a repeated event id changes nothing, whatever it says', async () => {
  const { world, messageId } = await sentWorld()
  await report(world, 'whatsapp.sent', messageId, {}, 'wa_1')
  await report(world, 'whatsapp.read', messageId, {}, 'wa_1')
  expect(await world.messages()).toMatchObject([{ status: 'sent' }])
})

test('unknown events, unknown messages and odd bodies are answered 2xx', async () => {
  const { world, messageId } = await sentWorld()
  expect(await report(world, 'whatsapp.typing', messageId)).toBe(200)
  expect(await report(world, 'whatsapp.read', 'some-other-id')).toBe(200)
  const body = '{"event":7}'
  const signature = `sha256=${createHmac('sha256', KARIBU_SECRET).update(body).digest('hex').toUpperCase()}`
  const answer = await request(`${world.url}/webhooks/karibu`, {
    method: 'POST',
    headers: { 'x-briq-signature': signature },
    body,
  })
  expect(answer.statusCode).toBe(200)
  await answer.body.dump()
  expect(await world.messages()).toMatchObject([{ status: 'pending' }])
})

test('whatsapp.received only makes us ask: the held receipt goes out without waiting for the poll', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h', sandbox: { switches: { webhookInbound: true } } })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(60_000)
  world.karibu.customerWrites(ASHA)
  await world.run(1_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('the inbound poller knows what it has seen, also after a restart', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(60_000)
  await world.restart()
  world.karibu.customerWrites(ASHA, { text: 'tena' })
  await world.run(60_000)
  const { body } = await world.get<{ items: { type: string }[] }>('/v1/events?source=karibu')
  expect(body.items.map((event) => event.type)).toEqual(['message.received', 'message.received'])
})

test('messages that came while we were down are found after the start', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.app.stop()
  world.karibu.customerWrites(ASHA)
  await world.restart()
  await world.run(15_000)
  expect(world.karibu.images()).toHaveLength(1)
})
