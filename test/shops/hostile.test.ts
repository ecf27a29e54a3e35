import { describe, expect, test } from 'vitest'
import type { ShopPlatform } from '../../src/shops/platform.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, orderIn, shopifyOrder, standardEvent, wooOrder } from './bodies.ts'
import { faultsOf, mutate, seeded } from './mutate.ts'

const CASES: { platform: ShopPlatform; valid: unknown; topic: string | null }[] = [
  { platform: platforms.woocommerce, valid: wooOrder(), topic: 'order.updated' },
  { platform: platforms.shopify, valid: shopifyOrder(), topic: null },
  {
    platform: platforms.shopify,
    valid: {
      id: 1,
      order_id: 2,
      refund_line_items: [{ subtotal: 1 }],
      transactions: [{ kind: 'refund', status: 'success', amount: '1', currency: 'KES' }],
    },
    topic: 'refunds/create',
  },
  { platform: platforms.shopify, valid: { order_id: 2, status: 'success', tracking_numbers: [] }, topic: null },
  { platform: platforms.standard, valid: standardEvent('order.refunded', { refunds: [{ amount: '5' }] }), topic: null },
  {
    platform: platforms.standard,
    valid: { type: 'message.received', timestamp: '2026-10-04T08:00:00Z', data: { from: '255713000321', text: 'hi' } },
    topic: null,
  },
]

describe.each(CASES.map((item, index) => ({ ...item, name: `${item.platform.name} ${index}` })))(
  '$name',
  ({ platform, valid, topic }) => {
    test('the valid body is read', () => {
      expect(platform.read(bytes(valid), { topic, country: 'TZ' })[0]?.kind).not.toBe('ignored')
    })

    test('no change to it makes the reader throw or give something insane', () => {
      const random = seeded(20_261_005)
      const faults: string[] = []
      for (let round = 0; round < 400; round++) {
        const body = bytes(mutate(valid, random))
        faults.push(...platform.read(body, { topic, country: 'TZ' }).flatMap(faultsOf))
      }
      expect(faults).toEqual([])
    })

    test('neither does any cut or flipped byte', () => {
      const random = seeded(7)
      const faults: string[] = []
      const whole = bytes(valid)
      for (let round = 0; round < 200; round++) {
        const body = Uint8Array.from(whole.slice(0, Math.ceil(random() * whole.length)))
        if (round % 2 === 0) body[Math.floor(random() * body.length)] = Math.floor(random() * 256)
        faults.push(...platform.read(body, { topic, country: 'TZ' }).flatMap(faultsOf))
      }
      expect(faults).toEqual([])
    })
  },
)

test('an attribute named __proto__ changes nothing', () => {
  const meta = '[{"key":"__proto__","value":"x"},{"key":"constructor","value":"y"}]'
  const body = JSON.stringify(wooOrder({ meta_data: 'META' })).replace('"META"', meta)
  const { attributes } = orderIn(platforms.woocommerce.read(bytes(body), { topic: null, country: 'TZ' }))
  expect(Object.entries(attributes)).toEqual([['constructor', 'y']])
  expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
})

test('free fields are bounded in number and size', () => {
  const meta_data = Array.from({ length: 900 }, (_, index) => ({ key: `k${index}`, value: 'v'.repeat(50_000) }))
  const { attributes } = orderIn(
    platforms.woocommerce.read(bytes(wooOrder({ meta_data })), { topic: null, country: 'TZ' }),
  )
  expect(Object.keys(attributes)).toHaveLength(100)
  expect(Math.max(...Object.values(attributes).map((value) => value.length))).toBeLessThanOrEqual(500)
})
