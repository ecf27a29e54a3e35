import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { SendResult } from '../../src/karibu/send-result.ts'
import { backoffMs, MAX_ATTEMPTS, settle } from '../../src/outbox/settle.ts'
import type { MessageRow } from '../../src/store/records.ts'
import type { SendSnapshot } from '../../src/store/sending.ts'
import { WINDOW_MS, windowAt } from '../../src/window/window.ts'
import { seeded } from '../rules/an-order.ts'
import { aConversationRow, afterSettling, aMessageRow, aPauseRow, aSnapshot, NOW } from '../support/rows.ts'

const CONTEXT = {
  now: NOW,
  startedAt: NOW - SECOND,
  afterAcceptance: false,
  statusPollAfterMs: 5 * MINUTE,
  marginMs: 5 * MINUTE,
  random: 0.5,
}
const sending = (change: Partial<MessageRow> = {}, around: Partial<SendSnapshot> = {}) =>
  aSnapshot({ message: aMessageRow({ status: 'sending', attemptCount: 1, ...change }), ...around })
const later = (change: Partial<Extract<SendResult, { kind: 'later' }>> = {}): SendResult => ({
  kind: 'later',
  code: 'karibu.http_429',
  detail: 'slow down',
  retryAfterMs: null,
  burns: false,
  everyone: false,
  ...change,
})
const accepted = (status: 'pending' | 'sent'): SendResult => ({
  kind: 'accepted',
  messageId: 'karibu-1',
  conversationId: 'thread-1',
  providerMessageId: status === 'sent' ? 'wamid.1' : null,
  status,
})

test('an accepted send keeps Karibu’s id at once, forgets old errors and is asked after later', () => {
  const before = sending({ errorCode: 'karibu.http_429', errorDetail: 'slow down', reason: 'answer_lost' })
  expect(settle(before, accepted('pending'), CONTEXT)).toEqual({
    conversation: {},
    pause: null,
    closed: null,
    message: {
      status: 'pending',
      reason: null,
      messageId: 'karibu-1',
      providerMessageId: null,
      errorCode: null,
      errorDetail: null,
      nextAttemptAt: null,
      acceptedAt: NOW,
      sentAt: null,
      statusPollAt: NOW + 5 * MINUTE,
      statusPolls: 0,
    },
  })
})

test('a send the provider acknowledged at once is sent, with its time and WhatsApp’s id', () => {
  expect(settle(sending(), accepted('sent'), CONTEXT).message).toMatchObject({
    status: 'sent',
    sentAt: NOW,
    providerMessageId: 'wamid.1',
  })
})

const named = (ms: number) => later({ retryAfterMs: ms, burns: true })

