/** An order of a pretend shop. Amounts are minor units of a currency with two decimals; times are epoch milliseconds. */
export interface ToyOrder {
  id: string
  number: string
  customer: { name: string; phone: string | null; locale?: string }
  country: string
  currency: string
  items: { name: string; detail?: string; quantity: number; price: number }[]
  shipping?: { label: string; amount: number }
  discount?: { code: string; amount: number }
  tax?: { label: string; rate: number; amount: number; inside: boolean }
  payment?: { method: string; reference: string }
  refunds?: { id: string; amount: number; reason?: string; at?: number }[]
  createdAt: number
  updatedAt: number
  paidAt?: number
  cancelledAt?: number
  fulfilledAt?: number
  test?: boolean
  /** Free fields: meta data, note attributes, attributes. */
  attributes?: Record<string, string>
  /** What the shop's thank-you page knows of it. */
  key?: string
}

export function totalOf(order: ToyOrder): number {
  const items = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0)
  const tax = order.tax && !order.tax.inside ? order.tax.amount : 0
  return items + (order.shipping?.amount ?? 0) - (order.discount?.amount ?? 0) + tax
}

/** 4550 → "45.50" */
export const text = (minor: number) =>
  `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`

export const words = (name: string) => {
  const [first = '', ...rest] = name.split(' ')
  return { first_name: first, last_name: rest.join(' ') }
}

export const isoOrNull = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())
