import type { Expected } from './expected.ts'

const ORDER = 'eA3vssLHKJrv9H0IdJCM3gNqfdcZY'
const credentials = { access_token: 'a-token' }
const asked = (id: string) => ({ subject: `order:${id}`, path: `/v2/orders/${id}`, credentials })

const squareFile = (name: string, expected: Omit<Expected, 'platform' | 'file' | 'topic'>): Expected => ({
  platform: 'square',
  file: `square/${name}.json`,
  topic: null,
  ...expected,
})

export const square: Expected[] = [
  squareFile('order.created', {
    claim: { subject: `order:${ORDER}`, amount: null, occurredAt: Date.UTC(2020, 3, 16, 23, 14, 26, 129) },
  }),
  squareFile('order.updated', { claim: { subject: `order:${ORDER}` } }),
  squareFile('order.fulfillment.updated', { claim: { subject: `order:${ORDER}` } }),
  squareFile('payment.created', { ignored: /APPROVED/ }),
  squareFile('payment.updated.completed', {
    claim: { subject: 'order:03O3USaPaAaFnI6kkwB1JxGgBsUZY', amount: null, reference: null },
  }),
  squareFile('refund.updated', { claim: { subject: 'payment:KkAkhdMsgzn59SM8A89WgKwekxLZY', amount: null } }),
  squareFile('api.retrieve-order.response', {
    asked: asked('CAISENgvlJ6jLWAzERDzjyHVybY'),
    order: {
      number: 'CAISENgvlJ6jLWAzERDzjyHVybY',
      paidAt: null,
      total: 550,
      subtotal: 1100,
      discounts: [{ label: '50% Off', amount: 550 }],
      lines: [
        { name: 'Item 1', detail: null, sku: null, quantity: '1', total: 500 },
        { name: 'Item 2', detail: null, sku: null, quantity: '2', total: 600 },
      ],
    },
  }),
  squareFile('api.pay-order.response', {
    asked: asked('lgwOlEityYPJtcuvKTVKT1pA986YY'),
    order: {
      paidAt: Date.UTC(2019, 7, 6, 2, 47, 36, 809),
      total: 2000,
      currency: 'USD',
      payment: { method: 'card', reference: null },
      lines: [
        { name: 'Item 1', quantity: '1', total: 500 },
        { name: 'Item 2', quantity: '2', total: 1500 },
      ],
    },
  }),
]
