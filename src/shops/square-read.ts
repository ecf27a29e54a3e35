import type { Reading } from '../order.ts'
import { currencyCode, type Fields, isRecord, record, time, wholeNumber, word } from './fields.ts'
import { ignored } from './reading.ts'
import { plainToken } from './signature.ts'

/** Fields of `data.object` that name an order and little else; the version in them is of no use without the order. */
const THIN = ['order_created', 'order_updated', 'order_fulfillment_updated']

/**
 * No event of Square holds an order's lines or a phone, so each becomes a claim about an order, which the API is asked for.
 * `order.created` comes only for orders made over the API, never for the Point of Sale; payments come for both. The claim
 * names no money: what an event tells of is a part of the order's, and the confirmer looks for it there.
 */
export function readSquare(body: Fields): Reading {
  const type = word(body['type'], 100) ?? ''
  if (type === 'webhooks.test_notification') return ignored('Square’s test notification: nobody is messaged about it.')
  const object = record(record(body['data'])['object'])
  const at = time(body['created_at'])
  if (isRecord(object['payment'])) return readPaymentEvent(object['payment'], at)
  if (isRecord(object['refund'])) return readRefundEvent(object['refund'], at)
  const thin = THIN.map((key) => object[key]).find(isRecord)
  const orderId = thin === undefined ? null : word(thin['order_id'], 200)
  if (orderId !== null) return claim(`order:${orderId}`, at)
  return ignored(`Events of the type ${plainToken(type) ?? 'it names'} say nothing about an order’s state.`)
}

/** Money is there with `COMPLETED` alone: a card payment is `APPROVED` first, which only reserves it. */
function readPaymentEvent(payment: Fields, at: number | null): Reading {
  const status = word(payment['status']) ?? 'unknown'
  if (status !== 'COMPLETED') return ignored(`The payment is not completed: its status is ${status}.`)
  const orderId = word(payment['order_id'], 200)
  const id = word(payment['id'], 200)
  if (id === null) return ignored('The payment has no id.')
  return claim(orderId === null ? `payment:${id}` : `order:${orderId}`, at)
}

/** By its payment: the order a refund names may be one that was made for giving back. */
function readRefundEvent(refund: Fields, at: number | null): Reading {
  const status = word(refund['status']) ?? 'unknown'
  if (status !== 'COMPLETED') return ignored(`The refund is not done: its status is ${status}.`)
  const paymentId = word(refund['payment_id'], 200)
  if (paymentId === null) return ignored('The refund names no payment.')
  return claim(`payment:${paymentId}`, at)
}

function claim(subject: string, occurredAt: number | null): Reading {
  return { kind: 'claim', claim: { subject, amount: null, currency: null, reference: null, occurredAt } }
}

/** `{ amount, currency }`, integers of the currency's smallest unit, which is ours. */
export function moneyOf(value: unknown): { amount: number | null; currency: string | null } {
  const money = record(value)
  return { amount: wholeNumber(money['amount']) ?? null, currency: currencyCode(money['currency']) }
}
