import type { Order, Reading } from '../../src/order.ts'
import type { DeliveryHeaders } from '../../src/shops/platform.ts'

/** Bodies as the shops send them, of invented people; `changes` replaces top-level fields. */
type Changes = Record<string, unknown>

export function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
}

export function headers(values: Record<string, string>): DeliveryHeaders {
  return new Headers(values)
}

export function orderIn(readings: readonly Reading[]): Order {
  const [reading] = readings
  if (readings.length !== 1 || reading?.kind !== 'order') throw new Error(`not an order: ${JSON.stringify(readings)}`)
  return reading.order
}

export function reasonIn(readings: readonly Reading[]): string {
  const [reading] = readings
  if (readings.length !== 1 || reading?.kind !== 'ignored') throw new Error(`not ignored: ${JSON.stringify(readings)}`)
  return reading.reason
}

export function wooOrder(changes: Changes = {}): Changes {
  return {
    id: 7301,
    number: 'SK-7301',
    status: 'processing',
    currency: 'TZS',
    prices_include_tax: false,
    discount_total: '5000',
    discount_tax: '900',
    shipping_total: '4000',
    shipping_tax: '0',
    total: '57900',
    total_tax: '8100',
    billing: { first_name: 'Rehema', last_name: 'O&#039;Mushi', company: '', country: 'TZ', phone: '0765 111 222' },
    shipping: { first_name: '', last_name: '', country: '', phone: '' },
    payment_method: 'azampay',
    payment_method_title: 'AzamPay &amp; M-Pesa',
    transaction_id: 'AZ99K1',
    meta_data: [
      { id: 1, key: '_consent_whatsapp_opt_in', value: 'yes' },
      { id: 2, key: 'trp_language', value: 'sw_TZ' },
      { id: 3, key: '_wc_order_attribution_referrer', value: 'https://search.example' },
      { id: 4, key: '_links', value: { self: [] } },
    ],
    line_items: [
      {
        id: 1,
        name: 'Vitenge &ndash; <b>Blue</b>',
        quantity: 2,
        subtotal: '40000',
        subtotal_tax: '7200',
        total: '36000',
        total_tax: '6480',
        sku: 'VT-1',
        meta_data: [
          { key: 'pa_size', value: 'l', display_key: 'Size', display_value: '<p>Large</p>' },
          { key: '_reserved', value: '1', display_key: '_reserved', display_value: '1' },
        ],
      },
      { id: 2, name: '', parent_name: null, quantity: 1, subtotal: '10000', subtotal_tax: '1800', meta_data: [] },
    ],
    tax_lines: [{ label: 'VAT', rate_percent: 18, tax_total: '8100', shipping_tax_total: '0' }],
    shipping_lines: [{ method_title: 'Bodaboda', total: '4000', total_tax: '0' }],
    fee_lines: [
      { name: 'Gift wrap', total: '1000', total_tax: '0' },
      { name: 'Loyalty', total: '-200', total_tax: '0' },
    ],
    coupon_lines: [{ code: 'karibu10', discount: '4000', discount_tax: '720' }],
    refunds: [],
    date_created_gmt: '2026-10-02T06:00:00',
    date_modified_gmt: '2026-10-02T06:05:09',
    date_completed_gmt: null,
    date_paid: '2026-10-02T09:05:00',
    date_paid_gmt: '2026-10-02T06:05:00',
    ...changes,
  }
}

function both(amount: string) {
  return { shop_money: { amount, currency_code: 'KES' }, presentment_money: { amount, currency_code: 'KES' } }
}

export function sumOf(parts: readonly { amount: number }[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0)
}

