import type { ShopConfig } from '../config/types.ts'
import { hasConsent } from '../consent.ts'
import type { Ids } from '../ids.ts'
import { type Locale, newestRefund, ORDER_EVENT_TYPES, type Order, type OrderEventType, orderIsGone } from '../order.ts'
import { forgottenSince } from '../restored.ts'
import { effectKey, purposeOf } from '../rules/effect-key.ts'
import type { CompiledRule } from '../rules/match.ts'
import type { OrderDecision, OrderSnapshot } from '../store/intake.ts'
import type { NewMessage } from '../store/message-changes.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { Contact, Gap, TraceLine } from '../store/words.ts'
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
  /** Times we know nothing of. */
  gaps: readonly Gap[]
  /** For a delivery read anew: what it told the first time, to be asked about again though it is no news. */
  again?: readonly OrderEventType[]
  /** True when it was read in the shop, where anything may have changed it, and not told by the shop. */
  asRead?: boolean
}

/** Pure: what one delivery about an order changes, given what is known of that order and its messages. */
export function decideOrder({ order: previous, messages, claimant }: OrderSnapshot, input: OrderInput): OrderDecision {
  const { rules, seen } = input
  const { order, types: news } = advanceOrder(previous, seen)
  const types = input.again ? withRepeated(news, input.again, seen, order) : news
  const trace: TraceLine[] = types.map((type) => ({ step: type, text: news.includes(type) ? FACTS[type] : REPEATED }))
  const enqueue: NewMessage[] = []
  for (const type of types) {
    const occasion = { type, shop: input.shop, order, message: null, locale: input.locale }
    const { matched, trace: why } = matchOccasion(rules, occasion)
    trace.push(...why)
    const isNew = previous === null || previous.partial
    for (const rule of matched) enqueue.push(draft(rule, type, { order, isNew, madeAt: null, claimant }, input, trace))
  }
  const cancel = [...cancellations(order, messages), ...overtaken(order, messages, input)]
  const redraft: OrderDecision['redraft'] = []
  for (const message of messages) {
    const why = whyAnew(message, order, input)
    const rule = rules.find((one) => one.rule.name === message.rule)
    if (why === null || !rule || !isOrderEvent(message.cause) || cancel.some(({ id }) => id === message.id)) continue
    const lines: TraceLine[] = []
    const anew = draft(rule, message.cause, { order, isNew: false, madeAt: message.createdAt, claimant }, input, lines)
    // What the skip waited for is still not there.
    if (anew.status === 'skipped' && anew.reason === message.reason) continue
    redraft.push({ id: message.id, message: anew })
    trace.push(...lines, { step: rule.rule.name, text: why, messageId: message.id })
  }
  trace.push(...cancel.map(({ id, reason }) => ({ step: 'cancel', text: reason, messageId: id })))
  return {
    order,
    type: weightiest(types),
    reason: types.length === 0 ? 'nothing new: this state of the order is known, or older than the known one' : null,
    occurredAt: input.occurredAt,
    trace,
    enqueue,
    cancel,
    redraft,
  }
}

interface OfOrder {
  order: Order
  /** Never seen whole before. */
  isNew: boolean
  madeAt: number | null
  claimant: ConversationRow | null
}

function draft(
  rule: CompiledRule,
  type: OrderEventType,
  { order, isNew, madeAt, claimant }: OfOrder,
  input: OrderInput,
  trace: TraceLine[],
): NewMessage {
  const { shop, now, ids, eventId, locale } = input
  const occasion = { type, shop, order, message: null, locale }
  const purpose = purposeOf(type, order)
  // What they asked for is the receipt; other news goes where the order says.
  const to = type === 'order.paid' ? claimant : null
  const made = draftMessage({
    id: ids.next('msg'),
    effectKey: effectKey({ shop: shop.id, orderId: order.id, rule: rule.rule.name, purpose }),
    rule,
    occasion,
    contact: to ? nameOf(to) : contactOf(order, shop),
    sender: to?.sender ?? shop.sender,
    eventId,
    skip: skipReason(type, order, { shop, now, isOldNews: isNew && input.asRead === true, claimed: to !== null }),
    // One made before the gap may have been mended and sent within it.
    doubtSince: forgottenSince(input.gaps, madeAt ?? becameTrueAt(type, order) ?? input.occurredAt ?? now),
    now,
  })
  trace.push(...made.trace)
  return to === null ? made.message : { ...made.message, claimedAt: now }
}

