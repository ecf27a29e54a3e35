import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/clock.ts'
import { advanceOrder } from '../../src/intake/advance-order.ts'
import { ASSERTED_REFUND, isFullyRefunded, type Order, type OrderEventType, type OrderRefund } from '../../src/order.ts'
import { anOrder, seeded } from '../rules/an-order.ts'
import { NOW, permutations, withRepetitions } from '../support/rows.ts'

const at = (minute: number) => NOW + minute * MINUTE
const FIRST: OrderRefund = { id: 'r1', reason: 'torn', amount: 1_000_000, at: at(4) }
const SECOND: OrderRefund = { id: 'r2', reason: null, amount: 3_800_000, at: at(6) }

/** One order of one shop as its deliveries tell it, each as the shop saw it at that minute. */
const base = { createdAt: at(0), total: 4_800_000, paidAt: null }
const state = (minute: number, change: Partial<Order> = {}) => anOrder({ ...base, updatedAt: at(minute), ...change })
const paid = { paidAt: at(1) }
const refunded = (...refunds: OrderRefund[]) => ({
  refunds,
  refundedTotal: refunds.reduce((sum, refund) => sum + refund.amount, 0),
})
/** A bare refund, as Shopify tells it: it knows neither customer nor lines. */
const alone = (refund: OrderRefund) =>
  anOrder({
    partial: true,
    createdAt: null,
    updatedAt: refund.at,
    paidAt: null,
    lines: [],
    subtotal: 0,
    total: 0,
    phone: { raw: null, e164: null, problem: 'no_phone' },
    ...refunded(refund),
  })

const UNPAID = state(0)
const EDITED = state(0.5, { attributes: { note: 'leave at the gate' } })
const PAID = state(1, paid)
const FULFILLED = state(3, { ...paid, fulfilledAt: at(3) })
const PART_REFUNDED = state(5, { ...paid, fulfilledAt: at(3), ...refunded(FIRST) })
const ALL_REFUNDED = state(7, { ...paid, fulfilledAt: at(3), ...refunded(FIRST, SECOND) })
const CANCELLED = state(8, { ...paid, fulfilledAt: at(3), ...refunded(FIRST, SECOND), cancelledAt: at(8) })

interface Told {
  order: Order
  types: OrderEventType[]
  /** One per event, told apart as a person would: a further refund is a further fact. */
  facts: string[]
}

function tell(deliveries: Order[]): Told {
  let order: Order | null = null
  const types: OrderEventType[] = []
  const facts: string[] = []
  for (const seen of deliveries) {
    const advance = advanceOrder(order, seen)
    order = advance.order
    types.push(...advance.types)
    const { refundedTotal } = order
    facts.push(...advance.types.map((type) => (type === 'order.refunded' ? `${type}:${refundedTotal}` : type)))
  }
  if (order === null) throw new Error('nothing was told')
  return { order, types, facts }
}
const count = (types: string[], type: string) => types.filter((one) => one === type).length

describe('one delivery', () => {
  test.each<[string, Order, OrderEventType[]]>([
    ['an unpaid order is created', UNPAID, ['order.created']],
    ['an order first heard of as paid is created and paid', PAID, ['order.created', 'order.paid']],
    [
      'an order first heard of at its end says all that became of it, in the order of its life',
      CANCELLED,
      ['order.created', 'order.paid', 'order.fulfilled', 'order.refunded', 'order.cancelled'],
    ],
    ['a bare refund creates no order', alone(FIRST), ['order.refunded']],
  ])('%s', (_name, seen, types) => {
    expect(advanceOrder(null, seen)).toEqual({ order: seen, types })
  })

  test('the same state again tells nothing', () => {
    for (const seen of [UNPAID, PAID, PART_REFUNDED, CANCELLED, alone(FIRST)]) {
      expect(advanceOrder(seen, seen)).toEqual({ order: seen, types: [] })
    }
  })

  test('a newer state without a new fact is an update', () => {
    expect(advanceOrder(UNPAID, EDITED)).toEqual({ order: EDITED, types: ['order.updated'] })
  })

  test('a stale state overwrites nothing and tells nothing', () => {
    expect(advanceOrder(EDITED, UNPAID)).toEqual({ order: EDITED, types: [] })
  })

  test('a late, older state may still be the one that says it was paid', () => {
    const newer = state(9, { attributes: { note: 'new' } })
    const { order, types } = advanceOrder(newer, PAID)
    expect(types).toEqual(['order.paid'])
    expect(order).toEqual({ ...newer, paidAt: PAID.paidAt })
  })
})

