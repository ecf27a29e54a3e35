import { createHmac } from 'node:crypto'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { runMessage } from '../../src/commands/message.ts'
import { postToy, toyMessage } from '../../src/sandbox/toy-shop.ts'
import { rgbPng } from '../sandbox/world.ts'
import { ask } from '../support/api.ts'
import { imageServer } from '../support/image-server.ts'
import { ASHA, paidOrder, SECRETS, testWorld } from '../support/world.ts'

async function openWorld(options: Parameters<typeof testWorld>[0] = {}) {
  const world = await testWorld(options)
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  return world
}

test('a throttled send is tried again after the wait Karibu named, not before', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ http: 429, retryAfterSeconds: 50 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(49_999)
  expect(world.karibu.images()).toHaveLength(0)
  await world.run(1)
  expect(world.karibu.images()).toHaveLength(1)
})

test('while Karibu is down nothing is lost: it goes out when it is back', async () => {
  const world = await openWorld()
  await world.karibu.goDown()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(30_000)
  expect(await world.messages()).toMatchObject([{ status: 'queued', error_code: 'karibu.unreachable' }])
  await world.karibu.comeBack()
  await world.run(120_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a 5xx may hide an accepted message: it is looked up, never sent blindly again', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ http: 502, accepted: true, shape: 'html' })
  await world.shopSends('woocommerce', paidOrder())
  expect(await world.messages()).toMatchObject([{ status: 'uncertain', error_code: 'karibu.http_502' }])
  await world.run(60_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a refusal is final and word for word', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ http: 422, code: 'VALIDATION_ERROR', message: 'caption is odd' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(60_000)
  expect(await world.messages()).toMatchObject([
    { status: 'failed', error_code: 'karibu.VALIDATION_ERROR', reason: { text: 'caption is odd' }, attempts: 1 },
  ])
})

test('a refused key pauses the sender, burns no message, and goes on by itself', async () => {
  const world = await openWorld()
  world.karibu.set({ auth: 'unauthorized' })
  await world.shopSends('woocommerce', paidOrder())
  const ready = await world.get<{ status: string; paused_senders: { sender: string }[] }>('/readyz')
  expect(ready.body).toMatchObject({ status: 'degraded', paused_senders: [{ sender: '255700000001' }] })
  await world.run(10 * 60_000)
  expect(await world.messages()).toMatchObject([{ status: 'queued', attempts: 1 }])
  expect((await world.get('/readyz')).body).toMatchObject({
    paused_senders: [{ since: '2026-11-20T09:00:15.000Z' }],
  })
  expect((await ask(world, '/metrics')).text).toMatch(/risiti_sender_probes_total\{outcome="refused"\} [3-9]/)
  world.karibu.set({ auth: 'normal' })
  await world.run(10 * 60_000)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
  expect((await world.get('/readyz')).body).toMatchObject({ status: 'ok', paused_senders: [] })
})

test('a key that Karibu refuses for reading shows before anything is sent: a window stays closed for it', async () => {
  const world = await testWorld()
  world.karibu.set({ auth: 'unauthorized' })
  world.karibu.customerWrites(ASHA)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(60_000)
  const [held] = await world.messages()
  expect(held).toMatchObject({ status: 'held', reason: { code: 'window_closed' } })
  expect(held?.reason?.text).toMatch(
    /; but since 2026-11-20T09:\S+ Karibu refuses to show what customers write \(check the key\)/,
  )
  const shown = {
    id: held?.id ?? '',
    json: false,
    timezone: 'UTC',
    options: { publicUrl: world.url, marginMs: 0, now: world.clock.now() },
  }
  expect(await runMessage(shown, world.app.store)).toContain(held?.reason?.text)
  const { body } = await world.get<{ inbound_refused: { detail: string } }>('/readyz')
  expect(body).toMatchObject({ status: 'degraded', paused_senders: [] })
  expect(body.inbound_refused.detail).toContain('401')
  world.karibu.set({ auth: 'normal' })
  await world.run(10 * 60_000)
  expect(await world.messages()).toMatchObject([{ status: 'read' }])
  expect((await world.get('/readyz')).body).toMatchObject({ status: 'ok', inbound_refused: null })
  await world.shopSends(
    'woocommerce',
    paidOrder({ id: '9', number: 'D-9', customer: { name: 'X', phone: '0713000009' } }),
  )
  expect((await world.messages())[1]?.reason?.text).not.toContain('refuses')
})

test('a payment problem shows in no list: the sender is asked about, then one message tries, and the others wait', async () => {
  const world = await openWorld()
  world.karibu.customerWrites('255713000321')
  await world.run(15_000)
  world.karibu.nextSend({ http: 400, code: '131042', times: 3 })
  await world.shopSends('woocommerce', paidOrder())
  const customer = { name: 'Neema', phone: '+255713000321' }
  await world.shopSends('woocommerce', paidOrder({ id: '2', number: '2', customer }))
  await world.run(2 * 60_000)
  expect(new Set((await world.messages()).map(({ attempts }) => attempts))).toEqual(new Set([0, 3]))
  await world.run(2 * 60_000)
  expect(world.karibu.images()).toHaveLength(2)
  expect((await ask(world, '/metrics')).text).toContain('risiti_sender_probes_total{outcome="works"} 3')
})

test('one customer gets at most one message in six seconds; others do not wait for them', async () => {
  const world = await openWorld({ karibu: '  per_contact_burst: 1' })
  const other = '255713000321'
  world.karibu.customerWrites(other)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder({ id: '1' }))
  await world.shopSends('woocommerce', paidOrder({ id: '2' }))
  await world.shopSends('woocommerce', paidOrder({ id: '3', customer: { name: 'Neema', phone: other } }))
  await world.run(0)
  expect(world.karibu.images().map((image) => image.to)).toEqual([ASHA, other])
  await world.run(5_999)
  expect(world.karibu.images()).toHaveLength(2)
  await world.run(1)
  expect(world.karibu.images()).toHaveLength(3)
})

test('the receipt behind the media URL is a PNG with the right headers, and each fetch is logged', async () => {
  const world = await openWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(5_000)
  const [message] = await world.messages()
  const url = message?.media_url ?? ''
  const head = await request(url, { method: 'HEAD' })
  const answer = await request(url)
  const bytes = new Uint8Array(await answer.body.arrayBuffer())
  for (const headers of [head.headers, answer.headers]) {
    expect(headers).toMatchObject({ 'content-type': 'image/png', 'content-length': String(bytes.length) })
  }
  expect(Buffer.from(bytes.subarray(1, 4)).toString()).toBe('PNG')
  expect(Buffer.from(world.karibu.imageOf(world.karibu.images()[0]?.id ?? '')?.bytes ?? []).equals(bytes)).toBe(true)
  const { body } = await world.get<{ images: { fetches: { method: string }[] }[] }>(`/v1/messages/${message?.id}`)
  expect(body.images[0]?.fetches.map((fetch) => fetch.method)).toEqual(['GET', 'HEAD', 'GET'])
  for (const path of [
    '/media/x.png',
    `/media/${'A'.repeat(32)}.png`,
    '/media/..%2f..%2frisiti.db',
    url.slice(world.url.length, -4),
  ]) {
    const missing = await request(world.url + path)
    expect([path, missing.statusCode]).toEqual([path, 404])
    await missing.body.dump()
  }
})

test('a keyword is answered with the shop’s own image, fetched once and served from our address', async () => {
  const bytes = rgbPng()
  const host = await imageServer(bytes)
  const rules = `
  - name: price-list
    on: message.received
    when: { text: [bei, price] }
    send: { image: { url: "${host.url}" }, caption: "Bei zetu, {{ customer.first_name }}" }
`
  const world = await testWorld({ rules })
  world.karibu.customerWrites(ASHA, { text: 'Naomba BEI tafadhali', name: 'Asha' })
  await world.run(20_000)
  const [image, ...others] = world.karibu.images()
  expect(others).toEqual([])
  expect(image).toMatchObject({ to: ASHA, caption: 'Bei zetu, Asha', status: 'read' })
  expect(image?.mediaUrl?.startsWith(`${world.url}/media/`)).toBe(true)
  expect(Buffer.from(world.karibu.imageOf(image?.id ?? '')?.bytes ?? []).equals(bytes)).toBe(true)
  expect(host.hits()).toBe(1)
})

test('a contact known only by Karibu’s conversation id is answered in that conversation', async () => {
  const host = await imageServer(rgbPng())
  const rules = `
  - name: price-list
    on: message.received
    when: { text: bei }
    send: { image: { url: "${host.url}" }, caption: "Bei" }
`
  const world = await testWorld({ rules, karibu: '  poll_inbound_every: 1h' })
  await world.run(1_000)
  const { conversationId } = world.karibu.customerWrites(ASHA, { text: 'bei' })
  const { body, headers } = toyMessage(SECRETS.standard, { from: '', text: 'bei', at: world.clock.now() })
  const named = body.replace('"from":""', `"conversation_id":"${conversationId}"`)
  const key = Buffer.from(SECRETS.standard.slice(6), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${named}`
  headers['webhook-signature'] = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  expect((await postToy(`${world.url}/webhooks/mtandao`, { headers, body: named })).status).toBe(200)
  await world.run(10_000)
  expect(world.karibu.images()).toMatchObject([{ conversationId, to: ASHA }])
  expect(await world.messages()).toMatchObject([{ status: 'read', to: null }])
})

test('an image that is none fails with a plain reason and reaches nobody', async () => {
  const host = await imageServer(Buffer.from('<html>gone</html>'), 'text/html')
  const rules = `
  - name: price-list
    on: message.received
    send: { image: { url: "${host.url}" }, caption: "Bei" }
`
  const world = await testWorld({ rules })
  world.karibu.customerWrites(ASHA)
  await world.run(20_000)
  expect(world.karibu.images()).toEqual([])
  expect(await world.messages()).toMatchObject([{ status: 'failed', error_code: 'risiti.image.not_an_image' }])
})

test('a burst to one customer is borrowed from the time after, also over a restart', async () => {
  const world = await openWorld({ karibu: '  per_contact_burst: 3' })
  for (const id of ['1', '2', '3', '4']) await world.shopSends('woocommerce', paidOrder({ id, number: id }))
  await world.run(1_000)
  expect(world.karibu.images()).toHaveLength(3)
  await world.restart()
  await world.run(4_998)
  expect(world.karibu.images()).toHaveLength(3)
  await world.run(5)
  expect(world.karibu.images()).toHaveLength(4)
})

test('a sender says no more in a second than its pace allows', async () => {
  const world = await testWorld({ karibu: '  per_sender_per_second: 2' })
  const phones = Array.from({ length: 5 }, (_, index) => `25571200000${index}`)
  for (const phone of phones) world.karibu.customerWrites(phone)
  await world.run(15_000)
  await Promise.all(
    phones.map((phone, id) =>
      world.shopSends('woocommerce', paidOrder({ id: String(id), customer: { name: 'A', phone: `+${phone}` } })),
    ),
  )
  await world.run(400)
  expect(world.karibu.images()).toHaveLength(2)
  await world.run(1_000)
  expect(world.karibu.images()).toHaveLength(4)
  await world.run(1_000)
  expect(world.karibu.images()).toHaveLength(5)
})

test('a picture WhatsApp could not fetch is offered again under a new address, a few times', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131053, times: 2 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * 60_000)
  const urls = world.karibu.images().map((image) => image.mediaUrl)
  expect(new Set(urls).size).toBe(3)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 3, media_url: urls[2] }])
})

test('a picture WhatsApp never takes fails in the end, with its code', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131053, times: 100 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(3_600_000)
  expect(await world.messages()).toMatchObject([{ status: 'failed', error_code: 'whatsapp.131053', attempts: 4 }])
})

test('a public_url that does not lead to us is said aloud, and burns no receipt', async () => {
  const world = await openWorld({ publicUrl: 'http://127.0.0.1:9' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(3_600_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'queued', attempts: 1 }])
  const { body } = await world.get<{ paused_senders: { code: string }[] }>('/readyz')
  expect(body.paused_senders).toMatchObject([{ code: 'risiti.public_url_broken' }])
})

test('while we ourselves answer late, a slow public_url proves nothing: the receipt waits a moment and nobody else does', async () => {
  const looks: string[] = []
  const world = await openWorld({
    async probeImage(url) {
      looks.push(url)
      return { kind: looks.length < 3 ? 'busy' : 'reachable' }
    },
  })
  world.karibu.nextSend({ failAsync: 131053 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * 60_000)
  const { body } = await world.get<{ paused_senders: unknown[] }>('/readyz')
  expect(body.paused_senders).toEqual([])
  expect(looks).toHaveLength(3)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
})
