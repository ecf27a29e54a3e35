import type { OrderAmount, OrderLine, OrderRefund, OrderTax } from '../order.ts'
import { multiplyDecimals } from './decimal.ts'
import { clip, type Fields, list, money, plain, quantity, record, scalar, sumOf, time, word } from './fields.ts'
import { amountOf, type Currencies, decimalOf, readRefund } from './shopify-fields.ts'

export function readLine(item: Fields, currencies: Currencies): OrderLine {
  const count = quantity(item['quantity'])
  return {
    name: plain(item['title']) ?? plain(item['name']) ?? 'Item',
    detail: detailOf(item),
    sku: plain(item['sku'], 100),
    quantity: count,
    total: money(multiplyDecimals(decimalOf(item, 'price', currencies), count), currencies.display) ?? 0,
  }
}

/** The variant and what the buyer chose or had written on it; names with a leading underscore are the shop's own. */
function detailOf(item: Fields): string | null {
  const variant = plain(item['variant_title'], 120)
  const chosen = list(item['properties'], 50).flatMap((property) => {
    const name = plain(property['name'], 60)
    const value = plain(property['value'], 120)
    return name === null || value === null || name.startsWith('_') ? [] : [`${name}: ${value}`]
  })
  const parts = [...(variant === null || variant === 'Default Title' ? [] : [variant]), ...chosen.slice(0, 10)]
  return parts.length === 0 ? null : clip(parts.join(', '), 300)
}

/**
 * What was taken off the lines, by the code or name it was given under. Shipping is shown after its own discount, so
 * that part of `total_discounts` is left out here.
 */
export function readDiscounts(
  body: Fields,
  items: readonly Fields[],
  shippingLines: readonly Fields[],
  currencies: Currencies,
): OrderAmount[] {
  const onShipping = shippingLines.reduce((sum, line) => {
    const full = amountOf(line, 'price', currencies) ?? 0
    return sum + Math.max(0, full - (amountOf(line, 'discounted_price', currencies) ?? full))
  }, 0)
  const named = allocated(body, items, currencies)
  const codes = named.length > 0 ? named : fromCodes(body, currencies)
  const all = amountOf(body, 'total_discounts', currencies)
  if (all === undefined) return codes
  const onLines = Math.max(0, all - onShipping)
  const rest = onLines - sumOf(codes)
  if (rest < 0 && named.length === 0) return onLines > 0 ? [{ label: codes[0]?.label ?? '', amount: onLines }] : []
  return rest > 0 ? [...codes, { label: '', amount: rest }] : codes
}

/** Newer bodies: each line says how much of which discount fell on it. */
function allocated(body: Fields, items: readonly Fields[], currencies: Currencies): OrderAmount[] {
  const applications = list(body['discount_applications'], 100)
  const sums = new Map<string, number>()
  for (const item of items) {
    for (const allocation of list(item['discount_allocations'], 100)) {
      const application = record(applications[Number(word(allocation['discount_application_index']) ?? -1)])
      const label =
        plain(application['code'], 100) ?? plain(application['title'], 100) ?? plain(application['description'], 100)
      sums.set(label ?? '', (sums.get(label ?? '') ?? 0) + Math.max(0, amountOf(allocation, 'amount', currencies) ?? 0))
    }
  }
  return [...sums].map(([label, amount]) => ({ label, amount })).filter(({ amount }) => amount > 0)
}

/** Older bodies: codes with what each took off, in the shop's currency. */
function fromCodes(body: Fields, currencies: Currencies): OrderAmount[] {
  return list(body['discount_codes'], 100)
    .filter((code) => code['type'] !== 'shipping')
    .map((code) => ({
      label: plain(code['code'], 100) ?? '',
      amount: Math.max(0, amountOf(code, 'amount', currencies) ?? 0),
    }))
    .filter(({ amount }) => amount > 0)
}

/** A tip is also a line of its own, told by the gateway it was paid through. */
export function isTip(item: Fields): boolean {
  return item['tip'] != null || item['tip_payment_gateway'] != null
}

export function readFees(body: Fields, items: readonly Fields[], currencies: Currencies): OrderAmount[] {
  const tipLines = items.filter(isTip).map((item) => ({ amount: readLine(item, currencies).total }))
  const fees = [
    { label: 'Tip', amount: amountOf(body, 'total_tip_received', currencies) || sumOf(tipLines) },
    { label: 'Duties', amount: amountOf(body, 'original_total_duties', currencies) ?? 0 },
    { label: 'Fees', amount: amountOf(body, 'original_total_additional_fees', currencies) ?? 0 },
  ]
  return fees.filter((fee) => fee.amount > 0)
}

export function readTaxes(body: Fields, currencies: Currencies): OrderTax[] {
  const taxes = list(body['tax_lines'], 100)
    .map((tax) => ({
      label: plain(tax['title'], 100) ?? '',
      rate: percent(tax['rate']),
      amount: amountOf(tax, 'price', currencies) ?? 0,
    }))
    .filter((tax) => tax.amount > 0)
  if (taxes.length > 0) return taxes
  const total = amountOf(body, 'total_tax', currencies) ?? 0
  return total > 0 ? [{ label: '', rate: null, amount: total }] : []
}

/** 0.18 → "18" */
function percent(rate: unknown): string | null {
  const text = multiplyDecimals(scalar(rate, 12) ?? undefined, '100')
  return text === undefined ? null : String(Number(text))
}

export function readRefunds(body: Fields, { total, ...currencies }: Currencies & { total: number }): OrderRefund[] {
  const refunds = list(body['refunds'], 100).flatMap((refund, index) => {
    return readRefund(refund, currencies, String(index)) ?? []
  })
  const isRefunded = body['financial_status'] === 'refunded' && !('refunds' in body)
  return isRefunded && total > 0 ? [{ id: 'full', reason: null, amount: total, at: time(body['updated_at']) }] : refunds
}