describe('later', () => {
  test('a failing service is tried again after the backoff, and that counts against the tries', () => {
    const { message } = settle(sending(), later({ code: 'whatsapp.131016', burns: true }), CONTEXT)
    expect(message).toMatchObject({ status: 'queued', burnedCount: 1, errorCode: 'whatsapp.131016' })
    expect(message.nextAttemptAt).toBe(NOW + SECOND)
  })

  test('a throttled send burns no try, however often it happens', () => {
    let snapshot = sending()
    for (let attempt = 1; attempt <= 500; attempt++) {
      snapshot = afterSettling(snapshot, settle(snapshot, later(), CONTEXT))
      expect(snapshot.message).toMatchObject({ status: 'queued', burnedCount: 0 })
      snapshot.message.attemptCount = attempt + 1
    }
  })

  test('the wait Karibu names is never cut short', () => {
    for (const random of [0, 0.5, 0.999]) {
      const { message } = settle(sending(), later({ retryAfterMs: 30_000 }), { ...CONTEXT, random })
      expect(message.nextAttemptAt).toBe(NOW + 30_000)
    }
  })

  test('a named wait shorter than our own backoff does not make us hurry', () => {
    const { message } = settle(sending({ attemptCount: 6 }), later({ retryAfterMs: 0 }), CONTEXT)
    expect(message.nextAttemptAt).toBe(NOW + 32 * SECOND)
  })

  test('the last try that counts fails the message for good, with its code', () => {
    const result = later({ code: 'whatsapp.131000', burns: true })
    const before = sending({ burnedCount: MAX_ATTEMPTS - 1, attemptCount: MAX_ATTEMPTS })
    expect(settle(before, result, CONTEXT).message).toEqual({
      status: 'failed',
      failedAt: NOW,
      burnedCount: MAX_ATTEMPTS,
      nextAttemptAt: null,
      errorCode: 'whatsapp.131000',
      errorDetail: 'slow down',
    })
  })

  test('a message that cannot be delivered ends after exactly the tries it has', () => {
    let snapshot = sending()
    let tries = 0
    while (snapshot.message.status !== 'failed') {
      tries++
      snapshot.message.attemptCount = tries
      const result = later({ burns: true })
      snapshot = afterSettling(snapshot, settle(snapshot, result, CONTEXT))
      expect(tries).toBeLessThanOrEqual(MAX_ATTEMPTS)
    }
    expect(tries).toBe(MAX_ATTEMPTS)
  })

  describe('past the end of the window', () => {
    const CLOSES_IN = 6 * MINUTE
    const closing = aConversationRow({ lastInboundAt: NOW + CLOSES_IN - WINDOW_MS })

    test('a try that would come after it goes to the closed window’s policy at once', () => {
      const late = settle(sending({}, { conversation: closing }), named(MINUTE), CONTEXT)
      expect(late.message).toMatchObject({
        status: 'held',
        reason: 'window_closed',
        nextAttemptAt: null,
        burnedCount: 1,
        errorCode: 'karibu.http_429',
      })
      expect(late.message.expiresAt).toBe(NOW + sending().message.expiresAfterMs)
      expect(late.conversation).toEqual({})
      const inTime = settle(sending({}, { conversation: closing }), named(MINUTE - 1), CONTEXT)
      expect(inTime.message).toMatchObject({ status: 'queued', nextAttemptAt: NOW + MINUTE - 1 })
    })

    test('the rule’s policy decides: skip and invite', () => {
      const skip = settle(sending({ whenClosed: 'skip' }, { conversation: closing }), named(HOUR), CONTEXT)
      expect(skip.message).toMatchObject({ status: 'skipped', reason: 'window_closed' })
      const change = { whenClosed: 'invite', invite: { name: 'karibu', variables: {} } } as const
      expect(settle(sending(change, { conversation: closing }), named(HOUR), CONTEXT).closed?.invite).toBe(true)
    })

    const noWindow = { conversation: aConversationRow({ lastInboundAt: null }) }

    test('a template needs no window and keeps its turn, until what it invites to has expired', () => {
      const young = sending({ kind: 'template', expiresAfterMs: HOUR + 1 }, noWindow)
      expect(settle(young, named(HOUR), CONTEXT).message).toMatchObject({
        status: 'queued',
        nextAttemptAt: NOW + HOUR,
      })
      const old = sending({ kind: 'template', expiresAfterMs: HOUR }, noWindow)
      expect(settle(old, named(HOUR), CONTEXT).message).toMatchObject({
        status: 'expired',
        reason: 'waited_too_long',
        nextAttemptAt: null,
        errorCode: 'karibu.http_429',
      })
    })

    test.each<[string, SendResult, number]>([
      ['a picture WhatsApp could not fetch', { kind: 'media', code: 'whatsapp.131053', detail: 'no' }, 30 * SECOND],
      ['a refused key', { kind: 'blocked', code: 'karibu.http_401', detail: 'no' }, MINUTE],
      ['a Karibu out of reach', later({ code: 'karibu.unreachable', everyone: true }), 5 * SECOND],
    ])('%s waits no longer than its window either', (_name, result, wait) => {
      const closesAfter = (ms: number) => ({
        conversation: aConversationRow({ lastInboundAt: NOW + CONTEXT.marginMs + ms - WINDOW_MS }),
      })
      const late = settle(sending({}, closesAfter(wait)), result, CONTEXT)
      expect(late.message).toMatchObject({ status: 'held', reason: 'window_closed', nextAttemptAt: null })
      const inTime = settle(sending({}, closesAfter(wait + 1)), result, CONTEXT)
      expect(inTime.message).toMatchObject({ status: 'queued', nextAttemptAt: NOW + wait })
      expect(late.pause).toEqual(inTime.pause)
      const template = sending({ kind: 'template', expiresAfterMs: wait }, noWindow)
      expect(settle(template, result, CONTEXT).message.status).toBe('expired')
    })
  })
})

