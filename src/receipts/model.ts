import { formatMoney } from '../money.ts'
import { type Locale, newestRefund, type Order, type OrderLine } from '../order.ts'
import { formatDate } from './dates.ts'
import { countRows, fitLines, MOST_LINES } from './fold.ts'
import { LABELS, type Labels } from './labels.ts'
import { FITS } from './layout.ts'
import { maskPhone } from './mask-phone.ts'
import { type ReceiptSum, refundsOf, sumsOf } from './sums.ts'
import { isolate, tidy } from './text.ts'
import { unitPrice } from './unit-price.ts'

/** What a shop's receipts look like and say of the shop. */
export interface Brand {
  name: string
  /** `#rrggbb` */
  color: string
  /** PNG or JPEG; bytes that cannot be drawn are as good as none. */
  logo: Uint8Array | null
  address: string | null
  phone: string | null
  tin: string | null
}

/** What the picture tells: the order and its payment, or the money that was given back. */
export type ReceiptKind = 'receipt' | 'refund'

/** A receipt in final words: drawing it only lays them out. */
export interface ReceiptModel {
  kind: ReceiptKind
  locale: Locale
  brand: { name: string; initial: string; color: string; logo: Uint8Array | null; contact: string | null }
  title: string
  badge: { state: OrderState; text: string }
  facts: ReceiptFact[]
  heading: { items: string; currency: string }
  density: 'roomy' | 'compact'
  lines: { name: string; detail: string | null; amount: string }[]
  /** The lines there was no room for, in one row. */
  folded: ReceiptSum | null
  sums: ReceiptSum[]
  total: ReceiptSum
  refunds: ReceiptSum[]
  netPaid: ReceiptSum | null
  footer: { thanks: string; scan: string | null; tin: string | null }
  /** What the QR code says. */
  qr: string | null
}

export interface ReceiptFact {
  label: string
  value: string
  strong: boolean
}

export type OrderState = 'paid' | 'unpaid' | 'refunded' | 'partlyRefunded' | 'cancelled'

export interface ReceiptOptions {
  brand: Brand
  locale: Locale
  /** IANA */
  timezone: string
  kind?: ReceiptKind
}

/** Longer ones make a code too dense for a phone to read off another phone. */
const QR_AT_MOST = 300

const NO_BREAK_SPACE = '\u00a0'

export function receiptModel(
  order: Order,
  { brand, locale, timezone, kind = 'receipt' }: ReceiptOptions,
): ReceiptModel {
  const labels = LABELS[locale]
  const money = (minor: number) => formatMoney(minor, order.currency)
  const state = orderState(order)
  const facts = factsOf(order, labels, timezone, kind)
  const total = { label: labels.total, amount: money(order.total) }
  const sums = [...sumsOf(order, labels, money), ...(kind === 'refund' ? [total] : [])]
  const refunds = refundsOf(order, labels, money)
  const told = order.lines.slice(0, MOST_LINES + 1).map((line) => lineOf(line, order.currency))
  const lines = told.length > 0 ? told : [paymentLine(order, labels)]
  const rows = countRows([
    ...facts.map(({ label, value }) => ({ fixed: label, flexible: value })),
    ...[...sums, ...refunds].map(({ label, amount }) => ({ fixed: amount, flexible: label })),
  ])
  // A refund's title may take two rows beside its badge.
  const { count, density } = fitLines(lines, rows + (refunds.length > 0 ? 2 : 0) + (kind === 'refund' ? 1 : 0))
  const qr = qrOf(order.url)
  return {
    kind,
    locale,
    brand: brandOf(brand),
    title: titleOf(order, kind, labels),
    badge: { state, text: labels[state] },
    facts,
    heading: { items: labels.items, currency: currencySign(order.currency) },
    density,
    lines: lines.slice(0, count),
    folded: foldedOf(order.lines.slice(count), order.currency, labels),
    sums,
    total: boxOf(order, kind, state, labels, money) ?? total,
    refunds,
    netPaid:
      refunds.length > 0 && order.paidAt !== null
        ? { label: labels.netPaid, amount: money(order.total - order.refundedTotal) }
        : null,
    footer: {
      thanks: kind === 'refund' ? labels.thanksOnly : thanksFor(state, labels),
      scan: qr && labels.scan,
      tin: brand.tin && `${labels.tin} ${tidy(brand.tin, FITS.footer)}`,
    },
    qr,
  }
}

/** What may truthfully be said of the order; what became of the money beats what became of the goods. */
export function orderState(order: Order): OrderState {
  if (order.refundedTotal > 0 && order.refundedTotal >= order.total) return 'refunded'
  if (order.cancelledAt !== null) return 'cancelled'
  if (order.refundedTotal > 0) return 'partlyRefunded'
  return order.paidAt === null ? 'unpaid' : 'paid'
}

