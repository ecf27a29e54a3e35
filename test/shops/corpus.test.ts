import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { PlatformName, ShopPlatform } from '../../src/shops/platform.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers } from './bodies.ts'

/** Published samples and vectors of the shops, which are not ours to keep here: RISITI_CORPUS names their folder. */
const folder = process.env['RISITI_CORPUS'] ?? ''

const vectorShape = z.object({
  secret: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  valid: z.boolean().nullable(),
  now: z.number().optional(),
})

const SCHEMES: { prefix: string; platform: ShopPlatform }[] = [
  { prefix: 'shopify.', platform: platforms.shopify },
  { prefix: 'woocommerce.', platform: platforms.woocommerce },
  { prefix: 'standard-webhooks.', platform: platforms.standard },
]

describe.skipIf(folder === '')('vectors', () => {
  const files = folder === '' ? [] : readdirSync(join(folder, 'vectors'))
  for (const { prefix, platform } of SCHEMES) {
    const own = files.filter((file) => file.startsWith(prefix))
    test(`there are some for ${platform.name}`, () => {
      expect(own.length).toBeGreaterThanOrEqual(4)
    })
    test.each(own)('%s', (file) => {
      const vector = vectorShape.parse(JSON.parse(readFileSync(join(folder, 'vectors', file), 'utf8')))
      const delivery = { headers: headers(vector.headers), body: bytes(vector.body) }
      const verdict = platform.verify(delivery, [vector.secret], (vector.now ?? 0) * 1000)
      // Arithmetically right with an empty secret is still refused: anybody could sign so.
      const expected = vector.valid === null ? 'ping' : vector.valid && vector.secret !== ''
      expect(verdict.ok).toBe(expected)
    })
  }
})

interface Expected {
  platform: PlatformName
  file: string
  topic: string | null
  ignored?: RegExp
  order?: Record<string, unknown>
  /** What a privacy webhook asks for. */
  request?: Record<string, unknown>
}

