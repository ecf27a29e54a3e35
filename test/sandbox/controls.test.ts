import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import { runSandbox } from '../../src/commands/sandbox.ts'
import { createIds } from '../../src/ids.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { CUSTOMER, imageHost, rgbPng, SECRET, SENDER, START, sandboxWorld, webhookReceiver } from './world.ts'

describe('by HTTP, without a key', () => {
  test('the customer writes, the image arrives and can be looked at', async () => {
    const host = await imageHost(() => ({}))
    const world = await sandboxWorld()
    const written = await world.post('/sandbox/inbound', { from: `+${CUSTOMER}`, text: 'Habari', name: 'Asha' })
    expect(written.status).toBe(201)
    expect(written.json).toMatchObject({ from: CUSTOMER, to: SENDER, text: 'Habari', at: START })
    const { json } = await world.image(`${host.url}/a.png`, { caption: 'Asante' })
    await world.run(1000)
    const { items } = (await world.get('/sandbox/messages')).json
    expect(items).toMatchObject([{ id: json.data.message_id, caption: 'Asante', status: 'sent' }])
    const image = await request(`${world.karibu.url}/sandbox/messages/${json.data.message_id}/image`)
    expect(image.headers['content-type']).toBe('image/png')
    expect(Buffer.from(await image.body.arrayBuffer())).toEqual(rgbPng())
    expect((await world.post(`/sandbox/messages/${json.data.message_id}/read`)).status).toBe(204)
    expect(world.karibu.images()[0]?.status).toBe('read')
  })

  test('faults, switches and phones are set', async () => {
    const world = await sandboxWorld()
    await world.post('/sandbox/inbound', { from: CUSTOMER })
    const queued = await world.post('/sandbox/next-send', { fault: { http: 429, retryAfterSeconds: 5 } })
    expect(queued.json).toEqual({ queued: [{ http: 429, retryAfterSeconds: 5, times: 1 }] })
    expect((await world.text()).status).toBe(429)
    const patched = await world.call('PATCH', '/sandbox/switches', { answer: 'sent' })
    expect(patched.json).toMatchObject({ answer: 'sent', listStatus: false })
    expect((await world.get('/sandbox/switches')).json).toEqual(patched.json)
    expect((await world.text()).status).toBe(200)
    expect((await world.post(`/sandbox/phones/${CUSTOMER}`, { on: false, reads: false })).json).toMatchObject({
      number: CUSTOMER,
      on: false,
      reads: false,
    })
    await world.run(5000)
    expect(world.karibu.messages()[0]?.status).toBe('sent')
  })

  test('a webhook is put, events are made and deliveries shown', async () => {
    const receiver = await webhookReceiver()
    const world = await sandboxWorld()
    expect((await world.call('PUT', '/sandbox/webhook', { url: receiver.url, secret: SECRET })).status).toBe(204)
    expect((await world.post('/sandbox/events', { event: 'whatsapp.odd' })).status).toBe(202)
    await world.settle()
    expect(receiver.events()).toEqual(['whatsapp.odd'])
    expect((await world.get('/sandbox/deliveries')).json.items).toMatchObject([{ status: 'delivered' }])
    await world.call('DELETE', '/sandbox/webhook')
    await world.post('/sandbox/events', { event: 'whatsapp.odd' })
    await world.settle()
    expect(receiver.received).toHaveLength(1)
  })

  test('the state and the requests by route are shown', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    const { json } = await world.text()
    await world.detail(json.data.message_id)
    await world.get('/nowhere')
    expect(world.karibu.requests()).toEqual({
      'POST /v1/whatsapp/messages/text': 1,
      'GET /v1/whatsapp/messages/:id': 1,
      'GET (not found)': 1,
    })
    expect((await world.get('/sandbox/state')).json).toMatchObject({
      now: START,
      appId: world.karibu.appId,
      senders: [{ number: SENDER }],
      conversations: [{ phone: CUSTOMER, sender: SENDER }],
      counts: { messages: 2 },
    })
  })

  test.each([
    ['POST', '/sandbox/inbound', { from: 'nobody' }, /phone number/],
    ['POST', '/sandbox/inbound', { from: CUSTOMER, txt: 'x' }, /txt/],
    ['POST', '/sandbox/inbound', { from: CUSTOMER, to: '255799999999' }, /our numbers/],
    ['POST', '/sandbox/next-send', { fault: { htp: 500 } }, /htp/],
    ['PATCH', '/sandbox/switches', { answer: 'maybe' }, /answer/],
    ['PUT', '/sandbox/webhook', { url: 'nowhere' }, /url/],
    ['POST', '/sandbox/inbound', '{', /body/],
  ])('%s %s with %j is 400 and says why', async (method, path, body, message) => {
    const world = await sandboxWorld()
    const { status, json } = await world.call(method, path, body)
    expect(status).toBe(400)
    expect(json.error.code).toMatch(/^sandbox\./)
    expect(json.error.message).toMatch(message)
  })

  test('what is not there is 404', async () => {
    const world = await sandboxWorld()
    expect((await world.get('/sandbox/messages/none/image')).json.error.code).toBe('sandbox.not_found')
  })

  test('a web page can neither post a form nor come by a name of its own', async () => {
    const world = await sandboxWorld()
    const form = await world.call('POST', '/sandbox/inbound', `{"from":"${CUSTOMER}"}`, {
      'content-type': 'text/plain',
    })
    expect(form.status).toBe(400)
    const foreign = await world.call('GET', '/sandbox/messages', undefined, { host: 'evil.example' })
    expect(foreign.status).toBe(403)
  })
})

test('the command says what to do, and runs until it is told to end', async () => {
  const clock = createFakeClock(START)
  const ending = new AbortController()
  const lines: string[] = []
  const running = runSandbox(
    { senders: [SENDER], apiKey: 'my-key' },
    { clock, ids: createIds(clock), print: (line) => lines.push(line), signal: ending.signal },
  )
  while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const url = /http:\S+/.exec(lines[0] ?? '')?.[0]
  const answer = await request(`${url}/v1/whatsapp/senders`, { headers: { 'x-api-key': 'my-key' } })
  expect(await answer.body.json()).toMatchObject([{ display_number: `+${SENDER}` }])
  expect(lines.join('\n')).toContain('my-key')
  ending.abort()
  await running
  await expect(request(`${url}/v1/whatsapp/senders`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
