import { expect, test, vi } from 'vitest'
import { type ApiConversation, type ApiPage, type ApiProblem, type ApiRow, type ApiStory, ask } from '../support/api.ts'
import { imageServer } from '../support/image-server.ts'
import { ASHA, paidOrder, testWorld, type World } from '../support/world.ts'

const HOUR = 3_600_000

type Options = Parameters<typeof testWorld>[0]

async function openWorld(options: Options = {}): Promise<World> {
  const world = await testWorld(options)
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  return world
}

async function onlyMessage(world: World): Promise<ApiRow> {
  const { body } = await ask<ApiPage<ApiRow>>(world, '/v1/messages')
  const [message, ...others] = body.items
  expect(others).toEqual([])
  if (!message) throw new Error('no message')
  return message
}

async function act(world: World, id: string, action: 'retry' | 'cancel', body?: unknown) {
  const answer = await ask<ApiRow & Partial<ApiProblem>>(world, `/v1/messages/${id}/${action}`, {
    method: 'POST',
    ...(body !== undefined && { body }),
  })
  await world.settle()
  return answer
}

async function send(world: World, body: unknown, headers: Record<string, string> = {}) {
  const answer = await ask<ApiRow & Partial<ApiProblem>>(world, '/v1/messages', { method: 'POST', body, headers })
  await world.settle()
  return answer
}

test('a failed message is sent again on retry, once, and ends as read', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ http: 422, code: 'VALIDATION_ERROR', message: 'caption is odd' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const failed = await onlyMessage(world)
  expect(failed.status).toBe('failed')
  const { status, body } = await act(world, failed.id, 'retry')
  expect([status, body.reason, body.error_code, body.failed_at]).toEqual([200, null, null, null])
  expect((await act(world, failed.id, 'retry')).status).toBe(409)
  await world.run(20_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await onlyMessage(world)).toMatchObject({ status: 'read', attempts: 2, error_code: null })
})

test('a retry by Karibu’s id of what failed after its acceptance starts with a clean record', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131026, failAfter: 'sent' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const failed = await onlyMessage(world)
  expect(failed).toMatchObject({ status: 'failed', error_code: 'whatsapp.131026' })
  expect((await act(world, failed.message_id ?? '', 'retry')).status).toBe(200)
  await world.run(20_000)
  const [first, second] = world.karibu.images()
  expect(first?.id).toBe(failed.message_id)
  const message = await onlyMessage(world)
  expect(message).toMatchObject({ status: 'read', message_id: second?.id, attempts: 2, failed_at: null })
  expect(message.sent_at).toBe(new Date(second?.sentAt ?? 0).toISOString())
  expect(message.provider_message_id).toBe(second?.providerMessageId)
})

test('while a retried message waits, nothing of its earlier try stands in its record', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131026, failAfter: 'sent' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const failed = await onlyMessage(world)
  await world.leap(25 * HOUR)
  await act(world, failed.id, 'retry')
  await world.run(10_000)
  const message = await onlyMessage(world)
  expect(message.status).toBe('held')
  expect(message).toMatchObject({ message_id: null, provider_message_id: null, accepted_at: null, sent_at: null })
})

test('a retry is called off when the try that was given up turns out to have arrived', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131026, failAfter: 'sent' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const { id, message_id } = await onlyMessage(world)
  world.karibu.set({ sendFault: { http: 429, retryAfterSeconds: 60 } })
  await act(world, id, 'retry')
  expect((await onlyMessage(world)).status).toBe('queued')
  world.karibu.emit({ event: 'whatsapp.delivered', data: { message_id } })
  await world.run(1_000)
  world.karibu.set({ sendFault: null })
  await world.run(HOUR)
  expect(await onlyMessage(world)).toMatchObject({ status: 'delivered', message_id, reason: null })
  expect(world.karibu.images()).toHaveLength(1)
})

test('what reached the phone after all shows no error of an earlier try', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131026, failAfter: 'sent' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const { message_id } = await onlyMessage(world)
  world.karibu.emit({ event: 'whatsapp.delivered', data: { message_id } })
  await world.run(1_000)
  expect(await onlyMessage(world)).toMatchObject({ status: 'delivered', error_code: null })
})

