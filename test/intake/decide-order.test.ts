import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { decideOrder, type OrderInput } from '../../src/intake/decide-order.ts'
import type { Order } from '../../src/order.ts'
import { compileRules } from '../../src/rules/match.ts'
import type { OrderSnapshot } from '../../src/store/intake.ts'
import type { MessageRow } from '../../src/store/records.ts'
import { anOrder, aRule, seeded } from '../rules/an-order.ts'
import { aConversationRow, aMessageRow, aShop, NOW, permutations, SENDER, withRepetitions } from '../support/rows.ts'

const ids = createIds({ now: () => NOW })
const RECEIPT = compileRules([aRule({ expiresAfterMs: DAY })])
const at = (minute: number) => NOW - HOUR + minute * MINUTE
const paid = (change: Partial<Order> = {}) => anOrder({ createdAt: at(0), updatedAt: at(1), paidAt: at(1), ...change })
const wholeRefund = { refunds: [{ id: 'r', reason: null, amount: 4_800_000, at: at(9) }], refundedTotal: 4_800_000 }

function decide(seen: Order, known: Partial<OrderSnapshot> = {}, change: Partial<OrderInput> = {}) {
  return decideOrder(
    { order: null, messages: [], claimant: null, ...known },
    {
      shop: aShop(),
      rules: RECEIPT,
      seen,
      occurredAt: null,
      eventId: 'evt_1',
      now: NOW,
      ids,
      locale: 'sw',
      gaps: [],
      ...change,
    },
  )
}

