import type { ToyOrder } from '../../sandbox/toy-order.ts'
import type { ToyPlatform } from '../../sandbox/toy-shop.ts'

export interface DemoOrder {
  platform: ToyPlatform
  order: ToyOrder
  /** What the customer's story is, for the reader. */
  story: string
}

const MINUTE = 60_000

/** Invented people and goods; every number is from a range that nobody was given for this. */
export function demoOrders(now: number): Record<'asha' | 'wanjiru' | 'juma' | 'neema', DemoOrder> {
  const times = { createdAt: now - 4 * MINUTE, updatedAt: now - MINUTE, paidAt: now - MINUTE }
  return {
    asha: {
      platform: 'woocommerce',
      story: 'wrote this morning; the shop repeats its webhook',
      order: {
        ...times,
        id: '10482',
        number: 'DL-10482',
        customer: { name: 'Asha Mwinyi', phone: '0712 345 678', locale: 'sw' },
        country: 'TZ',
        currency: 'TZS',
        items: [
          { name: 'Khanga ya pamba – Kilimanjaro', detail: 'bluu, M', quantity: 2, price: 18_000_00 },
          { name: 'Kikapu cha ukindu', detail: 'Kubwa', quantity: 1, price: 25_000_00 },
          { name: 'Sabuni ya mwarobaini', detail: 'Pakiti ya 6', quantity: 1, price: 9_000_00 },
        ],
        shipping: { label: 'Bodaboda', amount: 5_000_00 },
        payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
      },
    },
    wanjiru: {
      platform: 'shopify',
      story: 'wrote an hour ago; a discount, and VAT inside the prices',
      order: {
        ...times,
        id: '9820982911946154',
        number: '#1042',
        customer: { name: 'Wanjirũ Kamau', phone: '+254712000345', locale: 'en' },
        country: 'KE',
        currency: 'KES',
        items: [
          { name: 'Kiondo basket', detail: 'Large', quantity: 1, price: 3_200_00 },
          { name: 'Beaded bracelet ✨', quantity: 3, price: 450_00 },
        ],
        shipping: { label: 'Rider, Nairobi', amount: 300_00 },
        discount: { code: 'KARIBU5', amount: 200_00 },
        tax: { label: 'VAT', rate: 16, amount: 641_38, inside: true },
        payment: { method: 'M-Pesa', reference: 'RKL41HX7QT' },
      },
    },
    juma: {
      platform: 'standard',
      story: 'has not written for days; held until he does',
      order: {
        ...times,
        id: 'mtandao-77',
        number: 'MT-0077',
        customer: { name: 'Juma Ng’wanza', phone: '0754000123', locale: 'sw' },
        country: 'TZ',
        currency: 'TZS',
        items: [{ name: 'Chai ya Maziwa 500 g', quantity: 3, price: 6_000_00 }],
        payment: { method: 'Airtel Money', reference: '8QK40X2L1' },
      },
    },
    neema: {
      platform: 'woocommerce',
      story: 'left a phone number that cannot be hers',
      order: {
        ...times,
        id: '10483',
        number: 'DL-10483',
        customer: { name: 'Neema Said', phone: '12345' },
        country: 'TZ',
        currency: 'TZS',
        items: [{ name: 'Vikoi viwili', quantity: 1, price: 30_000_00 }],
        payment: { method: 'Tigo Pesa', reference: 'TP55101' },
      },
    },
  }
}
