import { createHmac } from 'node:crypto'
import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { MAX_ATTEMPTS, settle } from '../../src/outbox/settle.ts'
import type { MessageRow } from '../../src/store/records.ts'
import type { ReportSnapshot } from '../../src/store/sending.ts'
import type { ReportedStatus } from '../../src/store/words.ts'
import { decideReport } from '../../src/tracking/decide-report.ts'
import { parseTimestamp } from '../../src/tracking/karibu-webhook.ts'
import { applyReport, isReported, type Report } from '../../src/tracking/rank.ts'
import { windowAt } from '../../src/window/window.ts'
import { seeded } from '../rules/an-order.ts'
import {
  aConversationRow,
  afterSettling,
  anAcceptedRow,
  anAttemptRow,
  NOW,
  permutations,
  subsets,
  withRepetitions,
} from '../support/rows.ts'
import { ASHA, KARIBU_SECRET, paidOrder, testWorld } from '../support/world.ts'

const LADDER: ReportedStatus[] = ['pending', 'sent', 'failed', 'delivered', 'read']
const CONTEXT = {
  now: NOW + HOUR,
  statusPollAfterMs: 5 * MINUTE,
  marginMs: 5 * MINUTE,
  random: 0.5,
  upSince: 0,
  gaps: [],
}

const report = (status: ReportedStatus, change: Partial<Report> = {}): Report => ({
  status,
  occurredAt: NOW + LADDER.indexOf(status) * MINUTE,
  errorCode: status === 'failed' ? 'whatsapp.131026' : null,
  errorDetail: status === 'failed' ? 'undeliverable' : null,
  providerMessageId: 'wamid.1',
  ...change,
})
const THROTTLED = {
  kind: 'later',
  code: 'karibu.http_429',
  detail: '',
  retryAfterMs: null,
  burns: false,
  everyone: false,
} as const
const failed = (errorCode: string) => report('failed', { errorCode })
const rank = (status: string) => LADDER.indexOf(status as ReportedStatus)
const highest = (statuses: ReportedStatus[]) => LADDER[Math.max(...statuses.map(rank))]

describe('applyReport', () => {
  test('every choice of reports, in every order and told again, ends at its highest status and never steps down', () => {
    const random = seeded(6)
    let sequences = 0
    for (const chosen of subsets(LADDER)) {
      const outcomes = new Set<string>()
      for (const sequence of permutations(chosen)) {
        let message = anAcceptedRow()
        for (const status of withRepetitions(sequence, random)) {
          const next = { ...message, ...applyReport(message, report(status)) }
          expect(rank(next.status)).toBeGreaterThanOrEqual(rank(message.status))
          message = next
        }
        expect(message.status).toBe(highest(['pending', ...chosen]))
        outcomes.add(JSON.stringify(message))
        sequences++
      }
      expect(outcomes.size, `${chosen.join()} must leave one and the same row`).toBe(1)
    }
    expect(sequences).toBe(325)
  })

  test('a report told twice changes nothing the second time', () => {
    for (const status of LADDER) {
      const once = { ...anAcceptedRow(), ...applyReport(anAcceptedRow(), report(status)) }
      expect({ ...once, ...applyReport(once, report(status)) }).toEqual(once)
    }
  })

  test('the earliest time said for a status is kept, whichever report comes first', () => {
    const [early, late] = [report('delivered'), report('delivered', { occurredAt: NOW + HOUR })]
    for (const sequence of [
      [early, late],
      [late, early],
    ]) {
      let message = anAcceptedRow()
      for (const one of sequence) message = { ...message, ...applyReport(message, one) }
      expect(message.deliveredAt).toBe(early.occurredAt)
    }
  })

  test('read without delivered is read', () => {
    expect(applyReport(anAcceptedRow({ status: 'sent' }), report('read')).status).toBe('read')
  })

  test('a failure is believed over sent, not over delivered', () => {
    expect(applyReport(anAcceptedRow({ status: 'sent' }), report('failed')).status).toBe('failed')
    expect(applyReport(anAcceptedRow({ status: 'delivered' }), report('failed')).status).toBeUndefined()
  })

  test('a failure that names no code does not wipe out a known one', () => {
    const message = anAcceptedRow({ status: 'failed', errorCode: 'whatsapp.131026', errorDetail: 'undeliverable' })
    const again = report('failed', { errorCode: null, errorDetail: null })
    expect(applyReport(message, again)).toMatchObject({ errorCode: 'whatsapp.131026', errorDetail: 'undeliverable' })
  })

  test('WhatsApp’s id is kept from the first report that brings it', () => {
    expect(applyReport(anAcceptedRow(), report('sent')).providerMessageId).toBe('wamid.1')
    const known = anAcceptedRow({ providerMessageId: 'wamid.0' })
    expect(applyReport(known, report('sent')).providerMessageId).toBeUndefined()
  })

  test.each(['held', 'queued', 'sending', 'uncertain', 'skipped', 'expired', 'cancelled'] as const)(
    'a message that is %s is not moved onto the ladder by rank alone',
    (status) => {
      expect(isReported(status)).toBe(false)
      expect(applyReport(anAcceptedRow({ status }), report('read')).status).toBeUndefined()
    },
  )
})

