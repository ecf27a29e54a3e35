import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import type { EventType } from '../../src/order.ts'
import { closedOutcome } from '../../src/outbox/closed-policy.ts'
import { decideSend } from '../../src/outbox/gate.ts'
import type { SendSnapshot } from '../../src/store/sending.ts'
import { WINDOW_MS, windowAt } from '../../src/window/window.ts'
import { anOrder, seeded } from '../rules/an-order.ts'
import { aConversationRow, aMessageRow, aPauseRow, aSnapshot, NOW } from '../support/rows.ts'

const MARGIN = 5 * MINUTE
const CONTEXT = { now: NOW, marginMs: MARGIN, consent: null, quietUntil: null }
const OPEN = aConversationRow({ lastInboundAt: NOW - HOUR })
const CLOSED = aConversationRow({ lastInboundAt: NOW - WINDOW_MS })
const REFUNDED = anOrder({
  total: 1000,
  refunds: [{ id: 'r', reason: null, amount: 1000, at: NOW }],
  refundedTotal: 1000,
})
const CANCELLED = anOrder({ cancelledAt: NOW })
const TEST = anOrder({ test: true })
const MOVED = anOrder({ phone: { raw: '0787 654 321', e164: '255787654321', problem: null } })
const PHONELESS = anOrder({ phone: { raw: null, e164: null, problem: 'no_phone' } })
const CONSENT = { field: 'whatsapp', values: ['yes', 'ndiyo'], required: true }
const SAID_YES = anOrder({ attributes: { whatsapp: ' Ndiyo' } })
const template = aMessageRow({ kind: 'template', template: { name: 'karibu', variables: {} } })
/** For whoever wrote the order's code, of whom no number need be known. */
const CLAIMED = aMessageRow({ phone: null, claimedAt: NOW })
const of = (cause: EventType | 'api') => aMessageRow({ cause })

