import { type ToyOrder, text, totalOf, words } from './toy-order.ts'

/** UTC without a zone, as WooCommerce writes it. */
const gmt = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString().slice(0, 19))

function wooStatus(order: ToyOrder): string {
  if (order.cancelledAt !== undefined) return 'cancelled'
  const refunded = (order.refunds ?? []).reduce((sum, refund) => sum + refund.amount, 0)
  if (refunded > 0 && refunded >= totalOf(order)) return 'refunded'
  if (order.fulfilledAt !== undefined) return 'completed'
  return order.paidAt === undefined ? 'pending' : 'processing'
}

/** Parts are ex tax; a tax inside the prices is spread over the lines by share. */
export function wooBody(order: ToyOrder): object {
  const local = (at: number | undefined) => gmt(at === undefined ? undefined : at + 3 * 3_600_000)
  const items = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0)
  const tax = order.tax?.amount ?? 0
  let left = tax
  const lines = order.items.map((item, index) => {
    const gross = item.price * item.quantity
    const share = index === order.items.length - 1 ? left : Math.round((tax * gross) / Math.max(1, items))
    left -= share
    const net = order.tax?.inside ? gross - share : gross
    return {
      id: 900 + index,
      name: item.name.replaceAll('&', '&amp;').replaceAll('–', '&ndash;'),
      product_id: 50 + index,
      variation_id: 0,
      quantity: item.quantity,
      subtotal: text(net),
      subtotal_tax: text(share),
      total: text(net),
      total_tax: text(share),
      sku: '',
      price: net / 100 / item.quantity,
      meta_data: item.detail
        ? [{ id: 1, key: 'pa_option', value: item.detail, display_key: 'Aina', display_value: item.detail }]
        : [],
    }
  })
  const address = {
    ...words(order.customer.name),
    company: '',
    country: order.country,
    phone: order.customer.phone ?? '',
  }
  return {
    id: Number(order.id),
    parent_id: 0,
    number: order.number,
    ...(order.key !== undefined && { order_key: order.key }),
    status: wooStatus(order),
    currency: order.currency,
    version: '10.3.4',
    prices_include_tax: order.tax?.inside ?? false,
    date_created: local(order.createdAt),
    date_created_gmt: gmt(order.createdAt),
    date_modified: local(order.updatedAt),
    date_modified_gmt: gmt(order.updatedAt),
    date_paid: local(order.paidAt),
    date_paid_gmt: gmt(order.paidAt),
    date_completed_gmt: gmt(order.fulfilledAt),
    discount_total: text(order.discount?.amount ?? 0),
    discount_tax: '0.00',
    shipping_total: text(order.shipping?.amount ?? 0),
    shipping_tax: '0.00',
    cart_tax: text(tax),
    total: text(totalOf(order)),
    total_tax: text(tax),
    customer_id: 0,
    billing: address,
    shipping: { ...address, phone: '' },
    payment_method: 'selcom',
    payment_method_title: order.payment?.method ?? 'Cash on delivery',
    transaction_id: order.payment?.reference ?? '',
    meta_data: [
      ...(order.customer.locale ? [{ id: 1, key: 'wpml_language', value: order.customer.locale }] : []),
      ...Object.entries(order.attributes ?? {}).map(([key, value], index) => ({ id: 2 + index, key, value })),
    ],
    line_items: lines,
    tax_lines: order.tax
      ? [
          {
            id: 1,
            label: order.tax.label,
            tax_total: text(tax),
            shipping_tax_total: '0.00',
            rate_percent: order.tax.rate,
          },
        ]
      : [],
    shipping_lines: order.shipping
      ? [{ id: 1, method_title: order.shipping.label, total: text(order.shipping.amount), total_tax: '0.00' }]
      : [],
    fee_lines: [],
    coupon_lines: order.discount ? [{ id: 1, code: order.discount.code, discount: text(order.discount.amount) }] : [],
    refunds: (order.refunds ?? []).map(({ id, amount, reason }) => ({
      id: Number(id),
      reason: reason ?? '',
      total: text(-amount),
    })),
  }
}