/** What the store does with a report: its attempt is found by Karibu's id. */
function tell(snapshot: ReportSnapshot, one: Report, context = CONTEXT): ReportSnapshot {
  return {
    ...afterSettling(snapshot, decideReport(snapshot, one, context)),
    attempt: snapshot.attempt,
    pictureFetched: false,
  }
}
const accepted = (change: Partial<MessageRow> = {}): ReportSnapshot => ({
  message: anAcceptedRow(change),
  conversation: aConversationRow(),
  pause: null,
  pictureFetched: false,
  attempt: anAttemptRow(),
})

/** What the store does with a throttled answer to the attempt under way. */
function throttled(snapshot: ReportSnapshot): ReportSnapshot {
  const context = { ...CONTEXT, startedAt: NOW, afterAcceptance: false }
  return { ...snapshot, ...afterSettling(snapshot, settle(snapshot, THROTTLED, context)) }
}

describe('decideReport', () => {
  test.each(['whatsapp.131047', 'karibu.WINDOW_CLOSED'])('%s after the acceptance puts the message on hold', (code) => {
    const { message, conversation } = tell(accepted({ sentAt: NOW }), failed(code))
    expect(message).toMatchObject({
      status: 'held',
      reason: 'window_closed',
      messageId: null,
      acceptedAt: null,
      sentAt: null,
      failedAt: null,
      statusPollAt: null,
      nextAttemptAt: null,
      errorCode: code,
    })
    expect(message.expiresAt).toBe(message.createdAt + message.expiresAfterMs)
    expect(conversation.closedVerdictCode).toBe(code)
    expect(windowAt(conversation, CONTEXT.now, 0).open).toBe(false)
  })

  test.each([
    ['whatsapp.131000', 1],
    ['whatsapp.131016', 1],
    ['whatsapp.130429', 0],
    ['whatsapp.131056', 0],
  ])('%s after the acceptance is tried again, and burns %i tries', (code, burnedCount) => {
    const { message } = tell(accepted(), failed(code))
    expect(message).toMatchObject({ status: 'queued', messageId: null, burnedCount, errorCode: code })
    expect(message.nextAttemptAt).toBeGreaterThan(CONTEXT.now)
  })

  test('a failure that means “later” is final once no try is left', () => {
    const { message } = tell(accepted({ burnedCount: MAX_ATTEMPTS - 1 }), failed('whatsapp.131000'))
    expect(message).toMatchObject({ status: 'failed', errorCode: 'whatsapp.131000', messageId: 'karibu-1' })
    expect(message.failedAt).not.toBeNull()
  })

  test.each(['whatsapp.131052', 'whatsapp.131053'])('%s offers the picture anew, under a new address', (code) => {
    const { message } = tell(accepted({ mediaToken: 'old' }), failed(code))
    expect(message).toMatchObject({ status: 'queued', messageId: null, mediaToken: null, mediaFailures: 1 })
  })

  test.each(['whatsapp.131026', 'whatsapp.999999', 'karibu.INFOBIP_7', null])('%s is final', (errorCode) => {
    const one = report('failed', { errorCode })
    const { message } = tell(accepted(), one)
    expect(message).toMatchObject({ status: 'failed', errorCode, messageId: 'karibu-1', failedAt: one.occurredAt })
    expect(message.nextAttemptAt).toBeNull()
  })

  test('an account’s trouble pauses the sender and keeps the message', () => {
    const { message, pause } = decideReport(accepted(), failed('whatsapp.131042'), CONTEXT)
    expect(pause).toMatchObject({ code: 'whatsapp.131042' })
    expect(pause?.pausedUntil).toBeGreaterThan(CONTEXT.now)
    expect(message).toMatchObject({ status: 'queued', messageId: null })
  })

  test('a failure that comes after delivered changes neither status nor window', () => {
    const { message, conversation } = tell(accepted({ status: 'delivered' }), failed('whatsapp.131047'))
    expect(message).toMatchObject({ status: 'delivered', messageId: 'karibu-1' })
    expect(conversation.closedVerdictAt).toBeNull()
  })

  test.each([
    ['whatsapp.131047', 'held'],
    ['whatsapp.131056', 'queued'],
    ['whatsapp.131000', 'queued'],
    ['whatsapp.131042', 'queued'],
    ['whatsapp.131026', 'failed'],
  ] as const)(
    'reports on one attempt with a %s among them end alike in every order, told again and again',
    (code, end) => {
      const random = seeded(7)
      for (const chosen of subsets(['pending', 'sent', 'failed', 'delivered', 'read'] as const)) {
        if (!chosen.includes('failed')) continue
        const arrived = chosen.includes('read') ? 'read' : chosen.includes('delivered') ? 'delivered' : null
        for (const sequence of permutations(chosen)) {
          let snapshot = accepted()
          for (const status of withRepetitions(sequence, random)) {
            const before = snapshot.message.status
            snapshot = tell(snapshot, status === 'failed' ? failed(code) : report(status))
            const floor = before === 'delivered' || before === 'read' ? rank(before) : -1
            expect(rank(snapshot.message.status)).toBeGreaterThanOrEqual(floor)
          }
          expect({ sequence, status: snapshot.message.status }).toEqual({ sequence, status: arrived ?? end })
          expect(snapshot.message.burnedCount).toBeLessThanOrEqual(1)
          expect(arrived && snapshot.message.nextAttemptAt).toBeNull()
        }
      }
    },
  )

  test('a second word of the same failure burns no second try and does not wake a held message', () => {
    const held = tell(accepted(), failed('whatsapp.131047'))
    expect(decideReport(held, failed('whatsapp.131047'), CONTEXT).message).toEqual({})
    const queued = tell(accepted(), failed('whatsapp.131000'))
    expect(decideReport(queued, failed('whatsapp.131000'), CONTEXT).message).toEqual({})
  })

  test('a failure of an earlier attempt says nothing about the one that was accepted after it', () => {
    const second = accepted({ attemptCount: 2, messageId: 'karibu-2', status: 'sent' })
    for (const code of ['whatsapp.131026', 'whatsapp.131047', 'whatsapp.131000']) {
      expect(decideReport(second, failed(code), CONTEXT)).toEqual({
        message: {},
        conversation: {},
        pause: null,
        closed: null,
      })
    }
  })

  test.each(['held', 'queued', 'uncertain', 'failed', 'expired', 'cancelled', 'skipped'] as const)(
    'an earlier attempt that arrived after all ends a message that is %s: no second picture follows',
    (status) => {
      const waiting = accepted({
        status,
        attemptCount: 2,
        messageId: null,
        reason: 'window_closed',
        nextAttemptAt: NOW,
        expiresAt: NOW + HOUR,
      })
      for (const word of ['delivered', 'read'] as const) {
        expect(tell(waiting, report(word)).message).toMatchObject({
          status: word,
          messageId: 'karibu-1',
          reason: null,
          nextAttemptAt: null,
          expiresAt: null,
        })
      }
    },
  )

  test.each(['pending', 'sent', 'failed'] as const)('“%s” of an earlier attempt stops nothing', (word) => {
    const waiting = accepted({ status: 'queued', attemptCount: 2, messageId: null })
    expect(decideReport(waiting, report(word), CONTEXT).message).toEqual({})
  })

  test('a late word of a closed window does not outlive what the customer wrote in the meantime', () => {
    const snapshot = accepted()
    snapshot.conversation = aConversationRow({ lastInboundAt: NOW + 30 * MINUTE })
    const late = report('failed', { errorCode: 'whatsapp.131047', occurredAt: NOW + MINUTE })
    const { message, conversation } = tell(snapshot, late)
    expect(windowAt(conversation, CONTEXT.now, 0).open).toBe(true)
    expect(message.status).toBe('queued')
  })

  test('after an earlier attempt arrived, its “read” is heard too', () => {
    const waiting = accepted({ status: 'queued', attemptCount: 2, messageId: null })
    const delivered = tell(waiting, report('delivered'))
    expect(tell(delivered, report('read')).message.status).toBe('read')
  })

  test('an attempt that arrived after all is still asked after, so that “read” comes also without webhooks', () => {
    const held = tell(accepted(), failed('whatsapp.131047'))
    expect(tell(held, report('delivered')).message.statusPollAt).not.toBeNull()
  })

  test('an earlier attempt that arrives while the next is under way stops a third', () => {
    const under = accepted({ status: 'sending', attemptCount: 2, messageId: null, nextAttemptAt: null })
    const told = tell(under, report('delivered'))
    expect(told.message).toMatchObject({ status: 'sending', deliveredAt: report('delivered').occurredAt })
    const after = afterSettling(told, settle(told, THROTTLED, { ...CONTEXT, startedAt: NOW, afterAcceptance: false }))
    expect(after.message.status).toBe('delivered')
  })

  test('and its “read” is heard as well, before the next one’s answer and after it', () => {
    const under = accepted({ status: 'sending', attemptCount: 2, messageId: null, nextAttemptAt: null })
    const after = tell(throttled(tell(under, report('delivered'))), report('read'))
    const before = throttled(tell(tell(under, report('delivered')), report('read')))
    expect([after.message.status, before.message.status]).toEqual(['read', 'read'])
  })

  test('an account’s trouble that comes after every acceptance burns the tries, until the message has failed', () => {
    const last = tell(accepted({ burnedCount: MAX_ATTEMPTS - 1 }), failed('whatsapp.131042'))
    expect(last.message).toMatchObject({ status: 'failed', messageId: 'karibu-1', errorCode: 'whatsapp.131042' })
    expect(tell(accepted(), failed('whatsapp.131042')).message.burnedCount).toBe(1)
  })

  test('a closed window reported of an attempt is as old as that attempt', () => {
    expect(tell(accepted(), failed('whatsapp.131047')).conversation.closedVerdictAt).toBe(NOW)
  })
})

