import type { Rule } from '../../src/config/types.ts'
import type { EventType, InboundMessage, Locale, Order } from '../../src/order.ts'
import { captionContext, type RuleContext } from '../../src/rules/context.ts'

export const SHOP = {
  id: 'duka',
  timezone: 'Africa/Dar_es_Salaam',
  brand: { name: 'Duka la Asha', color: '#0f766e', logo: null, address: null, phone: '0222 111 000', tin: null },
}

export function anOrder(change: Partial<Order> = {}): Order {
  return {
    id: '7001',
    number: '#1042',
    partial: false,
    test: false,
    createdAt: Date.UTC(2026, 7, 31, 20, 59),
    updatedAt: Date.UTC(2026, 7, 31, 21, 5),
    paidAt: Date.UTC(2026, 7, 31, 21, 5),
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Neema Mushi', firstName: null },
    phone: { raw: '0712 345 678', e164: '255712345678', problem: null },
    country: 'TZ',
    locale: null,
    currency: 'TZS',
    lines: [
      { name: 'Kitenge', detail: null, sku: null, quantity: '2', total: 4_000_000 },
      { name: 'Mchele', detail: null, sku: null, quantity: '1.5', total: 800_000 },
    ],
    subtotal: 4_800_000,
    discounts: [],
    shipping: [],
    fees: [],
    taxes: [],
    taxIncluded: true,
    total: 4_800_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'M-Pesa', reference: null },
    url: null,
    attributes: { table: '7' },
    ...change,
  }
}

export function aMessage(text: string | null): InboundMessage {
  return {
    from: { raw: '+255712345678', e164: '255712345678', problem: null },
    to: '255700000001',
    conversationId: null,
    messageId: 'm1',
    text,
    name: 'Neema',
    receivedAt: Date.UTC(2026, 7, 31, 21, 5),
  }
}

export function orderContext(
  order: Order = anOrder(),
  locale: Locale = 'en',
  type: EventType = 'order.paid',
): RuleContext {
  return captionContext({ event: { type }, order, message: null, shop: SHOP, locale })
}

export function aRule(change: Partial<Omit<Rule, 'when'>> & { when?: Partial<Rule['when']> } = {}): Rule {
  return {
    name: 'receipt',
    on: 'order.paid',
    if: null,
    send: { image: { kind: 'receipt' }, caption: { sw: 'Asante', en: 'Thanks' } },
    whenClosed: 'hold',
    expiresAfterMs: 1000,
    invite: null,
    ...change,
    when: { shops: null, currency: null, minTotal: null, text: null, ...change.when },
  }
}

/** Chance that is the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
