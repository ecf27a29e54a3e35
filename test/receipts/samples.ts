import type { Order, OrderLine } from '../../src/order.ts'
import type { Brand } from '../../src/receipts/model.ts'

export const PAID_AT = Date.UTC(2026, 10, 22, 11, 5, 40)

export function sampleBrand(changes: Partial<Brand> = {}): Brand {
  return {
    name: 'Duka la Asha',
    color: '#0f766e',
    logo: null,
    address: 'Kariakoo, Dar es Salaam',
    phone: '+255 712 000 111',
    tin: '123-456-789',
    ...changes,
  }
}

export function sampleLine(changes: Partial<OrderLine> = {}): OrderLine {
  return {
    name: 'Khanga ya pamba – Kilimanjaro',
    detail: 'Rangi: bluu · Saizi: M',
    sku: null,
    quantity: '2',
    total: 3_600_000,
    ...changes,
  }
}

export function manyLines(count: number): OrderLine[] {
  return Array.from({ length: count }, (_, i) =>
    sampleLine({ name: `Bidhaa namba ${i + 1}`, detail: i % 2 ? null : 'Rangi: bluu', total: (i + 1) * 100_000 }),
  )
}

/** A paid order of 186,500 shillings; its parts add up. */
export function sampleOrder(changes: Partial<Order> = {}): Order {
  return {
    id: '5001',
    number: '#DL-10482',
    partial: false,
    test: false,
    createdAt: PAID_AT - 600_000,
    updatedAt: PAID_AT,
    paidAt: PAID_AT,
    fulfilledAt: null,
    cancelledAt: null,
    customer: { name: 'Asha Mwinyi', firstName: 'Asha' },
    phone: { raw: '0712345678', e164: '255712345678', problem: null },
    country: 'TZ',
    locale: 'sw-TZ',
    currency: 'TZS',
    lines: [
      sampleLine(),
      sampleLine({ name: 'Kahawa ya Kilimanjaro', detail: '250 g', quantity: '1', total: 1_850_000 }),
      sampleLine({ name: 'Chai ya Njombe', detail: 'Pakiti ya 20', quantity: '3', total: 2_700_000 }),
      sampleLine({ name: 'Kikombe cha udongo', detail: null, quantity: '1', total: 1_400_000 }),
      sampleLine({ name: 'Kikapu cha ukindu', detail: 'Kubwa', quantity: '1', total: 8_700_000 }),
    ],
    subtotal: 18_250_000,
    discounts: [{ label: 'KARIBU5', amount: 300_000 }],
    shipping: [{ label: 'Bodaboda', amount: 700_000 }],
    fees: [],
    taxes: [{ label: 'VAT', rate: '18', amount: 2_783_900 }],
    taxIncluded: true,
    total: 18_650_000,
    refunds: [],
    refundedTotal: 0,
    payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
    url: 'https://duka.example/oda/10482?key=wc_order_a8Gh2Kx9',
    attributes: {},
    ...changes,
  }
}
