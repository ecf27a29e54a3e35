import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { decideOrder, type OrderInput } from '../../src/intake/decide-order.ts'
import type { Order } from '../../src/order.ts'
import { compileRules } from '../../src/rules/match.ts'
import type { OrderSnapshot } from '../../src/store/intake.ts'
import type { MessageRow } from '../../src/store/records.ts'
import { anOrder, aRule, seeded } from '../rules/an-order.ts'
import { aMessageRow, aShop, NOW, permutations, SENDER, withRepetitions } from '../support/rows.ts'

const ids = createIds({ now: () => NOW })
const RECEIPT = compileRules([aRule({ expiresAfterMs: DAY })])
const at = (minute: number) => NOW - HOUR + minute * MINUTE
const paid = (change: Partial<Order> = {}) => anOrder({ createdAt: at(0), updatedAt: at(1), paidAt: at(1), ...change })
const wholeRefund = { refunds: [{ id: 'r', reason: null, amount: 4_800_000, at: at(9) }], refundedTotal: 4_800_000 }

function decide(seen: Order, known: Partial<OrderSnapshot> = {}, change: Partial<OrderInput> = {}) {
  return decideOrder(
    { order: null, messages: [], ...known },
    {
      shop: aShop(),
      rules: RECEIPT,
      seen,
      occurredAt: null,
      eventId: 'evt_1',
      now: NOW,
      ids,
      locale: 'sw',
      ...change,
    },
  )
}

describe('the receipt of a paid order', () => {
  test('it is queued at once for the order’s phone, with the words of the shop’s language', () => {
    const decision = decide(paid())
    expect(decision).toMatchObject({ type: 'order.paid', reason: null, cancel: [], revive: [] })
    expect(decision.enqueue).toMatchObject([
      {
        kind: 'image',
        status: 'queued',
        reason: null,
        shop: 'duka',
        orderId: '7001',
        orderNumber: '#1042',
        rule: 'receipt',
        cause: 'order.paid',
        eventId: 'evt_1',
        sender: SENDER,
        phone: '255712345678',
        caption: 'Asante',
        nextAttemptAt: NOW,
        whenClosed: 'hold',
        expiresAfterMs: DAY,
      },
    ])
  })

  test('an order known as paid says nothing new, and says so', () => {
    expect(decide(paid(), { order: paid() })).toMatchObject({
      type: 'ignored',
      reason: expect.stringContaining('nothing new') as string,
      enqueue: [],
    })
  })

  test('without a rule nothing is sent, and the trace says that no rule is on the event', () => {
    const { enqueue, trace } = decide(paid(), {}, { rules: [] })
    expect(enqueue).toEqual([])
    expect(trace).toContainEqual({ step: 'order.paid', text: 'no rule is on this event' })
  })
})

describe('every non-send has its reason', () => {
  const consent = { field: 'whatsapp', values: ['yes', 'ndiyo'], required: true }
  const noPhone = { raw: null, e164: null, problem: 'no_phone' } as const
  const badPhone = { raw: '0712', e164: null, problem: 'invalid_phone' } as const

  test.each<[string, Partial<Order>, Parameters<typeof aShop>[0], string | null]>([
    ['a test order', { test: true }, {}, 'test_order'],
    ['an order without a phone', { phone: noPhone }, {}, 'no_phone'],
    ['an order with a phone that cannot be trusted', { phone: badPhone }, {}, 'invalid_phone'],
    ['an order paid longer ago than allowed', { paidAt: NOW - DAY - 1 }, { ignoreOlderThanMs: DAY }, 'too_old'],
    ['an order paid just within what is allowed', { paidAt: NOW - DAY }, { ignoreOlderThanMs: DAY }, null],
    ['an order refunded in full', wholeRefund, {}, 'order_refunded'],
    ['an order cancelled', { cancelledAt: at(2) }, {}, 'order_cancelled'],
    ['an order without the consent its shop asks for', {}, { consent }, 'no_consent'],
    ['an order that says no', { attributes: { whatsapp: 'no' } }, { consent }, 'no_consent'],
    ['an order that says yes, in any case', { attributes: { whatsapp: ' NDIYO ' } }, { consent }, null],
    ['an order of a shop that only records consent', {}, { consent: { ...consent, required: false } }, null],
    ['a test order is named so before all else', { test: true, phone: noPhone, cancelledAt: at(2) }, {}, 'test_order'],
  ])('%s', (_name, order, shop, reason) => {
    const receipt = decide(paid(order), {}, { shop: aShop(shop) }).enqueue.find((one) => one.rule === 'receipt')
    expect(receipt).toMatchObject({
      status: reason === null ? 'queued' : 'skipped',
      reason,
      nextAttemptAt: reason === null ? NOW : null,
    })
  })
})