export function shopifyOrder(changes: Changes = {}): Changes {
  return {
    id: 5_800_111_222_333,
    admin_graphql_api_id: 'gid://shopify/Order/5800111222333',
    name: '#2088',
    order_number: 2088,
    test: false,
    confirmed: true,
    email: 'akinyi@example.com',
    phone: '+254722000111',
    currency: 'KES',
    presentment_currency: 'KES',
    financial_status: 'paid',
    fulfillment_status: null,
    cancelled_at: null,
    created_at: '2026-10-03T10:00:00+03:00',
    processed_at: '2026-10-03T10:00:01+03:00',
    updated_at: '2026-10-03T10:00:05+03:00',
    customer_locale: 'en-KE',
    total_price: '2970.00',
    total_price_set: both('2970.00'),
    total_discounts: '250.00',
    total_discounts_set: both('250.00'),
    total_tax: '396.00',
    taxes_included: true,
    tax_lines: [{ title: 'VAT', rate: 0.16, price: '396.00', price_set: both('396.00') }],
    total_tip_received: '70.00',
    payment_gateway_names: ['gift_card', 'M-Pesa'],
    order_status_url: 'https://soko.example/orders/abc?key=1',
    note_attributes: [{ name: 'delivery day', value: 'Friday' }],
    discount_codes: [{ code: 'SABA', amount: '250.00', type: 'fixed_amount' }],
    discount_applications: [
      { type: 'discount_code', code: 'SABA' },
      { type: 'automatic', title: 'Free delivery', target_type: 'shipping_line' },
    ],
    line_items: [
      {
        id: 1,
        title: 'Leso',
        name: 'Leso - Red',
        variant_title: 'Red',
        quantity: 2,
        price: '1200.00',
        price_set: both('1200.00'),
        sku: 'L-R',
        properties: [
          { name: 'Methali', value: 'Haba na haba' },
          { name: '_gift', value: 1 },
          { name: 'Length', value: 2 },
        ],
        discount_allocations: [{ amount: '150.00', amount_set: both('150.00'), discount_application_index: 0 }],
      },
      {
        id: 2,
        title: 'Soap',
        variant_title: 'Default Title',
        quantity: 1,
        price: '500.00',
        price_set: both('500.00'),
        properties: [],
        discount_allocations: [],
      },
      { id: 3, title: 'Tip', quantity: 1, price: '70.00', tip: { payment_method: 'mpesa' } },
    ],
    shipping_lines: [
      {
        title: 'Rider',
        price: '250.00',
        price_set: both('250.00'),
        discounted_price: '150.00',
        discounted_price_set: both('150.00'),
      },
    ],
    refunds: [],
    fulfillments: [],
    shipping_address: {
      first_name: 'Akinyi',
      last_name: 'Odhiambo',
      name: 'Akinyi Odhiambo',
      phone: '0722 000 111',
      country_code: 'KE',
    },
    billing_address: null,
    customer: { first_name: 'Akinyi', last_name: 'Odhiambo', phone: null, default_address: null },
    ...changes,
  }
}

export function standardEvent(
  type = 'order.paid',
  changes: Changes = {},
): { type: string; timestamp: string; data: Changes } {
  return {
    type,
    timestamp: '2026-10-04T08:00:00Z',
    data: {
      id: 'ord_77',
      number: '77',
      currency: 'ugx',
      total: '152000',
      items: [
        { name: 'Matooke', quantity: 2.5, unit_price: '12000' },
        { name: 'Basket', detail: 'Large', quantity: '1', total: 120000 },
      ],
      customer: { name: 'Namutebi Grace', phone: '0772 123 456', locale: 'en' },
      country: 'ug',
      shipping: 2000,
      payment: { method: 'MTN MoMo', reference: 'MM-1' },
      attributes: { whatsapp_ok: true, note: 'gate 4' },
      ...changes,
    },
  }
}

export function medusaOrder(changes: Changes = {}): Changes {
  return {
    id: 'order_01J',
    status: 'pending',
    display_id: 42,
    currency_code: 'tzs',
    locale: 'sw',
    no_notification: null,
    metadata: { whatsapp_ok: true },
    canceled_at: null,
    created_at: '2026-10-05T11:00:00.000Z',
    updated_at: '2026-10-05T11:30:00.000Z',
    payment_status: 'authorized',
    fulfillment_status: 'not_fulfilled',
    total: 54_920,
    tax_total: 7920,
    discount_total: 4720,
    discount_tax_total: 720,
    shipping_total: 3000,
    shipping_address: { first_name: 'Asha', last_name: 'Mwinyi', phone: '0754 000 123', country_code: 'tz' },
    billing_address: null,
    items: [
      {
        title: 'Blue',
        product_title: 'Kitenge',
        variant_title: 'Blue',
        variant_sku: 'KTG',
        quantity: 2,
        unit_price: 24_000,
        is_tax_inclusive: false,
        adjustments: [{ code: 'SABA', amount: 4000 }],
      },
      { product_title: 'Sample', variant_title: 'Default variant', quantity: 1, unit_price: 0 },
    ],
    shipping_methods: [{ name: 'Rider', amount: 3000 }],
    payment_collections: [{ payments: [{ id: 'pay_1', provider_id: 'pp_stripe_stripe', refunds: [] }] }],
    transactions: [],
    ...changes,
  }
}
