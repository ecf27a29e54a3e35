import { ASSERTED_REFUND, type Claim, type Order, type Reading } from '../order.ts'
import { type Fields, isRecord, money, plain, record, word } from './fields.ts'
import { attributesOf, type FreeField, namedField, phoneFields } from './free-fields.ts'
import { parseJson } from './json.ts'
import { choosePhone, regionOf } from './phone.ts'
import type { Confirmation, ConfirmInput, ReadOptions } from './platform.ts'

/** What a gateway's API says of one payment: it knows no goods, and often no name. */
export interface Payment {
  state: 'paid' | 'pending' | 'failed' | 'reversed'
  /** The shop's own reference: the order it is for. */
  reference: string | null
  /** Minor units. */
  amount: number | undefined
  currency: string | null
  createdAt: number | null
  paidAt: number | null
  method: string | null
  /** What the gateway or operator calls the payment, as on the payer's phone. */
  receipt: string | null
  name: string | null
  /** As the gateway wrote it. */
  phone: unknown
  attributes: FreeField[]
}

/** Where a currency is one country's, a phone written without a country is of there: mobile money does not cross it. */
const COUNTRIES: Record<string, string> = {
  TZS: 'TZ',
  KES: 'KE',
  UGX: 'UG',
  RWF: 'RW',
  BIF: 'BI',
  CDF: 'CD',
  ZMW: 'ZM',
  MWK: 'MW',
  MZN: 'MZ',
  ETB: 'ET',
  GHS: 'GH',
  NGN: 'NG',
  ZAR: 'ZA',
}

/** A notification's fields beside its claim: who paid, and how; none when it was no object. */
export function fieldsIn(body: Uint8Array): Fields {
  const parsed = parseJson(body)
  return parsed.ok ? record(parsed.value) : {}
}

/**
 * The amount a claim names, null when it names none. One that cannot be read is undefined, not null: then there would
 * be nothing to compare.
 */
export function claimedAmount(value: unknown, currency: string | null): number | null | undefined {
  if (value === undefined || value === null || currency === null) return null
  const amount = money(value, currency)
  return amount !== undefined && amount > 0 ? amount : undefined
}

/** A claim is true where the gateway's own word is "paid" and everything the claim named is the same there. */
export function judge(title: string, payment: Payment, input: ConfirmInput): Confirmation {
  const { state, reference, amount, currency } = payment
  if (state === 'pending') return { kind: 'undecided', reason: `${title} says the payment is not decided yet.` }
  if (state === 'failed') return { kind: 'denied', reason: `${title} says the payment failed.` }
  if (reference === null || amount === undefined || amount <= 0 || currency === null) {
    return { kind: 'undecided', reason: `${title} answered without the payment’s reference, amount or currency.` }
  }
  const other = difference(input.claim, { reference, amount, currency })
  if (other !== null)
    return { kind: 'denied', reason: `${title} knows this payment with another ${other}.`, mismatch: true }
  return {
    kind: 'confirmed',
    readings: [readingOf(payment, { reference, amount, currency }, input.options, input.now)],
  }
}

interface Facts {
  reference: string
  amount: number
  currency: string
}

function difference(claim: Claim, facts: Facts): string | null {
  if (claim.reference !== null && claim.reference !== facts.reference) return 'reference'
  if (claim.currency !== null && claim.currency !== facts.currency) return 'currency'
  return claim.amount !== null && claim.amount !== facts.amount ? 'amount' : null
}

/** The order a payment is for. A reversal is the order with all its money given back: what has not gone out yet is stopped by it. */
export function readingOf(payment: Payment, facts: Facts, options: ReadOptions, askedAt?: number): Reading {
  const { reference, amount, currency } = facts
  const reversed = payment.state === 'reversed'
  const told = payment.paidAt
  const now = askedAt ?? options.receivedAt ?? told ?? 0
  const paidAt = Math.min(told ?? options.receivedAt ?? now, now)
  const region = regionOf([COUNTRIES[currency] ?? null], options.country)
  const order: Order = {
    id: reference,
    number: reference,
    partial: false,
    test: false,
    createdAt: payment.createdAt ?? paidAt,
    // The same state asked about again is nothing new, so its time is the payment's own.
    updatedAt: reversed ? now : (payment.createdAt ?? paidAt),
    paidAt,
    fulfilledAt: null,
    cancelledAt: null,
    customer: customerOf(payment.name),
    phone: phoneOf(payment, region, options),
    country: region,
    locale: null,
    currency,
    lines: [],
    subtotal: amount,
    discounts: [],
    shipping: [],
    fees: [],
    taxes: [],
    taxIncluded: true,
    total: amount,
    refunds: reversed ? [{ id: ASSERTED_REFUND, reason: null, amount, at: now }] : [],
    refundedTotal: reversed ? amount : 0,
    payment: { method: payment.method, reference: payment.receipt },
    url: null,
    attributes: attributesOf(payment.attributes),
  }
  return { kind: 'order', order, occurredAt: reversed ? now : paidAt }
}

function customerOf(name: string | null): Order['customer'] {
  const text = plain(name, 200)
  return { name: text, firstName: text?.split(' ')[0] ?? null }
}

function phoneOf({ phone, attributes }: Payment, region: string, { whatsappField }: ReadOptions): Order['phone'] {
  const named = namedField(attributes, whatsappField).map(({ value }) => value)
  const others = phoneFields(attributes).map(({ value }) => value)
  return choosePhone([...named, phone, ...others].map((raw) => ({ raw, region }))).phone
}

/** A gateway's free fields: an object of the shop's own making. */
export function freeFieldsOf(value: unknown): FreeField[] {
  if (!isRecord(value)) return []
  return Object.entries(value).map(([name, content]) => ({ name: word(name, 100) ?? '', value: content }))
}

/** The header of a token as a gateway's log-in gave it, some with the word before it; null when it gave none. */
export function bearer(token: unknown): string | null {
  const text = word(token, 10_000)?.replace(/^Bearer\s+/i, '') ?? ''
  return /^[\w.~+/=-]+$/.test(text) ? `Bearer ${text}` : null
}

export function noToken(title: string): Confirmation {
  return { kind: 'undecided', reason: `${title} gave no token for these credentials.` }
}

/** Of two credentials that are of use only together, the one that is missing beside the other. */
export function otherOfPair(given: readonly string[], pair: readonly [string, string]): string | null {
  const missing = pair.filter((name) => !given.includes(name))
  return missing.length === 1 ? `credentials.${missing.join()}` : null
}

/** Gateways of the region write times without a zone, and mean that of Nairobi and Dar es Salaam: it is put behind them. */
export function eastAfrican(value: unknown): unknown {
  const bare = typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(value.trim())
  return bare ? `${value.trim()}+03:00` : value
}
