import { isoOrNull, type ToyOrder, text, totalOf, words } from './toy-order.ts'

export function shopifyBody(order: ToyOrder): object {
  const money = (minor: number) => {
    const amount = { amount: text(minor), currency_code: order.currency }
    return { shop_money: amount, presentment_money: amount }
  }
  const total = totalOf(order)
  const refunded = (order.refunds ?? []).reduce((sum, refund) => sum + refund.amount, 0)
  const items = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0)
  const discount = order.discount?.amount ?? 0
  const paid = order.paidAt !== undefined
  const address = {
    ...words(order.customer.name),
    name: order.customer.name,
    phone: order.customer.phone,
    country_code: order.country,
  }
  return {
    // Written as digits, as Shopify does; beyond 2^53 only text stays exact.
    id: Number(order.id),
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: order.number,
    ...(order.key !== undefined && { checkout_token: order.key }),
    test: order.test ?? false,
    financial_status:
      refunded > 0 ? (refunded >= total ? 'refunded' : 'partially_refunded') : paid ? 'paid' : 'pending',
    fulfillment_status: order.fulfilledAt === undefined ? null : 'fulfilled',
    cancelled_at: isoOrNull(order.cancelledAt),
    created_at: isoOrNull(order.createdAt),
    processed_at: isoOrNull(order.paidAt ?? order.createdAt),
    updated_at: isoOrNull(order.updatedAt),
    currency: order.currency,
    presentment_currency: order.currency,
    customer_locale: order.customer.locale ?? null,
    taxes_included: order.tax?.inside ?? false,
    total_price: text(total),
    total_price_set: money(total),
    subtotal_price: text(items - discount),
    subtotal_price_set: money(items - discount),
    total_discounts: text(discount),
    total_discounts_set: money(discount),
    total_tax: text(order.tax?.amount ?? 0),
    total_tax_set: money(order.tax?.amount ?? 0),
    total_shipping_price_set: money(order.shipping?.amount ?? 0),
    payment_gateway_names: order.payment ? [order.payment.method] : [],
    phone: order.customer.phone,
    billing_address: address,
    shipping_address: address,
    customer: { id: 1, ...words(order.customer.name), phone: order.customer.phone },
    discount_codes: order.discount ? [{ code: order.discount.code, amount: text(discount), type: 'fixed_amount' }] : [],
    discount_applications: [],
    tax_lines: order.tax
      ? [
          {
            title: order.tax.label,
            rate: order.tax.rate / 100,
            price: text(order.tax.amount),
            price_set: money(order.tax.amount),
          },
        ]
      : [],
    shipping_lines: order.shipping
      ? [
          {
            title: order.shipping.label,
            price: text(order.shipping.amount),
            price_set: money(order.shipping.amount),
            discounted_price: text(order.shipping.amount),
            discounted_price_set: money(order.shipping.amount),
          },
        ]
      : [],
    line_items: order.items.map((item, index) => ({
      id: 900 + index,
      title: item.name,
      name: item.detail ? `${item.name} - ${item.detail}` : item.name,
      variant_title: item.detail ?? null,
      quantity: item.quantity,
      price: text(item.price),
      price_set: money(item.price),
      total_discount: '0.00',
      discount_allocations: [],
      properties: [],
      sku: '',
    })),
    refunds: (order.refunds ?? []).map(({ id, amount, reason, at }) => ({
      id: Number(id),
      note: reason ?? null,
      created_at: isoOrNull(at ?? order.updatedAt),
      transactions: [{ kind: 'refund', status: 'success', amount: text(amount), currency: order.currency }],
      refund_line_items: [],
    })),
    note_attributes: Object.entries(order.attributes ?? {}).map(([name, value]) => ({ name, value })),
  }
}
