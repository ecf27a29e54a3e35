import type { Expected } from './expected.ts'

export const medusa: Expected[] = [
  {
    platform: 'medusa',
    file: 'medusa/constructed.v2.event.order.placed.json',
    topic: null,
    ignored: /whole order/,
  },
  {
    platform: 'medusa',
    file: 'medusa/constructed.v2.order.full.tzs.json',
    topic: null,
    order: {
      id: 'order_01JCX7Q3M4N5P6R7S8T9V0W1X2',
      number: '42',
      paidAt: Date.UTC(2026, 10, 20, 8, 4, 41),
      fulfilledAt: null,
      total: 5_100_000,
      subtotal: 4_800_000,
      currency: 'TZS',
      country: 'TZ',
      customer: { name: 'Asha Mwinyi', firstName: 'Asha' },
      phone: { raw: '0754 000 123', e164: '255754000123', problem: null },
      lines: [
        { name: 'Kitenge wax print', detail: 'Blue / 6 yards', sku: 'KTG-BL-6', quantity: '2', total: 4_800_000 },
      ],
      shipping: [{ label: 'Standard', amount: 300_000 }],
      taxes: [],
      attributes: {},
    },
  },
]
