import type { Reading } from '../order.ts'
import { type Fields, word } from './fields.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'
import { plainToken } from './signature.ts'
import { type StripeEvent, stripeEvent } from './stripe-event.ts'
import { readCanceled, readPayment, readRefund, readRefundedCharge } from './stripe-payment.ts'
import { readSession } from './stripe-session.ts'

/** Sales whose lines the API has, where it may be asked. */
const SALES = new Set([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.succeeded',
  'charge.succeeded',
  'charge.captured',
])

/**
 * One sale makes events of its session, its payment intent and its charge. The order of all of them is the payment
 * intent, the one thing each names, so a sale is one order whichever of them a shop subscribed to.
 */
export function readStripe(body: Fields, options: ReadOptions): Reading {
  if (word(body['object'])?.startsWith('v2.') || (body['data'] === undefined && 'related_object' in body)) {
    return ignored('A thin event (v2): it says nothing of the sale. Send snapshot events to this address.')
  }
  const event = stripeEvent(body, options)
  const reading = readSnapshot(event)
  const asks = options.credentials?.includes('secret_key') && SALES.has(event.type)
  return asks && reading.kind === 'order' ? claimOf(reading) : reading
}

export function readSnapshot(event: StripeEvent): Reading {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return readSession(event)
    case 'payment_intent.succeeded':
    case 'charge.succeeded':
    case 'charge.captured':
      return readPayment(event)
    case 'payment_intent.canceled':
      return readCanceled(event)
    case 'charge.refunded':
      return readRefundedCharge(event)
    case 'refund.created':
    case 'refund.updated':
    case 'charge.refund.updated':
      return readRefund(event)
    case 'payment_intent.payment_failed':
    case 'charge.failed':
      return ignored('A payment did not go through; the customer may try again.')
    default:
      return ignored(`Events of the type ${plainToken(word(event.type)) ?? 'it names'} are not known here.`)
  }
}

/** Without a reference: the session and the payment of one sale may carry different ones, and the id is enough. */
function claimOf({ order, occurredAt }: Extract<Reading, { kind: 'order' }>): Reading {
  const { id, total, currency } = order
  return { kind: 'claim', claim: { subject: `payment:${id}`, amount: total, currency, reference: null, occurredAt } }
}