describe('every order of arrival, with repetitions', () => {
  const lives: [string, Order[]][] = [
    ['unpaid, edited, paid', [UNPAID, EDITED, PAID]],
    ['unpaid, paid, fulfilled, refunded in part', [UNPAID, PAID, FULFILLED, PART_REFUNDED]],
    [
      'unpaid, paid, fulfilled, refunded in part, in full, cancelled',
      [UNPAID, PAID, FULFILLED, PART_REFUNDED, ALL_REFUNDED, CANCELLED],
    ],
    ['paid, and a refund told both alone and with the order', [UNPAID, PAID, alone(FIRST), PART_REFUNDED]],
    ['paid, and two refunds told alone before the order knows them', [PAID, alone(FIRST), alone(SECOND), ALL_REFUNDED]],
  ]

  test.each(lives)('%s: every fact once, paid exactly once, and the newest state in the end', (_name, life) => {
    const random = seeded(8)
    const newest = life.reduce((a, b) => ((b.updatedAt ?? 0) >= (a.updatedAt ?? 0) ? b : a))
    for (const sequence of permutations(life)) {
      const { order, types, facts } = tell(withRepetitions(sequence, random))
      expect(count(types, 'order.created')).toBe(1)
      expect(count(types, 'order.paid')).toBe(1)
      expect(count(types, 'order.fulfilled')).toBe(newest.fulfilledAt === null ? 0 : 1)
      expect(count(types, 'order.cancelled')).toBe(newest.cancelledAt === null ? 0 : 1)
      const changes = facts.filter((fact) => fact !== 'order.updated')
      expect([...new Set(changes)]).toEqual(changes)
      expect(order).toEqual(newest)
    }
  })

  test('time on the stored order never runs backwards', () => {
    const random = seeded(9)
    for (const sequence of permutations([UNPAID, EDITED, PAID, PART_REFUNDED, CANCELLED])) {
      let order: Order | null = null
      for (const seen of withRepetitions(sequence, random)) {
        const before: number = order?.updatedAt ?? 0
        order = advanceOrder(order, seen).order
        expect(order.updatedAt).toBeGreaterThanOrEqual(before)
      }
    }
  })

  test('what was given back is the same sum in the end, in every order of refunds told alone', () => {
    const random = seeded(10)
    for (const sequence of permutations([PAID, FULFILLED, alone(FIRST), alone(SECOND)])) {
      const { order, types } = tell(withRepetitions(sequence, random))
      expect(order.refundedTotal).toBe(4_800_000)
      expect(isFullyRefunded(order)).toBe(true)
      expect(count(types, 'order.refunded')).toBe(2)
    }
  })

  test('a cancelled order that the shop reopened stays open, whichever word comes last', () => {
    const cancelled = state(2, { ...paid, cancelledAt: at(2) })
    const reopened = state(3, paid)
    const random = seeded(11)
    for (const sequence of permutations([UNPAID, cancelled, reopened])) {
      const { order, types } = tell(withRepetitions(sequence, random))
      expect(order.cancelledAt).toBeNull()
      expect(count(types, 'order.cancelled')).toBeLessThanOrEqual(1)
      expect(count(types, 'order.paid')).toBe(1)
    }
  })

  test('a full refund that an event only asserts is not taken back by a later state without refunds', () => {
    const asserted = state(5, {
      ...paid,
      ...refunded({ id: ASSERTED_REFUND, reason: null, amount: 4_800_000, at: at(5) }),
    })
    const later = state(6, paid)
    const random = seeded(12)
    for (const sequence of permutations([PAID, asserted, later])) {
      const { order, types } = tell(withRepetitions(sequence, random))
      expect(isFullyRefunded(order)).toBe(true)
      expect(order.updatedAt).toBe(at(6))
      expect(count(types, 'order.refunded')).toBe(1)
    }
  })

  test('a refund that the shop took back is gone with the newer state, and an old delivery does not bring it back', () => {
    const taken = state(9, { ...paid, fulfilledAt: at(3) })
    expect(tell([PAID, PART_REFUNDED, taken, PART_REFUNDED]).order).toEqual(taken)
    expect(tell([taken, PART_REFUNDED]).order.refundedTotal).toBe(0)
  })
})

describe('when a fact became true', () => {
  test('a payment is no older than the unpaid state we knew, however the shop dates it', () => {
    const late = state(9, { paidAt: at(-5), fulfilledAt: at(2) })
    expect(advanceOrder(state(8), late).order).toMatchObject({ paidAt: at(9), fulfilledAt: at(9) })
    expect(advanceOrder(state(8), state(8, { paidAt: at(-5) })).order.paidAt).toBe(at(8))
  })

  test('a time after the known state is believed, and so is that of an older state and of a first one', () => {
    expect(advanceOrder(state(8), state(9, { paidAt: at(8.5) })).order.paidAt).toBe(at(8.5))
    expect(advanceOrder(state(8), state(3, { paidAt: at(2) })).order.paidAt).toBe(at(2))
    expect(advanceOrder(null, state(9, { paidAt: at(-5) })).order.paidAt).toBe(at(-5))
    expect(advanceOrder(alone(FIRST), state(9, { paidAt: at(-5) })).order.paidAt).toBe(at(-5))
  })

  test('once known it does not move', () => {
    expect(advanceOrder(PAID, state(9, { paidAt: at(8) })).order.paidAt).toBe(at(1))
  })
})

