import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { type ClaimsInput, decideClaims } from '../../src/intake/decide-claims.ts'
import type { Order } from '../../src/order.ts'
import type { ClaimLinkRow, MessageRow } from '../../src/store/records.ts'
import { MESSAGE_STATUSES } from '../../src/store/words.ts'
import { anOrder } from '../rules/an-order.ts'
import { aConversationRow, aMessageRow, NOW } from '../support/rows.ts'

const WRITER = aConversationRow({ id: 'cnv_writer', phone: null, karibuId: 'thread-9', lastInboundAt: NOW })

function aClaim(
  messages: MessageRow[] = [aMessageRow({ status: 'held' })],
  link: Partial<ClaimLinkRow> = {},
  order: Partial<Order> = {},
) {
  const row: ClaimLinkRow = {
    shop: 'duka',
    orderId: '7001',
    codeHash: 'hash-1',
    keyHashes: [],
    createdAt: NOW - HOUR,
    expiresAt: NOW + DAY,
    claimedAt: null,
    claimedBy: null,
    ...link,
  }
  return { link: row, order: anOrder(order), messages }
}

function decide(change: Partial<ClaimsInput> = {}) {
  return decideClaims({
    codes: ['hash-1'],
    claims: [aClaim()],
    conversation: WRITER,
    writtenAt: NOW,
    doubtSince: null,
    now: NOW,
    ...change,
  })
}
const words = (decision: ReturnType<typeof decide>) => decision.trace.map(({ text }) => text).join('; ')

test('a held receipt moves to whoever wrote the code, and the code is spent', () => {
  const decision = decide()
  expect(decision.taken).toEqual([{ shop: 'duka', orderId: '7001' }])
  expect(decision.grants).toMatchObject([
    { id: 'msg_1', change: { status: 'queued', conversationId: 'cnv_writer', phone: null, claimedAt: NOW } },
  ])
  expect(decision.codesForgivenAt).toBe(0)
})

describe('what may still go goes, and nothing that went', () => {
  const CAN_GO = ['held', 'queued', 'failed', 'expired']
  test.each(MESSAGE_STATUSES)('%s', (status) => {
    const { grants } = decide({ claims: [aClaim([aMessageRow({ status })])] })
    expect(grants.map(({ id }) => id)).toEqual(CAN_GO.includes(status) ? ['msg_1'] : [])
  })

  test.each<[reason: string, goes: boolean]>([
    ['no_phone', true],
    ['invalid_phone', true],
    ['phone_changed', true],
    ['no_consent', true],
    ['opted_out', true],
    ['too_old', true],
    ['window_closed', true],
    ['quiet_hours', true],
    ['test_order', false],
    ['order_refunded', false],
    ['order_cancelled', false],
  ])('skipped for %s: %s', (reason, goes) => {
    const { grants } = decide({ claims: [aClaim([aMessageRow({ status: 'skipped', reason })])] })
    expect(grants).toHaveLength(goes ? 1 : 0)
  })

  test.each<[change: Partial<MessageRow>, paid: boolean, goes: boolean]>([
    [{ cause: 'order.paid' }, true, true],
    [{ cause: 'order.fulfilled' }, true, true],
    [{ cause: 'order.refunded' }, true, true],
    [{ cause: 'order.created' }, true, true],
    [{ cause: 'order.created' }, false, true],
    [{ cause: 'order.updated' }, true, true],
    [{ cause: 'order.cancelled' }, true, false],
    [{ cause: 'api' }, true, false],
    [{ kind: 'template' }, true, false],
  ])('%o, paid %s: %s', (change, paid, goes) => {
    const claim = aClaim([aMessageRow({ status: 'held', ...change })], {}, paid ? {} : { paidAt: null })
    expect(decide({ claims: [claim] }).grants).toHaveLength(goes ? 1 : 0)
  })
})

test('of a paid order the receipt goes, and not that it once waited for payment', () => {
  const messages = [
    aMessageRow({ id: 'msg_waits', cause: 'order.created', status: 'skipped', reason: 'no_phone' }),
    aMessageRow({ id: 'msg_paid', cause: 'order.paid', status: 'skipped', reason: 'no_phone' }),
  ]
  expect(decide({ claims: [aClaim(messages)] }).grants.map(({ id }) => id)).toEqual(['msg_paid'])
})