/** Why a message that was never tried is made anew from the order as it is now; null when it stays as it is. */
function whyAnew(message: MessageRow, order: Order, { shop, now }: OrderInput): string | null {
  const { status, reason, cause, attemptCount, phone, kind } = message
  // It is for whoever wrote the order's code, whatever number the shop writes in.
  const claimed = message.claimedAt !== null
  // An invitation is decided anew with the message it invites for.
  if (!isOrderEvent(cause) || attemptCount > 0 || kind !== 'image') return null
  const skip = skipReason(cause, order, { shop, now, claimed })
  const waits = status === 'held' || status === 'queued'
  if (waits && !claimed && orderIsGone(order) === null && phone !== order.phone.e164)
    return 'the phone was changed in the shop'
  if (skip !== null) return null
  if (status === 'skipped' && MENDABLE.has(reason ?? '')) return 'what kept it from going out was mended in the shop'
  const ended = status === 'cancelled' || status === 'skipped'
  return ended && reason === 'order_cancelled' ? 'the order stands again' : null
}

const MENDABLE = new Set(['no_phone', 'invalid_phone', 'no_consent', 'no_image'])

const REPEATED = 'no news, but asked about again'

/** The news, and what the delivery told before (all that it says, if it told nothing) as far as it still holds. */
function withRepeated(
  news: OrderEventType[],
  told: readonly OrderEventType[],
  seen: Order,
  order: Order,
): OrderEventType[] {
  const repeated = told.length > 0 ? told : advanceOrder(null, seen).types
  const holds: Partial<Record<OrderEventType, boolean>> = {
    'order.paid': order.paidAt !== null,
    'order.fulfilled': order.fulfilledAt !== null,
    'order.refunded': order.refundedTotal > 0,
    'order.cancelled': order.cancelledAt !== null,
  }
  return ORDER_EVENT_TYPES.filter((type) => news.includes(type) || (repeated.includes(type) && (holds[type] ?? true)))
}

function isOrderEvent(cause: MessageRow['cause']): cause is OrderEventType {
  return cause !== 'api' && cause !== 'message.received'
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
function skipReason(
  type: OrderEventType,
  order: Order,
  known: { shop: ShopConfig; now: number; isOldNews?: boolean; claimed?: boolean },
): string | null {
  const { shop, now, isOldNews = false, claimed = false } = known
  if (order.test) return 'test_order'
  const at = isOldNews ? datedBy(type, order) : becameTrueAt(type, order)
  if (at !== null && at < now - shop.ignoreOlderThanMs) return 'too_old'
  const gone = type === 'order.refunded' || type === 'order.cancelled' ? null : orderIsGone(order)
  if (gone) return gone
  if (claimed) return null
  if (order.phone.e164 === null) return order.phone.problem ?? 'no_phone'
  return hasConsent(order, shop.consent) ? null : 'no_consent'
}

/**
 * Some shops date a refund, a cancellation or the handing over by the order's last change alone; for an order we have
 * never seen that change may be a note on last year's order. Such a fact counts from the payment, or from the order.
 */
function datedBy(type: OrderEventType, order: Order): number | null {
  const at = becameTrueAt(type, order)
  const isUndated = type !== 'order.paid' && at === order.updatedAt
  return isUndated ? (order.paidAt ?? order.createdAt ?? at) : at
}

function becameTrueAt(type: OrderEventType, order: Order): number | null {
  return {
    'order.created': order.createdAt,
    'order.updated': order.updatedAt,
    'order.paid': order.paidAt,
    'order.fulfilled': order.fulfilledAt,
    'order.refunded': newestRefund(order)?.at ?? order.updatedAt,
    'order.cancelled': order.cancelledAt,
  }[type]
}

function contactOf(order: Order, shop: ShopConfig): Contact | null {
  const phone = order.phone.e164
  return phone === null ? null : { sender: shop.sender, phone, karibuId: null, name: order.customer.name }
}

function nameOf({ sender, phone, karibuId, name }: ConversationRow): Contact {
  return { sender, phone, karibuId, name }
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

/** "Awaiting payment" must not go out after the payment: what a new order's rule no longer fits is stopped. */
function overtaken(order: Order, messages: MessageRow[], { rules, shop, locale }: OrderInput): OrderDecision['cancel'] {
  if (order.paidAt === null || orderIsGone(order) !== null) return []
  const occasion = { type: 'order.created' as const, shop, order, message: null, locale }
  return messages
    .filter(({ status, cause }) => (status === 'held' || status === 'queued') && cause === 'order.created')
    .filter((message) => {
      const asked = rules.filter(({ rule }) => rule.name === message.rule && rule.on === 'order.created')
      return asked.length > 0 && matchOccasion(asked, occasion).matched.length === 0
    })
    .map(({ id }) => ({ id, reason: 'order_paid' }))
}
