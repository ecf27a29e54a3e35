import { ASSERTED_REFUND, type Order, type OrderEventType, type OrderRefund } from '../order.ts'

export interface Advance {
  /** The newest known state after this delivery. */
  order: Order
  /** What has become true with it, in the order of an order's life; empty when it told nothing new. */
  types: OrderEventType[]
}

/**
 * Puts what one delivery says beside what is stored. State makes events, not topics: however often and in whatever
 * order created, updated and paid arrive, each fact becomes true once.
 */
export function advanceOrder(previous: Order | null, seen: Order): Advance {
  const order = previous === null ? seen : merge(previous, seen)
  const types: OrderEventType[] = []
  if (!order.partial && (previous === null || previous.partial)) types.push('order.created')
  if (order.paidAt !== null && (previous?.paidAt ?? null) === null) types.push('order.paid')
  if (order.fulfilledAt !== null && (previous?.fulfilledAt ?? null) === null) types.push('order.fulfilled')
  if (order.refundedTotal > (previous?.refundedTotal ?? 0)) types.push('order.refunded')
  if (order.cancelledAt !== null && (previous?.cancelledAt ?? null) === null) types.push('order.cancelled')
  if (types.length === 0 && previous !== null && order.updatedAt !== previous.updatedAt) types.push('order.updated')
  return { order, types }
}

function merge(previous: Order, seen: Order): Order {
  const newest = seenIsNewer(previous, seen) ? seen : previous
  const other = newest === seen ? previous : seen
  const refunds = mergeRefunds(newest, other)
  const sameMoment = !previous.partial && !seen.partial && previous.updatedAt === seen.updatedAt
  return {
    ...newest,
    // A test told by a header alone is not told again when the body is read anew.
    test: previous.test || seen.test,
    // Facts stay: a late, older delivery may be the only one that says when it was paid.
    paidAt: previous.paidAt ?? sinceKnown(previous, seen, seen.paidAt),
    fulfilledAt: previous.fulfilledAt ?? sinceKnown(previous, seen, seen.fulfilledAt),
    // A shop may reopen a cancelled order, so here the newest state alone speaks.
    cancelledAt: newest.cancelledAt ?? (sameMoment || isToldAfter(other, newest) ? other.cancelledAt : null),
    refunds,
    refundedTotal: Math.max(newest.refundedTotal, sum(refunds), sumAlone(other, newest)),
  }
}

/** A part told on its own (Stripe's cancelled payment) after the newest whole state. */
function isToldAfter(part: Order, whole: Order): boolean {
  return part.partial && part.updatedAt !== null && part.updatedAt >= (whole.updatedAt ?? 0)
}

/** What went back in all, where it is told without its refunds (Stripe's refunded charge); no later state takes it back. */
function sumAlone(other: Order, newest: Order): number {
  return other.currency === newest.currency && other.refundedTotal > sum(other.refunds) ? other.refundedTotal : 0
}

/**
 * A fact that a newer state adds became true after the state we knew. Some shops date a late payment by the day of the
 * order (Shopify's `processed_at`): a time before we knew it unpaid is wrong, and the newer state's own is the best.
 */
function sinceKnown(previous: Order, seen: Order, at: number | null): number | null {
  const known = previous.partial ? null : previous.updatedAt
  if (at === null || known === null || (seen.updatedAt ?? 0) < known) return at
  return at > known ? at : Math.max(known, seen.updatedAt ?? known)
}

function seenIsNewer(previous: Order, seen: Order): boolean {
  if (previous.partial !== seen.partial) return previous.partial
  if (previous.partial) return true
  if (previous.updatedAt === null || seen.updatedAt === null) return true
  return seen.updatedAt >= previous.updatedAt
}

/**
 * A refund told on its own may be newer than the newest whole state; one the shop took back is gone with that state.
 * Two states of one moment (WooCommerce counts seconds) may each know a refund the other lacks.
 */
function mergeRefunds(newest: Order, other: Order): OrderRefund[] {
  // An amount in another currency than the order's says nothing in this one.
  if (other.partial && other.currency !== newest.currency) return newest.refunds
  if (newest.partial && other.currency !== newest.currency) return other.refunds
  const known = new Set(newest.refunds.map((refund) => refund.id))
  const sameMoment = newest.updatedAt === other.updatedAt
  const stays = (refund: OrderRefund) =>
    newest.partial ||
    other.partial ||
    sameMoment ||
    // Told by an event's type alone: a later state that lists no refunds does not take it back.
    (refund.id === ASSERTED_REFUND && newest.refunds.length === 0) ||
    (refund.at !== null && refund.at > (newest.updatedAt ?? Number.POSITIVE_INFINITY))
  return [...newest.refunds, ...other.refunds.filter((refund) => !known.has(refund.id) && stays(refund))]
}

function sum(refunds: OrderRefund[]): number {
  return refunds.reduce((total, refund) => total + refund.amount, 0)
}
