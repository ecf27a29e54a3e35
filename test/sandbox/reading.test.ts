import { describe, expect, test } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import { CUSTOMER, SENDER, START, sandboxWorld } from './world.ts'

const OTHER = '255712000000'
const iso = (at: number) => new Date(at).toISOString()

describe('the list of messages', () => {
  test('is newest first, with inbound and outbound, without status', async () => {
    const world = await sandboxWorld()
    const inbound = world.karibu.customerWrites(CUSTOMER, { text: 'Nataka risiti' })
    await world.run(1000)
    const { json } = await world.image('http://127.0.0.1:9/a.png', { caption: 'Asante' })
    await world.run(300)
    const { data, success } = (await world.get('/v1/whatsapp/messages')).json
    expect(success).toBe(true)
    expect(data).toMatchObject({ total: 2, limit: 100, offset: 0 })
    expect(data.items).toEqual([
      {
        id: json.data.message_id,
        message_id: expect.stringMatching(/^wamid\./),
        conversation_id: inbound.conversationId,
        is_outbound: true,
        message_type: 'image',
        content: { link: 'http://127.0.0.1:9/a.png', caption: 'Asante' },
        created_at: iso(START + 1000),
        paired_message_id: null,
      },
      {
        id: inbound.id,
        message_id: expect.stringMatching(/^wamid\./),
        conversation_id: inbound.conversationId,
        is_outbound: false,
        message_type: 'text',
        content: { body: 'Nataka risiti' },
        created_at: iso(START),
        paired_message_id: null,
      },
    ])
  })

  test('can keep the link to itself and show the status', async () => {
    const world = await sandboxWorld({ switches: { listEchoesMediaUrl: false, listStatus: true } })
    world.karibu.customerWrites(CUSTOMER)
    await world.image('http://127.0.0.1:9/a.png', { caption: 'Asante' })
    const [item] = (await world.get('/v1/whatsapp/messages?direction=outbound')).json.data.items
    expect(item).toMatchObject({ content: { caption: 'Asante' }, status: 'pending' })
    expect(item.content).not.toHaveProperty('link')
  })

  test('filters by conversation, type, status, direction and time, both ends inside', async () => {
    const world = await sandboxWorld()
    const { conversationId } = world.karibu.customerWrites(CUSTOMER)
    await world.run(HOUR)
    world.karibu.customerWrites(OTHER)
    await world.text()
    await world.run(5000)
    await world.template({ to: OTHER })
    const count = async (query: string) => (await world.get(`/v1/whatsapp/messages?${query}`)).json.data.total
    expect(await count('')).toBe(4)
    expect(await count(`conversation_id=${conversationId}`)).toBe(2)
    expect(await count('conversation_id=3c90c3cc-0d44-4b50-8888-8dd25736052a')).toBe(0)
    expect(await count('message_type=template')).toBe(1)
    expect(await count('status=read')).toBe(1)
    expect(await count('direction=inbound')).toBe(2)
    expect(await count(`since=${iso(START + HOUR)}`)).toBe(3)
    expect(await count(`since=${iso(START + HOUR + 1)}`)).toBe(1)
    expect(await count(`until=${iso(START)}`)).toBe(1)
    expect(await count(`until=${iso(START).replace('Z', '')}`)).toBe(1)
    expect(await count(`until=${iso(START - 1)}`)).toBe(0)
  })

  test('pages by limit and offset', async () => {
    const world = await sandboxWorld()
    for (let i = 0; i < 5; i++) {
      world.karibu.customerWrites(CUSTOMER, { text: `${i}` })
      await world.run(1)
    }
    const { data } = (await world.get('/v1/whatsapp/messages?limit=2&offset=1')).json
    expect(data).toMatchObject({ total: 5, limit: 2, offset: 1 })
    expect(data.items.map((item: { content: { body: string } }) => item.content.body)).toEqual(['3', '2'])
  })

  test.each(['limit=0', 'limit=201', 'offset=-1', 'direction=sideways', 'since=yesterday', 'conversation_id=1'])(
    '%s is 422',
    async (query) => {
      const world = await sandboxWorld()
      const { status, json } = await world.get(`/v1/whatsapp/messages?${query}`)
      expect(status).toBe(422)
      expect(json.errors[0]).toMatchObject({ code: 'VALIDATION_ERROR', field: query.split('=')[0] })
    },
  )

  test('puts an inbound message told late in its place by time', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER, { text: 'new' })
    world.karibu.customerWrites(CUSTOMER, { text: 'old', at: START - HOUR })
    const { items } = (await world.get('/v1/whatsapp/messages')).json.data
    expect(items.map((item: { content: { body: string } }) => item.content.body)).toEqual(['new', 'old'])
  })

  test('can lag behind', async () => {
    const world = await sandboxWorld({ switches: { listLagMs: 5000 } })
    world.karibu.customerWrites(CUSTOMER)
    const { json } = await world.text()
    expect((await world.get('/v1/whatsapp/messages')).json.data.items).toEqual([])
    expect((await world.detail(json.data.message_id)).id).toBe(json.data.message_id)
    await world.run(5000)
    expect((await world.get('/v1/whatsapp/messages')).json.data.items).toHaveLength(2)
  })

  test('keeps the newest only', async () => {
    const world = await sandboxWorld({ keep: 3 })
    const first = world.karibu.customerWrites(CUSTOMER)
    for (let i = 0; i < 3; i++) world.karibu.customerWrites(CUSTOMER)
    expect(world.karibu.inbound()).toHaveLength(3)
    expect((await world.get(`/v1/whatsapp/messages/${first.id}`)).status).toBe(404)
  })
})

