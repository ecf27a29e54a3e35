import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { type ToyPlatform, type ToyRequest, toyWebhook } from '../../src/sandbox/toy-shop.ts'

/** When the customer writes: before the order, some time after it, or never. */
export type Writes = 'before' | 'after' | 'never'

export interface PlannedOrder {
  number: string
  phone: string
  writes: Writes
  shop: string
  /** What the shop posts, in the order it happens to come; each try is signed at its own time. */
  deliveries: ((now: number) => ToyRequest)[]
  /** What the shop posts when it gives the money back. */
  refund(now: number): ToyRequest
}

export const SECRETS: Record<ToyPlatform, string> = {
  woocommerce: 'crash-woo-secret',
  shopify: 'crash-shopify-secret',
  standard: `whsec_${Buffer.from('crash standard secret, 24+ bytes').toString('base64')}`,
}
export const SHOPS: Record<ToyPlatform, string> = { woocommerce: 'duka', shopify: 'soko', standard: 'mtandao' }

const TOPICS: Record<ToyPlatform, [created: string, paid: string, refunded: string]> = {
  woocommerce: ['order.created', 'order.updated', 'order.updated'],
  shopify: ['orders/create', 'orders/paid', 'orders/updated'],
  standard: ['order.created', 'order.paid', 'order.refunded'],
}
const PLATFORMS: ToyPlatform[] = ['woocommerce', 'shopify', 'standard']

/** The `index`th order of a run: always the same for the same chance; of a customer of its own unless one is named. */
export function planOrder(
  index: number,
  random: () => number,
  now: number,
  customer: Partial<Pick<PlannedOrder, 'phone' | 'writes'>> = {},
): PlannedOrder {
  const platform = PLATFORMS[Math.floor(random() * PLATFORMS.length)] ?? 'woocommerce'
  const lot = random()
  const phone = customer.phone ?? `25571${String(1_000_000 + index).slice(-7)}`
  const number = `C-${index}-${Math.floor(random() * 1e9).toString(36)}`
  const paid: ToyOrder = {
    id: String(50_000 + index),
    number,
    customer: { name: `Mteja ${index}`, phone: `+${phone}` },
    country: 'TZ',
    currency: 'TZS',
    items: [{ name: 'Khanga', quantity: 1 + Math.floor(random() * 3), price: 18_000_00 }],
    payment: { method: 'M-Pesa', reference: `R${index}` },
    createdAt: now - 2000,
    updatedAt: now,
    paidAt: now,
  }
  const { paidAt: _paidAt, ...unpaid } = { ...paid, updatedAt: now - 2000 }
  const [created, updated, refunded] = TOPICS[platform]
  const sign = (order: ToyOrder, topic: string, at: number) => toyWebhook(platform, SECRETS[platform], order, topic, at)
  // Only Standard Webhooks tell when they were signed, and are too old after five minutes.
  const make = (order: ToyOrder, topic: string) => (triedAt: number) =>
    sign(order, topic, platform === 'standard' ? triedAt : now)
  const deliveries = [make(unpaid, created), make(paid, updated), make(paid, updated)]
  return {
    number,
    phone,
    shop: SHOPS[platform],
    writes: customer.writes ?? (lot < 0.7 ? 'before' : lot < 0.9 ? 'after' : 'never'),
    refund: (at) =>
      sign({ ...paid, updatedAt: at, refunds: [{ id: `${index}`, amount: 18_000_00, at }] }, refunded, at),
    deliveries: deliveries
      .map((one) => ({ one, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ one }) => one),
  }
}
