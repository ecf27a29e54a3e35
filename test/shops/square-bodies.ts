/** Notifications and answers as Square writes them, of invented people; `changes` replaces top-level fields. */
type Changes = Record<string, unknown>

const usd = (amount: number) => ({ amount, currency: 'USD' })

export function squareEvent(type: string, object: Changes): Changes {
  return {
    merchant_id: '5S9MXCS9Y99KK',
    type,
    event_id: '116038d3-2948-439f-8679-fc86dbf80f69',
    created_at: '2026-10-05T12:00:31Z',
    data: { type, id: 'x', object },
  }
}

export function squarePayment(changes: Changes = {}): Changes {
  return {
    id: 'PAY1',
    order_id: 'ORD1',
    reference_id: 'web-88',
    status: 'COMPLETED',
    source_type: 'CARD',
    customer_id: 'CUST1',
    amount_money: usd(5500),
    tip_money: usd(200),
    total_money: usd(5700),
    receipt_number: 'PAY1',
    receipt_url: 'https://squareup.com/receipt/preview/PAY1',
    ...changes,
  }
}

export function squareRefund(changes: Changes = {}): Changes {
  return {
    id: 'PAY1_r1',
    payment_id: 'PAY1',
    order_id: 'RETURN1',
    status: 'COMPLETED',
    reason: 'Cold',
    amount_money: usd(700),
    created_at: '2026-10-05T12:59:00Z',
    updated_at: '2026-10-05T13:00:00Z',
    ...changes,
  }
}

export const squareCustomer = {
  id: 'CUST1',
  given_name: 'Maria',
  family_name: 'Lopez',
  phone_number: '+1 (415) 555-2671',
  address: { country: 'US' },
}

export function squareOrder(changes: Changes = {}): Changes {
  return {
    id: 'ORD1',
    location_id: 'LOC1',
    customer_id: 'CUST1',
    reference_id: 'web-88',
    source: { name: 'Web shop' },
    state: 'OPEN',
    version: 3,
    created_at: '2026-10-05T12:00:00Z',
    updated_at: '2026-10-05T12:00:30Z',
    line_items: [
      {
        name: 'Coffee',
        variation_name: 'Large',
        quantity: '1.5',
        base_price_money: usd(2400),
        variation_total_price_money: usd(3600),
        modifiers: [{ name: 'Oat milk', total_price_money: usd(100) }],
        gross_sales_money: usd(3700),
        total_money: usd(3500),
      },
      {
        name: 'Sticker',
        variation_name: 'Regular',
        quantity: '1',
        variation_total_price_money: usd(0),
        total_money: usd(0),
      },
    ],
    discounts: [{ name: 'Regulars', applied_money: usd(300) }],
    taxes: [{ name: 'Sales tax', percentage: '8.5', type: 'ADDITIVE', applied_money: usd(200) }],
    service_charges: [{ name: 'Courier', applied_money: usd(2000) }],
    fulfillments: [],
    tenders: [
      {
        id: 'PAY1',
        payment_id: 'PAY1',
        type: 'CARD',
        amount_money: usd(5700),
        card_details: { status: 'CAPTURED' },
        created_at: '2026-10-05T12:00:20Z',
      },
    ],
    total_discount_money: usd(400),
    total_tax_money: usd(200),
    total_tip_money: usd(200),
    total_money: usd(5700),
    metadata: { table: '4' },
    ...changes,
  }
}
