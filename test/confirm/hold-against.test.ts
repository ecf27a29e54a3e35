import { expect, test } from 'vitest'
import { mismatch } from '../../src/confirm/hold-against.ts'
import type { Claim, Order } from '../../src/order.ts'
import { anOrder } from '../rules/an-order.ts'

const ORDER = anOrder({ total: 4_800_000, currency: 'TZS', payment: { method: null, reference: 'QK7X2P9LMN' } })

function held(claim: Partial<Claim>, order: Order = ORDER): string | null {
  const whole = { subject: 'payment:1', amount: null, currency: null, reference: null, occurredAt: null, ...claim }
  return mismatch(whole, [{ kind: 'order', order, occurredAt: null }])
}

test.each<[Partial<Claim>]>([
  [{}],
  [{ amount: 4_800_000 }],
  [{ amount: 4_800_000, currency: 'TZS' }],
  [{ reference: '7001' }],
  [{ reference: '#1042' }],
  [{ reference: 'QK7X2P9LMN', amount: 4_800_000, currency: 'TZS' }],
])('%o is what the answer says', (claim) => {
  expect(held(claim)).toBeNull()
})

test.each<[Partial<Claim>, string]>([
  [{ amount: 4_800_001 }, 'the notification speaks of TSh 48,000.01, the platform’s API of TSh 48,000'],
  [{ amount: 0 }, 'the notification speaks of TSh 0, the platform’s API of TSh 48,000'],
  [{ amount: 4_800_000, currency: 'KES' }, 'the notification speaks of KES, the platform’s API of TZS'],
  [{ reference: '7002' }, 'the notification names another reference than the platform’s API'],
  [{ reference: '' }, 'the notification names another reference than the platform’s API'],
])('%o is not', (claim, sentence) => {
  expect(held(claim)).toBe(sentence)
})

test('every order of an answer has to match, and what is no order has nothing to match', () => {
  const claim = { subject: 'x', amount: 4_800_000, currency: 'TZS', reference: null, occurredAt: null }
  const other = anOrder({ total: 1 })
  const readings = [ORDER, other].map((order) => ({ kind: 'order' as const, order, occurredAt: null }))
  expect(mismatch(claim, readings)).not.toBeNull()
  expect(mismatch(claim, [{ kind: 'ignored', reason: 'nothing' }])).toBeNull()
})