describe('Karibu cannot be reached', () => {
  const away = later({ code: 'karibu.unreachable', everyone: true })
  const after = (ageMs: number) =>
    settle(sending({ burnedCount: MAX_ATTEMPTS - 1 }, { pause: aPauseRow({ pausedAt: NOW - ageMs }) }), away, CONTEXT)

  test('the sender pauses and the message waits with it, without losing a try', () => {
    const { message, pause } = settle(sending({ burnedCount: MAX_ATTEMPTS - 1 }), away, CONTEXT)
    expect(pause).toEqual({
      pausedAt: NOW,
      pausedUntil: NOW + 5 * SECOND,
      code: 'karibu.unreachable',
      detail: 'slow down',
    })
    expect(message).toEqual({
      status: 'queued',
      nextAttemptAt: NOW + 5 * SECOND,
      errorCode: 'karibu.unreachable',
      errorDetail: 'slow down',
    })
  })

  test.each([
    [0, 5],
    [10, 5],
    [40, 20],
    [120, 60],
    [3600, 60],
  ])('trouble that is %i s old makes it rest %i s', (age, rest) => {
    const { pause, message } = after(age * SECOND)
    expect(pause).toMatchObject({ pausedAt: NOW - age * SECOND, pausedUntil: NOW + rest * SECOND })
    expect(message).toMatchObject({ status: 'queued', nextAttemptAt: NOW + rest * SECOND })
  })

  test('the end of a pause is a whole millisecond, as every stored time', () => {
    expect(Number.isInteger(after(40 * SECOND + 1).pause?.pausedUntil)).toBe(true)
  })
})

describe('window closed', () => {
  const refusal: SendResult = { kind: 'window-closed', code: 'karibu.WINDOW_CLOSED', detail: 'no open window' }

  test('Karibu’s word is recorded and closes the window until the customer writes', () => {
    const snapshot = sending()
    const after = afterSettling(snapshot, settle(snapshot, refusal, CONTEXT))
    expect(after.message).toMatchObject({ status: 'held', reason: 'window_closed', nextAttemptAt: null })
    expect(after.message.expiresAt).toBe(after.message.createdAt + after.message.expiresAfterMs)
    expect(after.conversation).toMatchObject({
      closedVerdictAt: CONTEXT.startedAt,
      closedVerdictCode: 'karibu.WINDOW_CLOSED',
    })
    expect(windowAt(after.conversation, NOW + 1, 0).open).toBe(false)
    expect(windowAt({ ...after.conversation, lastInboundAt: NOW + 1 }, NOW + 1, 0).open).toBe(true)
  })

  test('a refusal burns no try', () => {
    expect(settle(sending({ burnedCount: 3 }), refusal, CONTEXT).message.burnedCount).toBeUndefined()
  })

  test.each([
    ['skip', 'skipped'],
    ['hold', 'held'],
    ['invite', 'held'],
  ] as const)('the rule’s policy decides: %s makes it %s', (whenClosed, status) => {
    const message = sending({ whenClosed, invite: { name: 'karibu', variables: {} } })
    const { closed, message: change } = settle(message, refusal, CONTEXT)
    expect(change.status).toBe(status)
    expect(closed?.invite).toBe(whenClosed === 'invite')
  })

  test('what the customer wrote after the attempt began wins: the message goes again at once', () => {
    const conversation = aConversationRow({ lastInboundAt: CONTEXT.startedAt + 1 })
    const { message, ...around } = settle(sending({}, { conversation }), refusal, CONTEXT)
    expect(message).toMatchObject({ status: 'queued', nextAttemptAt: NOW, errorCode: 'karibu.WINDOW_CLOSED' })
    expect(around).toEqual({ conversation: {}, pause: null, closed: null })
  })

  test('a message of the very instant the attempt began does not', () => {
    const conversation = aConversationRow({ lastInboundAt: CONTEXT.startedAt })
    expect(settle(sending({}, { conversation }), refusal, CONTEXT).message.status).toBe('held')
  })

  test('a refusal of an older attempt, told late, does not move a newer one back', () => {
    const conversation = aConversationRow({ closedVerdictAt: NOW - MINUTE, closedVerdictCode: 'whatsapp.131047' })
    const context = { ...CONTEXT, startedAt: NOW - 30 * MINUTE }
    const snapshot = sending({}, { conversation })
    const after = afterSettling(snapshot, settle(snapshot, refusal, context))
    expect(after.conversation.closedVerdictAt).toBe(NOW - MINUTE)
  })
})

