import { type Fields, isRecord, list, record, word } from './fields.ts'
import { parseJson } from './json.ts'
import type { Confirmation, Confirmer, ConfirmInput } from './platform.ts'
import { readSquareOrder } from './square-order.ts'
import { moneyOf } from './square-read.ts'

/** The API's shape is dated: this one has all that is read here. */
const VERSION = '2025-01-23'
/** Payments of one order, and refunds of one payment, that are asked for: more is no sale a person made. */
const MOST = 10

/** The order is asked for, with its customer (for the phone) and its refunds; the order alone says whether it was paid. */
export const squareConfirmer: Confirmer = {
  apiUrl: 'https://connect.squareup.com',
  credentials: [
    { name: 'access_token', required: true, meaning: 'access token that may read orders, payments and customers' },
  ],
  async confirm(input: ConfirmInput): Promise<Confirmation> {
    const { claim, options } = input
    const get = asker(input)
    const claimed = claim.subject.startsWith('payment:')
      ? record(record(await get('payments', claim.subject.slice('payment:'.length)))['payment'])
      : told(input.body, 'payment')
    const orderId = claim.subject.startsWith('order:')
      ? claim.subject.slice('order:'.length)
      : word(claimed['order_id'], 200)
    if (orderId === null) return denied('Square knows no payment of this id, or no order it belongs to.')
    const order = record(record(await get('orders', orderId))['order'])
    if (word(order['id'], 200) !== orderId) return denied('Square knows no order of this id.')
    if (order['state'] === 'DRAFT') return denied('The order is a draft.')
    const no = mismatch(input, order, claimed)
    if (no !== null) return no

    const customerId = word(order['customer_id'], 200) ?? word(claimed['customer_id'], 200)
    const customer = customerId === null ? {} : record(record(await get('customers', customerId))['customer'])
    const refunds = await refundsOf(order, claim.subject, get)
    const refundId = told(input.body, 'refund')['id']
    if (refundId !== undefined && !refunds.some((refund) => refund['id'] === refundId)) {
      return { kind: 'undecided', reason: 'Square’s payment does not show the refund yet.' }
    }
    const reading = readSquareOrder({ order, payment: claimed, customer, refunds }, options)
    return reading.kind === 'order'
      ? { kind: 'confirmed', readings: [reading] }
      : denied(reading.kind === 'ignored' ? reading.reason : 'Square’s answer is no order.')
  },
}

type Get = (kind: 'orders' | 'payments' | 'customers' | 'refunds', id: string) => Promise<unknown>

function asker({ api, credentials }: ConfirmInput): Get {
  const headers = { Authorization: `Bearer ${credentials['access_token'] ?? ''}`, 'Square-Version': VERSION }
  return (kind, id) => api.request({ method: 'GET', path: `/v2/${kind}/${encodeURIComponent(id)}`, headers })
}

/** The payment or refund of the notification; empty for one that holds none. */
function told(body: Uint8Array, kind: 'payment' | 'refund'): Fields {
  const parsed = parseJson(body)
  const data = record(parsed.ok && isRecord(parsed.value) ? parsed.value['data'] : null)
  return record(record(data['object'])[kind])
}

/** A claim that names money is about a payment, which has to stand in the order with that very amount. */
function mismatch({ claim }: ConfirmInput, order: Fields, payment: Fields): Confirmation | null {
  if (claim.amount === null || !claim.subject.startsWith('order:')) return null
  const total = moneyOf(order['total_money'])
  if (total.currency !== claim.currency) return denied('The order is in another currency than the payment.')
  const id = word(payment['id'], 200)
  const tender = list(order['tenders'], 100).find((one) => [one['payment_id'], one['id']].includes(id))
  if (tender === undefined) return { kind: 'undecided', reason: 'Square’s order does not show the payment yet.' }
  return moneyOf(tender['amount_money']).amount === claim.amount
    ? null
    : denied('The order shows this payment with another amount.')
}

/** Asked for only where something went back; under the ids their own notifications name. */
async function refundsOf(order: Fields, subject: string, get: Get): Promise<Fields[]> {
  const isRefunded = list(order['refunds'], 100).length > 0 || list(order['returns'], 100).length > 0
  if (!isRefunded && !subject.startsWith('payment:')) return []
  const tenders = list(order['tenders'], MOST).map(
    (tender) => word(tender['payment_id'], 200) ?? word(tender['id'], 200),
  )
  const claimed = subject.startsWith('payment:') ? subject.slice('payment:'.length) : null
  const ids = new Set([claimed, ...tenders].filter((id): id is string => id !== null))
  const refunds: Fields[] = []
  for (const id of ids) {
    const payment = record(record(await get('payments', id))['payment'])
    const refundIds = Array.isArray(payment['refund_ids']) ? payment['refund_ids'].slice(0, MOST) : []
    for (const refundId of refundIds.flatMap((value) => word(value, 255) ?? [])) {
      refunds.push(record(record(await get('refunds', refundId))['refund']))
    }
  }
  return refunds
}

function denied(reason: string): Confirmation {
  return { kind: 'denied', reason }
}
