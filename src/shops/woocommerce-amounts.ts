import type { OrderAmount, OrderLine, OrderRefund, OrderTax } from '../order.ts'
import { addDecimals, multiplyDecimals } from './decimal.ts'
import { clip, type Fields, list, money, quantity, sumOf, word } from './fields.ts'
import { plainFromHtml } from './html.ts'

/** How amounts of one order are read. */
export interface Amounts {
  currency: string
  /** The shop shows prices with tax: it is added back to every part, which WooCommerce always sends without. */
  withTax: boolean
}

function amount(part: Fields, key: string, taxKey: string, { currency, withTax }: Amounts): number {
  const plain = money(part[key], currency)
  if (!withTax) return plain ?? 0
  // Added before rounding: a shop may send four decimals of each.
  return money(addDecimals([part[key], part[taxKey]]), currency) ?? plain ?? 0
}

export function readLine(line: Fields, amounts: Amounts): OrderLine {
  const hasSubtotal = money(line['subtotal'], amounts.currency) !== undefined
  return {
    name: plainFromHtml(line['name']) ?? plainFromHtml(line['parent_name']) ?? 'Item',
    detail: detailOf(line),
    sku: plainFromHtml(line['sku'], 100),
    quantity: quantity(line['quantity']),
    total: hasSubtotal
      ? amount(line, 'subtotal', 'subtotal_tax', amounts)
      : (money(line['total'], amounts.currency) ?? unitTotal(line, amounts.currency)),
  }
}

function unitTotal(line: Fields, currency: string): number {
  return money(multiplyDecimals(line['price'], quantity(line['quantity'])), currency) ?? 0
}

/** What the buyer chose, as the shop displays it; keys with a leading underscore are the shop's own. */
function detailOf(line: Fields): string | null {
  const inName = variationInName(line)
  const parts = list(line['meta_data'], 50).flatMap((meta) => {
    const key = word(meta['key'], 100)
    const label = plainFromHtml(meta['display_key'], 60)
    const value = plainFromHtml(meta['display_value'], 120)
    if (key === null || key.startsWith('_') || label === null || value === null) return []
    return inName.has(value) ? [] : [`${label}: ${value}`]
  })
  return parts.length === 0 ? null : clip(parts.slice(0, 10).join(', '), 300)
}

/** "T-Shirt - Large, Black" of the parent "T-Shirt" says Large and Black already. */
function variationInName(line: Fields): Set<string> {
  const name = plainFromHtml(line['name']) ?? ''
  const parent = plainFromHtml(line['parent_name'])
  if (parent === null || !name.startsWith(parent)) return new Set()
  return new Set(
    name
      .slice(parent.length)
      .replace(/^\s*[-–]\s*/, '')
      .split(', '),
  )
}

export function readShipping(body: Fields, amounts: Amounts): OrderAmount[] {
  const lines = list(body['shipping_lines'], 100)
  if (lines.length > 0) return readParts(lines, 'method_title', amounts)
  const total = amount(body, 'shipping_total', 'shipping_tax', amounts)
  return total > 0 ? [{ label: '', amount: total }] : []
}

export function readFees(body: Fields, amounts: Amounts): OrderAmount[] {
  return readParts(list(body['fee_lines'], 100), 'name', amounts).filter((fee) => fee.amount !== 0)
}

function readParts(parts: readonly Fields[], nameKey: string, amounts: Amounts): OrderAmount[] {
  return parts.map((part) => ({
    label: plainFromHtml(part[nameKey], 100) ?? '',
    amount: amount(part, 'total', 'total_tax', amounts),
  }))
}

/** Coupons by their code, then what the shop took off by hand. */
export function readDiscounts(body: Fields, amounts: Amounts): OrderAmount[] {
  const coupons = list(body['coupon_lines'], 100)
    .map((coupon) => ({
      label: plainFromHtml(coupon['code'], 100) ?? '',
      amount: Math.abs(amount(coupon, 'discount', 'discount_tax', amounts)),
    }))
    .filter((coupon) => coupon.amount !== 0)
  const rest = amount(body, 'discount_total', 'discount_tax', amounts) - sumOf(coupons)
  // Each coupon may be a rounding step away from its share of the total.
  return rest > coupons.length ? [...coupons, { label: '', amount: rest }] : coupons
}

export function readTaxes(body: Fields, currency: string): OrderTax[] {
  const taxes = list(body['tax_lines'], 100).map((tax) => ({
    label: plainFromHtml(tax['label'], 100) ?? '',
    rate: word(tax['rate_percent'], 12),
    amount: Math.max(0, money(addDecimals([tax['tax_total'], tax['shipping_tax_total'] ?? '0']), currency) ?? 0),
  }))
  if (taxes.length > 0) return taxes.filter((tax) => tax.amount !== 0)
  const totalTax = money(body['total_tax'], currency) ?? 0
  return totalTax > 0 ? [{ label: '', rate: null, amount: totalTax }] : []
}

export function readRefunds(
  body: Fields,
  status: string,
  order: { currency: string; total: number; at: number | null },
): OrderRefund[] {
  const refunds = list(body['refunds'], 100).flatMap((refund, index): OrderRefund[] => {
    const given = Math.abs(money(refund['total'], order.currency) ?? 0)
    if (given === 0) return []
    const reason = plainFromHtml(refund['reason']) ?? plainFromHtml(refund['refund'])
    return [{ id: word(refund['id']) ?? String(index), reason, amount: given, at: null }]
  })
  if (status !== 'refunded' || refunds.length > 0 || order.total === 0) return refunds
  return [{ id: 'full', reason: null, amount: order.total, at: order.at }]
}
