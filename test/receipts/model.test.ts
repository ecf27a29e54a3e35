import { describe, expect, test } from 'vitest'
import type { Locale, Order } from '../../src/order.ts'
import { LABELS, pickLocale } from '../../src/receipts/labels.ts'
import { receiptModel } from '../../src/receipts/model.ts'
import { manyLines, PAID_AT, sampleBrand, sampleLine, sampleOrder } from './samples.ts'

function modelOf(order: Partial<Order> = {}, locale: Locale = 'en', timezone = 'Africa/Nairobi') {
  return receiptModel(sampleOrder(order), { brand: sampleBrand(), locale, timezone })
}

function facts(order: Partial<Order>, locale: Locale = 'en') {
  return Object.fromEntries(modelOf(order, locale).facts.map(({ label, value }) => [label, value]))
}

function refund(amount: number, reason: string | null = null) {
  return { id: '1', reason, amount, at: null }
}

function sumOf(amounts: string[]): number {
  return amounts.reduce((sum, amount) => sum + Number(amount.replaceAll(',', '')), 0)
}

describe('the badge says only what is true', () => {
  const half = { refundedTotal: 1_000_000 }
  const all = { refundedTotal: 18_650_000 }
  test.each<[string, Partial<Order>, string, string]>([
    ['paid', {}, 'PAID', 'IMELIPWA'],
    ['not paid', { paidAt: null }, 'AWAITING PAYMENT', 'INASUBIRI MALIPO'],
    ['all money back', all, 'REFUNDED', 'IMEREJESHWA'],
    ['more than all money back', { refundedTotal: 20_000_000 }, 'REFUNDED', 'IMEREJESHWA'],
    ['some money back', half, 'PARTLY REFUNDED', 'SEHEMU IMEREJESHWA'],
    ['cancelled before it was paid', { paidAt: null, cancelledAt: 1 }, 'CANCELLED', 'IMEGHAIRIWA'],
    ['cancelled after it was paid', { cancelledAt: 1 }, 'CANCELLED', 'IMEGHAIRIWA'],
    ['cancelled, some money back', { ...half, cancelledAt: 1 }, 'CANCELLED', 'IMEGHAIRIWA'],
    ['cancelled, all money back', { ...all, cancelledAt: 1 }, 'REFUNDED', 'IMEREJESHWA'],
    ['nothing to pay, nothing back', { total: 0 }, 'PAID', 'IMELIPWA'],
  ])('%s', (_name, order, english, swahili) => {
    expect(modelOf(order, 'en').badge.text).toBe(english)
    expect(modelOf(order, 'sw').badge.text).toBe(swahili)
  })

  test('an unpaid order is not thanked for buying, and its payment method is not called paid', () => {
    const model = modelOf({ paidAt: null })
    expect(model.footer.thanks).toBe('Thank you for your order!')
    expect(model.facts.map(({ label }) => label)).toContain('Payment')
    expect(model.facts.map(({ label }) => label)).not.toContain('Paid with')
  })
})

describe('the title and the box say what the picture is about', () => {
  test.each<[string, Partial<Order>, Locale, [string, string, string]]>([
    ['a paid order', {}, 'en', ['Receipt', 'Total', 'TSh 186,500']],
    ['an order that awaits payment', { paidAt: null }, 'en', ['Your order', 'To pay', 'TSh 186,500']],
    ['the same in Swahili', { paidAt: null }, 'sw', ['Oda yako', 'Kiasi cha kulipa', 'TSh 186,500']],
    [
      'an order that was cancelled unpaid',
      { paidAt: null, cancelledAt: 1 },
      'en',
      ['Your order', 'Total', 'TSh 186,500'],
    ],
  ])('%s', (_name, order, locale, expected) => {
    const { title, total } = modelOf(order, locale)
    expect([title, total.label, total.amount]).toEqual(expected)
  })

  const refunds = [
    { id: '1', reason: 'Kikombe kilivunjika', amount: 1_400_000, at: PAID_AT + 86_400_000 },
    { id: '2', reason: null, amount: 600_000, at: PAID_AT + 2 * 86_400_000 },
  ]
  test.each<[Locale, string, string, string]>([
    ['en', 'Refund receipt', 'Given back', 'Total'],
    ['sw', 'Risiti ya marejesho', 'Kilichorejeshwa', 'Jumla'],
  ])(
    'a refund in %s: what was given back, each part, what was paid, and the day of the newest part',
    (locale, title, box, total) => {
      const model = receiptModel(sampleOrder({ refunds, refundedTotal: 2_000_000 }), {
        brand: sampleBrand(),
        locale,
        timezone: 'Africa/Nairobi',
        kind: 'refund',
      })
      expect(model.title).toBe(title)
      expect(model.total).toEqual({ label: box, amount: 'TSh 20,000' })
      expect(model.sums.at(-1)).toEqual({ label: total, amount: 'TSh 186,500' })
      expect(model.refunds.map(({ amount }) => amount)).toEqual(['−TSh 14,000', '−TSh 6,000'])
      expect(model.netPaid?.amount).toBe('TSh 166,500')
      expect(model.facts[1]?.value).toMatch(/^24 Nov 2026/)
    },
  )
})

