import type { Expected } from './expected.ts'

const NO_PHONE = { raw: null, e164: null, problem: 'no_phone' }
const INTENT = 'pi_000000000000000000000000'

const stripeFile = (name: string, expected: Omit<Expected, 'platform' | 'file' | 'topic'>): Expected => ({
  platform: 'stripe',
  file: `stripe/${name}.json`,
  topic: null,
  ...expected,
})

export const stripe: Expected[] = [
  stripeFile('constructed.checkout.session.completed.tzs-phone-consent', {
    order: {
      id: 'pi_3ConstructedTZS0000001',
      number: '1042',
      partial: false,
      test: true,
      createdAt: 1_795_161_480_000,
      paidAt: 1_795_161_600_000,
      cancelledAt: null,
      customer: { name: 'Asha Mwinyi', firstName: 'Asha' },
      phone: { raw: '+255754000123', e164: '255754000123', problem: null },
      country: 'TZ',
      locale: null,
      currency: 'TZS',
      total: 4_800_000,
      subtotal: 4_500_000,
      lines: [{ name: 'Item', detail: null, sku: null, quantity: '1', total: 4_500_000 }],
      discounts: [],
      shipping: [{ label: '', amount: 300_000 }],
      taxes: [],
      payment: { method: 'card', reference: 'pi_3ConstructedTZS0000001' },
      // The tick for promotions is none for WhatsApp.
      attributes: { order_number: '1042' },
    },
  }),
  stripeFile('constructed.checkout.session.completed.unpaid-async', {
    order: {
      id: 'pi_3ConstructedAsync00001',
      number: 'pi_3ConstructedAsync00001',
      paidAt: null,
      total: 2990,
      currency: 'EUR',
      country: 'DE',
      customer: { name: 'Jana Müller', firstName: 'Jana' },
      phone: NO_PHONE,
      payment: { method: 'sepa debit' },
    },
  }),
  stripeFile('checkout.session.completed', {
    order: { id: INTENT, test: true, paidAt: 1_648_319_959_000, total: 3000, currency: 'USD', phone: NO_PHONE },
  }),
  stripeFile('checkout.session.completed.payment_mode', {
    order: { id: 'pi_00000000000000', test: true, paidAt: 1_326_853_478_000, total: 25_000, currency: 'USD' },
  }),
  stripeFile('payment_intent.succeeded', {
    order: {
      id: INTENT,
      test: true,
      paidAt: 1_648_320_033_000,
      total: 2000,
      customer: { name: 'Jenny Rosen', firstName: 'Jenny' },
      country: 'US',
      payment: { method: 'visa', reference: INTENT },
      lines: [{ name: '(created by Stripe CLI)', detail: null, sku: null, quantity: '1', total: 2000 }],
    },
  }),
  stripeFile('charge.succeeded', {
    order: { id: INTENT, test: true, partial: false, paidAt: 1_648_320_032_000, total: 2000, currency: 'USD' },
  }),
  stripeFile('charge.refunded', {
    order: {
      id: 'ch_000000000000000000000000',
      partial: true,
      test: true,
      paidAt: null,
      refundedTotal: 100,
      refunds: [{ id: 're_000000000000000000000000', reason: null, amount: 100, at: 1_648_319_949_000 }],
    },
  }),
  stripeFile('payment_intent.payment_failed', { ignored: /did not go through/ }),
]
