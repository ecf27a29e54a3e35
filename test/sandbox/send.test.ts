import { describe, expect, test } from 'vitest'
import { CUSTOMER, imageHost, SENDER, sandboxWorld } from './world.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('an accepted image', () => {
  test('is answered 202 pending, with Briq’s ids and no provider id', async () => {
    const world = await sandboxWorld({ senders: [{ number: SENDER, phoneNumberId: '1107264639145282' }] })
    world.karibu.customerWrites(CUSTOMER)
    const { status, json } = await world.image('http://127.0.0.1:9/a.png', { caption: 'Risiti' })
    expect(status).toBe(202)
    expect(json).toMatchObject({
      success: true,
      data: { sender: '1107264639145282', provider_message_id: null, status: 'pending' },
      errors: null,
    })
    expect(json.data.message_id).toMatch(UUID)
    expect(json.data.conversation_id).toMatch(UUID)
    expect(json.data.sender_id).toMatch(UUID)
    expect(json.request_id).toBeTypeOf('string')
    expect(world.karibu.images()).toMatchObject([
      { id: json.data.message_id, to: CUSTOMER, sender: SENDER, caption: 'Risiti', status: 'pending' },
    ])
  })

  test('can be answered 200 sent, with the provider’s id', async () => {
    const host = await imageHost(() => ({}))
    const world = await sandboxWorld({ switches: { answer: 'sent' } })
    world.karibu.customerWrites(CUSTOMER)
    const { status, json } = await world.image(`${host.url}/a.png`)
    expect(status).toBe(200)
    expect(json.data.status).toBe('sent')
    expect(json.data.provider_message_id).toMatch(/^wamid\./)
    await world.run(5000)
    expect(await world.detail(json.data.message_id)).toMatchObject({
      status: 'read',
      provider_message_id: json.data.provider_message_id,
    })
  })

  test('sent twice is two messages, whatever headers come with it', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    const body = { to: CUSTOMER, sender: SENDER, media_url: 'http://127.0.0.1:9/a.png' }
    const headers = { 'idempotency-key': 'one', 'x-app-id': 'any' }
    const first = await world.call('POST', '/v1/whatsapp/messages/image', body, headers)
    const second = await world.call('POST', '/v1/whatsapp/messages/image', body, headers)
    expect(first.json.data.message_id).not.toBe(second.json.data.message_id)
    expect(first.json.data.conversation_id).toBe(second.json.data.conversation_id)
    expect(world.karibu.images()).toHaveLength(2)
  })
})

describe('the key', () => {
  test('missing or wrong is 401 on every route', async () => {
    const world = await sandboxWorld()
    for (const [method, path] of [
      ['POST', '/v1/whatsapp/messages/image'],
      ['GET', '/v1/whatsapp/messages'],
      ['GET', '/v1/whatsapp/senders'],
      ['GET', '/v1/webhooks/all'],
    ] as const) {
      const { status, json } = await world.call(method, path, undefined, { 'x-api-key': 'wrong' })
      expect(status).toBe(401)
      expect(json).toEqual({ detail: [{ msg: 'Unauthorized request' }] })
    }
  })

  test('without a workspace is 403 WORKSPACE_REQUIRED', async () => {
    const world = await sandboxWorld({ switches: { auth: 'no-workspace' } })
    const { status, json } = await world.get('/v1/whatsapp/conversations')
    expect(status).toBe(403)
    expect(json.errors[0].code).toBe('WORKSPACE_REQUIRED')
  })

  test('an unknown route is 404 for anybody', async () => {
    const world = await sandboxWorld()
    const { status, json } = await world.call('POST', '/v1/whatsapp/messages/sticker', {}, { 'x-api-key': 'wrong' })
    expect(status).toBe(404)
    expect(json).toEqual({ detail: 'Not Found' })
  })
})

