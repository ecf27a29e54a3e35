import type { Expected } from './expected.ts'

const bigcommerceFile = (name: string, expected: Omit<Expected, 'platform' | 'file' | 'topic'>): Expected => ({
  platform: 'bigcommerce',
  file: `bigcommerce/${name}.json`,
  topic: null,
  ...expected,
})

export const bigcommerce: Expected[] = [
  bigcommerceFile('store.order.created', { claim: { subject: 'order:250', occurredAt: 1_561_479_335_000 } }),
  bigcommerceFile('store.order.statusUpdated', { claim: { subject: 'order:250' } }),
  bigcommerceFile('store.order.refund.created', { claim: { subject: 'order:250' } }),
  bigcommerceFile('store.order.transaction.created', { claim: { subject: 'order:250' } }),
  bigcommerceFile('store.shipment.created', { claim: { subject: 'order:251', occurredAt: 1_561_482_857_000 } }),
  bigcommerceFile('api.get-order.response', {
    asked: {
      subject: 'order:218',
      path: '/stores/abcde/v2/orders/218',
      credentials: { access_token: 'a-token', store_hash: 'abcde' },
    },
    order: {
      id: '218',
      number: '218',
      createdAt: Date.UTC(2019, 2, 5, 21, 40, 11),
      updatedAt: Date.UTC(2019, 2, 11, 15, 17, 25),
      // `authorized` is money that was only reserved.
      paidAt: null,
      total: 6984,
      subtotal: 6268,
      currency: 'USD',
      customer: { name: 'Jane Doe', firstName: 'Jane' },
      phone: { raw: '1234567890', e164: null, problem: 'invalid_phone' },
      country: 'US',
      locale: 'en',
      discounts: [
        { label: '', amount: 500 },
        { label: '', amount: 500 },
      ],
      shipping: [{ label: '', amount: 1109 }],
      fees: [
        { label: 'A Fee', amount: 1230 },
        { label: 'B Fee', amount: 400 },
      ],
      taxes: [{ label: '', rate: null, amount: 531 }],
      taxIncluded: false,
      attributes: { 'Delivery Instructions': 'Leave in backyard' },
      payment: { method: 'Cash', reference: null },
    },
  }),
]
