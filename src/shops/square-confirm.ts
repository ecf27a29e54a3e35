import { type Fields, isRecord, list, record, word } from './fields.ts'
import { parseJson } from './json.ts'
import type { Confirmation, Confirmer, ConfirmInput } from './platform.ts'
import { readSquareOrder } from './square-order.ts'
import { moneyOf } from './square-read.ts'
import { isAtHost } from './test-account.ts'

/** The API's shape is dated: this one has all that is read here. */
const VERSION = '2025-01-23'
/** Payments of one order, and refunds of them, that are asked for: more is no sale a person made. */
const MOST = 10

/** The order is asked for, with its customer (for the phone) and its refunds; the order alone says whether it was paid. */
export const squareConfirmer: Confirmer = {
  apiUrl: 'https://connect.squareup.com',
  credentials: [
    { name: 'access_token', required: true, meaning: 'access token that may read orders, payments and customers' },
  ],
  isTestAccount: ({ apiUrl }) => isAtHost(apiUrl, ['squareupsandbox.com']),
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
    const no = mismatch(order, told(input.body, 'payment'))
    if (no !== null) return no

    const payment = 'id' in claimed ? claimed : await firstPayment(order, get)
    const customerId = word(order['customer_id'], 200) ?? word(payment['customer_id'], 200)
    const customer = customerId === null ? {} : record(record(await get('customers', customerId))['customer'])
    const refunds = await refundsOf(order, claim.subject, get)
    const refundId = told(input.body, 'refund')['id']
    if (refundId !== undefined && !refunds.some((refund) => refund['id'] === refundId)) {
      return { kind: 'undecided', reason: 'Square’s payment does not show the refund yet.' }
    }
    const reading = readSquareOrder({ order, payment, customer, refunds }, options)
    return reading.kind === 'order'
      ? { kind: 'confirmed', readings: [reading] }
      : denied(reading.kind === 'ignored' ? reading.reason : 'Square’s answer is no order.')
  },
}

type Get = (kind: 'orders' | 'payments' | 'customers' | 'refunds', id: string) => Promise<unknown>

/** Asks for each thing once. */
function asker({ api, credentials }: ConfirmInput): Get {
  const headers = { Authorization: `Bearer ${credentials['access_token'] ?? ''}`, 'Square-Version': VERSION }
  const known = new Map<string, unknown>()
  return async (kind, id) => {
    const path = `/v2/${kind}/${encodeURIComponent(id)}`
    if (!known.has(path)) known.set(path, await api.request({ method: 'GET', path, headers }))
    return known.get(path)
  }
}

/** The payment or refund of the notification; empty for one that holds none. */
function told(body: Uint8Array, kind: 'payment' | 'refund'): Fields {
  const parsed = parseJson(body)
  const data = record(parsed.ok && isRecord(parsed.value) ? parsed.value['data'] : null)
  return record(record(data['object'])[kind])
}

/** A payment that was told of has to stand in the order with that very amount. */
function mismatch(order: Fields, payment: Fields): Confirmation | null {
  const id = word(payment['id'], 200)
  if (id === null) return null
  const paid = moneyOf(payment['total_money'] ?? payment['amount_money'])
  if (moneyOf(order['total_money']).currency !== paid.currency)
    return denied('The order is in another currency than the payment.')
  const tender = list(order['tenders'], 100).find((one) => [one['payment_id'], one['id']].includes(id))
  if (tender === undefined) return { kind: 'undecided', reason: 'Square’s order does not show the payment yet.' }
  return moneyOf(tender['amount_money']).amount === paid.amount
    ? null
    : denied('The order shows this payment with another amount.')
}

function paymentIds(order: Fields): string[] {
  return list(order['tenders'], MOST).flatMap((tender) => word(tender['payment_id'] ?? tender['id'], 200) ?? [])
}

/** What was paid with, where the event tells of the order alone. */
async function firstPayment(order: Fields, get: Get): Promise<Fields> {
  const [id] = paymentIds(order)
  return id === undefined ? {} : record(record(await get('payments', id))['payment'])
}

/** Asked for only where something went back; under the ids their own notifications name. */
async function refundsOf(order: Fields, subject: string, get: Get): Promise<Fields[]> {
  const isRefunded = list(order['refunds'], 100).length > 0 || list(order['returns'], 100).length > 0
  if (!isRefunded && !subject.startsWith('payment:')) return []
  const claimed = subject.startsWith('payment:') ? [subject.slice('payment:'.length)] : []
  const refundIds: string[] = []
  for (const id of new Set([...claimed, ...paymentIds(order)])) {
    const payment = record(record(await get('payments', id))['payment'])
    const named: unknown[] = Array.isArray(payment['refund_ids']) ? payment['refund_ids'] : []
    refundIds.push(...named.flatMap((value) => word(value, 255) ?? []))
  }
  const refunds: Fields[] = []
  for (const id of refundIds.slice(0, MOST)) refunds.push(record(record(await get('refunds', id))['refund']))
  return refunds
}

function denied(reason: string): Confirmation {
  return { kind: 'denied', reason }
}