test('after a retry the message is still found by the Karibu id of its earlier try', async () => {
  const world = await openWorld()
  world.karibu.nextSend({ failAsync: 131026 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10_000)
  const { id, message_id } = await onlyMessage(world)
  await act(world, id, 'retry')
  await world.run(20_000)
  const { status, body } = await ask<ApiStory>(world, `/v1/messages/${message_id}`)
  expect([status, body.id]).toEqual([200, id])
})

test('an expired message that is retried waits anew and goes out when the customer writes', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h' })
  await world.shopSends('woocommerce', paidOrder())
  await world.leap(72 * HOUR)
  const expired = await onlyMessage(world)
  expect(expired.status).toBe('expired')
  expect((await act(world, expired.id, 'retry')).status).toBe(200)
  const held = await onlyMessage(world)
  expect(held).toMatchObject({ status: 'held', reason: { code: 'window_closed' } })
  const { body: story } = await ask<ApiStory>(world, `/v1/messages/${held.id}`)
  expect(story.expires_at).toBe(new Date(world.clock.now() + 72 * HOUR).toISOString())
  world.karibu.customerWrites(ASHA)
  await world.run(2 * HOUR)
  expect(world.karibu.images()).toHaveLength(1)
  expect((await onlyMessage(world)).status).toBe('read')
})

test('skipped and cancelled messages go out after a retry; the gate still has the last word', async () => {
  const world = await testWorld()
  await send(world, { shop: 'duka', to: ASHA, image_url: (await imageServer()).url, when_closed: 'skip' })
  const skipped = await onlyMessage(world)
  expect(skipped).toMatchObject({ status: 'skipped', reason: { code: 'window_closed' } })
  expect((await act(world, skipped.id, 'retry')).status).toBe(200)
  expect(await onlyMessage(world)).toMatchObject({ status: 'skipped', reason: { code: 'window_closed' } })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  expect((await act(world, skipped.id, 'retry')).status).toBe(200)
  await world.run(10_000)
  expect(await onlyMessage(world)).toMatchObject({ status: 'read', reason: null })
  expect(world.karibu.images()).toHaveLength(1)
})

test('a cancelled message is retried by hand; one whose order was refunded stays cancelled', async () => {
  const world = await testWorld()
  const order = paidOrder()
  await world.shopSends('woocommerce', order)
  const { id } = await onlyMessage(world)
  expect((await act(world, id, 'cancel')).body.status).toBe('cancelled')
  expect((await act(world, id, 'retry')).status).toBe(200)
  expect(await onlyMessage(world)).toMatchObject({ status: 'held' })
  const refund = { id: '1', amount: 48_000_00 }
  await world.shopSends('woocommerce', { ...order, updatedAt: order.updatedAt + 2000, refunds: [refund] })
  expect(await onlyMessage(world)).toMatchObject({ status: 'cancelled', reason: { code: 'order_refunded' } })
  expect((await act(world, id, 'retry')).status).toBe(200)
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  expect(await onlyMessage(world)).toMatchObject({ status: 'cancelled', reason: { code: 'order_refunded' } })
  expect(world.karibu.images()).toEqual([])
})

test('a message whose customer opted out cannot be forced out by a retry', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA, { text: 'STOP' })
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await onlyMessage(world)
  expect((await act(world, id, 'retry')).status).toBe(200)
  expect(await onlyMessage(world)).toMatchObject({ status: 'skipped', reason: { code: 'opted_out' } })
  expect(world.karibu.images()).toEqual([])
})

test('what waits, is queued or went out cannot be retried: 409 with its status', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await onlyMessage(world)
  const refused = async () => {
    const { status, body } = await act(world, id, 'retry')
    return [status, body.error?.code, body.error?.details?.status]
  }
  expect(await refused()).toEqual([409, 'message.not_possible', 'held'])
  world.karibu.set({ auth: 'unauthorized' })
  world.karibu.customerWrites(ASHA)
  world.karibu.set({ auth: 'normal', sendFault: { http: 401, code: 'UNAUTHORIZED' } })
  await world.run(20_000)
  expect(await refused()).toEqual([409, 'message.not_possible', 'queued'])
  world.karibu.set({ sendFault: null })
  await world.run(10 * 60_000)
  expect(await refused()).toEqual([409, 'message.not_possible', 'read'])
  expect(world.karibu.images()).toHaveLength(1)
})

test('a message without a phone cannot be retried, and says what to mend', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder({ customer: { name: 'X', phone: null } }))
  const { status, body } = await act(world, (await onlyMessage(world)).id, 'retry')
  expect([status, body.error?.code]).toEqual([409, 'message.not_possible'])
  expect(body.error?.message).toContain('phone')
})

