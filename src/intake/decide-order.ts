import type { ShopConfig } from '../config/types.ts'
import type { Ids } from '../ids.ts'
import { type Locale, type Order, type OrderEventType, orderIsGone } from '../order.ts'
import { effectKey, purposeOf } from '../rules/effect-key.ts'
import type { CompiledRule } from '../rules/match.ts'
import type { NewMessage, OrderDecision, OrderSnapshot } from '../store/intake.ts'
import type { MessageRow } from '../store/records.ts'
import type { Contact, TraceLine } from '../store/words.ts'
import { advanceOrder } from './advance-order.ts'
import { draftMessage, matchOccasion } from './new-message.ts'

export interface OrderInput {
  shop: ShopConfig
  rules: CompiledRule[]
  seen: Order
  occurredAt: number | null
  eventId: string
  now: number
  ids: Ids
  locale: Locale
}

/** Pure: what one delivery about an order changes, given what is known of that order and its messages. */
export function decideOrder({ order: previous, messages }: OrderSnapshot, input: OrderInput): OrderDecision {
  const { shop, rules, seen, eventId, now, ids, locale } = input
  const { order, types } = advanceOrder(previous, seen)
  const contact = contactOf(order, shop)
  const trace: TraceLine[] = types.map((type) => ({ step: type, text: FACTS[type] }))
  const enqueue: NewMessage[] = []
  const revive: OrderDecision['revive'] = []

  for (const type of types) {
    const { matched, context, trace: why } = matchOccasion(rules, { type, shop, order, message: null, locale })
    trace.push(...why)
    for (const rule of matched) {
      const draft = draftMessage({
        id: ids.next('msg'),
        effectKey: effectKey({
          shop: shop.id,
          orderId: order.id,
          rule: rule.rule.name,
          purpose: purposeOf(type, order),
        }),
        rule,
        occasion: { type, shop, order, message: null, locale },
        context,
        contact,
        sender: shop.sender,
        eventId,
        skip: skipReason(type, order, shop, now),
        now,
      })
      enqueue.push(draft.message)
      trace.push(...draft.trace)
    }
  }
  for (const message of messages.filter(waitsForAPhone)) {
    if (!contact || message.cause === 'api' || message.cause === 'message.received') continue
    if (skipReason(message.cause, order, shop, now) !== null) continue
    revive.push({ id: message.id, contact, caption: message.caption })
    trace.push({ step: message.rule ?? message.kind, text: 'the phone was mended; queued', messageId: message.id })
  }
  const cancel = cancellations(order, messages)
  trace.push(...cancel.map(({ id, reason }) => ({ step: 'cancel', text: reason, messageId: id })))
  return {
    order,
    type: weightiest(types),
    reason: types.length === 0 ? 'nothing new: this state of the order is known, or older than the known one' : null,
    occurredAt: input.occurredAt,
    trace,
    enqueue,
    cancel,
    revive,
  }
}

const FACTS: Record<OrderEventType, string> = {
  'order.created': 'the order is new to us',
  'order.updated': 'the order changed',
  'order.paid': 'the order is now paid',
  'order.fulfilled': 'the order is now fulfilled',
  'order.refunded': 'money was given back',
  'order.cancelled': 'the order is now cancelled',
}

/** What a person would call this event. */
const WEIGHT: OrderEventType[] = [
  'order.paid',
  'order.refunded',
  'order.cancelled',
  'order.fulfilled',
  'order.created',
  'order.updated',
]

function weightiest(types: OrderEventType[]): string {
  return WEIGHT.find((type) => types.includes(type)) ?? 'ignored'
}

/** Why a message about this order may not go out at all; null when it may. */
function skipReason(type: OrderEventType, order: Order, shop: ShopConfig, now: number): string | null {
  if (order.test) return 'test_order'
  if (isTooOld(type, order, shop, now)) return 'too_old'
  const gone = type === 'order.refunded' || type === 'order.cancelled' ? null : orderIsGone(order)
  if (gone) return gone
  if (order.phone.e164 === null) return order.phone.problem ?? 'no_phone'
  return hasConsent(order, shop) ? null : 'no_consent'
}

function isTooOld(type: OrderEventType, order: Order, shop: ShopConfig, now: number): boolean {
  const at = {
    'order.created': order.createdAt,
    'order.updated': order.updatedAt,
    'order.paid': order.paidAt,
    'order.fulfilled': order.fulfilledAt,
    'order.refunded': latestRefund(order) ?? order.updatedAt,
    'order.cancelled': order.cancelledAt,
  }[type]
  return at !== null && at < now - shop.ignoreOlderThanMs
}

function latestRefund(order: Order): number | null {
  const times = order.refunds.map((refund) => refund.at).filter((at): at is number => at !== null)
  return times.length === 0 ? null : Math.max(...times)
}

function hasConsent(order: Order, shop: ShopConfig): boolean {
  if (!shop.consent?.required) return true
  const answer = order.attributes[shop.consent.field]
  return answer !== undefined && shop.consent.values.includes(answer.trim().toLowerCase())
}

function contactOf(order: Order, shop: ShopConfig): Contact | null {
  const phone = order.phone.e164
  return phone === null ? null : { sender: shop.sender, phone, karibuId: null, name: order.customer.name }
}

function waitsForAPhone({ status, reason }: MessageRow): boolean {
  return status === 'skipped' && (reason === 'no_phone' || reason === 'invalid_phone')
}

/** A refund or cancellation stops what has not gone out yet, except news of that very refund or cancellation. */
function cancellations(order: Order, messages: MessageRow[]): OrderDecision['cancel'] {
  const reason = orderIsGone(order)
  if (reason === null) return []
  return messages
    .filter(({ status }) => status === 'held' || status === 'queued')
    .filter(({ cause }) => cause !== 'order.refunded' && cause !== 'order.cancelled' && cause !== 'api')
    .map(({ id }) => ({ id, reason }))
}
