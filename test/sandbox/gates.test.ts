import { describe, expect, test } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import { takeToken } from '../../src/sandbox/bucket.ts'
import { briqOpenedAt, gateAt } from '../../src/sandbox/gates.ts'
import { CUSTOMER, imageHost, SENDER, START, sandboxWorld } from './world.ts'

describe('the 24-hour window', () => {
  test('is closed before the customer has written: 422 WINDOW_CLOSED and no message', async () => {
    const world = await sandboxWorld()
    const { status, json } = await world.image('https://receipts.example/a.png')
    expect(status).toBe(422)
    expect(json).toMatchObject({ success: false, data: null, errors: [{ code: 'WINDOW_CLOSED', field: null }] })
    expect(world.karibu.messages()).toHaveLength(0)
  })

  test('is open for less than 24 hours after the last inbound message', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    await world.run(24 * HOUR - 1)
    expect((await world.text()).status).toBe(202)
    await world.run(1)
    expect((await world.text()).json.errors[0].code).toBe('WINDOW_CLOSED')
  })

  test('opened for one of our numbers opens nothing for another', async () => {
    const world = await sandboxWorld({ senders: [{ number: SENDER }, { number: '255700000002' }] })
    world.karibu.customerWrites(CUSTOMER, { to: '255700000002' })
    expect((await world.text()).json.errors[0].code).toBe('WINDOW_CLOSED')
    expect((await world.text({ sender: '255700000002' })).status).toBe(202)
  })

  test('counts from when the customer wrote, and a late older message does not move it back', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER, { at: START - 23 * HOUR })
    world.karibu.customerWrites(CUSTOMER, { at: START - 30 * HOUR })
    await world.run(HOUR - 1)
    expect((await world.text()).status).toBe(202)
    await world.run(1)
    expect((await world.text()).status).toBe(422)
  })

  test('closing between acceptance and WhatsApp fails the message later with 131047', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    await world.run(24 * HOUR - 1)
    const { json } = await world.text()
    await world.run(1000)
    expect(await world.detail(json.data.message_id)).toMatchObject({ status: 'failed', error_code: '131047' })
  })
})

describe('a template', () => {
  test('is always allowed, and opens Briq’s gate but not WhatsApp’s', async () => {
    const host = await imageHost(() => ({}))
    const world = await sandboxWorld()
    expect((await world.template()).status).toBe(202)
    const image = await world.image(`${host.url}/a.png`)
    expect(image.status).toBe(202)
    await world.run(5000)
    expect(world.karibu.messages()).toMatchObject([
      { kind: 'template', status: 'read' },
      { kind: 'image', status: 'failed', errorCode: '131047' },
    ])
    expect(host.hits).toEqual([])

    world.karibu.customerWrites(CUSTOMER)
    await world.image(`${host.url}/a.png`)
    await world.run(5000)
    expect(world.karibu.images()[1]?.status).toBe('read')
  })

  test('opens nothing when the switch is off', async () => {
    const world = await sandboxWorld({ switches: { templateReopensBriqGate: false } })
    await world.template()
    expect((await world.text()).json.errors[0].code).toBe('WINDOW_CLOSED')
  })

  test('unknown or not approved is refused, with missing variables it fails at WhatsApp', async () => {
    const world = await sandboxWorld({
      templates: [
        { name: 'receipt_ready', params: ['1'] },
        { name: 'waiting', status: 'PENDING' },
      ],
    })
    expect((await world.template({ template_name: 'nothing' })).json.errors[0].code).toBe(
      'TEMPLATE_NOT_FOUND_OR_UNAPPROVED',
    )
    expect((await world.template({ template_name: 'waiting' })).json.errors[0].code).toBe('TEMPLATE_NOT_APPROVED')
    const { json } = await world.template({ variables: {} })
    await world.run(1000)
    expect(await world.detail(json.data.message_id)).toMatchObject({ status: 'failed', error_code: '132000' })
  })
})

describe('pure gates', () => {
  test('are closed without evidence and at exactly 24 hours', () => {
    expect(gateAt(null, 0)).toEqual({ open: false, expiresAt: null })
    expect(gateAt(0, 24 * HOUR - 1)).toEqual({ open: true, expiresAt: 24 * HOUR })
    expect(gateAt(0, 24 * HOUR)).toEqual({ open: false, expiresAt: 24 * HOUR })
  })

  test('Briq’s takes the later of inbound and template', () => {
    expect(briqOpenedAt({ lastInboundAt: 5, lastTemplateAt: 9 }, true)).toBe(9)
    expect(briqOpenedAt({ lastInboundAt: 5, lastTemplateAt: 9 }, false)).toBe(5)
    expect(briqOpenedAt({ lastInboundAt: null, lastTemplateAt: 9 }, true)).toBe(9)
    expect(briqOpenedAt({ lastInboundAt: null, lastTemplateAt: 9 }, false)).toBeNull()
  })
})

describe('WhatsApp’s limits', () => {
  test('a bucket gives its burst, then one token per interval', () => {
    const limit = { burst: 2, everyMs: 6000 }
    let bucket: Parameters<typeof takeToken>[0]
    const takeAt = (now: number) => {
      const took = takeToken(bucket, limit, now)
      bucket = took.bucket
      return took.taken
    }
    expect([takeAt(0), takeAt(0), takeAt(0), takeAt(5999), takeAt(6000), takeAt(6000)]).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ])
  })

  test('a burst to one customer is 45, then 131056 for that customer only', async () => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    world.karibu.customerWrites('255712000000')
    for (let i = 0; i < 46; i++) await world.text()
    await world.text({ to: '255712000000' })
    await world.run(1000)
    const codes = world.karibu.messages().map((message) => message.errorCode)
    expect(codes.slice(0, 45).every((code) => code === null)).toBe(true)
    expect(codes.slice(45)).toEqual(['131056', null])
  })

  test('the throughput of a number is 130429 when switched on', async () => {
    const world = await sandboxWorld({ switches: { throughputPerSecond: 2, pairLimit: null } })
    for (let i = 0; i < 3; i++) {
      world.karibu.customerWrites(`25571200000${i}`)
      await world.text({ to: `25571200000${i}` })
    }
    await world.run(1000)
    expect(world.karibu.messages().map((message) => message.errorCode)).toEqual([null, null, '130429'])
  })
})