test('an uncertain message is sent again only with accept_duplicate', async () => {
  const world = await openWorld({
    karibu: '  poll_inbound_every: 10m',
    sandbox: { switches: { listEchoesMediaUrl: false, webhookDropAll: true } },
  })
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  const { id, status } = await onlyMessage(world)
  expect(status).toBe('uncertain')
  for (const body of [undefined, {}, { accept_duplicate: false }]) {
    const refused = await act(world, id, 'retry', body)
    expect([refused.status, refused.body.error?.code]).toEqual([409, 'message.not_possible'])
    expect(refused.body.error?.message).toContain('accept_duplicate')
  }
  await world.run(60_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect((await act(world, id, 'retry', { accept_duplicate: true })).status).toBe(200)
  await world.run(60_000)
  expect(world.karibu.images()).toHaveLength(2)
  expect(await onlyMessage(world)).toMatchObject({ status: 'pending', attempts: 2 })
})

test('nor is one that became uncertain while a retry of it was being looked at', async () => {
  const world = await openWorld({
    karibu: '  poll_inbound_every: 10m',
    sandbox: { switches: { listEchoesMediaUrl: false, webhookDropAll: true } },
  })
  world.karibu.nextSend({ http: 422, code: 'VALIDATION_ERROR', message: 'caption is odd' })
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await onlyMessage(world)
  world.karibu.nextSend({ cut: true, accepted: true })
  const { store } = world.app
  const { findMessage } = store
  vi.spyOn(store, 'findMessage').mockImplementationOnce(async (asked) => {
    const seen = await findMessage(asked)
    await ask(world, `/v1/messages/${id}/retry`, { method: 'POST' })
    await vi.waitFor(async () => expect((await findMessage(id))?.status).toBe('uncertain'))
    return seen
  })
  const { status, body } = await act(world, id, 'retry')
  expect([status, body.error?.message]).toEqual([409, expect.stringContaining('accept_duplicate')])
  await world.run(60_000)
  expect(world.karibu.images()).toHaveLength(1)
})

test('a retry takes no other body: 400', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await onlyMessage(world)
  for (const raw of ['{"accept_duplicate":"yes"}', '{"force":true}', 'yes', '[]', 'null', '{']) {
    const answer = await ask<ApiProblem>(world, `/v1/messages/${id}/retry`, { method: 'POST', raw })
    expect([raw, answer.status, answer.body.error.code]).toEqual([raw, 400, 'body.invalid'])
    expect(answer.body.error.message).toContain('accept_duplicate')
  }
  for (const action of ['retry', 'cancel'] as const) {
    const missing = await act(world, 'msg_01kap2v5x0abcdefghjkmnpqrs', action)
    expect([missing.status, missing.body.error?.code]).toEqual([404, 'message.unknown'])
  }
})

test('a held message that is cancelled never goes out, whatever the customer does; a second cancel is 409', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await onlyMessage(world)
  const { status, body } = await act(world, id, 'cancel')
  expect([status, body.status, body.reason?.code]).toEqual([200, 'cancelled', 'by_hand'])
  const again = await act(world, id, 'cancel')
  expect([again.status, again.body.error?.details]).toEqual([409, { status: 'cancelled' }])
  world.karibu.customerWrites(ASHA)
  await world.run(HOUR)
  await world.shopSends('woocommerce', paidOrder({ updatedAt: world.clock.now() }))
  await world.run(HOUR)
  expect(world.karibu.images()).toEqual([])
  expect((await onlyMessage(world)).status).toBe('cancelled')
})

test('a queued message can be cancelled; one that went out cannot', async () => {
  const world = await openWorld()
  world.karibu.set({ sendFault: { http: 429, retryAfterSeconds: 60 } })
  await world.shopSends('woocommerce', paidOrder())
  const { id, status } = await onlyMessage(world)
  expect(status).toBe('queued')
  expect((await act(world, id, 'cancel')).status).toBe(200)
  world.karibu.set({ sendFault: null })
  await world.run(HOUR)
  expect(world.karibu.images()).toEqual([])
  expect((await act(world, id, 'retry')).status).toBe(200)
  await world.run(10_000)
  const { status: refused, body } = await act(world, id, 'cancel')
  expect([refused, body.error?.code, body.error?.details]).toEqual([409, 'message.not_possible', { status: 'read' }])
  expect((await onlyMessage(world)).status).toBe('read')
})

