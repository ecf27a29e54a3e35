import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { ListItem } from '../../src/karibu/wire.ts'
import {
  type Candidate,
  holdsUrl,
  type ReconcileEvidence,
  reconcile,
  SURELY_ABSENT_AFTER_MS,
} from '../../src/outbox/reconcile.ts'
import { createUncertain } from '../../src/outbox/uncertain.ts'
import type { OverdueStore } from '../../src/store/overdue.ts'
import { seeded } from '../rules/an-order.ts'
import { aMessageRow, anAttemptRow, NOW } from '../support/rows.ts'

const URL = 'https://risiti.duka.example/media/9f8e7d6c5b4a39281706.png'
const OURS: Candidate = { id: 'karibu-1', holdsOurUrl: true }
const OTHERS: Candidate = { id: 'karibu-2', holdsOurUrl: false }
const NAMELESS: Candidate = { id: 'karibu-3', holdsOurUrl: null }

const evidence = (change: Partial<ReconcileEvidence> = {}): ReconcileEvidence => ({
  attemptStartedAt: NOW,
  lookups: 0,
  fetchedSince: false,
  candidates: [],
  ...change,
})

describe('reconcile', () => {
  test.each<[string, Partial<ReconcileEvidence>, number, unknown]>([
    [
      'the message that holds our link is ours',
      { candidates: [OTHERS, OURS] },
      0,
      { kind: 'adopt', messageId: 'karibu-1' },
    ],
    ['it is adopted also after a day', { candidates: [OURS] }, 30 * HOUR, { kind: 'adopt', messageId: 'karibu-1' }],
    ['it is adopted also beside a nameless one', { candidates: [NAMELESS, OURS] }, 0, { kind: 'adopt' }],
    ['an empty list is not believed at once', {}, SURELY_ABSENT_AFTER_MS - 1, { kind: 'look-again' }],
    ['an empty list is believed after the wait', {}, SURELY_ABSENT_AFTER_MS, { kind: 'requeue' }],
    ['messages with other links are not ours', { candidates: [OTHERS] }, SURELY_ABSENT_AFTER_MS, { kind: 'requeue' }],
    ['a fetched image was taken on', { fetchedSince: true }, HOUR, { kind: 'look-again' }],
    ['a nameless message may be ours', { candidates: [OTHERS, NAMELESS] }, HOUR, { kind: 'look-again' }],
    ['while Karibu cannot be asked, nothing is decided', { candidates: null }, HOUR, { kind: 'look-again' }],
    [
      'after a day with a fetch but no trace, a person is asked',
      { fetchedSince: true },
      24 * HOUR,
      { kind: 'give-up' },
    ],
    [
      'after a day with a nameless message, a person is asked',
      { candidates: [NAMELESS] },
      24 * HOUR,
      { kind: 'give-up' },
    ],
    ['after a day of silence, a person is asked', { candidates: null }, 24 * HOUR, { kind: 'give-up' }],
    ['absence that is sure needs no person, however late', {}, 48 * HOUR, { kind: 'requeue' }],
  ])('%s', (_name, change, age, expected) => {
    expect(reconcile(evidence(change), NOW + age)).toMatchObject(expected as object)
  })

  test('lookups grow rarer, from twenty seconds to an hour', () => {
    const waits = [0, 1, 2, 7, 8, 50, 5000].map((lookups) => {
      const verdict = reconcile(evidence({ candidates: null, lookups }), NOW + MINUTE)
      return verdict.kind === 'look-again' ? (verdict.at - NOW - MINUTE) / SECOND : null
    })
    expect(waits).toEqual([20, 40, 80, 2560, 3600, 3600, 3600])
  })

  test('over random evidence, a second send is allowed only when nothing at all speaks for the first', () => {
    const random = seeded(5)
    let requeued = 0
    for (let round = 0; round < 2000; round++) {
      const candidates = [OURS, OTHERS, NAMELESS].filter(() => random() < 0.4)
      const known = evidence({
        candidates: random() < 0.2 ? null : candidates,
        fetchedSince: random() < 0.3,
        lookups: Math.floor(random() * 20),
      })
      const age = Math.floor(random() * 48 * HOUR)
      const verdict = reconcile(known, NOW + age)
      const again = verdict.kind === 'look-again' ? verdict.at : Number.POSITIVE_INFINITY
      expect(again).toBeGreaterThan(NOW + age)
      if (verdict.kind !== 'requeue') continue
      requeued++
      expect(known.fetchedSince).toBe(false)
      expect(known.candidates).not.toBeNull()
      expect(candidates.every((candidate) => candidate.holdsOurUrl === false)).toBe(true)
      expect(age).toBeGreaterThanOrEqual(SURELY_ABSENT_AFTER_MS)
    }
    expect(requeued).toBeGreaterThan(50)
  })
})

