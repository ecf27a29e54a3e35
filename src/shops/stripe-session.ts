import type { Order, OrderAmount, OrderLine, Reading } from '../order.ts'
import { fieldsIn } from './buyer.ts'
import { currencyCode, type Fields, list, localeCode, plain, quantity, record, unixTime, word } from './fields.ts'
import type { FreeField } from './free-fields.ts'
import { ignored, partialOrder } from './reading.ts'
import { buyer, idOf, numberOf, personOf, type StripeEvent } from './stripe-event.ts'
import { stripeMoney } from './stripe-money.ts'

/** A Checkout session: the whole of a sale, but for its lines, which only the API has. */
export function readSession(event: StripeEvent, lines: OrderLine[] | null = null): Reading {
  const { object, type, at, options } = event
  const sessionId = word(object['id'], 255)
  const currency = currencyCode(object['currency'])
  if (sessionId === null) return ignored('The checkout session has no id.')
  if (object['mode'] === 'setup') return ignored('This checkout kept a card for later and sold nothing.')
  if (currency === null) return ignored('The checkout session has no currency.')
  const id = orderIdOfSession(object) ?? sessionId
  if (type === 'checkout.session.expired') {
    const order = partialOrder({ id, currency, at, test: event.test, country: options.country })
    return { kind: 'order', order: { ...order, number: numberOf(object, id), cancelledAt: at }, occurredAt: at }
  }
  const amount = (value: unknown) => stripeMoney(value, currency)
  const total = amount(object['amount_total'])
  if (total === undefined || total < 0) return ignored('The checkout session has no total that can be read.')

  const subtotal = amount(object['amount_subtotal']) ?? total
  const order: Order = {
    id,
    number: numberOf(object, id),
    partial: false,
    test: event.test,
    createdAt: unixTime(object['created']) ?? at,
    updatedAt: at,
    paidAt: isPaid(object) ? at : null,
    fulfilledAt: null,
    cancelledAt: null,
    ...buyer(
      [personOf(object['customer_details']), ...shippingOf(object).map(personOf)],
      [...customFields(object), ...fieldsIn(object['metadata'])],
      options,
    ),
    locale: localeCode(object['locale']),
    currency,
    lines: lines ?? [{ name: 'Item', detail: null, sku: null, quantity: '1', total: subtotal }],
    subtotal,
    ...partsOf(object, { subtotal, total, amount }),
    total,
    refunds: [],
    refundedTotal: 0,
    payment: { method: methodOf(object), reference: idOf(object['payment_intent']) },
    url: null,
  }
  return { kind: 'order', order, occurredAt: at }
}

/** A sale without one (nothing to pay, a subscription) goes by its session. */
export function orderIdOfSession(session: Fields): string | null {
  return idOf(session['payment_intent']) ?? word(session['id'], 255)
}

/** Delayed methods complete as `unpaid` and are told again once the money came. */
function isPaid(session: Fields): boolean {
  return session['payment_status'] === 'paid' || session['payment_status'] === 'no_payment_required'
}

/** Where newer and older API versions keep who gets the goods (moved in 2022-11-15 and 2025-03-31). */
function shippingOf(session: Fields): unknown[] {
  return [
    record(session['collected_information'])['shipping_details'],
    session['shipping_details'],
    session['shipping'],
  ].filter((address) => address != null)
}

/** What the shop asked for on the checkout page: text, a number or a choice. */
function customFields(session: Fields): FreeField[] {
  return list(session['custom_fields'], 20).map((field) => {
    const kinds = [field['text'], field['numeric'], field['dropdown']].map((kind) => record(kind)['value'])
    return { name: word(field['key'], 100) ?? '', value: kinds.find((value) => value != null) ?? null }
  })
}

function partsOf(
  session: Fields,
  known: { subtotal: number; total: number; amount: (value: unknown) => number | undefined },
): Pick<Order, 'discounts' | 'shipping' | 'fees' | 'taxes' | 'taxIncluded'> {
  const { subtotal, total, amount } = known
  const details = record(session['total_details'])
  const part = (name: string) => Math.max(0, amount(details[name]) ?? 0)
  const [discount, shipping, tax] = [part('amount_discount'), part('amount_shipping'), part('amount_tax')]
  return {
    discounts: unnamed(discount),
    shipping: session['shipping_cost'] == null ? unnamed(shipping) : [{ label: '', amount: shipping }],
    fees: [],
    taxes: unnamed(tax).map((row) => ({ ...row, rate: null })),
    // Stripe says of no session whether its prices hold the tax, but the sum does.
    taxIncluded: tax > 0 && subtotal - discount + shipping === total,
  }
}

function unnamed(amount: number): OrderAmount[] {
  return amount > 0 ? [{ label: '', amount }] : []
}

/** The methods on offer; which one was taken is known only where there is one. */
function methodOf(session: Fields): string | null {
  const methods = Array.isArray(session['payment_method_types']) ? session['payment_method_types'] : []
  return methods.length === 1 ? (plain(methods[0], 60)?.replaceAll('_', ' ') ?? null) : null
}

/** The answer of `GET /v1/checkout/sessions/{id}/line_items`; null when it holds none in this currency. */
export function readSessionLines(answer: unknown, currency: string): OrderLine[] | null {
  const lines = list(record(answer)['data']).flatMap((item): OrderLine[] => {
    const total = stripeMoney(item['amount_subtotal'], currency) ?? stripeMoney(item['amount_total'], currency)
    if (total === undefined || currencyCode(item['currency']) !== currency) return []
    const detail = plain(record(item['price'])['nickname'])
    return [
      { name: plain(item['description']) ?? 'Item', detail, sku: null, quantity: quantity(item['quantity']), total },
    ]
  })
  return lines.length === 0 ? null : lines
}
