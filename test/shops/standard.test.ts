import { describe, expect, test } from 'vitest'
import { standard } from '../../src/shops/standard.ts'
import { envelope, messageData, orderData } from '../../src/shops/standard-schema.ts'
import { bytes, orderIn, reasonIn, standardEvent } from './bodies.ts'

const AT = Date.UTC(2026, 9, 4, 8)
const read = (event: unknown) => standard.read(bytes(event), { topic: null, country: 'TZ' })
const message = (data: object) => read({ type: 'message.received', timestamp: '2026-10-04T08:00:00Z', data })
const order = (type?: string, changes?: Record<string, unknown>) => orderIn(read(standardEvent(type, changes)))

test('an order, field by field', () => {
  const changes = {
    discounts: [{ label: 'Eid', amount: '1000' }],
    fees: [{ label: 'Rounding', amount: '-50' }],
    taxes: [{ label: 'VAT', rate: 18, amount: '23186' }],
    tax_included: true,
    url: 'https://duka.example/o/77',
    test: true,
    created_at: '2026-10-04T07:00:00Z',
    updated_at: '2026-10-04T10:30:00+03:00',
    refunds: [{ amount: '500', reason: 'one bruised', at: '2026-10-04T07:40:00Z' }],
  }
  expect(order('order.updated', changes)).toEqual({
    id: 'ord_77',
    number: '77',
    partial: false,
    test: true,
    createdAt: AT - 3_600_000,
    updatedAt: AT - 1_800_000,
    paidAt: null,
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Namutebi Grace', firstName: 'Namutebi' },
    phone: { raw: '0772 123 456', e164: '256772123456', problem: null },
    country: 'UG',
    locale: 'en',
    currency: 'UGX',
    lines: [
      { name: 'Matooke', detail: null, sku: null, quantity: '2.5', total: 30_000 },
      { name: 'Basket', detail: 'Large', sku: null, quantity: '1', total: 120_000 },
    ],
    subtotal: 150_000,
    discounts: [{ label: 'Eid', amount: 1000 }],
    shipping: [{ label: '', amount: 2000 }],
    fees: [{ label: 'Rounding', amount: -50 }],
    taxes: [{ label: 'VAT', rate: '18', amount: 23_186 }],
    taxIncluded: true,
    total: 152_000,
    refunds: [{ id: '0', reason: 'one bruised', amount: 500, at: AT - 1_200_000 }],
    refundedTotal: 500,
    payment: { method: 'MTN MoMo', reference: 'MM-1' },
    url: 'https://duka.example/o/77',
    attributes: { whatsapp_ok: 'true', note: 'gate 4' },
  })
})

test('as little as can be', () => {
  const { data: _, ...rest } = standardEvent('order.created')
  const tiny = orderIn(read({ ...rest, data: { id: 5, currency: 'TZS', total: 100, items: [] } }))
  expect(tiny).toMatchObject({ id: '5', number: '5', total: 10_000, updatedAt: AT, createdAt: AT, paidAt: null })
  expect(tiny).toMatchObject({ phone: { problem: 'no_phone' }, country: 'TZ', attributes: {} })
})

describe('the type asserts its fact, a given time is better', () => {
  test.each([
    ['order.paid', 'paidAt', 'paid_at'],
    ['order.fulfilled', 'fulfilledAt', 'fulfilled_at'],
    ['order.cancelled', 'cancelledAt', 'cancelled_at'],
  ] as const)('%s', (type, key, field) => {
    expect(order(type)[key]).toBe(AT)
    expect(order(type, { [field]: '2026-10-04T07:59:00Z' })[key]).toBe(AT - 60_000)
    expect(order(type, { [field]: null })[key]).toBe(AT)
    expect(order('order.updated')[key]).toBeNull()
    expect(order('order.updated', { [field]: '2026-10-04T07:59:00Z' })[key]).toBe(AT - 60_000)
  })

  test('order.refunded without a list of refunds is all of it', () => {
    expect(order('order.refunded')).toMatchObject({ refundedTotal: 152_000, refunds: [{ amount: 152_000, at: AT }] })
    expect(order('order.refunded', { refunds: [{ id: 'r1', amount: '2000' }] }).refundedTotal).toBe(2000)
    expect(order('order.updated').refundedTotal).toBe(0)
  })
})

