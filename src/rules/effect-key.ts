import type { Order, OrderEventType } from '../order.ts'

export interface Effect {
  shop: string
  /** Null for what belongs to no order: a reply, a message sent by hand. */
  orderId: string | null
  /** Null for what no rule sent. */
  rule: string | null
  /** `receipt`, `refund:1200`, `reply:<inbound id>`, `invite:<hold id>`, `manual:<id>` … */
  purpose: string
}

/** Two sends with one effect key are one send. JSON, because no two different tuples are written alike in it. */
export function effectKey({ shop, orderId, rule, purpose }: Effect): string {
  return JSON.stringify([shop, orderId, rule, purpose])
}

/** What a message about an order is for: a rule sends once per purpose, however often the shop repeats itself. */
export function purposeOf(type: OrderEventType, order: Pick<Order, 'refundedTotal'>): string {
  // Each further part of the money given back is told once.
  return type === 'order.refunded' ? `refund:${order.refundedTotal}` : PURPOSES[type]
}

const PURPOSES: Record<Exclude<OrderEventType, 'order.refunded'>, string> = {
  'order.created': 'created',
  'order.updated': 'updated',
  'order.paid': 'receipt',
  'order.fulfilled': 'fulfilled',
  'order.cancelled': 'cancelled',
}