function brandOf(brand: Brand): ReceiptModel['brand'] {
  const phone = tidy(brand.phone, FITS.contact / 2).replaceAll(' ', NO_BREAK_SPACE)
  const initial = /[\p{L}\p{N}]/u.exec(brand.name.normalize('NFKC'))?.[0]
  return {
    name: tidy(brand.name, FITS.shopName),
    initial: initial?.toLocaleUpperCase('en') ?? '•',
    color: brand.color,
    logo: brand.logo,
    contact: dotted([tidy(brand.address, FITS.contact), phone]),
  }
}

function titleOf(order: Order, kind: ReceiptKind, labels: Labels): string {
  if (kind === 'refund') return labels.refundReceipt
  return order.paidAt === null && order.refundedTotal === 0 ? labels.yourOrder : labels.receipt
}

/** The sum the picture is about, where that is not the order's total. */
function boxOf(
  order: Order,
  kind: ReceiptKind,
  state: OrderState,
  labels: Labels,
  money: (minor: number) => string,
): ReceiptSum | null {
  if (kind === 'refund') return { label: labels.givenBack, amount: money(order.refundedTotal) }
  return state === 'unpaid' ? { label: labels.toPay, amount: money(order.total) } : null
}

function factsOf(order: Order, labels: Labels, timezone: string, kind: ReceiptKind): ReceiptFact[] {
  const refundedAt = kind === 'refund' ? (newestRefund(order)?.at ?? null) : null
  const at = refundedAt ?? order.paidAt ?? order.createdAt
  const payment = dotted([order.payment.method, order.payment.reference].map((part) => tidy(part, FITS.fact / 2)))
  const facts: [string, string | null][] = [
    [labels.order, tidy(order.number, FITS.fact)],
    [labels.date, at === null ? null : formatDate(at, timezone, labels.months)],
    [labels.customer, tidy(order.customer.name?.trim() || order.customer.firstName, FITS.fact)],
    [labels.phone, order.phone.e164 && maskPhone(order.phone.e164)],
    [order.paidAt === null ? labels.payment : labels.paidWith, payment],
  ]
  return facts.flatMap(([label, value], index) => (value ? [{ label, value, strong: index === 0 }] : []))
}

/** A gateway knows a payment, not the goods. */
function paymentLine({ number, subtotal, currency }: Order, labels: Labels) {
  return { name: tidy(labels.paymentFor(number), FITS.lineName), detail: null, amount: bareMoney(subtotal, currency) }
}

function lineOf(line: OrderLine, currency: string) {
  const detail = tidy(line.detail, FITS.lineDetail)
  const quantity = tidy(line.quantity, FITS.quantity) || '1'
  const unit = unitPrice(line)
  const showUnit = unit !== null && (quantity !== '1' || detail === '')
  const times = `${quantity} ×${showUnit ? ` ${bareMoney(unit, currency)}` : ''}`
  return {
    name: tidy(line.name, FITS.lineName) || '—',
    detail: detailOf({ detail, times, alone: quantity === '1' && !showUnit, showUnit }),
    amount: bareMoney(line.total, currency),
  }
}

/** Of one piece the variation says all there is to say. */
function detailOf({
  detail,
  times,
  alone,
  showUnit,
}: {
  detail: string
  times: string
  alone: boolean
  showUnit: boolean
}) {
  if (detail === '') return times
  if (alone) return isolate(detail)
  return `${times}${showUnit ? ' · ' : ' '}${isolate(detail)}`
}

function foldedOf(rest: OrderLine[], currency: string, labels: Labels): ReceiptSum | null {
  if (rest.length === 0) return null
  const total = rest.reduce((sum, line) => sum + line.total, 0)
  return { label: labels.moreItems(rest.length), amount: bareMoney(total, currency) }
}

function dotted(parts: string[]): string | null {
  const said = parts.filter((part) => part !== '')
  return said.length > 0 ? said.map(isolate).join(' · ') : null
}

function thanksFor(state: OrderState, labels: Labels): string {
  if (state === 'unpaid') return labels.thanksForOrder
  return state === 'paid' || state === 'partlyRefunded' ? labels.thanks : labels.thanksOnly
}

function qrOf(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null
  const { href, protocol } = new URL(text)
  return /^https?:$/.test(protocol) && href.length <= QR_AT_MOST ? href : null
}

/** "TSh", for a column whose amounts are bare. */
function currencySign(currency: string): string {
  return /^\D*/.exec(formatMoney(0, currency))?.[0].trim() ?? currency
}

function bareMoney(minor: number, currency: string): string {
  return formatMoney(minor, currency).replace(/^(−?)\D*/, '$1')
}
