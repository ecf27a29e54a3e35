import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { SendResult } from '../../src/karibu/send-result.ts'
import { backoffMs, FIRST_LOOKUP_MS, MAX_ATTEMPTS, PAUSE_MS, settle } from '../../src/outbox/settle.ts'
import { windowAt } from '../../src/window/window.ts'
import { seeded } from '../rules/an-order.ts'
import { aConversationRow, afterSettling, aMessageRow, aSnapshot, NOW } from '../support/rows.ts'

const CONTEXT = { now: NOW, statusPollAfterMs: 5 * MINUTE, random: 0.5 }
const sending = (change = {}) => aMessageRow({ status: 'sending', attemptCount: 1, ...change })
const conversation = aConversationRow()
const later = (change: Partial<Extract<SendResult, { kind: 'later' }>> = {}): SendResult => ({
  kind: 'later',
  code: 'karibu.http_429',
  detail: 'slow down',
  retryAfterMs: null,
  paced: true,
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
  expect(settle(before, conversation, accepted('pending'), CONTEXT)).toEqual({
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
  expect(settle(sending(), conversation, accepted('sent'), CONTEXT).message).toMatchObject({
    status: 'sent',
    sentAt: NOW,
    providerMessageId: 'wamid.1',
  })
})

describe('later', () => {
  test('a send that never connected goes back to the queue and counts against the tries', () => {
    const { message } = settle(sending(), conversation, later({ code: 'karibu.unreachable', paced: false }), CONTEXT)
    expect(message).toMatchObject({ status: 'queued', burnedCount: 1, errorCode: 'karibu.unreachable' })
    expect(message.nextAttemptAt).toBe(NOW + SECOND)
  })

  test('a throttled send burns no try, however often it happens', () => {
    let snapshot = aSnapshot({ message: sending() })
    for (let attempt = 1; attempt <= 500; attempt++) {
      snapshot = afterSettling(snapshot, settle(snapshot.message, snapshot.conversation, later(), CONTEXT))
      expect(snapshot.message).toMatchObject({ status: 'queued', burnedCount: 0 })
      snapshot.message.attemptCount = attempt + 1
    }
  })

  test('the wait Karibu names is never cut short', () => {
    for (const random of [0, 0.5, 0.999]) {
      const { message } = settle(sending(), conversation, later({ retryAfterMs: 30_000 }), { ...CONTEXT, random })
      expect(message.nextAttemptAt).toBe(NOW + 30_000)
    }
  })

  test('a named wait shorter than our own backoff does not make us hurry', () => {
    const { message } = settle(sending({ attemptCount: 6 }), conversation, later({ retryAfterMs: 0 }), CONTEXT)
    expect(message.nextAttemptAt).toBe(NOW + 32 * SECOND)
  })

  test('the last try that counts fails the message for good, with its code', () => {
    const result = later({ code: 'whatsapp.131000', paced: false })
    const before = sending({ burnedCount: MAX_ATTEMPTS - 1, attemptCount: MAX_ATTEMPTS })
    expect(settle(before, conversation, result, CONTEXT).message).toEqual({
      status: 'failed',
      failedAt: NOW,
      burnedCount: MAX_ATTEMPTS,
      nextAttemptAt: null,
      errorCode: 'whatsapp.131000',
      errorDetail: 'slow down',
    })
  })

  test('a message that cannot be delivered ends after exactly the tries it has', () => {
    let snapshot = aSnapshot({ message: sending() })
    let tries = 0
    while (snapshot.message.status !== 'failed') {
      tries++
      snapshot.message.attemptCount = tries
      const result = later({ paced: false })
      snapshot = afterSettling(snapshot, settle(snapshot.message, snapshot.conversation, result, CONTEXT))
      expect(tries).toBeLessThanOrEqual(MAX_ATTEMPTS)
    }
    expect(tries).toBe(MAX_ATTEMPTS)
  })
})

describe('window closed', () => {
  const refusal: SendResult = { kind: 'window-closed', code: 'karibu.WINDOW_CLOSED', detail: 'no open window' }

  test('Karibu’s word is recorded and closes the window until the customer writes', () => {
    const snapshot = aSnapshot({ message: sending() })
    const after = afterSettling(snapshot, settle(snapshot.message, snapshot.conversation, refusal, CONTEXT))
    expect(after.message).toMatchObject({ status: 'held', reason: 'window_closed', nextAttemptAt: null })
    expect(after.message.expiresAt).toBe(after.message.createdAt + after.message.expiresAfterMs)
    expect(after.conversation).toMatchObject({ closedVerdictAt: NOW, closedVerdictCode: 'karibu.WINDOW_CLOSED' })
    expect(windowAt(after.conversation, NOW + 1, 0).open).toBe(false)
    expect(windowAt({ ...after.conversation, lastInboundAt: NOW + 1 }, NOW + 1, 0).open).toBe(true)
  })

  test('a refusal burns no try', () => {
    expect(settle(sending({ burnedCount: 3 }), conversation, refusal, CONTEXT).message.burnedCount).toBeUndefined()
  })

  test.each([
    ['skip', 'skipped'],
    ['hold', 'held'],
    ['invite', 'held'],
  ] as const)('the rule’s policy decides: %s makes it %s', (whenClosed, status) => {
    const message = sending({ whenClosed, invite: { name: 'karibu', variables: {} } })
    const { closed, message: change } = settle(message, conversation, refusal, CONTEXT)
    expect(change.status).toBe(status)
    expect(closed?.invite).toBe(whenClosed === 'invite')
  })
})

test('a blocked key or account pauses the sender and burns no message', () => {
  const result: SendResult = { kind: 'blocked', code: 'karibu.http_401', detail: 'bad key' }
  const { message, pause } = settle(sending({ burnedCount: 7 }), conversation, result, CONTEXT)
  expect(pause).toEqual({
    pausedAt: NOW,
    pausedUntil: NOW + PAUSE_MS,
    code: 'karibu.http_401',
    detail: 'bad key',
  })
  expect(message).toEqual({
    status: 'queued',
    nextAttemptAt: NOW + PAUSE_MS,
    errorCode: 'karibu.http_401',
    errorDetail: 'bad key',
  })
})

test('a refusal is final and keeps the provider’s code word for word', () => {
  const result: SendResult = { kind: 'refused', code: 'whatsapp.131026', detail: 'undeliverable' }
  expect(settle(sending(), conversation, result, CONTEXT).message).toEqual({
    status: 'failed',
    failedAt: NOW,
    nextAttemptAt: null,
    errorCode: 'whatsapp.131026',
    errorDetail: 'undeliverable',
  })
})

test('a lost answer is uncertain: not failed, not queued, and looked up after a moment', () => {
  const result: SendResult = { kind: 'unknown', code: 'karibu.no_answer', detail: 'broke off' }
  expect(settle(sending(), conversation, result, CONTEXT).message).toEqual({
    status: 'uncertain',
    reason: 'answer_lost',
    nextAttemptAt: NOW + FIRST_LOOKUP_MS,
    errorCode: 'karibu.no_answer',
    errorDetail: 'broke off',
  })
})

test('no result leaves the message under way', () => {
  const results: SendResult[] = [
    accepted('pending'),
    accepted('sent'),
    later(),
    later({ paced: false }),
    { kind: 'window-closed', code: 'whatsapp.131047', detail: '' },
    { kind: 'refused', code: 'whatsapp.131026', detail: '' },
    { kind: 'blocked', code: 'karibu.http_403', detail: '' },
    { kind: 'unknown', code: 'karibu.no_answer', detail: '' },
  ]
  for (const result of results) {
    const { status } = settle(sending(), conversation, result, CONTEXT).message
    expect(status).toMatch(/^(pending|sent|queued|held|failed|uncertain)$/)
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
