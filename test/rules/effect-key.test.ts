import { expect, test } from 'vitest'
import { effectKey, purposeOf } from '../../src/rules/effect-key.ts'
import { seeded } from './an-order.ts'

test('no two different effects share a key', () => {
  const random = seeded(7)
  // Few pieces, so that the tuples come close to each other, and those that separators are made of.
  const pieces = ['', 'a', ':', '/', '"', ',', '\\', '%', '\u0000', '|', 'null', ' ', '\ud800', '\udfff', '["']
  const pick = () => pieces[Math.floor(random() * pieces.length)] ?? ''
  const part = () => pick() + pick()
  const byKey = new Map<string, string>()
  for (let i = 0; i < 20_000; i++) {
    const effect = {
      shop: part(),
      orderId: random() < 0.2 ? null : part(),
      rule: random() < 0.2 ? null : part(),
      purpose: part(),
    }
    const tuple = [effect.shop, effect.orderId, effect.rule, effect.purpose]
      .map((value) => (value === null ? '-' : Array.from(value, (c) => c.codePointAt(0)).join(' ')))
      .join('_')
    const key = effectKey(effect)
    expect(byKey.get(key) ?? tuple).toBe(tuple)
    byKey.set(key, tuple)
  }
  expect(new Set(byKey.values()).size).toBe(byKey.size)
})

test('one order is one receipt, however often it is paid, and each further refund is its own', () => {
  const order = { refundedTotal: 1200 }
  expect(purposeOf('order.paid', order)).toBe('receipt')
  expect(purposeOf('order.refunded', order)).toBe('refund:1200')
  expect(purposeOf('order.refunded', { refundedTotal: 2400 })).toBe('refund:2400')
  const types = ['order.created', 'order.updated', 'order.fulfilled', 'order.cancelled'] as const
  expect(types.map((type) => purposeOf(type, order))).toEqual(['created', 'updated', 'fulfilled', 'cancelled'])
})
