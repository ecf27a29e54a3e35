import { formatMoney, toDecimal } from '../money.ts'
import type { InboundMessage, Order, OrderEventType, PrivacyRequest, Reading } from '../order.ts'
import type { ShopPlatform } from '../shops/platform.ts'
import { platforms } from '../shops/registry.ts'

export interface InspectInput {
  platform: ShopPlatform
  body: Uint8Array
  /** Null when the file does not come with one: the body's shape decides. */
  topic: string | null
  country: string
  json: boolean
  /** What an order's state makes true, given what was known before. */
  transitions: (previous: Order | null, order: Order) => { types: OrderEventType[] }
}

type InspectedEvent =
  | { type: OrderEventType; test: boolean; occurred_at: string | null; order: InspectedOrder }
  | { type: PrivacyRequest['type']; test: false; occurred_at: null; orders: string[] }
  | { type: 'message.received'; test: false; occurred_at: string | null; message: InspectedMessage }

interface InspectedOrder {
  id: string
  number: string
  paid: boolean
  cancelled: boolean
  refunded_total: string
  currency: string
  total: string
  customer: { name: string | null; phone: string | null }
  country: string | null
  items: { name: string; quantity: number | string; total: string }[]
}

interface InspectedMessage {
  from: string | null
  to: string | null
  text: string | null
  conversation_id: string | null
  message_id: string | null
}

/** Shows what a saved delivery would be taken for, were it the first about its order. Nothing is stored or sent. */
export function runInspect(input: InspectInput): { output: string; exitCode: number } {
  const { platform, body, topic, country, transitions } = input
  const readings = platform.read(body, { topic, country })
  const events = readings.flatMap((reading) => eventsOf(reading, transitions))
  const reasons = readings.flatMap((reading) => {
    if (reading.kind === 'claim')
      return [`A claim about ${reading.claim.subject}: ${platform.facts.title}’s API is asked.`]
    return reading.kind === 'ignored' ? [reading.reason] : []
  })
  if (events.length === 0 && reasons.length === 0) reasons.push('On its own this delivery makes no event.')
  const other = events.length === 0 ? likelyPlatform(input) : undefined
  if (other) reasons.push(`It reads as a delivery of ${other.facts.title}: risiti inspect ${other.name} shows it.`)
  const ignored = reasons.length === 0 ? null : reasons.join(' ')
  const output = input.json ? JSON.stringify({ events, ignored }, null, 2) : forPeople(readings, events, ignored)
  return { output, exitCode: 0 }
}

/** Another platform that finds an order in this body; undefined unless there is one alone. */
function likelyPlatform({ platform, body, topic, country }: InspectInput): ShopPlatform | undefined {
  const readable = Object.values(platforms).filter(
    (other) =>
      other.name !== platform.name && other.read(body, { topic, country }).some(({ kind }) => kind === 'order'),
  )
  return readable.length === 1 ? readable[0] : undefined
}

function eventsOf(reading: Reading, transitions: InspectInput['transitions']): InspectedEvent[] {
  if (reading.kind === 'ignored' || reading.kind === 'claim') return []
  if (reading.kind === 'message') {
    const { message } = reading
    return [
      { type: 'message.received', test: false, occurred_at: iso(message.receivedAt), message: inMessage(message) },
    ]
  }
  if (reading.kind === 'privacy') {
    const { type, orderIds } = reading.request
    return [{ type, test: false, occurred_at: null, orders: orderIds }]
  }
  const { order } = reading
  return transitions(null, order).types.map((type) => ({
    type,
    test: order.test,
    occurred_at: iso(HAPPENED_AT[type](order) ?? reading.occurredAt),
    order: inOrder(order),
  }))
}

const HAPPENED_AT: Record<OrderEventType, (order: Order) => number | null> = {
  'order.created': (order) => order.createdAt,
  'order.updated': (order) => order.updatedAt,
  'order.paid': (order) => order.paidAt,
  'order.fulfilled': (order) => order.fulfilledAt,
  'order.refunded': ({ refunds }) => Math.max(0, ...refunds.map(({ at }) => at ?? 0)) || null,
  'order.cancelled': (order) => order.cancelledAt,
}

function inOrder(order: Order): InspectedOrder {
  const decimal = (minor: number) => toDecimal(minor, order.currency)
  return {
    id: order.id,
    number: order.number,
    paid: order.paidAt !== null,
    cancelled: order.cancelledAt !== null,
    refunded_total: decimal(order.refundedTotal),
    currency: order.currency,
    total: decimal(order.total),
    customer: { name: order.customer.name, phone: order.phone.e164 },
    country: order.country,
    items: order.lines.map((line) => ({
      name: line.name,
      quantity: /^\d{1,15}(\.\d+)?$/.test(line.quantity) ? Number(line.quantity) : line.quantity,
      total: decimal(line.total),
    })),
  }
}

function inMessage(message: InboundMessage): InspectedMessage {
  return {
    from: message.from?.e164 ?? null,
    to: message.to,
    text: message.text,
    conversation_id: message.conversationId,
    message_id: message.messageId,
  }
}

function forPeople(readings: readonly Reading[], events: readonly InspectedEvent[], ignored: string | null): string {
  const rows: [string, string][] = []
  if (ignored !== null) rows.push(['ignored', ignored])
  rows.push(['signature', 'not checked: risiti verify does that'])
  if (events.length > 0) {
    rows.push(['events', events.map((event) => `${event.type} (${event.occurred_at ?? 'no time'})`).join(', ')])
  }
  for (const reading of readings) {
    if (reading.kind === 'order') rows.push(...orderRows(reading.order))
    if (reading.kind === 'message') rows.push(...messageRows(reading.message))
  }
  return rows.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n')
}

function orderRows(order: Order): [string, string][] {
  const price = (minor: number) => formatMoney(minor, order.currency)
  const told = order.partial ? ', only a part of the order was told' : ''
  return [
    ['order', `${order.number} (id ${order.id})${order.test ? ', a test' : ''}${told}`],
    ['paid', order.paidAt === null ? 'no' : `yes, ${iso(order.paidAt)}`],
    ...(order.cancelledAt === null ? [] : [['cancelled', iso(order.cancelledAt) ?? 'yes'] satisfies [string, string]]),
    ...order.lines.map((line): [string, string] => ['item', `${line.quantity} × ${line.name}  ${price(line.total)}`]),
    ...order.discounts.map((part): [string, string] => ['discount', `${part.label} ${price(-part.amount)}`.trim()]),
    ...order.shipping.map((part): [string, string] => ['shipping', `${part.label} ${price(part.amount)}`.trim()]),
    ...order.fees.map((part): [string, string] => ['fee', `${part.label} ${price(part.amount)}`.trim()]),
    ...order.taxes.map((part): [string, string] => [
      'tax',
      `${part.label} ${price(part.amount)}${order.taxIncluded ? ' (inside)' : ''}`.trim(),
    ]),
    ['total', price(order.total)],
    ...(order.refundedTotal === 0 ? [] : [['refunded', price(order.refundedTotal)] satisfies [string, string]]),
    ['customer', order.customer.name ?? 'no name'],
    ['phone', order.phone.e164 ?? (order.phone.raw === null ? 'none' : `not usable: ${order.phone.raw}`)],
  ]
}

function messageRows(message: InboundMessage): [string, string][] {
  return [
    ['from', message.from?.e164 ?? `conversation ${message.conversationId}`],
    ['text', message.text?.replace(/\s+/g, ' ') ?? ''],
  ]
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