describe('a refund in another currency than the order’s', () => {
  const abroad = { ...alone({ ...FIRST, amount: 9_000_000 }), currency: 'USD' }

  test('says nothing in this one, whichever comes last', () => {
    for (const sequence of permutations([PAID, abroad, FULFILLED])) {
      const { order } = tell(sequence)
      expect(order.refunds).toEqual([])
      expect(order).toMatchObject({ refundedTotal: 0, currency: FULFILLED.currency, fulfilledAt: at(3) })
    }
  })

  test('takes nothing from the refunds that are known', () => {
    const { order } = tell([PART_REFUNDED, abroad])
    expect(order).toEqual(PART_REFUNDED)
  })
})

describe('two states of the same second', () => {
  test('refunds that each knows alone are added up, whichever comes last', () => {
    const one = state(5, { ...paid, ...refunded(FIRST) })
    const other = state(5, { ...paid, ...refunded(SECOND) })
    for (const sequence of permutations([one, other, one, other])) {
      const { order, types } = tell(sequence)
      expect(order.refundedTotal).toBe(4_800_000)
      expect(order.refunds.map(({ id }) => id).toSorted()).toEqual(['r1', 'r2'])
      expect(count(types, 'order.refunded')).toBe(2)
    }
  })

  test('paid and cancelled are kept, whichever comes last', () => {
    const unpaid = state(2)
    const both = state(2, { ...paid, cancelledAt: at(2) })
    for (const sequence of permutations([unpaid, both, unpaid])) {
      const { order, types } = tell(sequence)
      expect(order.cancelledAt).toBe(at(2))
      // Known unpaid at minute 2, it can have been paid no earlier.
      expect(order.paidAt).toBe(sequence[0] === both ? at(1) : at(2))
      expect(count(types, 'order.paid')).toBe(1)
      expect(count(types, 'order.cancelled')).toBe(1)
    }
  })

  test.each([
    ['the time of that second', at(2)],
    ['no time, as WooCommerce tells it', null],
  ])('a refund with %s is kept, whichever comes last', (_name, refundAt) => {
    const before = state(2, paid)
    const after = state(2, { ...paid, ...refunded({ ...FIRST, at: refundAt }) })
    for (const sequence of permutations([before, after, before, after])) {
      const { order, types } = tell(sequence)
      expect(order.refundedTotal).toBe(FIRST.amount)
      expect(count(types, 'order.refunded')).toBe(1)
    }
  })
})

describe('told alone, as Stripe tells it', () => {
  const part = (minute: number, change: Partial<Order>) =>
    anOrder({ ...base, partial: true, createdAt: null, total: 0, lines: [], updatedAt: at(minute), ...change })
  const sumOnly = (minute: number, refundedTotal: number) => part(minute, { refunds: [], refundedTotal })

  test('a sum that went back and the refunds it is made of are the same money', () => {
    const deliveries = [PAID, sumOnly(5, 1_000_000), alone(FIRST), alone(SECOND), sumOnly(7, 4_800_000)]
    for (const order of permutations(deliveries)) {
      const told = tell(order)
      expect(told.order.refundedTotal).toBe(4_800_000)
      expect(isFullyRefunded(told.order)).toBe(true)
    }
    expect(tell([PAID, sumOnly(5, 1_000_000), alone(FIRST)]).types).toEqual([
      'order.created',
      'order.paid',
      'order.refunded',
    ])
  })

  test('no later state without refunds takes a sum back; another currency says nothing', () => {
    expect(tell([PAID, sumOnly(5, 1_000_000), state(9, paid)]).order.refundedTotal).toBe(1_000_000)
    expect(tell([PAID, part(5, { refunds: [], refundedTotal: 7, currency: 'USD' })]).order.refundedTotal).toBe(0)
  })

  test('a cancelled payment cancels the state before it, not one after', () => {
    const gone = part(4, { cancelledAt: at(4) })
    for (const order of permutations([UNPAID, gone])) expect(tell(order).order.cancelledAt).toBe(at(4))
    for (const order of permutations([state(6, paid), gone])) expect(tell(order).order.cancelledAt).toBeNull()
  })
})
