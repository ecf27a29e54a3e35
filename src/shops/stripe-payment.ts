import type { Order, OrderRefund, Reading } from '../order.ts'
import { fieldsIn } from './buyer.ts'
import { currencyCode, type Fields, list, plain, record, sumOf, unixTime, webAddress, word } from './fields.ts'
import { ignored, partialOrder } from './reading.ts'
import { buyer, idOf, numberOf, personOf, type StripeEvent } from './stripe-event.ts'
import { stripeMoney } from './stripe-money.ts'

interface Paid {
  id: string
  currency: string
  total: number
  isPaid: boolean
}

/**
 * A payment intent or a charge that went through, as an order of its own: all there is where a shop charges without
 * Checkout. Its state is dated a breath before its making, so that the session of the same sale, which knows more, is
 * always the newer state, in whatever order the two arrive.
 */
export function readPayment(event: StripeEvent): Reading {
  const { object, at, test, options } = event
  if (plain(object['description']) === 'Subscription creation') {
    return ignored('The first payment of a subscription: its checkout tells of it.')
  }
  const paid = object['object'] === 'charge' ? chargePaid(object) : intentPaid(object)
  if (paid === null) return ignored('The payment has no id, currency or amount that can be read.')
  const { id, currency, total, isPaid } = paid
  const madeAt = unixTime(object['created']) ?? at
  const charge = object['object'] === 'charge' ? object : record(list(record(object['charges'])['data'], 1)[0])
  const order: Order = {
    ...partialOrder({ id, currency, at: madeAt - 1, test, country: options.country }),
    partial: false,
    number: numberOf(object, id),
    createdAt: madeAt,
    paidAt: isPaid ? at : null,
    ...buyer(
      [personOf(charge['billing_details']), personOf(object['shipping'])],
      fieldsIn(object['metadata']),
      options,
    ),
    lines: [{ name: plain(object['description']) ?? 'Item', detail: null, sku: null, quantity: '1', total }],
    subtotal: total,
    total,
    payment: { method: methodOf(charge), reference: id },
    url: webAddress(charge['receipt_url']),
  }
  return { kind: 'order', order, occurredAt: at }
}

function intentPaid(intent: Fields): Paid | null {
  const id = word(intent['id'], 255)
  const currency = currencyCode(intent['currency'])
  if (id === null || currency === null) return null
  const total = stripeMoney(intent['amount_received'] ?? intent['amount'], currency)
  return total === undefined || total < 0 ? null : { id, currency, total, isPaid: intent['status'] === 'succeeded' }
}

/** A charge that only reserves the money (`captured: false`) is not paid yet. */
function chargePaid(charge: Fields): Paid | null {
  const id = orderIdOfCharge(charge)
  const currency = currencyCode(charge['currency'])
  if (id === null || currency === null) return null
  const captured = charge['captured'] === true
  const total = stripeMoney((captured ? charge['amount_captured'] : null) ?? charge['amount'], currency)
  if (total === undefined || total < 0) return null
  return { id, currency, total, isPaid: captured && charge['paid'] === true && charge['status'] === 'succeeded' }
}

/** Charges made without a payment intent (the old way) go by themselves. */
function orderIdOfCharge(charge: Fields): string | null {
  return idOf(charge['payment_intent']) ?? word(charge['id'], 255)
}

function methodOf(charge: Fields): string | null {
  const details = record(charge['payment_method_details'])
  const type = plain(details['type'], 60)
  const brand = plain(record(details['card'])['brand'], 60)
  return (brand ?? type)?.replaceAll('_', ' ') ?? null
}

/**
 * `charge.refunded` says how much went back in all; since API version 2022-11-15 it no longer lists the refunds. The sum
 * and the single refunds of `refund.*` count the same money once.
 */
export function readRefundedCharge({ object, at, test, options }: StripeEvent): Reading {
  const id = orderIdOfCharge(object)
  const currency = currencyCode(object['currency'])
  if (id === null || currency === null) return ignored('The refunded charge has no id or currency.')
  const order = partialOrder({ id, currency, at, test, country: options.country })
  order.refunds = list(record(object['refunds'])['data'], 100).flatMap((refund) => refundOf(refund, currency, at) ?? [])
  order.refundedTotal = Math.max(stripeMoney(object['amount_refunded'], currency) ?? 0, sumOf(order.refunds))
  if (order.refundedTotal === 0) return ignored('No money was given back on this charge.')
  return { kind: 'order', order, occurredAt: at }
}

export function readRefund({ object, at, test, options }: StripeEvent): Reading {
  const id = idOf(object['payment_intent']) ?? idOf(object['charge'])
  const currency = currencyCode(object['currency'])
  if (id === null || currency === null) return ignored('The refund names no payment or no currency.')
  const refund = refundOf(object, currency, at)
  if (refund === null) return ignored(`The refund is not done: its status is ${word(object['status']) ?? 'unknown'}.`)
  const order = partialOrder({ id, currency, at, test, country: options.country })
  return { kind: 'order', order: { ...order, refunds: [refund], refundedTotal: refund.amount }, occurredAt: at }
}

/** Null unless the money went back: `pending`, `requires_action`, `failed` and `canceled` refunds did not. */
function refundOf(refund: Fields, currency: string, at: number): OrderRefund | null {
  const id = word(refund['id'], 255)
  const amount = stripeMoney(refund['amount'], currency) ?? 0
  if (id === null || amount <= 0 || refund['status'] !== 'succeeded') return null
  const reason = plain(refund['reason'])?.replaceAll('_', ' ') ?? null
  return { id, reason, amount, at: unixTime(refund['created']) ?? at }
}

/** Nobody will pay any more; of an order that is known it ends the waiting. */
export function readCanceled({ object, at, test, options }: StripeEvent): Reading {
  const id = word(object['id'], 255)
  const currency = currencyCode(object['currency'])
  if (id === null || currency === null) return ignored('The payment has no id or currency.')
  const order = partialOrder({ id, currency, at, test, country: options.country })
  const cancelledAt = unixTime(object['canceled_at']) ?? at
  return { kind: 'order', order: { ...order, number: numberOf(object, id), cancelledAt }, occurredAt: at }
}
