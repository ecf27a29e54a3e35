import type { OrderRefund } from '../order.ts'
import { addDecimals } from './decimal.ts'
import { currencyCode, type Fields, list, money, plain, record, time, word } from './fields.ts'
import type { ReadOptions } from './platform.ts'

export interface ShopifyReadOptions extends ReadOptions {
  /** An old X-Shopify-Test header said so. */
  isTest: boolean
}

export interface Currencies {
  /** What the buyer saw, and the receipt shows. */
  display: string
  /** What plain amounts without a `_set` beside them are in. */
  shop: string
}

/** The fixed order of "Send test notification", also as readers that round it above 2^53 pass it on. */
const TEST_ORDER_IDS = new Set(['820982911946154508', '820982911946154500'])

export function isTestOrderId(id: string): boolean {
  return TEST_ORDER_IDS.has(id)
}

/** The tail of `gid://shopify/Order/…` is exact even where a reader before us rounded `id`. */
export function exactId(body: Fields, kind: string): string | null {
  const gid = word(body['admin_graphql_api_id'], 100) ?? ''
  return new RegExp(`^gid://shopify/${kind}/(\\d+)$`).exec(gid)?.[1] ?? word(body['id'])
}

/** Decimal text of one amount in the display currency: of its `_set`, else the plain field where that is the shop's. */
export function decimalOf(body: Fields, key: string, { display, shop }: Currencies): unknown {
  return fromSet(body, key, display) ?? (display === shop ? body[key] : undefined)
}

function fromSet(body: Fields, key: string, currency: string): unknown {
  const set = record(body[`${key}_set`])
  const sides = [record(set['presentment_money']), record(set['shop_money'])]
  return sides.find((side) => currencyCode(side['currency_code']) === currency)?.['amount']
}

export function amountOf(body: Fields, key: string, currencies: Currencies): number | undefined {
  return money(decimalOf(body, key, currencies), currencies.display)
}

/**
 * One refund: the money that went back. Only where transactions were left out of the body (a subscription can ask for
 * some fields alone) do its lines stand for them; with an empty list nothing was paid back. Null when it comes to nothing.
 */
export function readRefund(refund: Fields, currencies: Currencies, fallbackId: string): OrderRefund | null {
  const paid = Array.isArray(refund['transactions']) ? transactionsTotal(refund, currencies) : null
  const given = paid ?? linesTotal(refund, currencies)
  if (given <= 0) return null
  return {
    id: exactId(refund, 'Refund') ?? fallbackId,
    reason: plain(refund['note']),
    amount: given,
    at: time(refund['processed_at']) ?? time(refund['created_at']),
  }
}

/** Null when the transactions are in another currency than the receipt. */
function transactionsTotal(refund: Fields, currencies: Currencies): number | null {
  let sum = 0
  for (const transaction of list(refund['transactions'], 100)) {
    if (transaction['kind'] !== 'refund' || transaction['status'] !== 'success') continue
    const own = currencyCode(transaction['currency']) ?? currencies.display
    const text = own === currencies.display ? transaction['amount'] : fromSet(transaction, 'amount', currencies.display)
    if (text === undefined) return null
    sum += Math.abs(money(text, currencies.display) ?? 0)
  }
  return sum
}

function linesTotal(refund: Fields, currencies: Currencies): number {
  return list(refund['refund_line_items']).reduce((sum, line) => {
    const parts = addDecimals([
      decimalOf(line, 'subtotal', currencies),
      decimalOf(line, 'total_tax', currencies) ?? '0',
    ])
    return sum + Math.max(0, money(parts, currencies.display) ?? 0)
  }, 0)
}