const PAYLOADS: Expected[] = [
  {
    platform: 'woocommerce',
    file: 'woocommerce/constructed.order.updated.tzs-paid-custom-number.json',
    topic: 'order.updated',
    order: {
      id: '4522',
      number: 'DUKA-2026-0107',
      paidAt: Date.UTC(2026, 10, 20, 8, 4, 41),
      total: 7_080_000,
      currency: 'TZS',
      customer: { name: "Juma Ng'wanza", firstName: 'Juma' },
      phone: { raw: '255713000321', e164: '255713000321', problem: null },
      country: 'TZ',
      locale: 'sw',
      test: false,
      lines: [{ name: 'T-Shirt - Large, Black', detail: null, sku: 'TS-L-BK', quantity: '3', total: 6_000_000 }],
      taxes: [{ label: 'VAT', rate: '18', amount: 1_080_000 }],
      payment: { method: 'Selcom (M-Pesa, Tigo Pesa, Airtel Money)', reference: '8QK40X2L1' },
      attributes: { _billing_whatsapp: '0688000456', '_wc_other/duka/whatsapp-opt-in': '1', wpml_language: 'sw' },
    },
  },
  {
    platform: 'woocommerce',
    file: 'woocommerce/constructed.order.updated.tzs-cod-processing-not-paid.json',
    topic: 'order.updated',
    order: {
      number: '4521',
      paidAt: null,
      fulfilledAt: null,
      total: 4_500_000,
      phone: { raw: '0754 000 123', e164: '255754000123', problem: null },
      shipping: [{ label: 'Boda boda (Dar)', amount: 300_000 }],
      payment: { method: 'Cash on delivery', reference: null },
    },
  },
  {
    platform: 'woocommerce',
    file: 'woocommerce/constructed.order.deleted.json',
    topic: 'order.deleted',
    ignored: /deleted/,
  },
  { platform: 'woocommerce', file: 'woocommerce/refund.docs.json', topic: null, ignored: /currency/ },
  {
    platform: 'woocommerce',
    file: 'woocommerce/order.processing.guest.docs.json',
    topic: null,
    order: {
      number: '727',
      paidAt: Date.UTC(2017, 2, 22, 19, 28, 8),
      fulfilledAt: null,
      total: 2935,
      country: 'US',
      phone: { raw: '(555) 555-5555', e164: null, problem: 'invalid_phone' },
      lines: [
        { name: 'Woo Single #1', detail: null, sku: null, quantity: '2', total: 600 },
        { name: 'Ship Your Idea – Color: Black, Size: M Test', detail: null, sku: 'Bar3', quantity: '1', total: 1200 },
      ],
    },
  },
  {
    platform: 'woocommerce',
    file: 'woocommerce/order.completed.docs.json',
    topic: null,
    order: { number: '727', total: 2935, fulfilledAt: Date.UTC(2017, 2, 22, 19, 30, 35), refundedTotal: 0 },
  },
  {
    platform: 'woocommerce',
    file: 'woocommerce/order.completed.two-refunds.unicode.docs.json',
    topic: null,
    order: {
      number: '723',
      paidAt: null,
      fulfilledAt: Date.UTC(2017, 2, 21, 19, 54, 51),
      total: 3900,
      refundedTotal: 1900,
      refunds: [
        { id: '726', reason: null, amount: 1000, at: null },
        { id: '724', reason: null, amount: 900, at: null },
      ],
      customer: { name: 'João Silva', firstName: 'João' },
      phone: { raw: '(11) 1111-1111', e164: null, problem: 'invalid_phone' },
    },
  },
  {
    platform: 'shopify',
    file: 'shopify/constructed.orders_paid.kes-sms-consent.json',
    topic: 'orders/paid',
    order: {
      id: '6012345678901',
      number: '#1042',
      paidAt: Date.UTC(2026, 10, 20, 9, 40, 3),
      cancelledAt: null,
      total: 480_000,
      currency: 'KES',
      test: false,
      customer: { name: 'Wanjirũ Kamau', firstName: 'Wanjirũ' },
      phone: { raw: '+254712000345', e164: '254712000345', problem: null },
      country: 'KE',
      locale: 'sw',
      lines: [
        { name: 'Kiondo basket', detail: 'Medium / Natural', sku: 'KB-M', quantity: '1', total: 350_000 },
        { name: 'Sisal rope', detail: null, sku: null, quantity: '4', total: 100_000 },
      ],
      shipping: [{ label: 'Rider (Nairobi)', amount: 30_000 }],
      payment: { method: 'M-Pesa', reference: null },
      attributes: { WhatsApp: '0712 000 345', whatsapp_opt_in: 'yes' },
    },
  },
  {
    platform: 'shopify',
    file: 'shopify/orders_paid.test-notification.json',
    topic: 'orders/paid',
    order: {
      id: '820982911946154508',
      number: '#9999',
      paidAt: null,
      cancelledAt: Date.UTC(2022, 0, 1),
      total: 38_800,
      test: true,
      discounts: [{ label: '', amount: 2000 }],
      shipping: [{ label: 'Generic Shipping', amount: 1000 }],
      phone: { raw: '555-555-SHIP', e164: null, problem: 'invalid_phone' },
    },
  },
  {
    platform: 'shopify',
    file: 'shopify/refunds_create.test-notification.json',
    topic: 'refunds/create',
    order: {
      id: '820982911946154500',
      partial: true,
      test: true,
      currency: 'USD',
      refundedTotal: 8500,
      refunds: [{ id: '890088186047892319', reason: 'Things were damaged', amount: 8500, at: Date.UTC(2022, 0, 1) }],
    },
  },
  {
    platform: 'shopify',
    file: 'shopify/order.rest-wrapped.json',
    topic: null,
    order: {
      id: '123456',
      number: '#9999',
      paidAt: null,
      total: 1000,
      test: true,
      discounts: [{ label: '', amount: 500 }],
      phone: { raw: '555-555-SHIP', e164: null, problem: 'invalid_phone' },
    },
  },
  { platform: 'shopify', file: 'shopify/fulfillments_update.test-notification.json', topic: null, ignored: /pending/ },
  {
    platform: 'shopify',
    file: 'shopify/order_transactions_create.test-notification.json',
    topic: null,
    ignored: /not an order/,
  },
  {
    platform: 'shopify',
    file: 'shopify/line_item.properties-and-numeric-tax.json',
    topic: null,
    ignored: /not an order/,
  },
  {
    platform: 'shopify',
    file: 'shopify/customers_redact.json',
    topic: 'customers/redact',
    request: { type: 'privacy.redact_customer', orderIds: ['299938', '280263', '220458'], email: 'john@example.com' },
  },
  {
    platform: 'shopify',
    file: 'shopify/customers_data_request.json',
    topic: null,
    request: { type: 'privacy.data_request', orderIds: ['299938', '280263', '220458'], phone: null },
  },
  {
    platform: 'shopify',
    file: 'shopify/customers_marketing_consent_update.json',
    topic: null,
    ignored: /not an order/,
  },
  {
    platform: 'standard',
    file: 'standard-webhooks/spec.contact.created.json',
    topic: null,
    ignored: /contact\.created/,
  },
]

describe.skipIf(folder === '')('payloads', () => {
  test('every one of ours has an expectation', () => {
    const stored = ['woocommerce', 'shopify', 'standard-webhooks'].flatMap((shop) =>
      readdirSync(join(folder, 'payloads', shop)).map((file) => `${shop}/${file}`),
    )
    expect(PAYLOADS.map(({ file }) => file).toSorted()).toEqual(stored.toSorted())
  })

  test.each(PAYLOADS)('$file', ({ platform, file, topic, ignored, order, request }) => {
    const body = readFileSync(join(folder, 'payloads', file))
    const [reading, ...more] = platforms[platform].read(body, { topic, country: 'TZ' })
    expect(more).toEqual([])
    const reason = reading?.kind === 'ignored' ? reading.reason : ''
    expect(reason).toMatch(ignored ?? /^$/)
    const told = request ? { kind: 'privacy', request } : { kind: 'order', order }
    expect(reading).toMatchObject(ignored ? { kind: 'ignored' } : told)
  })
})
