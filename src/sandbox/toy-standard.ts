import { isoOrNull, type ToyOrder, text, totalOf } from './toy-order.ts'

export function standardBody(order: ToyOrder): object {
  return {
    id: order.id,
    number: order.number,
    currency: order.currency,
    total: text(totalOf(order)),
    items: order.items.map(({ name, detail, quantity, price }) => ({
      name,
      detail,
      quantity,
      total: text(price * quantity),
    })),
    customer: { name: order.customer.name, phone: order.customer.phone, locale: order.customer.locale },
    country: order.country,
    ...(order.shipping && { shipping: [{ label: order.shipping.label, amount: text(order.shipping.amount) }] }),
    ...(order.discount && { discounts: [{ label: order.discount.code, amount: text(order.discount.amount) }] }),
    ...(order.tax && {
      taxes: [{ label: order.tax.label, rate: order.tax.rate, amount: text(order.tax.amount) }],
      tax_included: order.tax.inside,
    }),
    ...(order.refunds && {
      refunds: order.refunds.map(({ id, amount, reason }) => ({ id, amount: text(amount), reason })),
    }),
    ...(order.payment && { payment: order.payment }),
    ...(order.key !== undefined && { claim_key: order.key }),
    ...(order.test && { test: true }),
    ...(order.attributes && { attributes: order.attributes }),
    created_at: isoOrNull(order.createdAt),
    updated_at: isoOrNull(order.updatedAt),
    paid_at: isoOrNull(order.paidAt),
    fulfilled_at: isoOrNull(order.fulfilledAt),
    cancelled_at: isoOrNull(order.cancelledAt),
  }
}
