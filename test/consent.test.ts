import { describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config/load.ts'
import type { ConsentConfig } from '../src/config/types.ts'
import { hasConsent } from '../src/consent.ts'
import type { Order } from '../src/order.ts'
import { platformNamed } from '../src/shops/registry.ts'
import { aFile } from './config/a-file.ts'
import { anOrder } from './rules/an-order.ts'

const FIELD = 'whatsapp_opt_in'

function consentOf(written: string): ConsentConfig {
  const { config } = loadConfig({
    file: '/etc/risiti.yaml',
    text: aFile({ shop: `    consent: ${written}\n` }),
    env: { BRIQ_API_KEY: 'an-api-key', DUKA_WEBHOOK_SECRET: 'a-secret', WOO: 'a-secret' },
    secretsOptional: true,
  })
  const consent = config.shops.duka?.consent
  if (!consent) throw new Error('no consent was read')
  return consent
}

const DEFAULTS = consentOf(`{ field: ${FIELD} }`)

describe('what means yes, unless the shop says otherwise', () => {
  test.each([
    'yes',
    'YES',
    ' Yes ',
    '1',
    'true',
    'True',
    'on',
    'ndiyo',
    'Ndiyo',
    'NDIO',
    '✓',
    '✓\ufe0f',
    'ｙｅｓ',
    '\u00a0yes\n',
  ])('%j', (answer) => {
    expect(hasConsent(anOrder({ attributes: { [FIELD]: answer } }), DEFAULTS)).toBe(true)
  })

  test.each(['no', '0', 'false', 'off', 'hapana', '', ' ', 'yes please no', 'yesno', 'y', '2', 'null', 'not yes', '✗'])(
    '%j does not',
    (answer) => {
      expect(hasConsent(anOrder({ attributes: { [FIELD]: answer } }), DEFAULTS)).toBe(false)
    },
  )

  test('a box that is not there is no yes, nor is a field every object has', () => {
    expect(hasConsent(anOrder({ attributes: {} }), DEFAULTS)).toBe(false)
    expect(hasConsent(anOrder({ attributes: { [FIELD.toUpperCase()]: 'yes' } }), DEFAULTS)).toBe(false)
    expect(hasConsent(anOrder(), { ...DEFAULTS, field: 'constructor' })).toBe(false)
  })

  test('the shop’s own words take their place, and are compared the same way', () => {
    const consent = consentOf(`{ field: ${FIELD}, values: [" Nakubali ", 7, true] }`)
    const says = (answer: string) => hasConsent(anOrder({ attributes: { [FIELD]: answer } }), consent)
    expect(['nakubali', 'NAKUBALI ', '7', 'TRUE'].map(says)).toEqual([true, true, true, true])
    expect(['yes', '1', 'ndiyo'].map(says)).toEqual([false, false, false])
  })
})

/** A consent box of each platform, with what people tick for something else beside it. */
const ORDERS: Record<string, (box: Record<string, unknown>) => object> = {
  woocommerce: (box) => ({
    id: 1,
    number: '1',
    status: 'processing',
    currency: 'TZS',
    total: '1000',
    date_created_gmt: '2026-11-20T08:00:00',
    date_paid_gmt: '2026-11-20T08:00:00',
    billing: { phone: '0712345678', country: 'TZ' },
    line_items: [],
    meta_data: Object.entries({ ...box, mailchimp_woocommerce_is_subscribed: '1', buyer_accepts_marketing: 'yes' }).map(
      ([key, value], id) => ({ id, key, value }),
    ),
  }),
  shopify: (box) => ({
    id: 1,
    name: '#1',
    currency: 'TZS',
    total_price: '1000',
    financial_status: 'paid',
    created_at: '2026-11-20T08:00:00Z',
    buyer_accepts_marketing: true,
    customer: {
      id: 1,
      phone: '+255712345678',
      email_marketing_consent: { state: 'subscribed', opt_in_level: 'confirmed_opt_in' },
      sms_marketing_consent: { state: 'subscribed', opt_in_level: 'single_opt_in' },
    },
    line_items: [],
    note_attributes: Object.entries({ ...box, newsletter: 'yes' }).map(([name, value]) => ({ name, value })),
  }),
  standard: (box) => ({
    type: 'order.paid',
    timestamp: '2026-11-20T08:00:00Z',
    data: {
      id: '1',
      currency: 'TZS',
      total: '1000',
      items: [],
      customer: { phone: '+255712345678' },
      is_email_opt_in: true,
      consent: { promotions: 'opt_in' },
      attributes: {
        ...box,
        is_email_opt_in: true,
        sms_marketing_consent: 'subscribed',
        'consent.promotions': 'opt_in',
      },
    },
  }),
}

function orderOf(platform: string, box: Record<string, unknown>): Order {
  const body = Buffer.from(JSON.stringify(ORDERS[platform]?.(box)))
  const [reading] = platformNamed(platform)?.read(body, { topic: null, country: 'TZ' }) ?? []
  if (reading?.kind !== 'order') throw new Error(`no order: ${JSON.stringify(reading)}`)
  return reading.order
}

describe.each(Object.keys(ORDERS))('an order of %s', (platform) => {
  test.each<[string, unknown]>([
    ['text', 'Ndiyo'],
    ['a number', 1],
    ['a yes-or-no', true],
  ])('with its WhatsApp box ticked as %s consents', (_name, value) => {
    expect(hasConsent(orderOf(platform, { [FIELD]: value }), DEFAULTS)).toBe(true)
  })

  test('with a box named as block checkout names it (_wc_other/…) consents', () => {
    const consent = { ...DEFAULTS, field: '_wc_other/duka/whatsapp-opt-in' }
    expect(hasConsent(orderOf(platform, { '_wc_other/duka/whatsapp-opt-in': '1' }), consent)).toBe(true)
  })

  test('with an unticked box does not, and marketing consent beside it changes nothing', () => {
    for (const value of [false, 0, 'no', '']) {
      expect(hasConsent(orderOf(platform, { [FIELD]: value }), DEFAULTS)).toBe(false)
    }
    expect(hasConsent(orderOf(platform, {}), DEFAULTS)).toBe(false)
  })
})

test.each([
  'buyer_accepts_marketing',
  'sms_marketing_consent',
  'email_marketing_consent',
  'consent.promotions',
  'is_email_opt_in',
  'Newsletter',
])('a configuration that takes %s for consent to WhatsApp does not start', (field) => {
  expect(() => consentOf(`{ field: "${field}" }`)).toThrow('is consent to marketing, not to WhatsApp')
})

test('a field of the shop’s own that names WhatsApp is taken as it is', () => {
  expect(consentOf('{ field: "whatsapp_newsletter_and_orders" }').field).toBe('whatsapp_newsletter_and_orders')
})