describe('facts', () => {
  test('in English', () => {
    expect(facts({})).toEqual({
      Order: '#DL-10482',
      Date: '22 Nov 2026, 14:05 EAT',
      Customer: 'Asha Mwinyi',
      Phone: '+255 712 ••• 678',
      'Paid with': 'M-Pesa · QK7X2P9LMN',
    })
  })

  test('in Swahili', () => {
    expect(facts({ paidAt: Date.UTC(2027, 2, 5, 21, 30) }, 'sw')).toEqual({
      Oda: '#DL-10482',
      Tarehe: '6 Mac 2027, 00:30 EAT',
      Mteja: 'Asha Mwinyi',
      Simu: '+255 712 ••• 678',
      Malipo: 'M-Pesa · QK7X2P9LMN',
    })
  })

  test('what is not known is left out', () => {
    const order = {
      paidAt: null,
      createdAt: null,
      customer: { name: ' ', firstName: null },
      phone: { raw: '07xx', e164: null, problem: 'invalid_phone' as const },
      payment: { method: null, reference: null },
    }
    expect(facts(order)).toEqual({ Order: '#DL-10482' })
  })

  test('an unpaid order shows when it was made', () => {
    expect(facts({ paidAt: null, createdAt: PAID_AT - 3_600_000 })['Date']).toBe('22 Nov 2026, 13:05 EAT')
  })
})

describe('lines', () => {
  test.each([
    [{ quantity: '2', total: 3_600_000, detail: 'Saizi: M' }, '2 × 18,000 · Saizi: M'],
    [{ quantity: '1', total: 3_600_000, detail: 'Saizi: M' }, 'Saizi: M'],
    [{ quantity: '1', total: 3_600_000, detail: null }, '1 × 36,000'],
    [{ quantity: '1.5', total: 600_000, detail: null }, '1.5 × 4,000'],
    [{ quantity: '3', total: 1_000_000, detail: 'Kubwa' }, '3 × Kubwa'],
    [{ quantity: '3', total: 1_000_000, detail: null }, '3 ×'],
    [{ quantity: 'kilo 2', total: 1_000_000, detail: 'Kubwa' }, 'kilo 2 × Kubwa'],
    [{ quantity: '0', total: 0, detail: 'Zawadi' }, '0 × Zawadi'],
  ])('%o', (line, detail) => {
    expect(modelOf({ lines: [sampleLine(line)] }).lines[0]?.detail).toBe(detail)
  })

  test('amounts are bare because the heading names the currency', () => {
    const model = modelOf({ currency: 'USD', lines: [sampleLine({ total: 123_450 }), sampleLine({ total: -500 })] })
    expect(model.heading).toEqual({ items: 'Items', currency: '$' })
    expect(model.lines.map(({ amount }) => amount)).toEqual(['1,234.50', '−5.00'])
  })

  test('a line without a name still has one', () => {
    expect(modelOf({ lines: [sampleLine({ name: ' \u202e ' })] }).lines[0]?.name).toBe('—')
  })
})

