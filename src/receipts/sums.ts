import type { Order, OrderAmount, OrderTax } from '../order.ts'
import type { Labels } from './labels.ts'
import { FITS } from './layout.ts'
import { isolate, tidy, widthEm } from './text.ts'

export interface ReceiptSum {
  label: string
  amount: string
}

type Money = (minor: number) => string

/** Coupons, taxes or refunds shown one by one; the last of more is their rest. */
const MOST_PER_GROUP = 3

/** From the subtotal down to, but without, the total. */
export function sumsOf(order: Order, labels: Labels, money: Money): ReceiptSum[] {
  const discounts = group(order.discounts, (discount) => named(labels.discount, discount.label))
  const shipping = group(order.shipping, (method) => named(labels.delivery, method.label), true)
  const fees = group(order.fees, (fee) => tidy(fee.label, FITS.sumLabel) || labels.fee)
  const taxes = group(order.taxes, (tax) => taxLabel(tax, order.taxIncluded, labels))
  const parts = [
    ...discounts.map(({ label, amount }) => ({ label, amount: money(-amount) })),
    ...shipping.map(({ label, amount }) => ({ label, amount: amount === 0 ? labels.free : money(amount) })),
    ...[...fees, ...taxes].map(({ label, amount }) => ({ label, amount: money(amount) })),
  ]
  // A payment of which only the total is known: its subtotal would say the same again.
  if (order.lines.length === 0 && parts.length === 0) return []
  return [{ label: labels.subtotal, amount: money(order.subtotal) }, ...parts]
}

/** One row per refund, or one for all where the list does not add up to what the shop says went back. */
export function refundsOf(order: Order, labels: Labels, money: Money): ReceiptSum[] {
  if (order.refundedTotal <= 0) return []
  const listed = order.refunds.reduce((sum, refund) => sum + refund.amount, 0)
  const refunds =
    listed === order.refundedTotal
      ? order.refunds.map(({ reason, amount }) => ({ label: reason ?? '', amount }))
      : [{ label: '', amount: order.refundedTotal }]
  return group(refunds, (refund) => named(labels.refund, refund.label)).map(({ label, amount }) => ({
    label,
    amount: money(-amount),
  }))
}

/** Labelled amounts without the empty ones; of a long list the last row is the sum of its rest. */
function group<T extends OrderAmount>(amounts: T[], label: (amount: T) => string, keepZero = false): OrderAmount[] {
  const rows = amounts
    .filter((row) => keepZero || row.amount !== 0)
    .map((row) => ({ label: label(row), amount: row.amount }))
  if (rows.length <= MOST_PER_GROUP) return rows
  const rest = rows.slice(MOST_PER_GROUP - 1)
  const amount = rest.reduce((sum, row) => sum + row.amount, 0)
  return [...rows.slice(0, MOST_PER_GROUP - 1), { label: `${rest[0]?.label ?? ''} (+${rest.length - 1})`, amount }]
}

/** "Delivery (Bodaboda)"; a shop that calls its delivery "Delivery" is not quoted. */
function named(label: string, name: string): string {
  const own = tidy(name, FITS.sumLabel - widthEm(label))
  return own === '' || own.toLowerCase() === label.toLowerCase() ? label : `${label} (${isolate(own)})`
}

function taxLabel(tax: OrderTax, included: boolean, labels: Labels): string {
  const own = tidy(tax.label, FITS.sumLabel / 2)
  const name = own === '' ? labels.tax : /^v\.?a\.?t\.?$/i.test(own) ? labels.vat : own
  const rate = /^\d+(\.\d+)?$/.test(tax.rate ?? '') && !own.includes('%') ? ` ${Number(tax.rate)}%` : ''
  return `${name}${rate}${included ? ` ${labels.included}` : ''}`
}