describe('decideSend', () => {
  test.each<[string, Partial<SendSnapshot>, unknown]>([
    ['an open window lets the receipt go', { conversation: OPEN }, { kind: 'go', closesAt: NOW - HOUR + WINDOW_MS }],
    ['a closed window stops it', { conversation: CLOSED }, { kind: 'closed' }],
    [
      'a window within its margin stops it',
      { conversation: aConversationRow({ lastInboundAt: NOW - WINDOW_MS + MARGIN }) },
      { kind: 'closed' },
    ],
    [
      'a customer who never wrote gets nothing free-form',
      { conversation: aConversationRow({ lastInboundAt: null }) },
      { kind: 'closed' },
    ],
    [
      'Karibu’s refusal beats our record',
      { conversation: aConversationRow({ lastInboundAt: NOW - HOUR, closedVerdictAt: NOW - MINUTE }) },
      { kind: 'closed' },
    ],
    ['a template goes into a closed window', { message: template, conversation: CLOSED }, { kind: 'go' }],
    [
      'a template goes to a customer who never wrote',
      { message: template, conversation: aConversationRow({ lastInboundAt: null }) },
      { kind: 'go', closesAt: null },
    ],
    [
      'nothing goes to who asked for no more messages',
      { conversation: aConversationRow({ optedOutAt: NOW - DAY }) },
      { kind: 'drop', status: 'skipped', reason: 'opted_out' },
    ],
    [
      'not even a template goes to who asked for no more messages',
      { message: template, conversation: aConversationRow({ optedOutAt: NOW }) },
      { kind: 'drop', status: 'skipped', reason: 'opted_out' },
    ],
    [
      'no receipt goes out for a refunded order',
      { order: REFUNDED },
      { kind: 'drop', status: 'cancelled', reason: 'order_refunded' },
    ],
    [
      'no receipt goes out for a cancelled order',
      { order: CANCELLED },
      { kind: 'drop', status: 'cancelled', reason: 'order_cancelled' },
    ],
    [
      'no invitation goes out for a receipt of a cancelled order',
      { message: template, order: CANCELLED },
      { kind: 'drop', status: 'cancelled', reason: 'order_cancelled' },
    ],
    ['a receipt goes out for an order refunded in part', { order: { ...REFUNDED, total: 1001 } }, { kind: 'go' }],
    ['news of a refund goes out', { message: of('order.refunded'), order: REFUNDED }, { kind: 'go' }],
    ['news of a cancellation goes out', { message: of('order.cancelled'), order: CANCELLED }, { kind: 'go' }],
    ['what a person sent by hand goes out', { message: of('api'), order: CANCELLED }, { kind: 'go' }],
    [
      'nothing goes out for an order that turned out to be a test',
      { order: TEST },
      { kind: 'drop', status: 'skipped', reason: 'test_order' },
    ],
    [
      'no receipt goes to a number that the shop has changed',
      { order: MOVED },
      { kind: 'drop', status: 'skipped', reason: 'phone_changed' },
    ],
    [
      'no receipt goes to a number that the shop has taken away',
      { order: PHONELESS },
      { kind: 'drop', status: 'skipped', reason: 'phone_changed' },
    ],
    [
      'nor does news of a refund',
      { message: of('order.refunded'), order: MOVED },
      { kind: 'drop', status: 'skipped', reason: 'phone_changed' },
    ],
    [
      'nor an invitation',
      { message: template, order: MOVED, conversation: CLOSED },
      { kind: 'drop', status: 'skipped', reason: 'phone_changed' },
    ],
    [
      'whoever wrote the order’s code gets it, whatever number the order names',
      { message: CLAIMED, order: MOVED },
      { kind: 'go' },
    ],
    ['also when that order names none', { message: CLAIMED, order: PHONELESS }, { kind: 'go' }],
    [
      'but not once it was refunded',
      { message: CLAIMED, order: REFUNDED },
      { kind: 'drop', status: 'cancelled', reason: 'order_refunded' },
    ],
    ['a person may send it to another number', { message: of('api'), order: MOVED }, { kind: 'go' }],
    ['an answer goes to who asked', { message: of('message.received'), order: MOVED }, { kind: 'go' }],
    ['a paused sender waits, for as long as its pause lasts', { pause: aPauseRow() }, { kind: 'wait', until: NOW }],
    [
      'a window that closes while the sender is paused does not wait for it',
      { pause: aPauseRow(), conversation: CLOSED },
      { kind: 'closed' },
    ],
    [
      'an invitation that waited past its receipt’s time ends, also while the sender is paused',
      { pause: aPauseRow(), message: { ...template, createdAt: NOW - DAY, expiresAfterMs: DAY }, conversation: CLOSED },
      { kind: 'drop', status: 'expired', reason: 'waited_too_long' },
    ],
    [
      'an invitation is needless once the customer has written',
      { message: { ...template, createdAt: NOW - HOUR }, conversation: aConversationRow({ lastInboundAt: NOW - 1 }) },
      { kind: 'drop', status: 'cancelled', reason: 'customer_wrote' },
    ],
    [
      'also when that window has closed again since',
      {
        message: { ...template, createdAt: NOW - 2 * DAY, expiresAfterMs: 3 * DAY },
        conversation: aConversationRow({ lastInboundAt: NOW - WINDOW_MS }),
      },
      { kind: 'drop', status: 'cancelled', reason: 'customer_wrote' },
    ],
    ...(['cancelled', 'expired', 'skipped', 'queued', 'read'] as const).map(
      (invitesTo): [string, Partial<SendSnapshot>, unknown] => [
        `an invitation to what is ${invitesTo} asks for nothing`,
        { message: template, conversation: CLOSED, invitesTo },
        { kind: 'drop', status: 'cancelled', reason: 'nothing_held' },
      ],
    ),
    [
      'an invitation to what is held goes',
      { message: template, conversation: CLOSED, invitesTo: 'held' },
      { kind: 'go' },
    ],
    [
      'an invitation within its time goes',
      { message: { ...template, createdAt: NOW - DAY + 1, expiresAfterMs: DAY }, conversation: CLOSED },
      { kind: 'go' },
    ],
    ['a pause that is over holds nothing up', { pause: aPauseRow({ pausedUntil: NOW }) }, { kind: 'go' }],
    [
      'a cancelled order is not kept waiting for a paused sender',
      { pause: aPauseRow(), order: CANCELLED },
      { kind: 'drop', status: 'cancelled', reason: 'order_cancelled' },
    ],
  ])('%s', (_name, change, expected) => {
    expect(decideSend(aSnapshot({ conversation: OPEN, ...change }), CONTEXT)).toMatchObject(expected as object)
  })

  test.each<[string, SendSnapshot['order'], typeof CONSENT | null, unknown]>([
    ['an order that holds the yes its shop asks for goes', SAID_YES, CONSENT, { kind: 'go' }],
    [
      'an order that lost its yes does not',
      anOrder(),
      CONSENT,
      { kind: 'drop', status: 'skipped', reason: 'no_consent' },
    ],
    [
      'nor one that says no',
      anOrder({ attributes: { whatsapp: 'no' } }),
      CONSENT,
      { kind: 'drop', status: 'skipped', reason: 'no_consent' },
    ],
    ['a shop that only records the answer stops nothing', anOrder(), { ...CONSENT, required: false }, { kind: 'go' }],
    ['a shop that asks for none stops nothing', anOrder(), null, { kind: 'go' }],
    ['a message without an order needs none', null, CONSENT, { kind: 'go' }],
  ])('%s', (_name, order, consent, expected) => {
    expect(decideSend(aSnapshot({ conversation: OPEN, order }), { ...CONTEXT, consent })).toMatchObject(
      expected as object,
    )
  })

  test('over a thousand random states, an image goes only into an open window of a willing customer', () => {
    const random = seeded(3)
    const pick = <T>(...values: T[]) => values[Math.floor(random() * values.length)] as T
    let gone = 0
    for (let round = 0; round < 1000; round++) {
      const conversation = aConversationRow({
        lastInboundAt: pick(null, NOW, NOW - Math.floor(random() * 2 * WINDOW_MS)),
        closedVerdictAt: pick(null, null, NOW - Math.floor(random() * 2 * WINDOW_MS)),
        optedOutAt: pick(null, null, null, NOW - HOUR),
      })
      const order = pick(null, anOrder(), SAID_YES, REFUNDED, CANCELLED, TEST, MOVED)
      const pause = pick(null, null, aPauseRow())
      const consent = pick(null, null, CONSENT)
      const verdict = decideSend(aSnapshot({ conversation, order, pause }), { ...CONTEXT, consent })
      if (verdict.kind !== 'go') continue
      gone++
      expect(windowAt(conversation, NOW, MARGIN).open).toBe(true)
      expect(conversation.optedOutAt).toBeNull()
      expect(pause).toBeNull()
      expect([REFUNDED, CANCELLED, TEST, MOVED]).not.toContain(order)
      expect(consent === null || [null, SAID_YES].includes(order)).toBe(true)
    }
    expect(gone).toBeGreaterThan(50)
  })
})