describe('sums', () => {
  test('tax inside the total is marked as such', () => {
    expect(modelOf({}).sums).toEqual([
      { label: 'Subtotal', amount: 'TSh 182,500' },
      { label: 'Discount (KARIBU5)', amount: '−TSh 3,000' },
      { label: 'Delivery (Bodaboda)', amount: 'TSh 7,000' },
      { label: 'VAT 18% incl.', amount: 'TSh 27,839' },
    ])
    expect(modelOf({}, 'sw').sums.map(({ label }) => label)).toEqual([
      'Jumla ndogo',
      'Punguzo (KARIBU5)',
      'Usafirishaji (Bodaboda)',
      'Kodi ya VAT 18% (imejumuishwa)',
    ])
  })

  test('tax on top is not', () => {
    const taxes = [
      { label: 'VAT', rate: '16.0000', amount: 100 },
      { label: 'County levy 2%', rate: '2', amount: 200 },
      { label: '', rate: null, amount: 300 },
      { label: 'Zero', rate: '0', amount: 0 },
    ]
    const { sums } = modelOf({ currency: 'KES', taxes, taxIncluded: false })
    expect(sums.slice(3)).toEqual([
      { label: 'VAT 16%', amount: 'KSh 1' },
      { label: 'County levy 2%', amount: 'KSh 2' },
      { label: 'Tax', amount: 'KSh 3' },
    ])
  })

  test('free delivery is said, fees are shown, and a label is not repeated', () => {
    const { sums } = modelOf({
      discounts: [{ label: '', amount: 100 }],
      shipping: [{ label: 'delivery', amount: 0 }],
      fees: [
        { label: 'Gift wrapping', amount: 200_000 },
        { label: '', amount: -100_000 },
      ],
      taxes: [],
    })
    expect(sums.slice(1)).toEqual([
      { label: 'Discount', amount: '−TSh 1' },
      { label: 'Delivery', amount: 'Free' },
      { label: 'Gift wrapping', amount: 'TSh 2,000' },
      { label: 'Fee', amount: '−TSh 1,000' },
    ])
  })

  test('of many discounts the last row is the sum of the rest', () => {
    const discounts = Array.from({ length: 1000 }, (_, i) => ({ label: `C${i}`, amount: 100 }))
    expect(modelOf({ discounts }).sums.slice(1, 4)).toEqual([
      { label: 'Discount (C0)', amount: '−TSh 1' },
      { label: 'Discount (C1)', amount: '−TSh 1' },
      { label: 'Discount (C2) (+997)', amount: '−TSh 998' },
    ])
  })
})

describe('refunds', () => {
  test('are taken from the total, each with its reason', () => {
    const refunds = [refund(1_000_000, 'Kikombe kilivunjika'), refund(400_000)]
    const model = modelOf({ refunds, refundedTotal: 1_400_000 }, 'sw')
    expect(model.total).toEqual({ label: 'Jumla', amount: 'TSh 186,500' })
    expect(model.refunds).toEqual([
      { label: 'Marejesho (Kikombe kilivunjika)', amount: '−TSh 10,000' },
      { label: 'Marejesho', amount: '−TSh 4,000' },
    ])
    expect(model.netPaid).toEqual({ label: 'Kiasi halisi kilicholipwa', amount: 'TSh 172,500' })
  })

  test('a list that does not add up gives way to what the shop says went back', () => {
    const model = modelOf({ refunds: [refund(100)], refundedTotal: 1_400_000 })
    expect(model.refunds).toEqual([{ label: 'Refund', amount: '−TSh 14,000' }])
    expect(model.netPaid?.amount).toBe('TSh 172,500')
  })

  test('nothing is called paid where nothing was', () => {
    expect(modelOf({ paidAt: null, refundedTotal: 100 }).netPaid).toBeNull()
    expect(modelOf({}).refunds).toEqual([])
    expect(modelOf({}).netPaid).toBeNull()
  })
})

