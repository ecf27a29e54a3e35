import { formatMoney } from '../money.ts'
import type { Claim, Order, Reading } from '../order.ts'

/**
 * Pure: why what the platform's API answered is not what was claimed, in a plain sentence; null when it is. Compared is
 * what the notification named, whatever the platform's own code has checked already.
 */
export function mismatch(claim: Claim, readings: readonly Reading[]): string | null {
  for (const reading of readings) {
    const fault = reading.kind === 'order' ? orderMismatch(claim, reading.order) : null
    if (fault !== null) return fault
  }
  return null
}

function orderMismatch({ amount, currency, reference }: Claim, order: Order): string | null {
  if (currency !== null && currency !== order.currency) {
    return `the notification speaks of ${currency}, the platform’s API of ${order.currency}`
  }
  if (amount !== null && amount !== order.total) {
    const money = (minor: number) => formatMoney(minor, order.currency)
    return `the notification speaks of ${money(amount)}, the platform’s API of ${money(order.total)}`
  }
  const known = [order.id, order.number, order.payment.reference]
  if (reference !== null && !known.includes(reference)) {
    return 'the notification names another reference than the platform’s API'
  }
  return null
}