describe('one message', () => {
  test('is found by Briq’s id only', async () => {
    const world = await sandboxWorld()
    const { json } = await world.template()
    expect((await world.get(`/v1/whatsapp/messages/${json.data.message_id}`)).status).toBe(200)
    const missing = await world.get('/v1/whatsapp/messages/3c90c3cc-0d44-4b50-8888-8dd25736052a')
    expect(missing.status).toBe(404)
    expect(missing.json.errors[0].code).toBe('MESSAGE_NOT_FOUND')
    world.karibu.set({ notFoundShape: 'detail-text' })
    expect((await world.get('/v1/whatsapp/messages/3c90c3cc-0d44-4b50-8888-8dd25736052a')).json).toEqual({
      detail: 'Message not found',
    })
    expect((await world.get('/v1/whatsapp/messages/wamid.abc')).status).toBe(422)
  })

  test('inbound can be given a read receipt, outbound not', async () => {
    const world = await sandboxWorld()
    const { id } = world.karibu.customerWrites(CUSTOMER)
    const { json } = await world.text()
    expect((await world.post(`/v1/whatsapp/messages/${id}/read`)).json.data.message_id).toBe(id)
    expect(world.karibu.inbound()[0]?.receiptAt).toBe(START)
    expect((await world.post(`/v1/whatsapp/messages/${json.data.message_id}/read`)).status).toBe(422)
  })
})

