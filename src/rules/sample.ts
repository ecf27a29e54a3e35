import type { EventType, InboundMessage, Order, Phone } from '../order.ts'
import { captionContext, type RuleContext } from './context.ts'

const PHONE: Phone = { raw: '+255 712 345 678', e164: '255712345678', problem: null }

const FULL_ORDER: Order = {
  id: '1042',
  number: '#1042',
  partial: false,
  test: false,
  createdAt: Date.UTC(2026, 0, 5, 9, 30),
  updatedAt: Date.UTC(2026, 0, 5, 9, 31),
  paidAt: Date.UTC(2026, 0, 5, 9, 31),
  fulfilledAt: null,
  cancelledAt: null,
  customer: { name: 'Asha Juma', firstName: 'Asha' },
  phone: PHONE,
  country: 'TZ',
  locale: 'sw-TZ',
  currency: 'TZS',
  lines: [{ name: 'Kitenge', detail: null, sku: null, quantity: '2', total: 4_800_000 }],
  subtotal: 4_800_000,
  discounts: [],
  shipping: [],
  fees: [],
  taxes: [],
  taxIncluded: true,
  total: 4_800_000,
  refunds: [],
  refundedTotal: 0,
  payment: { method: 'M-Pesa', reference: 'QK12345678' },
  url: 'https://duka.example/orders/1042',
  attributes: {},
}

/** As little as a shop may tell. */
const BARE_ORDER: Order = {
  ...FULL_ORDER,
  createdAt: null,
  updatedAt: null,
  paidAt: null,
  customer: { name: null, firstName: null },
  phone: { raw: null, e164: null, problem: 'no_phone' },
  country: null,
  locale: null,
  lines: [],
  payment: { method: null, reference: null },
  url: null,
}

const MESSAGE: InboundMessage = {
  from: PHONE,
  to: '255700000001',
  conversationId: null,
  messageId: null,
  text: 'Naomba risiti',
  name: 'Asha Juma',
  receivedAt: Date.UTC(2026, 0, 5, 9, 30),
}
const BARE_MESSAGE: InboundMessage = { ...MESSAGE, from: null, text: null, name: null }

/** A full and a bare context of an event, to try texts and conditions on before any customer sees them. */
export function sampleContexts(type: EventType): RuleContext[] {
  const brand = { name: 'Duka', color: '#0f766e', logo: null, address: 'Kariakoo', phone: '0222 000 000', tin: null }
  const shop = { id: 'duka', timezone: 'Africa/Dar_es_Salaam', brand }
  const isMessage = type === 'message.received'
  return [[FULL_ORDER, MESSAGE] as const, [BARE_ORDER, BARE_MESSAGE] as const].map(([order, message]) =>
    captionContext({
      event: { type },
      order: isMessage ? null : order,
      message: isMessage ? message : null,
      shop,
      locale: 'sw',
    }),
  )
}