describe('validation', () => {
  test.each([
    ['no target', { to: undefined }, 'to'],
    ['a number with a zero in front', { to: '0712345678' }, 'to'],
    ['a short number', { to: '25571' }, 'to'],
    ['a caption over 1024 code points', { caption: 'x'.repeat(1025) }, 'caption'],
    ['no source', { media_url: undefined }, 'media_url'],
    ['two sources', { file_id: 'f1' }, 'media_url'],
    ['no link at all', { media_url: 'receipt.png' }, 'media_url'],
    ['a conversation that is no uuid', { to: undefined, conversation_id: '7' }, 'conversation_id'],
  ])('%s is 422 VALIDATION_ERROR and names the field', async (_name, fields, field) => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    const { status, json } = await world.image('https://receipts.example/a.png', fields)
    expect(status).toBe(422)
    expect(json).toMatchObject({ success: false, data: null, errors: [{ code: 'VALIDATION_ERROR', field }] })
    expect(world.karibu.messages()).toHaveLength(0)
  })

  test('a caption is counted in code points', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    expect((await world.image('http://127.0.0.1:9/a.png', { caption: '🧾'.repeat(1024) })).status).toBe(202)
    expect((await world.image('http://127.0.0.1:9/a.png', { caption: '🧾'.repeat(1025) })).status).toBe(422)
  })

  test('a plus sign in front is taken', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(`+${CUSTOMER}`)
    expect((await world.text({ to: `+${CUSTOMER}`, sender: `+${SENDER}` })).status).toBe(202)
  })

  test('a body that is no JSON is 422', async () => {
    const world = await sandboxWorld()
    expect((await world.call('POST', '/v1/whatsapp/messages/image', '{"to":')).status).toBe(422)
  })

  test('can come in FastAPI’s form', async () => {
    const world = await sandboxWorld({ switches: { validationShape: 'detail-list' } })
    const { status, json } = await world.text({ to: '12' })
    expect(status).toBe(422)
    expect(json.detail[0]).toMatchObject({ loc: ['body', 'to'], type: 'value_error' })
  })

  test('both targets are 422, or the conversation wins by switch', async () => {
    const world = await sandboxWorld()
    const { conversationId } = world.karibu.customerWrites(CUSTOMER)
    const both = { to: '255799999999', conversation_id: conversationId }
    expect((await world.text(both)).json.errors[0].code).toBe('VALIDATION_ERROR')
    world.karibu.set({ bothTargets: 'conversation' })
    expect((await world.text(both)).status).toBe(202)
    expect(world.karibu.messages()[0]?.to).toBe(CUSTOMER)
  })

  test('an unknown conversation is 404', async () => {
    const world = await sandboxWorld()
    const { status } = await world.text({ to: undefined, conversation_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a' })
    expect(status).toBe(404)
  })
})

describe('the sender', () => {
  const senders = [
    { number: SENDER },
    { number: '255700000002', default: true },
    { number: '255700000003', active: false },
  ]

  test('is found by number, phone_number_id or uuid', async () => {
    const world = await sandboxWorld({ senders })
    world.karibu.customerWrites(CUSTOMER, { to: SENDER })
    const [first] = (await world.get('/v1/whatsapp/senders')).json
    for (const fields of [{}, { sender: first.phone_number_id }, { sender: undefined, sender_id: first.id }]) {
      expect((await world.text(fields)).json.data.sender_id).toBe(first.id)
    }
  })

  test.each([
    ['unknown', '255799999999', 'SENDER_NOT_FOUND'],
    ['inactive', '255700000003', 'SENDER_INACTIVE'],
    ['unnamed among several', undefined, 'SENDER_REQUIRED'],
  ])('%s is 422', async (_name, sender, code) => {
    const world = await sandboxWorld({ senders })
    const { status, json } = await world.text({ sender })
    expect(status).toBe(422)
    expect(json.errors[0].code).toBe(code)
  })

  test('unnamed is the only one, or by switch the first or the default', async () => {
    const alone = await sandboxWorld()
    alone.karibu.customerWrites(CUSTOMER)
    expect((await alone.text({ sender: undefined })).status).toBe(202)

    const several = await sandboxWorld({ senders, switches: { unnamedSender: 'default' } })
    several.karibu.customerWrites(CUSTOMER, { to: '255700000002' })
    expect((await several.text({ sender: undefined })).status).toBe(202)
    several.karibu.set({ unnamedSender: 'first' })
    expect((await several.text({ sender: undefined })).json.errors[0].code).toBe('WINDOW_CLOSED')
  })
})
