import type { z } from 'zod'
import { claimKeysOf } from '../claim-code.ts'
import { ORDER_EVENT_TYPES, type Order, type OrderEventType, type OrderLine, type Reading } from '../order.ts'
import { multiplyDecimals } from './decimal.ts'
import {
  countryCode,
  currencyCode,
  localeCode,
  money,
  plain,
  quantity,
  sumOf,
  time,
  webAddress,
  word,
} from './fields.ts'
import { attributesOf } from './free-fields.ts'
import { parsePhone, parseSender, regionOf } from './phone.ts'
import type { ReadOptions } from './platform.ts'
import { ignored } from './reading.ts'
import { plainToken } from './signature.ts'
import { envelope, type MessageData, messageData, type OrderData, orderData } from './standard-schema.ts'

export function readStandard(body: unknown, options: ReadOptions): Reading {
  const event = envelope.safeParse(body)
  if (!event.success) return ignored(`The event cannot be read: ${faults(event.error, '')}.`)
  const { type, data } = event.data
  const at = time(event.data.timestamp) ?? options.receivedAt ?? 0

  if (type === 'message.received') {
    const message = messageData.safeParse(data)
    return message.success ? readMessage(message.data, at, options) : unreadable(type, message.error)
  }
  const orderType = ORDER_EVENT_TYPES.find((known) => known === type)
  if (orderType === undefined)
    return ignored(`Events of the type ${plainToken(type) ?? 'it names'} are not known here.`)
  const order = orderData.safeParse(data)
  return order.success ? readOrder(orderType, order.data, at, options) : unreadable(type, order.error)
}

/** The type asserts its fact: `order.paid` without `paid_at` was paid at the timestamp. */
function readOrder(type: OrderEventType, data: OrderData, at: number, options: ReadOptions): Reading {
  const currency = currencyCode(data.currency) ?? ''
  const amount = (value: unknown) => money(value, currency)
  const total = amount(data.total)
  if (total === undefined) return ignored('The order has a total that is too large.')

  const id = String(data.id)
  const lines = data.items.map((item) => readItem(item, currency))
  const named = (part: { label?: string | null | undefined; amount: string | number }) => ({
    label: plain(part.label, 100) ?? '',
    amount: amount(part.amount) ?? 0,
  })
  const refunds = (data.refunds ?? []).map((refund, index) => ({
    id: refund.id == null ? String(index) : String(refund.id),
    reason: plain(refund.reason),
    amount: amount(refund.amount) ?? 0,
    at: time(refund.at),
  }))
  const isWholeRefund = type === 'order.refunded' && refunds.length === 0 && total > 0
  if (isWholeRefund) refunds.push({ id: 'full', reason: null, amount: total, at })
  const country = countryCode(data.country) ?? options.country
  const name = plain(data.customer?.name, 200)

  const order: Order = {
    id,
    number: word(data.number) ?? id,
    partial: false,
    test: data.test === true,
    createdAt: time(data.created_at) ?? (type === 'order.created' ? at : null),
    updatedAt: time(data.updated_at) ?? at,
    paidAt: time(data.paid_at) ?? (type === 'order.paid' ? at : null),
    fulfilledAt: time(data.fulfilled_at) ?? (type === 'order.fulfilled' ? at : null),
    cancelledAt: time(data.cancelled_at) ?? (type === 'order.cancelled' ? at : null),
    customer: { name, firstName: name?.split(' ')[0] ?? null },
    phone: parsePhone(data.customer?.phone, regionOf([country], options.country)),
    country,
    locale: localeCode(data.customer?.locale),
    currency,
    lines,
    subtotal: amount(data.subtotal) ?? lines.reduce((sum, line) => sum + line.total, 0),
    discounts: (data.discounts ?? []).map(named),
    shipping: Array.isArray(data.shipping)
      ? data.shipping.map(named)
      : data.shipping == null
        ? []
        : [named({ amount: data.shipping })],
    fees: (data.fees ?? []).map(named),
    taxes: (data.taxes ?? []).map((tax) => ({ ...named(tax), rate: word(tax.rate, 12) })),
    taxIncluded: data.tax_included === true,
    total,
    refunds,
    refundedTotal: sumOf(refunds),
    payment: { method: plain(data.payment?.method, 100), reference: plain(data.payment?.reference, 100) },
    url: webAddress(data.url),
    attributes: attributesOf(Object.entries(data.attributes ?? {}).map(([key, value]) => ({ name: key, value }))),
  }
  return { kind: 'order', order, occurredAt: at, claimKeys: claimKeysOf(data.claim_key) }
}

function readItem(item: OrderData['items'][number], currency: string): OrderLine {
  const count = quantity(item.quantity)
  return {
    name: plain(item.name) ?? 'Item',
    detail: plain(item.detail),
    sku: plain(item.sku, 100),
    quantity: count,
    total: money(item.total, currency) ?? money(multiplyDecimals(item.unit_price, count), currency) ?? 0,
  }
}

function readMessage(data: MessageData, at: number, options: ReadOptions): Reading {
  const from = parseSender(data.from, options.country)
  const conversationId = word(data.conversation_id, 200)
  if (from.e164 === null && conversationId === null) return ignored('data.from is not a phone number that can be used.')
  const receivedAt = time(data.received_at) ?? at
  return {
    kind: 'message',
    occurredAt: receivedAt,
    message: {
      from: from.raw === null ? null : from,
      to: word(data.to, 40)?.replace(/\D/g, '') || null,
      conversationId,
      messageId: word(data.message_id, 200),
      text: data.text == null ? null : messageText(data.text),
      name: plain(data.name, 200),
      receivedAt,
    },
  }
}

/** Cut at WhatsApp's own limit; lines stay, half characters and nulls do not. */
function messageText(text: string): string {
  return text.slice(0, 4096).replace(/[\p{Cs}\0]/gu, '')
}

function unreadable(type: string, error: z.ZodError): Reading {
  return ignored(`This ${type} cannot be read: ${faults(error, 'data.')}.`)
}

/** Which fields, and what they should be; never what they held. */
function faults(error: z.ZodError, prefix: string): string {
  const named = error.issues.map(({ path, message }) => `${prefix}${path.join('.') || 'body'}: ${message}`)
  return [...new Set(named)].slice(0, 5).join('; ').slice(0, 500)
}
