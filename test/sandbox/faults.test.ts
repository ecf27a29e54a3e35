import { describe, expect, test } from 'vitest'
import type { ErrorShape, SendFaultInput } from '../../src/sandbox/faults.ts'
import { CUSTOMER, sandboxWorld } from './world.ts'

async function openWorld(options: Parameters<typeof sandboxWorld>[0] = {}) {
  const world = await sandboxWorld(options)
  world.karibu.customerWrites(CUSTOMER)
  return world
}

describe('an error before acceptance', () => {
  test('strikes one send, makes no message and names when to come back', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ http: 429, retryAfterSeconds: 5 })
    const { status, headers, json } = await world.text()
    expect(status).toBe(429)
    expect(headers['retry-after']).toBe('5')
    expect(json.errors[0].code).toBe('RATE_LIMITED')
    expect(world.karibu.messages()).toHaveLength(0)
    expect((await world.text()).status).toBe(202)
  })

  test('can come without Retry-After', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ http: 429 })
    expect((await world.text()).headers).not.toHaveProperty('retry-after')
  })

  const fault = { http: 503, code: 'BUSY', message: 'Come back later', field: 'to' }
  test.each<[ErrorShape, object]>([
    ['envelope', { success: false, data: null, errors: [{ code: 'BUSY', message: 'Come back later', field: 'to' }] }],
    ['detail-text', { detail: 'Come back later' }],
    ['detail-list', { detail: [{ loc: ['body', 'to'], msg: 'Come back later', type: 'value_error' }] }],
    ['error-object', { error: { code: 'busy', message: 'Come back later', details: null } }],
  ])('has the body %s', async (shape, body) => {
    const world = await openWorld()
    world.karibu.nextSend({ ...fault, shape })
    const { status, json } = await world.text()
    expect(status).toBe(503)
    expect(json).toMatchObject(body)
  })

  test('can be a page of HTML or nothing at all', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ http: 502, shape: 'html' })
    world.karibu.nextSend({ http: 502, shape: 'empty' })
    const page = await world.text()
    expect(page.headers['content-type']).toMatch('text/html')
    expect(page.text).toMatch(/<h1>502/)
    expect((await world.text()).text).toBe('')
  })

  test.each([401, 403, 500])('can be %i', async (http) => {
    const world = await openWorld()
    world.karibu.nextSend({ http })
    expect((await world.text()).status).toBe(http)
    expect(world.karibu.messages()).toHaveLength(0)
  })
})