describe('conversations', () => {
  test('tell Briq’s view of the window', async () => {
    const world = await sandboxWorld()
    const { conversationId } = world.karibu.customerWrites(CUSTOMER, { name: 'Asha' })
    const one = async () => (await world.get(`/v1/whatsapp/conversations/${conversationId}`)).json.data
    expect(await one()).toMatchObject({
      id: conversationId,
      recipient_phone: CUSTOMER,
      is_active: true,
      unread_count: 1,
      contact_profile_name: 'Asha',
      last_message_at: iso(START),
      window: { open: true, expires_at: iso(START + 24 * HOUR) },
      created_at: iso(START),
    })
    await world.run(24 * HOUR)
    expect((await one()).window).toEqual({ open: false, expires_at: iso(START + 24 * HOUR) })
    await world.template()
    expect((await one()).window).toEqual({ open: true, expires_at: iso(START + 48 * HOUR) })
    world.karibu.set({ templateReopensBriqGate: false })
    expect((await one()).window.open).toBe(false)
  })

  test('are listed by latest activity and filtered', async () => {
    const world = await sandboxWorld({ senders: [{ number: SENDER }, { number: '255700000002' }] })
    world.karibu.customerWrites(CUSTOMER, { to: SENDER, name: 'Asha' })
    world.karibu.customerWrites(CUSTOMER, { to: '255700000002' })
    await world.run(1)
    await world.template({ to: OTHER })
    await world.run(25 * HOUR)
    world.karibu.customerWrites(CUSTOMER, { to: SENDER })
    const phones = async (query: string) => {
      const { items } = (await world.get(`/v1/whatsapp/conversations?${query}`)).json.data
      return items.map((item: { recipient_phone: string }) => item.recipient_phone)
    }
    const senders = (await world.get('/v1/whatsapp/senders')).json
    expect(await phones('')).toEqual([CUSTOMER, OTHER, CUSTOMER])
    expect(await phones(`recipient=%2B${CUSTOMER}`)).toEqual([CUSTOMER, CUSTOMER])
    expect(await phones(`recipient=${CUSTOMER}&sender=255700000002`)).toEqual([CUSTOMER])
    expect(await phones(`sender_id=${senders[0].id}`)).toEqual([CUSTOMER, OTHER])
    expect(await phones('status=open')).toEqual([CUSTOMER])
    expect(await phones('status=unread')).toEqual([CUSTOMER, CUSTOMER])
    expect(await phones('search=asha')).toEqual([CUSTOMER])
    expect(await phones('limit=1&offset=1')).toEqual([OTHER])
    expect((await world.get('/v1/whatsapp/conversations/summary')).json.data).toMatchObject({
      total: 3,
      open: 1,
      unread: 2,
    })
    expect((await world.get('/v1/whatsapp/conversations?limit=101')).status).toBe(422)
  })

  test('are marked read up to a time', async () => {
    const world = await sandboxWorld()
    const { conversationId } = world.karibu.customerWrites(CUSTOMER)
    await world.run(1000)
    world.karibu.customerWrites(CUSTOMER)
    const path = `/v1/whatsapp/conversations/${conversationId}/read`
    expect((await world.post(path, { up_to: iso(START) })).json.data).toEqual({
      conversation_id: conversationId,
      messages_marked_read: 1,
    })
    expect((await world.post(path)).json.data.messages_marked_read).toBe(1)
  })

  test('deleted ones disappear with their messages, but not WhatsApp’s window', async () => {
    const world = await sandboxWorld()
    const { conversationId } = world.karibu.customerWrites(CUSTOMER)
    const path = `/v1/whatsapp/conversations/${conversationId}`
    expect((await world.call('DELETE', path)).json.data).toEqual({ conversation_id: conversationId, deleted: true })
    expect((await world.get(path)).status).toBe(404)
    expect((await world.get('/v1/whatsapp/messages')).json.data.items).toEqual([])
    await world.template()
    await world.text()
    await world.run(5000)
    expect(world.karibu.messages()[1]?.status).toBe('read')
  })
})

describe('senders and templates', () => {
  test('senders come bare and filtered', async () => {
    const world = await sandboxWorld({
      senders: [
        { number: SENDER, label: 'Duka' },
        { number: OTHER, active: false },
      ],
    })
    const { json } = await world.get('/v1/whatsapp/senders')
    expect(json).toMatchObject([
      { display_number: `+${SENDER}`, label: 'Duka', is_active: true, is_default: true },
      { display_number: `+${OTHER}`, is_active: false, is_default: false },
    ])
    expect(json[0].phone_number_id).toMatch(/^\d{16}$/)
    expect((await world.get('/v1/whatsapp/senders?is_active=true')).json).toEqual([json[0]])
    expect((await world.get(`/v1/whatsapp/senders/${json[1].id}`)).json).toEqual(json[1])
    const missing = await world.get('/v1/whatsapp/senders/3c90c3cc-0d44-4b50-8888-8dd25736052a')
    expect([missing.status, missing.json]).toEqual([404, { detail: 'Sender not found' }])
  })

  test('templates come bare, by cursor', async () => {
    const world = await sandboxWorld({
      templates: [{ name: 'b', status: 'PENDING' }, { name: 'a' }, { name: 'c', language: 'sw' }],
    })
    const first = (await world.get('/v1/whatsapp/templates?sort=name_asc&limit=2')).json
    expect(first).toMatchObject({ items: [{ name: 'a' }, { name: 'b', status: 'IN_REVIEW' }], total_count: 3 })
    const second = (await world.get(`/v1/whatsapp/templates?sort=name_asc&limit=2&cursor=${first.cursor_next}`)).json
    expect(second).toMatchObject({ items: [{ name: 'c' }], cursor_next: null })
    const filtered = (await world.get('/v1/whatsapp/templates?status=PENDING&status=APPROVED&language=sw')).json
    expect(filtered.items).toMatchObject([{ name: 'c' }])
    expect((await world.get(`/v1/whatsapp/templates/${first.items[0].id}`)).json.name).toBe('a')
  })
})