describe('nothing goes and the code stays good', () => {
  test.each<[why: string, order: Partial<Order>]>([
    ['test order', { test: true }],
    ['refunded in full', { refundedTotal: 4_800_000 }],
    ['cancelled', { cancelledAt: NOW }],
  ])('%s', (why, order) => {
    const decision = decide({ claims: [aClaim(undefined, {}, order)] })
    expect(decision).toMatchObject({ grants: [], taken: [], codesForgivenAt: 0 })
    expect(words(decision)).toContain(why)
  })

  test('while Karibu’s list is asked about the receipt', () => {
    const decision = decide({ claims: [aClaim([aMessageRow({ status: 'uncertain' })])] })
    expect(decision).toMatchObject({ grants: [], taken: [] })
  })

  test('when no rule made anything', () => {
    expect(decide({ claims: [aClaim([])] })).toMatchObject({ grants: [], taken: [] })
  })
})

test('the code of an order that is not paid yet is taken: its receipt will go to whoever wrote', () => {
  const decision = decide({ claims: [aClaim([], {}, { paidAt: null })] })
  expect(decision).toMatchObject({ grants: [], taken: [{ shop: 'duka', orderId: '7001' }] })
})

describe('codes of no use', () => {
  test.each<[string, Partial<ClaimsInput>]>([
    ['nobody was given', { claims: [] }],
    ['had expired', { claims: [aClaim(undefined, { expiresAt: NOW })] }],
    ['was used before', { claims: [aClaim(undefined, { claimedAt: NOW - 1, claimedBy: 'cnv_other' })] }],
    ['was used before', { claims: [aClaim(undefined, { claimedAt: NOW - 1, claimedBy: null })] }],
  ])('one that %s lets nothing go and counts', (why, change) => {
    const decision = decide(change)
    expect(decision).toMatchObject({ grants: [], taken: [], codesForgivenAt: NOW + 12 * MINUTE })
    expect(words(decision)).toContain(why)
    expect(words(decision)).not.toContain('hash-1')
  })

  test('the same contact again neither gets it twice nor counts as guessing', () => {
    const decision = decide({ claims: [aClaim(undefined, { claimedAt: NOW - 1, claimedBy: 'cnv_writer' })] })
    expect(decision).toMatchObject({ grants: [], taken: [], codesForgivenAt: 0 })
  })

  test('the same contact again gets what was out for somebody else then and came back, but not what was made since', () => {
    const link = { claimedAt: NOW - MINUTE, claimedBy: 'cnv_writer' }
    const again = (change: Partial<MessageRow>) =>
      decide({ claims: [aClaim([aMessageRow({ status: 'held', createdAt: NOW - HOUR, ...change })], link)] }).grants
    expect(again({ conversationId: 'cnv_1' })).toHaveLength(1)
    expect(again({ conversationId: 'cnv_writer' })).toEqual([])
    expect(again({ conversationId: 'cnv_1', createdAt: NOW })).toEqual([])
    expect(again({ conversationId: 'cnv_1', status: 'delivered' })).toEqual([])
  })

  test('a code that was good when it was written is good, however late we learn of it', () => {
    const claims = [aClaim(undefined, { expiresAt: NOW - MINUTE })]
    expect(decide({ claims, writtenAt: NOW - 2 * MINUTE }).grants).toHaveLength(1)
  })

  test('after five in an hour even a right one is not looked at; each is forgiven after twelve minutes', () => {
    let codesForgivenAt = 0
    for (let tried = 0; tried < 5; tried++) {
      const conversation = { ...WRITER, codesForgivenAt }
      codesForgivenAt = decide({ claims: [], conversation }).codesForgivenAt
    }
    const conversation = { ...WRITER, codesForgivenAt }
    const limited = decide({ conversation })
    expect(limited).toMatchObject({ grants: [], taken: [], codesForgivenAt })
    expect(words(limited)).toContain('too many')
    expect(decide({ conversation, now: NOW + 12 * MINUTE - 1 }).grants).toEqual([])
    expect(decide({ conversation, now: NOW + 12 * MINUTE }).grants).toHaveLength(1)
  })

  test('a clock that was set back locks nobody out for longer than an hour', () => {
    const conversation = { ...WRITER, codesForgivenAt: NOW + 400 * DAY }
    expect(decide({ conversation }).grants).toEqual([])
    const { codesForgivenAt } = decide({ conversation: { ...conversation, codesForgivenAt: NOW + HOUR }, now: NOW })
    expect(codesForgivenAt).toBeLessThanOrEqual(NOW + HOUR)
  })
})

test('after a restore, what may have gone out in the gap is looked up before it goes', () => {
  const { grants } = decide({ doubtSince: NOW - DAY })
  expect(grants).toMatchObject([{ doubtSince: NOW - DAY, change: { status: 'uncertain', attemptCount: 1 } }])
})