describe('after acceptance', () => {
  test('a 5xx hides a message that goes out all the same', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ http: 500, accepted: true })
    expect((await world.text()).status).toBe(500)
    await world.run(5000)
    expect(world.karibu.messages()).toMatchObject([{ status: 'read' }])
  })

  test.each<[string, SendFaultInput, number]>([
    ['before', { cut: true }, 0],
    ['after', { cut: true, accepted: true }, 1],
  ])('a connection can be cut %s it', async (_name, fault, messages) => {
    const world = await openWorld()
    world.karibu.nextSend(fault)
    await expect(world.text()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(world.karibu.messages()).toHaveLength(messages)
    expect((await world.text()).status).toBe(202)
    await world.settle()
  })

  test('the answer can be held back by the clock, which is no activity', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ delayMs: 60_000 })
    let answered = false
    const answer = world.text().finally(() => {
      answered = true
    })
    while (world.karibu.messages().length === 0) await new Promise((resolve) => setImmediate(resolve))
    await world.run(59_999)
    expect(answered).toBe(false)
    expect(world.activity.count).toBe(0)
    await world.run(1)
    expect((await answer).status).toBe(202)
  })

  test('a client that hangs up during the wait leaves nothing behind', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ delayMs: 60_000, accepted: true })
    const answer = world.text()
    while (world.karibu.messages().length === 0) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([expect(answer).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' }), world.karibu.goDown()])
    await world.settle()
    await world.run(120_000)
    expect(world.activity.count).toBe(0)
  })

  test('the answer can be garbage', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ answer: 'garbage' })
    const { status, json, text } = await world.text()
    expect(status).toBe(202)
    expect(text).not.toBe('')
    expect(json).toBeUndefined()
    expect(world.karibu.messages()).toHaveLength(1)
  })

  test('200 can say success: false, and means it unless told otherwise', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ answer: 'success-false', code: 'SEND_FAILED' })
    const { status, json } = await world.text()
    expect(status).toBe(200)
    expect(json).toMatchObject({ success: false, data: null, errors: [{ code: 'SEND_FAILED' }] })
    expect(world.karibu.messages()).toHaveLength(0)
    world.karibu.nextSend({ answer: 'success-false', accepted: true })
    expect((await world.text()).json.success).toBe(false)
    expect(world.karibu.messages()).toHaveLength(1)
  })

  test('one answer can be 200 sent', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ answer: 'sent' })
    const { status, json } = await world.text()
    expect([status, json.data.status]).toEqual([200, 'sent'])
  })

  test('a message can fail later with any code, before or after it was sent', async () => {
    const world = await openWorld()
    world.karibu.nextSend({ failAsync: 130497 })
    world.karibu.nextSend({ failAsync: 131000, failAfter: 'sent' })
    await world.text()
    await world.text()
    await world.run(1000)
    expect(world.karibu.messages()).toMatchObject([
      { status: 'failed', errorCode: '130497', sentAt: null },
      { status: 'failed', errorCode: '131000', sentAt: expect.any(Number) },
    ])
  })
})

describe('a queued fault', () => {
  test('waits for its route and its customer, and strikes as often as it says', async () => {
    const world = await openWorld()
    world.karibu.customerWrites('255712000000')
    world.karibu.nextSend({ http: 503, to: '255712000000', times: 2 })
    world.karibu.nextSend({ http: 502, kind: 'template' })
    const statuses = [await world.text(), await world.template()]
    for (let i = 0; i < 3; i++) statuses.push(await world.text({ to: '+255712000000' }))
    expect(statuses.map((answer) => answer.status)).toEqual([202, 502, 503, 503, 202])
    expect(world.karibu.faults()).toEqual([])
  })

  test('for an accepted send is not spent on one that is refused', async () => {
    const world = await sandboxWorld()
    world.karibu.nextSend({ failAsync: 131026 })
    expect((await world.text()).status).toBe(422)
    expect(world.karibu.faults()).toHaveLength(1)
  })

  test('goes before the standing one', async () => {
    const world = await openWorld({ switches: { sendFault: { http: 503, times: 1 } } })
    world.karibu.nextSend({ http: 429 })
    const statuses = [await world.text(), await world.text(), await world.text()]
    expect(statuses.map((answer) => answer.status)).toEqual([429, 503, 503])
    world.karibu.set({ sendFault: null })
    expect((await world.text()).status).toBe(202)
  })

  test('that makes no sense is refused', async () => {
    const world = await sandboxWorld()
    expect(() => world.karibu.nextSend({ http: 200 })).toThrow(/http/)
    expect(() => world.karibu.set({ statusJitter: 7 })).toThrow(/statusJitter/)
  })
})

test('reads can fail too', async () => {
  const world = await openWorld({ switches: { readFault: { http: 503, shape: 'html' } } })
  expect((await world.get('/v1/whatsapp/messages')).status).toBe(503)
  expect((await world.text()).status).toBe(202)
  world.karibu.set({ readFault: { cut: true } })
  await expect(world.get('/v1/whatsapp/senders')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
})

test('messages can fail by seeded chance', async () => {
  const world = await openWorld({ switches: { failRate: 0.5 }, random: () => 0.4 })
  await world.text()
  await world.run(300)
  expect(world.karibu.messages()[0]?.errorCode).toBe('131000')
})
