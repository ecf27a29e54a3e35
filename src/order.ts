/**
 * The program's own words for what a shop tells us: shops make these, and every later stage reads only these.
 * Money is integer minor units of `Order.currency` (ISO 4217); times are epoch milliseconds.
 */

export type OrderEventType =
  | 'order.created'
  | 'order.updated'
  | 'order.paid'
  | 'order.fulfilled'
  | 'order.refunded'
  | 'order.cancelled'
export type EventType = OrderEventType | 'message.received'

export const ORDER_EVENT_TYPES: readonly OrderEventType[] = [
  'order.created',
  'order.updated',
  'order.paid',
  'order.fulfilled',
  'order.refunded',
  'order.cancelled',
]

export type Locale = 'en' | 'sw'

/** A phone that cannot be trusted has `e164: null` and says why; it is never guessed into another country. */
export interface Phone {
  /** What the shop sent, word for word; null when it sent none. */
  raw: string | null
  /** E.164 digits without the leading `+`, as WhatsApp wants them. */
  e164: string | null
  problem: 'no_phone' | 'invalid_phone' | null
}

export interface OrderLine {
  name: string
  /** Variation, options: a second, quieter line. */
  detail: string | null
  sku: string | null
  /** As the shop wrote it; some sell by weight ("1.5"). */
  quantity: string
  /** What the buyer saw for the whole line before order discounts. */
  total: number
}

export interface OrderAmount {
  /** What the shop calls it: a coupon code, a delivery method, a tax's name; "" when it has no name. */
  label: string
  /** Always positive, also for discounts and refunds; only a fee may be negative. */
  amount: number
}

export interface OrderTax extends OrderAmount {
  /** Percent as the shop wrote it, e.g. "18"; null when unknown. */
  rate: string | null
}

export interface OrderRefund {
  id: string
  reason: string | null
  amount: number
  at: number | null
}

/** The id of a full refund that an event's type asserts without listing refunds. */
export const ASSERTED_REFUND = 'full'

export interface Order {
  /** The shop's id as text (some exceed 2^53). */
  id: string
  /** The number people know, exactly as the shop shows it (`#1042`, `DUKA-2026-0107`). */
  number: string
  /** True when the delivery told only part of the order (a bare refund): it never overwrites a whole one. */
  partial: boolean
  /** A shop's test order: nobody is ever messaged about it. */
  test: boolean
  createdAt: number | null
  /** The order's own clock; a delivery with an older one never overwrites a newer state. */
  updatedAt: number | null
  /** Non-null is the fact; the time is the best the shop gives. */
  paidAt: number | null
  fulfilledAt: number | null
  cancelledAt: number | null
  customer: { name: string | null; firstName: string | null }
  phone: Phone
  /** ISO 3166 alpha-2 of the address the phone came with, else of another address, else null. */
  country: string | null
  /** BCP 47 as the shop sent it, or null. */
  locale: string | null
  currency: string
  lines: OrderLine[]
  subtotal: number
  discounts: OrderAmount[]
  shipping: OrderAmount[]
  fees: OrderAmount[]
  taxes: OrderTax[]
  /** True when the lines and the total already hold the tax (it is shown as "incl."), false when it is added on top. */
  taxIncluded: boolean
  total: number
  refunds: OrderRefund[]
  refundedTotal: number
  payment: { method: string | null; reference: string | null }
  /** A page where the buyer can see this order, if the shop sends one. */
  url: string | null
  /** The shop's free fields (meta data, note attributes), visible ones and consent boxes, as text. */
  attributes: Record<string, string>
}

/** A customer's message: the only thing that opens the 24-hour window. At least one of phone and conversation is known. */
export interface InboundMessage {
  from: Phone | null
  /** Our number the customer wrote to; null when the relay did not say. */
  to: string | null
  /** The provider's id of the conversation, if known. */
  conversationId: string | null
  messageId: string | null
  text: string | null
  name: string | null
  /** By the clock of whoever saw the message first. */
  receivedAt: number
}

/** A shop passes on what the law asks of it: tell what is stored about a customer, or forget a customer or all of the shop. */
export interface PrivacyRequest {
  type: 'privacy.data_request' | 'privacy.redact_customer' | 'privacy.redact_shop'
  /** E.164 digits; null when the shop names no number that can be trusted. */
  phone: string | null
  /** Lower case. */
  email: string | null
  orderIds: string[]
  /** The platform's domain of the shop it is about, lower case. */
  domain: string
}

/** What a thin or unsigned notification says about itself; the platform's API is asked about `subject`. */
export interface Claim {
  /** What is asked about, as the platform's API names it (`order:123`): claims of one subject are asked about together. */
  subject: string
  /** What the answer has to match, where the notification named it: the order's total, in minor units. */
  amount: number | null
  currency: string | null
  /** The shop's own reference: matches the order's id, its number or its payment's reference. */
  reference: string | null
  occurredAt: number | null
}

/** What one verified delivery says, before anybody compares it with what is stored. */
export type Reading =
  | {
      kind: 'order'
      order: Order
      /** When the shop says it happened; null when it does not say. */
      occurredAt: number | null
      /** Secrets that the shop and the buyer's thank-you page alone know of the order: kept only as hashes. */
      claimKeys?: string[]
    }
  | { kind: 'message'; message: InboundMessage; occurredAt: number | null }
  | { kind: 'privacy'; request: PrivacyRequest }
  /** Something is said to have happened that only the platform's own API can prove: nothing is believed before it is asked. */
  | { kind: 'claim'; claim: Claim }
  /** Kept for a person and answered 2xx; `reason` is a plain sentence. */
  | { kind: 'ignored'; reason: string }

/** The refund that was made last; null where the shop lists none. */
export function newestRefund({ refunds }: Pick<Order, 'refunds'>): OrderRefund | null {
  return refunds.reduce<OrderRefund | null>(
    (newest, refund) => (newest === null || isNewer(refund, newest) ? refund : newest),
    null,
  )
}

/** WooCommerce tells no times and lists the newest first: there the larger number is the later refund. */
function isNewer(refund: OrderRefund, than: OrderRefund): boolean {
  const [at, thanAt] = [refund.at ?? 0, than.at ?? 0]
  const numbered = at === thanAt && /^\d+$/.test(refund.id) && /^\d+$/.test(than.id)
  if (numbered) return BigInt(refund.id) >= BigInt(than.id)
  return at >= thanAt
}

/** Everything was given back: no receipt for it should go out. */
export function isFullyRefunded(order: Order): boolean {
  return order.refundedTotal > 0 && order.refundedTotal >= order.total && !order.partial
}

/** Why no receipt for this order may go out any more; null while it stands. */
export function orderIsGone(order: Order): 'order_refunded' | 'order_cancelled' | null {
  if (isFullyRefunded(order)) return 'order_refunded'
  return order.cancelledAt === null ? null : 'order_cancelled'
}
