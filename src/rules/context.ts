import type { ShopConfig } from '../config/types.ts'
import { toDecimal } from '../money.ts'
import { type EventType, type InboundMessage, type Locale, newestRefund, type Order } from '../order.ts'

export interface ContextInput {
  event: { type: EventType }
  order: Order | null
  message: InboundMessage | null
  shop: Pick<ShopConfig, 'id' | 'timezone' | 'brand'>
  /** The language this message is written in. */
  locale: Locale
}

/** Plain data under the names of `variables.ts`: what captions, urls, invitations and conditions see. */
export interface RuleContext {
  event: { type: EventType }
  locale: Locale
  shop: { id: string; name: string; phone: string; address: string; timezone: string }
  customer: { name: string; first_name: string; phone_last4: string }
  order?: OrderContext
  message?: { text: string; name: string }
}

/** Amounts are major units: exact enough to be turned back into minor units without loss (`money.ts`). */
export interface OrderContext {
  id: string
  number: string
  currency: string
  total: number
  subtotal: number
  refunded_total: number
  refund_amount: number
  items_count: number
  created_at: string
  paid_at: string
  payment_method: string
  payment_reference: string
  country: string
  url: string
  attributes: Record<string, string>
}

export function captionContext({ event, order, message, shop, locale }: ContextInput): RuleContext {
  const { brand } = shop
  const context: RuleContext = {
    event: { type: event.type },
    locale,
    shop: {
      id: shop.id,
      name: brand.name,
      phone: brand.phone ?? '',
      address: brand.address ?? '',
      timezone: shop.timezone,
    },
    customer: customerContext(order, message),
  }
  if (event.type === 'message.received') context.message = { text: message?.text ?? '', name: message?.name ?? '' }
  else if (order) context.order = orderContext(order)
  return context
}

function customerContext(order: Order | null, message: InboundMessage | null): RuleContext['customer'] {
  const name = (order?.customer.name ?? message?.name ?? '').trim()
  const firstName = (order?.customer.firstName ?? '').trim()
  return {
    name: name || firstName,
    first_name: firstName || (name.split(/\s+/)[0] ?? ''),
    phone_last4: (order?.phone.e164 ?? message?.from?.e164 ?? '').slice(-4),
  }
}

function orderContext(order: Order): OrderContext {
  const major = (minor: number) => Number(toDecimal(minor, order.currency))
  return {
    id: order.id,
    number: order.number,
    currency: order.currency,
    total: major(order.total),
    subtotal: major(order.subtotal),
    refunded_total: major(order.refundedTotal),
    refund_amount: major(newestRefund(order)?.amount ?? order.refundedTotal),
    items_count: order.lines.reduce((count, line) => count + pieces(line.quantity), 0),
    created_at: isoTime(order.createdAt),
    paid_at: isoTime(order.paidAt),
    payment_method: order.payment.method ?? '',
    payment_reference: order.payment.reference ?? '',
    country: order.country ?? '',
    url: order.url ?? '',
    attributes: Object.fromEntries(Object.entries(order.attributes)),
  }
}

function pieces(quantity: string): number {
  return /^\d{1,6}(\.0+)?$/.test(quantity) ? Number(quantity) : 1
}

function isoTime(at: number | null): string {
  const date = at === null ? undefined : new Date(at)
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : ''
}