describe('what a later delivery does to messages that have not gone out', () => {
  const gone: [string, Order, string][] = [
    ['a full refund', paid({ updatedAt: at(9), ...wholeRefund }), 'order_refunded'],
    ['a cancellation', paid({ updatedAt: at(9), cancelledAt: at(9) }), 'order_cancelled'],
  ]

  test.each(gone)('%s stops what is held or queued, and nothing that is out', (_name, seen, reason) => {
    const messages = (['held', 'queued', 'sending', 'uncertain', 'pending', 'delivered', 'skipped'] as const).map(
      (status) => aMessageRow({ id: status, status }),
    )
    expect(decide(seen, { order: paid(), messages }).cancel).toEqual([
      { id: 'held', reason },
      { id: 'queued', reason },
    ])
  })

  test.each(gone)('%s leaves its own news and what a person sent by hand', (_name, seen) => {
    const messages = (['order.refunded', 'order.cancelled', 'api'] as const).map((cause) =>
      aMessageRow({ id: cause, cause }),
    )
    expect(decide(seen, { order: paid(), messages }).cancel).toEqual([])
  })

  test('a refund of a part stops nothing', () => {
    const part = paid({
      updatedAt: at(9),
      refunds: [{ id: 'r', reason: null, amount: 1, at: at(9) }],
      refundedTotal: 1,
    })
    expect(decide(part, { order: paid(), messages: [aMessageRow()] }).cancel).toEqual([])
  })

  test('a mended phone wakes the receipt that waited for it', () => {
    const before = paid({ phone: { raw: null, e164: null, problem: 'no_phone' } })
    const waiting = aMessageRow({ status: 'skipped', reason: 'no_phone', phone: null, conversationId: null })
    const { revive } = decide(paid({ updatedAt: at(2) }), { order: before, messages: [waiting] })
    expect(revive).toMatchObject([{ id: 'msg_1', contact: { phone: '255712345678', sender: SENDER } }])
  })

  test.each([
    ['cancelled since', { cancelledAt: at(2) }],
    ['a test order', { test: true }],
    ['still without a phone', { phone: { raw: 'x', e164: null, problem: 'invalid_phone' } as const }],
  ])('a receipt that waited for a phone stays where it is when the order is %s', (_name, change) => {
    const waiting = aMessageRow({ status: 'skipped', reason: 'invalid_phone' })
    expect(decide(paid({ updatedAt: at(2), ...change }), { order: paid(), messages: [waiting] }).revive).toEqual([])
  })

  test('a message skipped for another reason is not woken by a phone', () => {
    const waiting = aMessageRow({ status: 'skipped', reason: 'no_consent' })
    expect(decide(paid({ updatedAt: at(2) }), { order: paid(), messages: [waiting] }).revive).toEqual([])
  })
})

const refund = (id: string, minute: number) => ({ id, reason: null, amount: 100, at: at(minute) })

describe('refunds', () => {
  const rules = compileRules([aRule({ name: 'refund', on: 'order.refunded' })])

  test('each further part of the money given back is told once', () => {
    const first = paid({ updatedAt: at(3), refunds: [refund('a', 3)], refundedTotal: 100 })
    const second = paid({ updatedAt: at(4), refunds: [refund('a', 3), refund('b', 4)], refundedTotal: 200 })
    const keys = [
      decide(first, { order: paid() }, { rules }),
      decide(second, { order: first }, { rules }),
      decide(first, { order: second }, { rules }),
    ].map(({ enqueue }) => enqueue.map((message) => message.effectKey))
    expect(keys.map((list) => list.length)).toEqual([1, 1, 0])
    expect(new Set(keys.flat()).size).toBe(2)
  })
})

/** The store's part in one delivery: effect keys are unique, cancelled and woken messages change their row. */
function deliver(snapshot: OrderSnapshot, seen: Order): OrderSnapshot {
  const { order, enqueue, cancel, revive } = decide(seen, snapshot)
  const messages = snapshot.messages.map((message): MessageRow => {
    const stopped = cancel.find(({ id }) => id === message.id)
    if (stopped) return { ...message, status: 'cancelled', reason: stopped.reason }
    const woken = revive.find(({ id }) => id === message.id)
    return woken ? { ...message, status: 'queued', reason: null, phone: woken.contact.phone } : message
  })
  for (const { contact: _contact, ...made } of enqueue) {
    if (messages.some((message) => message.effectKey === made.effectKey)) continue
    messages.push(aMessageRow(made))
  }
  return { order, messages }
}

function tellAll(states: Order[], check: (end: OrderSnapshot) => void) {
  const random = seeded(13)
  for (const sequence of permutations(states)) {
    let snapshot: OrderSnapshot = { order: null, messages: [] }
    for (const seen of withRepetitions(sequence, random)) snapshot = deliver(snapshot, seen)
    check(snapshot)
  }
}

describe('one order, told in every order and again and again', () => {
  const unpaid = anOrder({ createdAt: at(0), updatedAt: at(0), paidAt: null })
  const edited = paid({ updatedAt: at(2), attributes: { note: 'gate' } })
  const fulfilled = paid({ updatedAt: at(3), fulfilledAt: at(3) })
  const part = { refunds: [{ id: 'p', reason: null, amount: 5, at: at(4) }], refundedTotal: 5 }
  const partRefunded = paid({ updatedAt: at(4), fulfilledAt: at(3), ...part })
  const cancelled = paid({ updatedAt: at(9), fulfilledAt: at(3), ...wholeRefund, cancelledAt: at(9) })
  const unreachable = { raw: 'x', e164: null, problem: 'invalid_phone' } as const

  test('created, paid, edited, fulfilled, refunded in part: exactly one receipt, and it goes out', () => {
    tellAll([unpaid, paid(), edited, fulfilled, partRefunded], ({ messages }) => {
      expect(messages.map(({ rule, status }) => ({ rule, status }))).toEqual([{ rule: 'receipt', status: 'queued' }])
    })
  })

  test('once it is cancelled and refunded no receipt is left to go out, and it says why', () => {
    tellAll([unpaid, paid(), fulfilled, cancelled], ({ messages }) => {
      expect(messages).toHaveLength(1)
      expect(['skipped', 'cancelled']).toContain(messages[0]?.status)
      expect(messages[0]?.reason).toBe('order_refunded')
    })
  })

  test('a phone mended in the newest state gets the one receipt, however late the older states come', () => {
    tellAll([{ ...unpaid, phone: unreachable }, paid({ phone: unreachable }), edited], ({ messages }) => {
      expect(messages).toHaveLength(1)
      expect(messages[0]).toMatchObject({ status: 'queued', phone: '255712345678' })
    })
  })
})