describe('message.received', () => {
  test('says who wrote what, and when', () => {
    const data = {
      from: '255713000321',
      to: '+255 700 000 001',
      text: 'Habari\nyako',
      message_id: 'wamid.1',
      conversation_id: 'c-9',
      name: 'Juma',
      received_at: '2026-10-04T07:59:30Z',
    }
    expect(message(data)).toEqual([
      {
        kind: 'message',
        occurredAt: AT - 30_000,
        message: {
          from: { raw: '255713000321', e164: '255713000321', problem: null },
          to: '255700000001',
          conversationId: 'c-9',
          messageId: 'wamid.1',
          text: 'Habari\nyako',
          name: 'Juma',
          receivedAt: AT - 30_000,
        },
      },
    ])
  })

  test('a conversation is enough; nobody at all is not', () => {
    expect(message({ conversation_id: 'c-9' })).toMatchObject([
      { kind: 'message', message: { from: null, receivedAt: AT } },
    ])
    expect(message({ from: 'Juma', conversation_id: 'c-9' })).toMatchObject([{ kind: 'message' }])
    expect(reasonIn(message({ from: '', text: 'hi' }))).toMatch(/data\.from/)
    expect(reasonIn(message({ from: 'Juma' }))).toMatch(/data\.from/)
    expect(reasonIn(message({ from: '255713000321', received_at: 'now' }))).toMatch(/data\.received_at/)
  })
})

describe('an event that cannot be read is kept, and the reason names the fields but never what they held', () => {
  test.each([
    [{ total: 12.5 }, 'data.total'],
    [{ total: '12,500 SECRET' }, 'data.total'],
    [{ total: '-5' }, 'data.total'],
    [{ total: 99_999_999_999_999 }, 'total'],
    [{ currency: 'SECRET' }, 'data.currency'],
    [{ items: [{ name: 'SECRET', quantity: 1 }] }, 'data.items.0.total'],
    [{ items: [{ name: 'A', quantity: 'SECRET', total: '1' }] }, 'data.items.0.quantity'],
    [{ items: 'SECRET' }, 'data.items'],
    [{ customer: { phone: ['SECRET'] } }, 'data.customer.phone'],
    [{ paid_at: '2026-10-04 SECRET' }, 'data.paid_at'],
    [{ paid_at: '2026-10-04T08:00:00' }, 'data.paid_at'],
    [{ country: 'SECRET' }, 'data.country'],
    [{ id: null }, 'data.id'],
    [{ attributes: { a: { b: 'SECRET' } } }, 'data.attributes.a'],
    [{ items: Array.from({ length: 1001 }, () => ({ name: 'A', quantity: 1, total: 1 })) }, 'data.items'],
  ])('%j: %s', (changes, field) => {
    const reason = reasonIn(read(standardEvent('order.paid', changes)))
    expect(reason).toContain(field)
    expect(reason).not.toContain('SECRET')
  })

  test('also the envelope', () => {
    expect(reasonIn(read({ ...standardEvent(), timestamp: 'SECRET' }))).toMatch(/timestamp/)
    expect(reasonIn(read({ type: 'order.paid', timestamp: '2026-10-04T08:00:00Z' }))).toMatch(/data/)
    expect(reasonIn(read([]))).toMatch(/body/)
    expect(reasonIn(read(standardEvent('contact.created')))).toMatch(/contact\.created/)
    expect(reasonIn(read(standardEvent('<b>x</b>')))).not.toContain('<')
  })
})

test('every field of the format is documented', () => {
  const shapes = [envelope.shape, orderData.shape, messageData.shape, orderData.shape.items.element.shape]
  const undocumented = shapes.flatMap((shape) =>
    Object.entries(shape).flatMap(([name, field]) => (field.description ? [] : [name])),
  )
  expect(undocumented).toEqual([])
})