test('an image by hand is fetched once, served from our address and sent through the same gate', async () => {
  const world = await openWorld()
  const host = await imageServer()
  const { status, body } = await send(world, {
    shop: 'duka',
    to: `+${ASHA}`,
    image_url: host.url,
    caption: 'Bei mpya ✨',
  })
  expect(status).toBe(202)
  expect(body).toMatchObject({
    shop: 'duka',
    to: ASHA,
    rule: null,
    order_id: null,
    caption: 'Bei mpya ✨',
    kind: 'image',
  })
  await world.run(10_000)
  const [image, ...others] = world.karibu.images()
  expect(others).toEqual([])
  expect(image).toMatchObject({ to: ASHA, caption: 'Bei mpya ✨' })
  expect(image?.mediaUrl?.startsWith(`${world.url}/media/`)).toBe(true)
  expect(host.hits()).toBe(1)
  const { body: story } = await ask<ApiStory>(world, `/v1/messages/${body.id}`)
  expect(story).toMatchObject({ status: 'read', event_id: null, order: null })
  expect(story.timeline[0]).toMatchObject({ what: 'created', detail: 'by hand' })
})

test('an order’s receipt can be sent by hand, by the order’s number or id, to its own phone', async () => {
  const world = await testWorld({ rules: ' []' })
  await world.shopSends('shopify', paidOrder({ number: '#1042', country: 'TZ' }))
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  for (const order of ['#1042', '4522']) {
    const { status, body } = await send(world, { shop: 'soko', order })
    expect([order, status, body.to, body.order_id, body.order_number]).toEqual([order, 202, ASHA, '4522', '#1042'])
  }
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(2)
  const bytes = world.karibu.imageOf(world.karibu.images()[0]?.id ?? '')?.bytes
  expect(Buffer.from(bytes?.subarray(1, 4) ?? []).toString()).toBe('PNG')
})

test('a number that several orders have names none of them: nobody gets somebody else’s receipt', async () => {
  const world = await openWorld()
  for (const id of ['71', '72', '12']) await world.shopSends('woocommerce', paidOrder({ id, number: '12' }))
  await world.shopSends('woocommerce', paidOrder({ id: '73', number: '13' }))
  await world.shopSends('woocommerce', paidOrder({ id: '74', number: '13' }))
  const made = (await world.messages()).length
  const sent = await send(world, { shop: 'duka', order: '13' })
  expect([sent.status, sent.body.error?.code]).toEqual([409, 'order.ambiguous'])
  const claim = await ask<ApiProblem>(world, '/v1/orders/duka/13/claim')
  expect([claim.status, claim.body.error.code]).toEqual([409, 'order.ambiguous'])
  expect(await world.messages()).toHaveLength(made)
  expect(await send(world, { shop: 'duka', order: '12' })).toMatchObject({ status: 202, body: { order_id: '12' } })
})

test('the same Idempotency-Key gives the same message and one image, also at once and later', async () => {
  const world = await openWorld({ karibu: '  per_contact_every: 0s' })
  const body = { shop: 'duka', to: ASHA, image_url: (await imageServer()).url, caption: 'Bei' }
  const key = { 'idempotency-key': 'bei-2026-11-20' }
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(world, body, key)))
  await world.run(10_000)
  answers.push(await send(world, body, key))
  expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(202))
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  expect(answers.at(-1)?.body.status).toBe('read')
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(1)
  const other = await send(world, body, { 'idempotency-key': 'another' })
  expect(other.body.id).not.toBe(answers[0]?.body.id)
  await send(world, body)
  await send(world, body)
  await world.run(10_000)
  expect(world.karibu.images()).toHaveLength(4)
})

test('an Idempotency-Key that comes with another request is refused, not answered with the first message', async () => {
  const world = await openWorld()
  const body = { shop: 'duka', to: ASHA, image_url: (await imageServer()).url }
  const key = { 'idempotency-key': 'k1' }
  expect((await send(world, body, key)).status).toBe(202)
  expect((await send(world, { ...body, to: '255754000123' }, key)).status).toBe(409)
})

test('a closed window holds an image by hand until the customer writes', async () => {
  const world = await testWorld()
  const host = await imageServer()
  const { status } = await send(world, { shop: 'mtandao', to: ASHA, image_url: host.url })
  expect(status).toBe(202)
  expect(await onlyMessage(world)).toMatchObject({ status: 'held', reason: { code: 'window_closed' } })
  const { body } = await ask<{ items: ApiConversation[] }>(world, `/v1/conversations/${ASHA}`)
  expect(body.items[0]?.window.open).toBe(false)
  await world.run(HOUR)
  expect(world.karibu.images()).toEqual([])
  world.karibu.customerWrites(ASHA)
  await world.run(30_000)
  expect(world.karibu.images()).toHaveLength(1)
})

