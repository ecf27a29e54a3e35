import { ASSERTED_REFUND, type OrderAmount, type OrderLine, type OrderRefund } from '../order.ts'
import { addDecimals, multiplyDecimals } from './decimal.ts'
import { type Fields, list, money, plain, quantity, record, scalar, sumOf, time, word } from './fields.ts'

/** Amounts are numbers in major units (v1's were minor units): `24000` is TSh 24,000. */
export function readLine(item: Fields, currency: string): OrderLine {
  const title = plain(item['product_title']) ?? plain(item['title']) ?? 'Item'
  const variant = plain(item['variant_title']) ?? plain(item['subtitle'])
  const count = quantity(item['quantity'])
  return {
    name: title,
    detail: variant === null || variant === title || variant === 'Default variant' ? null : variant,
    sku: plain(item['variant_sku'], 100),
    quantity: count,
    total: money(multiplyDecimals(item['unit_price'], count), currency) ?? money(item['total'], currency) ?? 0,
  }
}

export function readShipping(order: Fields, methods: readonly Fields[], currency: string): OrderAmount[] {
  const named = methods.map((method) => ({
    label: plain(method['name'], 100) ?? '',
    amount: money(method['amount'], currency) ?? 0,
  }))
  if (named.length > 0) return named
  const total = money(order['shipping_total'], currency) ?? 0
  return total > 0 ? [{ label: '', amount: total }] : []
}

/** What was taken off, by its code where all of it has one; then gift cards. Where tax comes on top, without its tax. */
export function readDiscounts(
  order: Fields,
  items: readonly Fields[],
  { currency, taxIncluded }: { currency: string; taxIncluded: boolean },
): OrderAmount[] {
  const bare = order['discount_subtotal'] ?? withoutTax(order)
  const all = money(taxIncluded ? order['discount_total'] : bare, currency) ?? 0
  const codes = new Map<string, number>()
  for (const part of [...items, ...list(order['shipping_methods'], 100)]) {
    for (const adjustment of list(part['adjustments'], 50)) {
      const label = plain(adjustment['code'], 100) ?? plain(adjustment['description'], 100) ?? ''
      codes.set(label, (codes.get(label) ?? 0) + Math.max(0, money(adjustment['amount'], currency) ?? 0))
    }
  }
  const named = [...codes].map(([label, amount]) => ({ label, amount }))
  const fits = named.length > 0 && sumOf(named) === all
  const discounts = fits ? named : [{ label: named[0]?.label ?? '', amount: all }]
  const giftCards = { label: 'Gift card', amount: money(order['gift_card_total'], currency) ?? 0 }
  return [...discounts, giftCards].filter(({ amount }) => amount > 0)
}

function withoutTax(order: Fields): unknown {
  const tax = scalar(order['discount_tax_total'], 40) ?? '0'
  return (
    addDecimals([order['discount_total'], tax.startsWith('-') ? tax.slice(1) : `-${tax}`]) ?? order['discount_total']
  )
}

/** Refunds of the payments, else the order's own book of transactions, else what its status asserts. */
export function readRefunds(
  order: Fields,
  { currency, total, at }: { currency: string; total: number; at: number | null },
): OrderRefund[] {
  const payments = list(order['payment_collections'], 20).flatMap((collection) => list(collection['payments'], 20))
  const paidBack = payments.flatMap((payment) => list(payment['refunds'], 100))
  const booked = list(order['transactions'], 200).filter((one) => one['reference'] === 'refund')
  const refunds = (paidBack.length > 0 ? paidBack : booked).flatMap((refund, index): OrderRefund[] => {
    const amount = Math.abs(money(refund['amount'], currency) ?? 0)
    if (amount === 0) return []
    const reason = plain(record(refund['refund_reason'])['label']) ?? plain(refund['note'])
    return [{ id: word(refund['id']) ?? String(index), reason, amount, at: time(refund['created_at']) }]
  })
  if (refunds.length > 0 || order['payment_status'] !== 'refunded' || total === 0) return refunds
  return [{ id: ASSERTED_REFUND, reason: null, amount: total, at }]
}
