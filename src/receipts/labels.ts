import type { Locale } from '../order.ts'

export interface Labels {
  receipt: string
  /** Above an order nobody has paid. */
  yourOrder: string
  refundReceipt: string
  paid: string
  unpaid: string
  refunded: string
  partlyRefunded: string
  cancelled: string
  order: string
  date: string
  customer: string
  phone: string
  paidWith: string
  /** For an order nobody has paid yet: how it is to be paid. */
  payment: string
  items: string
  /** The line of a payment that names no goods. */
  paymentFor: (order: string) => string
  moreItems: (count: number) => string
  subtotal: string
  discount: string
  delivery: string
  free: string
  fee: string
  tax: string
  vat: string
  included: string
  total: string
  /** In place of the total: what is still to be paid, what was given back. */
  toPay: string
  givenBack: string
  refund: string
  netPaid: string
  thanks: string
  thanksForOrder: string
  thanksOnly: string
  scan: string
  tin: string
  /** January first. */
  months: readonly string[]
}

export const LABELS: Record<Locale, Labels> = {
  en: {
    receipt: 'Receipt',
    yourOrder: 'Your order',
    refundReceipt: 'Refund receipt',
    paid: 'PAID',
    unpaid: 'AWAITING PAYMENT',
    refunded: 'REFUNDED',
    partlyRefunded: 'PARTLY REFUNDED',
    cancelled: 'CANCELLED',
    order: 'Order',
    date: 'Date',
    customer: 'Customer',
    phone: 'Phone',
    paidWith: 'Paid with',
    payment: 'Payment',
    items: 'Items',
    paymentFor: (order) => `Payment for order ${order}`,
    moreItems: (count) => (count === 1 ? 'and 1 more item' : `and ${count} more items`),
    subtotal: 'Subtotal',
    discount: 'Discount',
    delivery: 'Delivery',
    free: 'Free',
    fee: 'Fee',
    tax: 'Tax',
    vat: 'VAT',
    included: 'incl.',
    total: 'Total',
    toPay: 'To pay',
    givenBack: 'Given back',
    refund: 'Refund',
    netPaid: 'Net paid',
    thanks: 'Thank you for shopping with us!',
    thanksForOrder: 'Thank you for your order!',
    thanksOnly: 'Thank you!',
    scan: 'Scan to see this order online.',
    tin: 'TIN',
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  },
  sw: {
    receipt: 'Risiti',
    yourOrder: 'Oda yako',
    refundReceipt: 'Risiti ya marejesho',
    paid: 'IMELIPWA',
    unpaid: 'INASUBIRI MALIPO',
    refunded: 'IMEREJESHWA',
    partlyRefunded: 'SEHEMU IMEREJESHWA',
    cancelled: 'IMEGHAIRIWA',
    order: 'Oda',
    date: 'Tarehe',
    customer: 'Mteja',
    phone: 'Simu',
    paidWith: 'Malipo',
    payment: 'Njia ya malipo',
    items: 'Bidhaa',
    paymentFor: (order) => `Malipo ya oda ${order}`,
    moreItems: (count) => `na bidhaa nyingine ${count}`,
    subtotal: 'Jumla ndogo',
    discount: 'Punguzo',
    delivery: 'Usafirishaji',
    free: 'Bure',
    fee: 'Ada',
    tax: 'Kodi',
    vat: 'Kodi ya VAT',
    included: '(imejumuishwa)',
    total: 'Jumla',
    toPay: 'Kiasi cha kulipa',
    givenBack: 'Kilichorejeshwa',
    refund: 'Marejesho',
    netPaid: 'Kiasi halisi kilicholipwa',
    thanks: 'Asante kwa kununua kwetu!',
    thanksForOrder: 'Asante kwa oda yako!',
    thanksOnly: 'Asante!',
    scan: 'Skani msimbo huu uone oda yako mtandaoni.',
    tin: 'TIN',
    months: ['Jan', 'Feb', 'Mac', 'Apr', 'Mei', 'Jun', 'Jul', 'Ago', 'Sep', 'Okt', 'Nov', 'Des'],
  },
}

/** The language of a receipt: the buyer's when we have it ("sw-TZ", "en_GB"), else the shop's. */
export function pickLocale(orderLocale: string | null, shopLocale: Locale): Locale {
  const language = orderLocale?.trim().toLowerCase().split(/[-_.]/, 1)[0]
  return language === 'sw' || language === 'en' ? language : shopLocale
}
