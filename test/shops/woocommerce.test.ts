import { describe, expect, test } from 'vitest'
import { woocommerce } from '../../src/shops/woocommerce.ts'
import { bytes, orderIn, reasonIn, sumOf, wooOrder } from './bodies.ts'

const read = (body: unknown, topic: string | null = 'order.updated') =>
  woocommerce.read(bytes(body), { topic, country: 'TZ' })
const order = (changes: Record<string, unknown> = {}) => orderIn(read(wooOrder(changes)))
const billing = (changes: object) => ({ first_name: 'A', last_name: 'B', country: 'TZ', phone: '', ...changes })

test('a paid order, as the buyer saw it', () => {
  expect(order()).toEqual({
    id: '7301',
    number: 'SK-7301',
    partial: false,
    test: false,
    createdAt: Date.UTC(2026, 9, 2, 6, 0),
    updatedAt: Date.UTC(2026, 9, 2, 6, 5, 9),
    paidAt: Date.UTC(2026, 9, 2, 6, 5),
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: "Rehema O'Mushi", firstName: 'Rehema' },
    phone: { raw: '0765 111 222', e164: '255765111222', problem: null },
    country: 'TZ',
    locale: 'sw-TZ',
    currency: 'TZS',
    lines: [
      { name: 'Vitenge – Blue', detail: 'Size: Large', sku: 'VT-1', quantity: '2', total: 4_000_000 },
      { name: 'Item', detail: null, sku: null, quantity: '1', total: 1_000_000 },
    ],
    subtotal: 5_000_000,
    discounts: [
      { label: 'karibu10', amount: 400_000 },
      { label: '', amount: 100_000 },
    ],
    shipping: [{ label: 'Bodaboda', amount: 400_000 }],
    fees: [
      { label: 'Gift wrap', amount: 100_000 },
      { label: 'Loyalty', amount: -20_000 },
    ],
    taxes: [{ label: 'VAT', rate: '18', amount: 810_000 }],
    taxIncluded: false,
    total: 5_790_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'AzamPay & M-Pesa', reference: 'AZ99K1' },
    url: null,
    attributes: { _consent_whatsapp_opt_in: 'yes', trp_language: 'sw_TZ' },
  })
})

describe('money is what the buyer saw', () => {
  test('parts with tax on top add up to the total', () => {
    const { subtotal, discounts, shipping, fees, taxes, total } = order()
    expect(subtotal - sumOf(discounts) + sumOf(shipping) + sumOf(fees) + sumOf(taxes)).toBe(total)
  })

  test('where prices include tax it is added back to every part, and the tax is inside', () => {
    const taxed = order({
      prices_include_tax: true,
      total: '45000',
      total_tax: '6864',
      line_items: [{ name: 'Rice', quantity: 1, subtotal: '42372.8814', subtotal_tax: '7627.1186' }],
      coupon_lines: [{ code: 'X', discount: '8474.5763', discount_tax: '1525.4237' }],
      discount_total: '8474.5763',
      discount_tax: '1525.4237',
      shipping_lines: [{ method_title: 'Van', total: '4237.29', total_tax: '762.71' }],
      fee_lines: [],
      tax_lines: [{ label: 'VAT', rate_percent: 18, tax_total: '6101.69', shipping_tax_total: '762.71' }],
    })
    expect(taxed.lines[0]?.total).toBe(5_000_000)
    expect(taxed.discounts).toEqual([{ label: 'X', amount: 1_000_000 }])
    expect(taxed.shipping).toEqual([{ label: 'Van', amount: 500_000 }])
    expect(taxed.taxes).toEqual([{ label: 'VAT', rate: '18', amount: 686_440 }])
    expect(taxed.taxIncluded).toBe(true)
    expect(taxed.subtotal - 1_000_000 + 500_000).toBe(taxed.total)
  })

  test.each([
    ['TZS', '45000', 4_500_000],
    ['TZS', '45000.00', 4_500_000],
    ['UGX', '45000.00', 45_000],
    ['KWD', '2.000', 2000],
    ['KES', '99.995', 10_000],
    ['tzs', 45000, 4_500_000],
  ])('%s %s', (currency, total, minor) => {
    expect(order({ currency, total }).total).toBe(minor)
  })

  test('shipping and tax without lines of their own still show', () => {
    const bare = order({ shipping_lines: [], tax_lines: [] })
    expect(bare.shipping).toEqual([{ label: '', amount: 400_000 }])
    expect(bare.taxes).toEqual([{ label: '', rate: null, amount: 810_000 }])
  })

  test('a rounding step between coupons and their total is no discount', () => {
    const one = { code: 'A', discount: '10.00', discount_tax: '0' }
    expect(order({ coupon_lines: [one, one], discount_total: '20.01' }).discounts).toHaveLength(2)
  })
})

