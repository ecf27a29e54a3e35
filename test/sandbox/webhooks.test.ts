import { describe, expect, test } from 'vitest'
import { SECOND } from '../../src/clock.ts'
import type { SwitchesChange } from '../../src/sandbox/switches.ts'
import { CUSTOMER, hmac, SECRET, START, sandboxWorld, webhookReceiver } from './world.ts'

async function withReceiver(switches: SwitchesChange = {}, answer?: (nth: number) => number) {
  const receiver = await webhookReceiver(answer)
  const world = await sandboxWorld({ webhook: { url: receiver.url, secret: SECRET }, switches })
  world.karibu.customerWrites(CUSTOMER)
  const send = async (): Promise<string> => (await world.text()).json.data.message_id
  return { world, receiver, send }
}

describe('an event', () => {
  test('is posted for sent, delivered and read, in Briq’s envelope', async () => {
    const { world, receiver, send } = await withReceiver()
    const id = await send()
    await world.run(5000)
    expect(receiver.events()).toEqual(['whatsapp.sent', 'whatsapp.delivered', 'whatsapp.read'])
    const [first] = receiver.received
    expect(first?.json).toMatchObject({
      event: 'whatsapp.sent',
      app_id: world.karibu.appId,
      service_type: 'whatsapp',
      timestamp: new Date(START + 300).toISOString(),
      data: { message_id: id },
    })
    expect(first?.json.event_id).toMatch(/^wa_[0-9a-f]{32}$/)
    expect(new Set(receiver.received.map((one) => one.json.event_id)).size).toBe(3)
  })

  test('carries the four headers and a signature of the bytes as sent', async () => {
    const { world, receiver, send } = await withReceiver()
    await send()
    await world.run(300)
    const [first] = receiver.received
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Briq-Webhook/1.0',
      'x-briq-app-id': world.karibu.appId,
      'x-briq-service-type': 'whatsapp',
      'x-briq-signature': `sha256=${hmac(first?.body ?? '')}`,
    })
    expect(first?.body).toBe(JSON.stringify(first?.json))
  })

  test('of a failure tells the code, as text or number', async () => {
    const { world, receiver, send } = await withReceiver()
    world.karibu.nextSend({ failAsync: 131026, failMessage: 'Message undeliverable' })
    await send()
    await world.run(300)
    world.karibu.set({ errorCodeForm: 'number' })
    world.karibu.nextSend({ failAsync: 131026 })
    await send()
    await world.run(300)
    expect(receiver.events()).toEqual(['whatsapp.failed', 'whatsapp.failed'])
    expect(receiver.received[0]?.json.data).toMatchObject({
      error_code: '131026',
      error_message: 'Message undeliverable',
    })
    expect(receiver.received[1]?.json.data.error_code).toBe(131026)
  })

  test('can arrive before the answer to the send', async () => {
    const { world, receiver } = await withReceiver()
    world.karibu.nextSend({ delayMs: 1000 })
    const answer = world.text()
    while (world.karibu.messages().length === 0) await new Promise((resolve) => setImmediate(resolve))
    await world.run(999)
    expect(receiver.events()).toEqual(['whatsapp.sent'])
    await world.run(1)
    const { status, json } = await answer
    expect(status).toBe(202)
    expect(json.data).toMatchObject({ message_id: receiver.received[0]?.json.data.message_id, status: 'pending' })
  })
})

describe('the signature', () => {
  test.each([
    ['bare', (body: string) => hmac(body)],
    ['missing', () => undefined],
    ['wrong', (body: string) => `sha256=${hmac(body, `not ${SECRET}`)}`],
  ] as const)('can be %s', async (form, expected) => {
    const { world, receiver, send } = await withReceiver({ webhookSignature: form })
    await send()
    await world.run(300)
    const [first] = receiver.received
    expect(first?.headers['x-briq-signature']).toBe(expected(first?.body ?? ''))
  })

  test('is left out without a secret', async () => {
    const receiver = await webhookReceiver()
    const world = await sandboxWorld({ webhook: { url: receiver.url, secret: null } })
    await world.template()
    await world.run(300)
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-briq-signature')
  })
})