describe('blocked', () => {
  const result: SendResult = { kind: 'blocked', code: 'karibu.http_401', detail: 'bad key' }

  test('a blocked key or account pauses the sender and burns no message', () => {
    const { message, pause } = settle(sending({ burnedCount: MAX_ATTEMPTS - 1 }), result, CONTEXT)
    expect(pause).toEqual({
      pausedAt: NOW,
      pausedUntil: NOW + MINUTE,
      code: 'karibu.http_401',
      detail: 'bad key',
    })
    expect(message).toEqual({
      status: 'queued',
      nextAttemptAt: NOW + MINUTE,
      burnedCount: MAX_ATTEMPTS - 1,
      errorCode: 'karibu.http_401',
      errorDetail: 'bad key',
    })
  })

  test.each([
    [1, 1],
    [4, 2],
    [10, 5],
    [600, 5],
  ])('trouble that is %i minutes old makes the sender rest %i minutes', (age, rest) => {
    const pause = aPauseRow({ pausedAt: NOW - age * MINUTE })
    expect(settle(sending({}, { pause }), result, CONTEXT).pause).toMatchObject({
      pausedAt: NOW - age * MINUTE,
      pausedUntil: NOW + rest * MINUTE,
    })
  })

  test('reported after Karibu had taken the message on, it burns a try, and the last one fails it', () => {
    const reported = { ...CONTEXT, afterAcceptance: true }
    const first = settle(sending(), result, reported)
    expect(first.message).toMatchObject({ status: 'queued', burnedCount: 1 })
    expect(first.pause).not.toBeNull()
    const last = settle(sending({ burnedCount: MAX_ATTEMPTS - 1 }), result, reported)
    expect(last.message).toMatchObject({ status: 'failed', burnedCount: MAX_ATTEMPTS, errorCode: 'karibu.http_401' })
  })
})

test('a refusal is final and keeps the provider’s code word for word', () => {
  const result: SendResult = { kind: 'refused', code: 'whatsapp.131026', detail: 'undeliverable' }
  expect(settle(sending(), result, CONTEXT).message).toEqual({
    status: 'failed',
    failedAt: NOW,
    nextAttemptAt: null,
    errorCode: 'whatsapp.131026',
    errorDetail: 'undeliverable',
  })
})

test('a lost answer is uncertain: not failed, not queued, and looked up after a moment', () => {
  const result: SendResult = { kind: 'unknown', code: 'karibu.no_answer', detail: 'broke off' }
  expect(settle(sending(), result, CONTEXT).message).toEqual({
    status: 'uncertain',
    reason: 'answer_lost',
    nextAttemptAt: NOW + 5 * SECOND,
    statusPolls: 0,
    errorCode: 'karibu.no_answer',
    errorDetail: 'broke off',
  })
})

