/** Events as Stripe sends them, of invented people; `changes` replaces fields of the object. */
type Changes = Record<string, unknown>

/** 2026-10-05 12:00:00 UTC */
export const STRIPE_AT = 1_791_201_600

export function stripeEvent(type: string, object: Changes, changes: Changes = {}): Changes {
  return {
    id: 'evt_1Duka000000001',
    object: 'event',
    api_version: '2025-09-30.clover',
    created: STRIPE_AT,
    data: { object },
    livemode: true,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    ...changes,
  }
}

export function stripeSession(changes: Changes = {}): Changes {
  return {
    id: 'cs_live_a1Duka0001',
    object: 'checkout.session',
    amount_subtotal: 5_000_000,
    amount_total: 4_900_000,
    client_reference_id: 'DUKA-311',
    collected_information: { shipping_details: { name: 'Neema John', address: { country: 'TZ' } } },
    consent: { promotions: 'opt_in', terms_of_service: 'accepted' },
    created: STRIPE_AT - 300,
    currency: 'tzs',
    custom_fields: [{ key: 'whatsapp', type: 'text', text: { value: '0765 111 222' } }],
    customer_details: { name: 'Neema John', phone: '+255754000123', address: { country: 'TZ' } },
    livemode: true,
    locale: 'en-GB',
    metadata: { whatsapp_ok: 'yes' },
    mode: 'payment',
    payment_intent: 'pi_3Duka0001',
    payment_method_types: ['card'],
    payment_status: 'paid',
    shipping_cost: { amount_total: 300_000 },
    total_details: { amount_discount: 400_000, amount_shipping: 300_000, amount_tax: 0 },
    ...changes,
  }
}

export function stripeIntent(changes: Changes = {}): Changes {
  return {
    id: 'pi_3Duka0001',
    object: 'payment_intent',
    amount: 4_900_000,
    amount_received: 4_900_000,
    created: STRIPE_AT - 200,
    currency: 'tzs',
    description: null,
    latest_charge: 'ch_3Duka0001',
    livemode: true,
    metadata: {},
    shipping: null,
    status: 'succeeded',
    ...changes,
  }
}

export function stripeCharge(changes: Changes = {}): Changes {
  return {
    id: 'ch_3Duka0001',
    object: 'charge',
    amount: 4_900_000,
    amount_captured: 4_900_000,
    amount_refunded: 0,
    billing_details: { name: 'N John', phone: null, address: { country: 'TZ' } },
    captured: true,
    created: STRIPE_AT,
    currency: 'tzs',
    description: 'Kitenge, 6 yards',
    livemode: true,
    metadata: {},
    paid: true,
    payment_intent: 'pi_3Duka0001',
    payment_method_details: { type: 'card', card: { brand: 'visa' } },
    receipt_url: 'https://pay.stripe.com/receipts/abc',
    refunded: false,
    shipping: null,
    status: 'succeeded',
    ...changes,
  }
}

export function stripeRefund(changes: Changes = {}): Changes {
  return {
    id: 're_3Duka0001',
    object: 'refund',
    amount: 1_000_000,
    charge: 'ch_3Duka0001',
    created: STRIPE_AT + 60,
    currency: 'tzs',
    payment_intent: 'pi_3Duka0001',
    reason: 'requested_by_customer',
    status: 'succeeded',
    ...changes,
  }
}

export const stripeLines = {
  object: 'list',
  data: [
    {
      id: 'li_1',
      amount_subtotal: 4_800_000,
      amount_total: 4_400_000,
      currency: 'tzs',
      description: 'Kitenge wax print',
      price: { nickname: 'Blue', unit_amount: 2_400_000 },
      quantity: 2,
    },
    { id: 'li_2', amount_subtotal: 200_000, amount_total: 200_000, currency: 'tzs', description: 'Soap', quantity: 1 },
    { id: 'li_3', amount_subtotal: 0, amount_total: 0, currency: 'tzs', description: 'Free sample', quantity: 1 },
  ],
  has_more: false,
}