const IMAGE = 'https://duka.example/bei.png'

test('a body that cannot be used is 400, names its field and leaves nothing behind', async () => {
  const world = await testWorld()
  const bad: [field: string, body: unknown][] = [
    ['shop', { to: ASHA, image_url: IMAGE }],
    ['shop', { shop: 'nobody', to: ASHA, image_url: IMAGE }],
    ['shop', { shop: 'constructor', to: ASHA, image_url: IMAGE }],
    ['shop', { shop: 7, to: ASHA, image_url: IMAGE }],
    ['to', { shop: 'duka', image_url: IMAGE }],
    ['to', { shop: 'duka', to: '0712345678', image_url: IMAGE }],
    ['to', { shop: 'duka', to: 'Asha Mwinyi', image_url: IMAGE }],
    ['to', { shop: 'duka', to: 255712345678, image_url: IMAGE }],
    ['image_url', { shop: 'duka', to: ASHA }],
    ['image_url', { shop: 'duka', to: ASHA, image_url: IMAGE, order: '1' }],
    ['image_url', { shop: 'duka', to: ASHA, image_url: 'bei.png' }],
    ['caption', { shop: 'duka', to: ASHA, image_url: IMAGE, caption: 'x'.repeat(1025) }],
    ['caption', { shop: 'duka', to: ASHA, image_url: IMAGE, caption: null }],
    ['when_closed', { shop: 'duka', to: ASHA, image_url: IMAGE, when_closed: 'invite' }],
    ['colour', { shop: 'duka', to: ASHA, image_url: IMAGE, colour: 'red' }],
  ]
  for (const [field, body] of bad) {
    const answer = await send(world, body)
    expect([body, answer.status, answer.body.error?.code]).toEqual([body, 400, expect.stringMatching(/\.invalid$/)])
    expect(answer.body.error?.message).toContain(field)
  }
  const unknown = await send(world, { shop: 'duka', order: 'no-such-order' })
  expect([unknown.status, unknown.body.error?.code]).toEqual([404, 'order.unknown'])
  for (const key of ['', 'x'.repeat(201)]) {
    const answer = await send(world, { shop: 'duka', to: ASHA, image_url: IMAGE }, { 'idempotency-key': key })
    expect(answer.status).toBe(400)
  }
  expect((await ask<ApiPage<ApiRow>>(world, '/v1/messages')).body.items).toEqual([])
})

test('a bad phone in a body is a fault of the body, not of a filter', async () => {
  const world = await testWorld()
  const { body } = await send(world, { shop: 'duka', to: '0712345678', image_url: IMAGE })
  expect(body.error?.code).toBe('body.invalid')
})

test('an address that no image can be fetched from is refused at once', async () => {
  const world = await testWorld()
  for (const image_url of ['ftp://duka.example/bei.png', 'javascript:alert(1)', 'file:///etc/passwd']) {
    expect([image_url, (await send(world, { shop: 'duka', to: ASHA, image_url })).status]).toEqual([image_url, 400])
  }
})

test('a body that is not JSON is 400, never 500', async () => {
  const world = await testWorld()
  const bodies: [raw: string | Uint8Array, headers?: Record<string, string>][] = [
    ['{'],
    ['{"shop":"duka",}'],
    ['not json'],
    [''],
    ['null'],
    ['[]'],
    ['"text"'],
    ['7'],
    [new Uint8Array([0xff, 0xfe, 0x00, 0x7b])],
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`],
  ]
  for (const [raw, headers = {}] of bodies) {
    const { status, body } = await ask<ApiProblem>(world, '/v1/messages', { method: 'POST', raw, headers })
    expect([String(raw).slice(0, 20), status, body.error?.code]).toEqual([
      String(raw).slice(0, 20),
      400,
      'body.invalid',
    ])
  }
  for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded']) {
    const question = { method: 'POST', raw: '{"shop":"duka"}', headers: { 'content-type': type } } as const
    const { status, body } = await ask<ApiProblem>(world, '/v1/messages', question)
    expect([type, status, body.error.code]).toEqual([type, 415, 'body.invalid'])
    expect(body.error.message).toContain('Content-Type: application/json')
  }
})

test('a body larger than 2 MB is 413', async () => {
  const world = await testWorld()
  const body = { shop: 'duka', to: ASHA, image_url: IMAGE, caption: 'x'.repeat(2 * 1024 * 1024 + 1) }
  expect((await send(world, body)).status).toBe(413)
})