test('no result leaves the message under way', () => {
  const results: SendResult[] = [
    accepted('pending'),
    accepted('sent'),
    later(),
    later({ burns: true }),
    later({ everyone: true }),
    { kind: 'window-closed', code: 'whatsapp.131047', detail: '' },
    { kind: 'refused', code: 'whatsapp.131026', detail: '' },
    { kind: 'blocked', code: 'karibu.http_403', detail: '' },
    { kind: 'unknown', code: 'karibu.no_answer', detail: '' },
  ]
  for (const result of results) {
    const { status } = settle(sending(), result, CONTEXT).message
    expect(status).toMatch(/^(pending|sent|queued|held|failed|uncertain)$/)
  }
})

test('an attempt on whose way an earlier one was reported on the phone ends as delivered, whatever came of it', () => {
  const arrived = sending({ attemptCount: 2, deliveredAt: NOW - MINUTE })
  const results: SendResult[] = [
    later({ burns: true }),
    later({ everyone: true }),
    { kind: 'window-closed', code: 'whatsapp.131047', detail: '' },
    { kind: 'refused', code: 'whatsapp.131026', detail: '' },
    { kind: 'blocked', code: 'karibu.http_403', detail: '' },
    { kind: 'unknown', code: 'karibu.no_answer', detail: '' },
  ]
  for (const result of results) {
    expect(settle(arrived, result, CONTEXT).message).toMatchObject({ status: 'delivered', nextAttemptAt: null })
  }
})

describe('backoff', () => {
  test('the longest wait doubles from two seconds up to ten minutes and stays there', () => {
    const longest = [1, 2, 3, 8, 9, 10, 11, 2000].map((attempt) => backoffMs(attempt, 0.999_999_9))
    expect(longest.map((ms) => Math.ceil(ms / SECOND))).toEqual([2, 4, 8, 256, 512, 600, 600, 600])
  })

  test('it is never under half a second nor over ten minutes', () => {
    const random = seeded(4)
    for (let round = 0; round < 1000; round++) {
      const wait = backoffMs(Math.floor(random() * 3000), random())
      expect(wait).toBeGreaterThanOrEqual(SECOND / 2)
      expect(wait).toBeLessThanOrEqual(10 * MINUTE)
      expect(Number.isInteger(wait)).toBe(true)
    }
  })

  test('all tries together fit well into one window', () => {
    let total = 0
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) total += backoffMs(attempt, 0.999_999)
    expect(total).toBeLessThan(HOUR)
  })
})

test('a picture nobody could fetch because we were away is offered again in seconds and costs no try', () => {
  const result: SendResult = { kind: 'media', code: 'whatsapp.131052', detail: 'not public' }
  const before = sending({ mediaFailures: 2, mediaToken: 'old' })
  const { message } = settle(before, result, { ...CONTEXT, weWereAway: true })
  expect(message).toMatchObject({ status: 'queued', mediaToken: null, nextAttemptAt: NOW + 2 * SECOND })
  expect(message.mediaFailures).toBeUndefined()
})

test('a picture that cannot be fetched is offered again three times, ever later, then fails', () => {
  const result: SendResult = { kind: 'media', code: 'whatsapp.131052', detail: 'not public' }
  const waits = [0, 1, 2].map((mediaFailures) => {
    const { message } = settle(sending({ mediaFailures, mediaToken: 'old' }), result, CONTEXT)
    expect(message).toMatchObject({ status: 'queued', mediaToken: null, mediaFailures: mediaFailures + 1 })
    return (message.nextAttemptAt ?? 0) - NOW
  })
  expect(waits).toEqual([30 * SECOND, 5 * MINUTE, 15 * MINUTE])
  expect(settle(sending({ mediaFailures: 3 }), result, CONTEXT).message).toMatchObject({
    status: 'failed',
    errorCode: 'whatsapp.131052',
    nextAttemptAt: null,
  })
})