async function report131047(url: string, messageId: string) {
  const data = { message_id: messageId, error_code: 131047 }
  const body = JSON.stringify({ event: 'whatsapp.failed', event_id: 'wa_1', data })
  const signature = createHmac('sha256', KARIBU_SECRET).update(body).digest('hex')
  const headers = { 'x-briq-signature': signature }
  const answer = await request(`${url}/webhooks/karibu`, { method: 'POST', headers, body })
  await answer.body.dump()
  return answer.statusCode
}

describe('through the whole program', () => {
  test('a closed window reported before the answer is known holds the message, as it does after', async () => {
    const world = await testWorld({ webhooks: false, karibu: '  poll_inbound_every: 1h' })
    world.karibu.phone(ASHA).off()
    world.karibu.customerWrites(ASHA)
    await world.run(3_600_000)
    world.karibu.nextSend({ cut: true, accepted: true })
    await world.shopSends('woocommerce', paidOrder())
    expect(await report131047(world.url, world.karibu.images()[0]?.id ?? '')).toBe(200)
    await world.settle()
    expect(await world.messages()).toMatchObject([{ status: 'uncertain' }])
    await world.run(6_000)
    expect(await world.messages()).toMatchObject([{ status: 'held', reason: { code: 'window_closed' } }])
  })
})