describe('holdsUrl', () => {
  test.each<[string, unknown, boolean | null]>([
    ['our link as a field', { media_url: URL }, true],
    ['our link deep inside', { image: { source: [{ link: URL }] } }, true],
    ['our link inside a text', { text: `see ${URL}` }, true],
    ['the content is our link itself', URL, true],
    ['our link with a query behind it', { link: `${URL}?v=1` }, true],
    ['content as JSON text', JSON.stringify({ link: URL }), true],
    ['another link', { link: 'https://elsewhere.example/a.png' }, false],
    ['another picture of ours', { link: URL.replace('9f8e', '0000') }, false],
    ['a text without any link', { body: 'Asante sana' }, null],
    ['an id instead of a link', { image: { id: '1234567890' } }, null],
    ['nothing', undefined, null],
    ['null', null, null],
    ['an empty object', {}, null],
    ['a number', 5, null],
  ])('%s', (_name, content, expected) => {
    expect(holdsUrl(content, URL)).toBe(expected)
  })

  test('content nested beyond all reason is nameless, not absent, and costs nothing', () => {
    let content: unknown = { link: URL }
    for (let depth = 0; depth < 5000; depth++) content = [content]
    expect(holdsUrl(content, URL)).toBeNull()
  })

  test('a link in the caption says nothing about the picture: the message stays nameless', () => {
    expect(holdsUrl({ caption: 'Asante! Oda yako: https://duka.example/oda/7001', id: '8841' }, URL)).toBeNull()
  })
})

const item = (change: Partial<ListItem>): ListItem => ({
  id: 'karibu-1',
  message_id: null,
  conversation_id: 'thread-1',
  is_outbound: true,
  message_type: 'image',
  content: { media_url: URL },
  created_at: NOW,
  ...change,
})

/** What is decided two minutes after the attempt, when Karibu lists these and knows these ids of ours. */
async function verdictOn(items: ListItem[] | Error, known: string[] = [], change: { phone?: string | null } = {}) {
  const asked: number[] = []
  const store = {
    knownMessageIds: async () => new Set(known),
    fetchedSince: async () => false,
    settleUncertain: async () => undefined,
  } as Partial<OverdueStore> as OverdueStore
  const settleUncertain = createUncertain({
    store,
    karibu: {
      findConversations: async () => [
        { id: 'thread-1', sender_id: null, recipient_phone: null, contact_profile_name: null, window: null },
      ],
      listMessages: async ({ since }) => {
        asked.push(since)
        if (items instanceof Error) throw items
        return items
      },
    },
    statusPollAfterMs: 5 * MINUTE,
    decideReport: () => ({ message: {}, conversation: {}, pause: null, closed: null }),
  })
  const message = aMessageRow({ status: 'uncertain', attemptCount: 1, mediaToken: 'token', ...change })
  const attempt = anAttemptRow({ messageId: null, mediaUrl: URL, result: 'unknown' })
  const verdict = await settleUncertain(message, attempt, NOW + 2 * MINUTE)
  return { kind: verdict.kind, asked }
}

describe('a lost answer, looked up', () => {
  test('the message with our link is found', async () => {
    expect((await verdictOn([item({})])).kind).toBe('adopt')
  })

  test('the list is asked from before the attempt, since two clocks never agree', async () => {
    expect((await verdictOn([])).asked).toEqual([NOW - 2 * MINUTE])
  })

  test('an empty list two minutes later means it never arrived', async () => {
    expect((await verdictOn([])).kind).toBe('requeue')
  })

  test('a nameless picture that we know as another message of ours is no doubt', async () => {
    expect((await verdictOn([item({ id: 'known', content: {} })], ['known'])).kind).toBe('requeue')
  })

  test('a nameless picture that nobody can name leaves the doubt', async () => {
    expect((await verdictOn([item({ content: {} })])).kind).toBe('look-again')
  })

  test('an error of the list decides nothing', async () => {
    expect((await verdictOn(new Error('down'))).kind).toBe('look-again')
  })

  test('a contact without a number cannot be looked up, and is not sent to again', async () => {
    expect((await verdictOn([], [], { phone: null })).kind).toBe('look-again')
  })

  test.each(['image', 'IMAGE', null])('the kind %s may be our picture', async (message_type) => {
    expect((await verdictOn([item({ message_type })])).kind).toBe('adopt')
  })

  test('the kind “media”, as the older API calls it, may be our picture', async () => {
    expect((await verdictOn([item({ message_type: 'media' })])).kind).toBe('adopt')
  })
})