describe('quiet hours', () => {
  const MORNING = NOW + 8 * HOUR
  const quiet = { ...CONTEXT, quietUntil: MORNING }
  const wait = { kind: 'wait', until: MORNING, reason: 'quiet_hours' }
  const until = (ms: number) => aConversationRow({ lastInboundAt: NOW + ms - WINDOW_MS })

  test.each<[string, Partial<SendSnapshot>, unknown]>([
    ['what an order caused waits for their end', { conversation: OPEN }, wait],
    ['an invitation waits too', { message: template, conversation: CLOSED }, wait],
    ['an answer does not', { message: of('message.received') }, { kind: 'go' }],
    ['nor does a send by hand', { message: of('api') }, { kind: 'go' }],
    [
      'who wrote a moment ago is awake',
      { conversation: aConversationRow({ lastInboundAt: NOW - 5 * MINUTE + 1 }) },
      { kind: 'go' },
    ],
    ['five minutes later no longer', { conversation: aConversationRow({ lastInboundAt: NOW - 5 * MINUTE }) }, wait],
    ['a window that is open a moment longer waits', { conversation: until(8 * HOUR + MARGIN + 1) }, wait],
    [
      'one that ends with them is closed at once',
      { conversation: until(8 * HOUR + MARGIN) },
      { kind: 'closed', quiet: true },
    ],
    ['a closed window is closed as ever', { conversation: CLOSED }, { kind: 'closed' }],
    ['an opt-out ends it as ever', { conversation: aConversationRow({ optedOutAt: NOW }) }, { kind: 'drop' }],
  ])('%s', (_name, change, expected) => {
    expect(decideSend(aSnapshot({ conversation: OPEN, ...change }), quiet)).toMatchObject(expected as object)
  })
})

describe('what becomes of a message whose window is closed', () => {
  const invite = { name: 'karibu', variables: {} }
  const inviting = aMessageRow({ whenClosed: 'invite', invite, expiresAfterMs: 3 * DAY })

  test('hold: it waits until its own expiry, counted from when it was made', () => {
    const message = aMessageRow({ createdAt: NOW - HOUR, expiresAfterMs: DAY })
    expect(closedOutcome(message, CLOSED, NOW)).toEqual({
      status: 'held',
      reason: 'window_closed',
      expiresAt: NOW - HOUR + DAY,
      invite: false,
    })
  })

  test('hold: at its expiry it is over, a millisecond before it is not', () => {
    const message = aMessageRow({ createdAt: NOW, expiresAfterMs: DAY })
    expect(closedOutcome(message, CLOSED, NOW + DAY - 1).status).toBe('held')
    expect(closedOutcome(message, CLOSED, NOW + DAY)).toMatchObject({ status: 'expired', reason: 'held_too_long' })
  })

  test('skip: nothing is kept for later', () => {
    expect(closedOutcome(aMessageRow({ whenClosed: 'skip' }), CLOSED, NOW)).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
      expiresAt: null,
      invite: false,
    })
  })

  test.each<[string, number | null, boolean]>([
    ['a contact never invited is invited', null, true],
    ['a contact invited less than a day ago is not invited again', NOW - DAY + 1, false],
    ['a contact invited a day ago may be invited again', NOW - DAY, true],
  ])('invite: %s, and the receipt is held either way', (_name, lastInvitedAt, expected) => {
    const outcome = closedOutcome(inviting, aConversationRow({ lastInboundAt: null, lastInvitedAt }), NOW)
    expect(outcome).toMatchObject({ status: 'held', invite: expected })
  })

  test('invite: an expired message invites nobody', () => {
    expect(closedOutcome({ ...inviting, createdAt: NOW - 3 * DAY }, CLOSED, NOW)).toMatchObject({
      status: 'expired',
      invite: false,
    })
  })
})