describe('paid is a date, not a status', () => {
  test.each([
    [{ status: 'processing', date_paid_gmt: null, date_paid: null }, false],
    [{ status: 'completed', date_paid_gmt: null, date_paid: '2026-10-02T09:05:00' }, false],
    [{ status: 'processing', date_paid_gmt: '' }, false],
    [{ status: 'on-hold' }, true],
    [{ status: 'refunded' }, true],
    [{ date_paid_gmt: undefined, date_paid: '2026-10-02T09:05:00' }, true],
    [{ date_paid_gmt: undefined, date_paid: null }, false],
  ])('%j is paid: %s', (changes, paid) => {
    expect(order(changes).paidAt !== null).toBe(paid)
  })

  test("the shop's local time is never taken for later than the last change", () => {
    const { paidAt, updatedAt } = order({ date_paid_gmt: undefined, date_paid: '2026-10-02T09:05:00' })
    expect(paidAt).toBe(updatedAt)
  })
})

describe('status', () => {
  test('completed is fulfilled, at its own time', () => {
    expect(order({ status: 'completed', date_completed_gmt: '2026-10-03T01:00:00' }).fulfilledAt).toBe(
      Date.UTC(2026, 9, 3, 1),
    )
    expect(order({ status: 'processing', date_completed_gmt: '2026-10-03T01:00:00' }).fulfilledAt).toBeNull()
  })

  test('cancelled is cancelled; a failed payment is not', () => {
    expect(order({ status: 'cancelled' }).cancelledAt).toBe(Date.UTC(2026, 9, 2, 6, 5, 9))
    expect(order({ status: 'failed' }).cancelledAt).toBeNull()
    expect(order({ status: 'wc-shipped' }).cancelledAt).toBeNull()
  })

  test('refunds come as negative text, their reason under an old or a new name', () => {
    const refunded = order({
      refunds: [
        { id: 8, reason: 'Torn &amp; wet', total: '-10000.00' },
        { id: 9, refund: 'late', total: '-5000' },
        { id: 10, reason: '', total: '0' },
      ],
    })
    expect(refunded.refunds).toEqual([
      { id: '8', reason: 'Torn & wet', amount: 1_000_000, at: null },
      { id: '9', reason: 'late', amount: 500_000, at: null },
    ])
    expect(refunded.refundedTotal).toBe(1_500_000)
  })

  test('refunded without a list of refunds means all of it', () => {
    expect(order({ status: 'refunded' })).toMatchObject({ refundedTotal: 5_790_000, refunds: [{ amount: 5_790_000 }] })
    expect(order({ status: 'refunded', refunds: [{ id: 1, total: '-57900' }] }).refundedTotal).toBe(5_790_000)
  })
})