describe('a delivery', () => {
  test('is retried with backoff until it is answered 2xx, with the same bytes', async () => {
    const { world, receiver, send } = await withReceiver({}, (nth) => [500, 302, 200][nth] ?? 200)
    world.karibu.phone(CUSTOMER).off()
    await send()
    await world.run(300)
    expect(receiver.received).toHaveLength(1)
    await world.run(5 * SECOND - 1)
    expect(receiver.received).toHaveLength(1)
    await world.run(1)
    expect(receiver.received).toHaveLength(2)
    await world.run(30 * SECOND)
    expect(receiver.received).toHaveLength(3)
    expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1)
    expect(world.karibu.deliveries()).toMatchObject([{ status: 'delivered', attempts: 3, lastStatus: 200 }])
  })

  test('is given up after the last wait, also when nobody answers at all', async () => {
    const world = await sandboxWorld({
      webhook: { url: 'http://127.0.0.1:9/', secret: null },
      switches: { webhookRetryMs: [1000, 2000] },
    })
    world.karibu.phone(CUSTOMER).off()
    await world.template()
    await world.run(10 * SECOND)
    expect(world.karibu.deliveries()).toMatchObject([{ status: 'failed', attempts: 3, lastStatus: null }])
  })

  test('can be lost: all, the next ones, or by chance', async () => {
    const { world, receiver, send } = await withReceiver({ webhookDropNext: 2 })
    await send()
    await world.run(5000)
    expect(receiver.events()).toEqual(['whatsapp.read'])
    world.karibu.set({ webhookDropAll: true })
    await send()
    await world.run(5000)
    expect(receiver.received).toHaveLength(1)
    expect(world.karibu.messages().map((message) => message.status)).toEqual(['read', 'read'])
    world.karibu.set({ webhookDropAll: false, webhookLoseRate: 1 })
    await send()
    await world.run(5000)
    expect(receiver.received).toHaveLength(1)
    expect(world.karibu.deliveries().filter((one) => one.status === 'lost')).toHaveLength(8)
  })

  test('can come twice with the same event_id', async () => {
    const { world, receiver, send } = await withReceiver({ webhookCopies: 2 })
    await send()
    await world.run(300)
    expect(receiver.received).toHaveLength(2)
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body)
  })

  test('can come in the wrong order', async () => {
    const { world, receiver, send } = await withReceiver({ webhookReorder: true })
    await send()
    await world.run(4000)
    expect(receiver.events()).toEqual(['whatsapp.delivered', 'whatsapp.sent'])
    await world.run(30 * SECOND)
    expect(receiver.events()).toEqual(['whatsapp.delivered', 'whatsapp.sent', 'whatsapp.read'])
  })

  test('can be late', async () => {
    const { world, receiver, send } = await withReceiver({ webhookDelayMs: 60_000 })
    await send()
    await world.run(60_299)
    expect(receiver.received).toHaveLength(0)
    await world.run(1)
    expect(receiver.received).toHaveLength(1)
  })

  test('of anything at all can be made by hand', async () => {
    const { world, receiver } = await withReceiver()
    world.karibu.emit({ event: 'whatsapp.mystery', eventId: 'wa_x', data: { message_id: 'nobody' } })
    await world.settle()
    expect(receiver.received[0]?.json).toMatchObject({ event: 'whatsapp.mystery', event_id: 'wa_x' })
  })
})

test('inbound messages make no event, or by switch a nudge', async () => {
  const { world, receiver } = await withReceiver()
  await world.settle()
  expect(receiver.received).toHaveLength(0)
  world.karibu.set({ webhookInbound: true })
  const { id } = world.karibu.customerWrites(CUSTOMER)
  await world.settle()
  expect(receiver.received[0]?.json).toMatchObject({ event: 'whatsapp.received', data: { message_id: id } })
})

const registration = (appId: string, url: string) => ({
  app_id: appId,
  service_type: 'whatsapp',
  url,
  secret_token: SECRET,
})

describe('the management API', () => {
  test('registers one webhook per app and service, where events then go', async () => {
    const receiver = await webhookReceiver()
    const world = await sandboxWorld()
    const body = registration(world.karibu.appId, receiver.url)
    const made = await world.post('/v1/webhooks/', body)
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({ app_id: body.app_id, service_type: 'whatsapp', url: body.url })
    expect(made.json.secret_token).not.toContain(SECRET.slice(0, 8))
    const second = await world.post('/v1/webhooks/', body)
    expect(second.status).toBe(400)
    expect(second.json.detail).toMatch(/exists/)

    await world.template()
    await world.run(300)
    const [first] = receiver.received
    expect(first?.headers['x-briq-signature']).toBe(`sha256=${hmac(first?.body ?? '')}`)
    const stats = await world.get(`/v1/webhooks/${made.json.webhook_id}/stats`)
    expect(stats.json).toMatchObject({ total: 1, by_status: { delivered: 1 }, by_event: { 'whatsapp.sent': 1 } })
  })

  test('lists, shows the secret, changes and deletes', async () => {
    const receiver = await webhookReceiver()
    const world = await sandboxWorld()
    const { json } = await world.post('/v1/webhooks/', registration(world.karibu.appId, receiver.url))
    const path = `/v1/webhooks/${json.webhook_id}`
    expect((await world.get('/v1/webhooks/all')).json).toEqual([json])
    expect((await world.get(`/v1/webhooks/app/${json.app_id}`)).json).toEqual([json])
    expect((await world.get(path)).json).toEqual(json)
    expect((await world.get(`${path}/secret`)).json.secret_token).toBe(SECRET)
    const patched = await world.call('PATCH', path, { url: 'https://new.example/hook', secret_token: null })
    expect(patched.json).toMatchObject({ url: 'https://new.example/hook', secret_token: null })
    expect((await world.call('DELETE', path)).status).toBe(204)
    expect((await world.get(path)).json).toEqual({ detail: 'Webhook not found' })
  })

  test('refuses a bad body as FastAPI does, and an app the key does not have', async () => {
    const world = await sandboxWorld()
    const short = { ...registration(world.karibu.appId, 'https://x.example/'), secret_token: 'short' }
    const refused = await world.post('/v1/webhooks/', short)
    expect(refused.status).toBe(422)
    expect(refused.json.detail[0].loc).toEqual(['body', 'secret_token'])
    const foreign = registration('3c90c3cc-0d44-4b50-8888-8dd25736052a', 'https://x.example/')
    expect((await world.post('/v1/webhooks/', foreign)).status).toBe(404)
    expect((await world.post('/v1/webhooks', foreign)).status).toBe(307)
  })

  test('does not post an event twice to a URL that is also the sandbox’s own', async () => {
    const { world, receiver, send } = await withReceiver()
    await world.post('/v1/webhooks/', registration(world.karibu.appId, receiver.url))
    await send()
    await world.run(300)
    expect(receiver.received).toHaveLength(1)
  })
})