describe('the receipt of a paid order', () => {
  test('it is queued at once for the order’s phone, with the words of the shop’s language', () => {
    const decision = decide(paid())
    expect(decision).toMatchObject({ type: 'order.paid', reason: null, cancel: [], redraft: [] })
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
})

const skipped = (reason: string) => aMessageRow({ status: 'skipped', reason, nextAttemptAt: null })

describe('what was never tried is made anew from the order as it is now', () => {
  const noPhone = { raw: null, e164: null, problem: 'no_phone' } as const
  const moved = { raw: '0787 654 321', e164: '255787654321', problem: null } as const
  const consent = { field: 'whatsapp', values: ['yes'], required: true }
  const redraftOf = (
    message: MessageRow,
    seen: Partial<Order> = {},
    before: Partial<Order> = {},
    change: Partial<OrderInput> = {},
  ) => {
    const snapshot = { order: paid(before), messages: [message] }
    return decide(paid({ updatedAt: at(2), ...before, ...seen }), snapshot, change).redraft
  }

  test('a mended phone wakes the receipt that waited for it', () => {
    const waiting = { ...skipped('no_phone'), phone: null, conversationId: null }
    const redraft = redraftOf(
      waiting,
      { phone: paid().phone, customer: { name: 'Asha', firstName: null } },
      { phone: noPhone },
    )
    expect(redraft).toMatchObject([
      {
        id: 'msg_1',
        message: {
          status: 'queued',
          reason: null,
          phone: '255712345678',
          customerName: 'Asha',
          nextAttemptAt: NOW,
          contact: { phone: '255712345678', sender: SENDER },
        },
      },
    ])
  })

  test('a consent given later wakes it too', () => {
    const shop = aShop({ consent })
    const redraft = redraftOf(skipped('no_consent'), { attributes: { whatsapp: 'yes' } }, {}, { shop })
    expect(redraft).toMatchObject([{ message: { status: 'queued', reason: null } }])
    expect(redraftOf(skipped('no_consent'), {}, {}, { shop })).toEqual([])
  })

  test.each([
    ['cancelled since', { cancelledAt: at(2) }],
    ['refunded since', wholeRefund],
    ['a test order', { test: true }],
    ['still without a phone', { phone: { raw: 'x', e164: null, problem: 'invalid_phone' } as const }],
  ])('a receipt that waited for a phone stays where it is when the order is %s', (_name, change) => {
    expect(redraftOf(skipped('invalid_phone'), change)).toEqual([])
  })

  test.each(['too_old', 'test_order', 'opted_out', 'window_closed', 'order_refunded', 'phone_changed'])(
    'a message skipped as %s is not woken by a phone',
    (reason) => {
      expect(redraftOf(skipped(reason))).toEqual([])
    },
  )

  test.each(['held', 'queued'] as const)('a %s receipt moves to the number that the shop put right', (status) => {
    const [redraft, ...others] = redraftOf(aMessageRow({ status }), { phone: moved })
    expect(others).toEqual([])
    expect(redraft).toMatchObject({
      id: 'msg_1',
      message: { status: 'queued', phone: '255787654321', contact: { phone: '255787654321', sender: SENDER } },
    })
  })

  test('a number taken away leaves nobody to send to, and says so', () => {
    expect(redraftOf(aMessageRow({ status: 'held' }), { phone: noPhone })).toMatchObject([
      { message: { status: 'skipped', reason: 'no_phone', contact: null, phone: null, nextAttemptAt: null } },
    ])
  })

  test('the same number again moves nothing', () => {
    expect(redraftOf(aMessageRow({ status: 'held' }), { attributes: { note: 'gate' } })).toEqual([])
  })

  test.each(['sending', 'uncertain', 'pending', 'delivered', 'failed', 'expired'] as const)(
    'a message that is %s goes to no other number',
    (status) => {
      expect(redraftOf(aMessageRow({ status, attemptCount: 1 }), { phone: moved })).toEqual([])
    },
  )

  test('a message that was tried once stays with its number: it may be on that phone', () => {
    expect(redraftOf(aMessageRow({ status: 'queued', attemptCount: 1 }), { phone: moved })).toEqual([])
    const tried = { ...skipped('no_consent'), attemptCount: 1 }
    expect(redraftOf(tried)).toEqual([])
  })

  test.each(['api', 'message.received'] as const)('what was caused by %s is not the order’s to move', (cause) => {
    expect(redraftOf(aMessageRow({ cause }), { phone: moved })).toEqual([])
  })

  test('of a rule that is gone nothing is made anew', () => {
    expect(redraftOf(aMessageRow(), { phone: moved }, {}, { rules: [] })).toEqual([])
  })

  test('an order that the shop reopened gets its receipt after all', () => {
    const stopped = aMessageRow({ status: 'cancelled', reason: 'order_cancelled', nextAttemptAt: null })
    const before = { cancelledAt: at(1) }
    expect(redraftOf(stopped, { cancelledAt: null }, before)).toMatchObject([{ message: { status: 'queued' } }])
    expect(redraftOf({ ...stopped, reason: 'by_hand' }, { cancelledAt: null }, before)).toEqual([])
    expect(redraftOf(stopped, {}, before)).toEqual([])
  })

  test('also when it was first heard of as cancelled', () => {
    const redraft = redraftOf(skipped('order_cancelled'), { cancelledAt: null }, { cancelledAt: at(1) })
    expect(redraft).toMatchObject([{ message: { status: 'queued' } }])
  })

  describe('an invitation is no receipt', () => {
    const invitation = aMessageRow({
      id: 'msg_2',
      effectKey: 'invite:msg_1',
      kind: 'template',
      template: { name: 'karibu', variables: {} },
      whenClosed: 'skip',
    })
    const held = aMessageRow({ status: 'held', whenClosed: 'invite' })

    test('when the phone changes, only one picture is made', () => {
      const seen = paid({ updatedAt: at(2), phone: moved })
      const { redraft } = decide(seen, { order: paid(), messages: [held, invitation] })
      expect(redraft.filter(({ message }) => message.kind === 'image')).toHaveLength(1)
    })

    test('when the order is reopened, only one picture is made', () => {
      const messages = [held, invitation].map((row) => ({
        ...row,
        status: 'cancelled' as const,
        reason: 'order_cancelled',
      }))
      const order = paid({ cancelledAt: at(1) })
      const { redraft } = decide(paid({ updatedAt: at(2) }), { order, messages })
      expect(redraft.filter(({ message }) => message.kind === 'image')).toHaveLength(1)
    })
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

/** The store's part in one delivery: effect keys are unique, cancelled and redrafted messages change their row. */
function deliver(snapshot: OrderSnapshot, seen: Order): OrderSnapshot {
  const { order, enqueue, cancel, redraft } = decide(seen, snapshot)
  const messages = snapshot.messages.map((message): MessageRow => {
    const stopped = cancel.find(({ id }) => id === message.id)
    if (stopped) return { ...message, status: 'cancelled', reason: stopped.reason }
    const anew = redraft.find(({ id }) => id === message.id)?.message
    if (!anew) return message
    const { contact: _contact, id: _id, effectKey: _key, createdAt: _made, eventId: _cause, ...change } = anew
    return { ...message, ...change }
  })
  for (const { contact: _contact, ...made } of enqueue) {
    if (messages.some((message) => message.effectKey === made.effectKey)) continue
    messages.push(aMessageRow(made))
  }
  return { order, messages, claimant: null }
}

function tellAll(states: Order[], check: (end: OrderSnapshot) => void) {
  const random = seeded(13)
  for (const sequence of permutations(states)) {
    let snapshot: OrderSnapshot = { order: null, messages: [], claimant: null }
    for (const seen of withRepetitions(sequence, random)) snapshot = deliver(snapshot, seen)
    check(snapshot)
  }
}

describe('an order whose code was written', () => {
  const WRITER = aConversationRow({ id: 'cnv_9', phone: null, karibuId: 'thread-9', name: 'Juma' })
  const phoneless = { phone: { raw: null, e164: null, problem: 'no_phone' as const } }
  const moved = { phone: { raw: '0787 654 321', e164: '255787654321', problem: null } }

  test('sends its receipt to the writer once it is paid, without a phone and without a box that was ticked', () => {
    const shop = aShop({ consent: { field: 'whatsapp', values: ['yes'], required: true } })
    const { enqueue } = decide(paid(phoneless), { claimant: WRITER }, { shop })
    expect(enqueue).toMatchObject([
      { status: 'queued', claimedAt: NOW, contact: { phone: null, karibuId: 'thread-9' }, phone: null },
    ])
  })

  test('sends no receipt of a test, and other news where the order says', () => {
    expect(decide(paid({ test: true }), { claimant: WRITER }).enqueue).toMatchObject([{ reason: 'test_order' }])
    const shipped = compileRules([aRule({ on: 'order.fulfilled' })])
    const { enqueue } = decide(paid({ fulfilledAt: at(5) }), { claimant: WRITER }, { rules: shipped })
    expect(enqueue).toMatchObject([{ status: 'queued', contact: { phone: '255712345678' } }])
  })

  test('keeps what waits for the writer with the writer, whatever number the shop writes in', () => {
    const waiting = { status: 'queued' as const, phone: null, claimedAt: NOW, conversationId: 'cnv_9' }
    const known = { order: paid(), messages: [aMessageRow(waiting)], claimant: WRITER }
    expect(decide(paid({ ...moved, updatedAt: at(9) }), known).redraft).toEqual([])
  })

  test('that was cancelled and stands again sends it to the writer still', () => {
    const ended = { status: 'cancelled' as const, reason: 'order_cancelled', phone: null, claimedAt: NOW }
    const known = { order: paid({ cancelledAt: at(5) }), messages: [aMessageRow(ended)], claimant: WRITER }
    const { redraft } = decide(paid({ ...phoneless, updatedAt: at(9) }), known)
    expect(redraft).toMatchObject([{ message: { status: 'queued', contact: { karibuId: 'thread-9' } } }])
  })
})

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

  test('a phone put right in the newest state gets the one receipt, in every order of arrival', () => {
    const moved = { raw: '0787 654 321', e164: '255787654321', problem: null } as const
    tellAll([unpaid, paid(), paid({ updatedAt: at(4), phone: moved })], ({ messages }) => {
      expect(messages).toHaveLength(1)
      expect(messages[0]).toMatchObject({ status: 'queued', phone: '255787654321' })
    })
  })
})

describe('after a restore from a backup', () => {
  const gaps = [{ from: at(10), to: at(20) }]
  const begins = (paidAt: number, known: Partial<OrderSnapshot> = {}) => {
    const seen = paid({ updatedAt: NOW, paidAt })
    const { enqueue } = decide(seen, known, { gaps })
    return enqueue.map(({ status, reason, doubtSince }) => [status, reason, doubtSince])
  }

  test('what became true in the gap, or before it and is new to us, is looked up before it goes', () => {
    expect(begins(at(15))).toEqual([['uncertain', 'restored', at(10)]])
    expect(begins(at(1))).toEqual([['uncertain', 'restored', at(10)]])
    expect(begins(at(21))).toEqual([['uncertain', 'restored', at(10)]])
  })

  test('what became true after the restore goes at once', () => {
    expect(begins(at(23))).toEqual([['queued', null, undefined]])
  })

  test('a message that could not go before the gap may have been mended and sent in it', () => {
    const waiting = aMessageRow({ status: 'skipped', reason: 'no_phone', createdAt: at(5), phone: null })
    const known = {
      order: paid({ updatedAt: at(5), phone: { raw: null, e164: null, problem: 'no_phone' } }),
      messages: [waiting],
    }
    const { redraft } = decide(paid({ updatedAt: NOW }), known, { gaps })
    expect(redraft).toMatchObject([{ id: waiting.id, message: { status: 'uncertain', doubtSince: at(10) } }])
  })
})