describe('phone', () => {
  test('a WhatsApp field stands in for a missing phone, and comes first where the shop says so', () => {
    const meta = [
      { key: '_wc_other/duka/whatsapp-opt-in', value: '1' },
      { key: '_billing_whatsapp', value: '0688 000 456' },
    ]
    expect(order({ meta_data: meta }).phone.e164).toBe('255765111222')
    expect(order({ billing: billing({}), meta_data: meta }).phone.e164).toBe('255688000456')
    expect(order({ billing: billing({}), meta_data: meta.slice(0, 1) }).phone.problem).toBe('no_phone')
    const body = Buffer.from(JSON.stringify(wooOrder({ meta_data: meta })))
    const [named] = woocommerce.read(body, { topic: null, country: 'TZ', whatsappField: '_billing_whatsapp' })
    expect(named).toMatchObject({ order: { phone: { e164: '255688000456' } } })
  })

  test('billing, then shipping with its own country, then other fields', () => {
    const shipping = { country: 'KE', phone: '0712 000 345' }
    expect(order({ shipping })).toMatchObject({ phone: { e164: '255765111222' }, country: 'TZ' })
    expect(order({ billing: billing({}), shipping })).toMatchObject({ phone: { e164: '254712000345' }, country: 'KE' })
    const meta_data = [{ key: 'billing_phone_2', value: '0713000321' }]
    expect(order({ billing: billing({}), meta_data }).phone.e164).toBe('255713000321')
  })

  test('an address without a country takes the other, then the shop', () => {
    const kenyan = { billing: billing({ country: '', phone: '0712000345' }), shipping: { country: 'ke' } }
    expect(order(kenyan)).toMatchObject({ phone: { e164: '254712000345' }, country: 'KE' })
    expect(order({ ...kenyan, shipping: {} })).toMatchObject({ phone: { e164: '255712000345' }, country: 'TZ' })
  })

  test('none and a wrong one are told apart', () => {
    expect(order({ billing: billing({}) }).phone.problem).toBe('no_phone')
    expect(order({ billing: billing({ phone: 'Nil' }) }).phone).toEqual({
      raw: 'Nil',
      e164: null,
      problem: 'invalid_phone',
    })
  })
})

test('a variation that stands in the name is not said twice', () => {
  const line = {
    name: 'Shirt - Large, Black',
    parent_name: 'Shirt',
    quantity: 1,
    subtotal: '1',
    meta_data: [
      { key: 'pa_size', display_key: 'Size', display_value: 'Large' },
      { key: 'print', display_key: 'Print', display_value: 'Simba' },
    ],
  }
  expect(order({ line_items: [line] }).lines[0]).toMatchObject({ name: 'Shirt - Large, Black', detail: 'Print: Simba' })
})

test('PHP writes lists with gaps as objects and empty objects as lists', () => {
  const body = { line_items: { '0': { name: 'A', quantity: 1, subtotal: '1' }, '3': { name: 'B', quantity: 1 } } }
  expect(order({ ...body, billing: [], shipping: [] }).lines.map((line) => line.name)).toEqual(['A', 'B'])
})

describe('what is not an order is kept with a plain reason', () => {
  test.each([
    [{ id: 7301 }, 'order.deleted', /deleted/],
    [{ id: 7301 }, null, /deleted/],
    [{ action: 'woocommerce_x', arg: 7301 }, 'action.woocommerce_x', /action\.woocommerce_x/],
    [{ action: 'woocommerce_x', arg: 7301 }, null, /action/],
    [{ order: { id: 7301, total: '5' } }, 'order.updated', /legacy/],
    [wooOrder({ status: 'checkout-draft' }), 'order.updated', /draft/],
    [wooOrder({ status: 'trash' }), 'order.updated', /bin/],
    [wooOrder({ currency: '' }), 'order.updated', /currency/],
    [wooOrder({ currency: 'Sh' }), 'order.updated', /currency/],
    [wooOrder({ total: 'free' }), 'order.updated', /total/],
    [wooOrder({ total: undefined }), 'order.updated', /total/],
    [wooOrder({ total: '-5' }), 'order.updated', /below zero/],
    [wooOrder({ id: null }), 'order.updated', /id/],
    [wooOrder(), 'product.updated', /product\.updated/],
    [[], 'order.updated', /object/],
    ['webhook_id=12', null, /ping/],
    ['<html>', 'order.updated', /JSON/],
  ])('%j as %s', (body, topic, reason) => {
    expect(reasonIn(read(body, topic))).toMatch(reason)
  })
})