describe('times as Karibu writes them', () => {
  const AT = Date.parse('2026-11-20T09:00:00Z')

  test.each<[string, string | number | null | undefined, number | undefined]>([
    ['ISO with Z', '2026-11-20T09:00:00Z', AT],
    ['ISO with an offset', '2026-11-20T12:00:00+03:00', AT],
    ['ISO with an offset without colon', '2026-11-20T12:00:00+0300', AT],
    ['ISO without a zone is UTC', '2026-11-20T09:00:00', AT],
    ['microseconds', '2026-11-20T09:00:00.123456', AT + 123],
    ['a space instead of T', '2026-11-20 09:00:00', AT],
    ['Unix seconds', AT / 1000, AT],
    ['Unix seconds as text', String(AT / 1000), AT],
    ['Unix seconds with a fraction', AT / 1000 + 0.5, AT + 500],
    ['Unix milliseconds', AT, AT],
    ['Unix milliseconds as text', String(AT), AT],
    ['no time', null, undefined],
    ['a missing time', undefined, undefined],
    ['words', 'just now', undefined],
    ['not a number', Number.NaN, undefined],
  ])('%s', (_name, value, expected) => {
    expect(parseTimestamp(value, AT)).toBe(expected)
  })

  test.each(['', ' ', 0, '0'])('%j is no time, not the year 1970', (value) => {
    expect(parseTimestamp(value, AT)).toBeUndefined()
  })

  test.each<[string, string | number]>([
    ['Unix microseconds', AT * 1000],
    ['a year without end', '9999-12-31T23:59:59Z'],
    ['seconds since the process began', 5_000],
    ['more than a day ahead', AT + 24 * HOUR],
    ['more than forty days ago', AT - 40 * 24 * HOUR],
  ])('%s is no time that can be believed', (_name, value) => {
    expect(parseTimestamp(value, AT)).toBeUndefined()
  })

  test('a report that took days is believed: Meta tries for thirty', () => {
    expect(parseTimestamp(AT - 30 * 24 * HOUR, AT)).toBe(AT - 30 * 24 * HOUR)
  })
})

describe('a picture refused after the acceptance', () => {
  const refusedSince = (upSince: number, pictureFetched: boolean) =>
    decideReport({ ...accepted({ mediaToken: 'old' }), pictureFetched }, failed('whatsapp.131052'), {
      ...CONTEXT,
      upSince,
    }).message

  test('costs no try when our process was not up since the attempt began and nobody fetched it', () => {
    expect(refusedSince(NOW + 1, false).mediaFailures).toBeUndefined()
  })

  test('costs one when we were up all the time, or it was fetched from us', () => {
    expect(refusedSince(NOW, false).mediaFailures).toBe(1)
    expect(refusedSince(NOW + 1, true).mediaFailures).toBe(1)
  })
})