describe('folding', () => {
  test.each([1, 14, 15, 40])('%i lines are all shown', (count) => {
    const model = modelOf({ lines: manyLines(count) })
    expect(model.lines).toHaveLength(count)
    expect(model.folded).toBeNull()
  })

  test.each([41, 63, 200, 1000])('%i lines keep their sum', (count) => {
    const lines = manyLines(count)
    const model = modelOf({ lines })
    expect(model.lines.length).toBeGreaterThanOrEqual(30)
    expect(model.lines.length).toBeLessThan(40)
    expect(model.folded?.label).toBe(`and ${count - model.lines.length} more items`)
    const total = lines.reduce((sum, line) => sum + line.total, 0) / 100
    expect(sumOf([...model.lines, model.folded ?? { amount: '0' }].map(({ amount }) => amount))).toBe(total)
  })

  test('long names fold sooner', () => {
    const lines = manyLines(40).map((line) => ({ ...line, name: 'Jina refu sana '.repeat(10) }))
    const model = modelOf({ lines }, 'sw')
    expect(model.lines.length).toBeLessThan(30)
    expect(model.folded?.label).toBe(`na bidhaa nyingine ${40 - model.lines.length}`)
  })

  test('an order without lines is a receipt all the same', () => {
    const { lines, folded } = modelOf({ lines: [], number: 'D-7' }, 'sw')
    expect([lines.map(({ name }) => name), folded]).toEqual([['Malipo ya oda D-7'], null])
  })
})

describe('the QR code', () => {
  test.each([
    ['https://duka.example/oda/1', 'https://duka.example/oda/1'],
    ['https://duka.example/oda ñ', 'https://duka.example/oda%20%C3%B1'],
    ['javascript:alert(1)', null],
    ['not a url', null],
    [`https://duka.example/${'x'.repeat(300)}`, null],
    [null, null],
  ])('%s', (url, qr) => {
    const model = modelOf({ url })
    expect(model.qr).toBe(qr)
    expect(model.footer.scan === null).toBe(qr === null)
  })
})

describe('languages', () => {
  test('both tables say everything', () => {
    for (const locale of ['en', 'sw'] as const) {
      const { moreItems, paymentFor, months, ...words } = LABELS[locale]
      expect(Object.values(words).every((word) => word.trim() !== '')).toBe(true)
      expect(months).toHaveLength(12)
      expect(moreItems(1)).toContain('1')
      expect(paymentFor('D-7')).toMatch(/\w+ D-7$/)
    }
    expect(Object.keys(LABELS.sw)).toEqual(Object.keys(LABELS.en))
  })

  test.each<[string | null, Locale, Locale]>([
    ['sw', 'en', 'sw'],
    ['sw-TZ', 'en', 'sw'],
    ['sw_KE', 'en', 'sw'],
    ['SW', 'en', 'sw'],
    ['en', 'sw', 'en'],
    ['en-GB', 'sw', 'en'],
    ['en_US', 'sw', 'en'],
    ['fr-FR', 'sw', 'sw'],
    ['swc', 'en', 'en'],
    ['', 'sw', 'sw'],
    [null, 'sw', 'sw'],
  ])('%s in a shop of %s is %s', (order, shop, picked) => {
    expect(pickLocale(order, shop)).toBe(picked)
  })
})

test('the brand: one contact row, an initial, and a phone that does not break', () => {
  const { brand } = modelOf()
  expect(brand.contact).toBe('Kariakoo, Dar es Salaam · +255\u00a0712\u00a0000\u00a0111')
  expect(brand.initial).toBe('D')
  const bare = sampleBrand({ name: '…!', address: null, phone: null, tin: null })
  const model = receiptModel(sampleOrder(), { brand: bare, locale: 'en', timezone: 'UTC' })
  expect(model.brand).toMatchObject({ initial: '•', contact: null })
  expect(model.footer.tin).toBeNull()
})

test('a payment of which only the total is known has one line that says what it is for, and no subtotal', () => {
  const bare = { lines: [], subtotal: 1_800_000, discounts: [], shipping: [], fees: [], taxes: [], total: 1_800_000 }
  expect(modelOf(bare)).toMatchObject({
    lines: [{ name: 'Payment for order #DL-10482', detail: null, amount: '18,000' }],
    folded: null,
    sums: [],
    total: { amount: 'TSh 18,000' },
  })
  const delivered = modelOf({ ...bare, shipping: [{ label: '', amount: 0 }] })
  expect(delivered.sums.map(({ label }) => label)).toEqual(['Subtotal', 'Delivery'])
})
