import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { type Candidate, linksIn, type ReconcileEvidence, reconcile } from '../../src/outbox/reconcile.ts'
import { seeded } from '../rules/an-order.ts'
import { NOW } from '../support/rows.ts'

const URL = 'https://risiti.duka.example/media/9f8e7d6c5b4a39281706.png'
const OURS: Candidate = { id: 'karibu-1', isOurs: true }
const NAMELESS: Candidate = { id: 'karibu-2', isOurs: false }
const NAMELESS_TOO: Candidate = { id: 'karibu-3', isOurs: false }
const ABSENT_AFTER = 10 * MINUTE
const LOOKED_ENOUGH = { lookups: 2 }

const evidence = (change: Partial<ReconcileEvidence> = {}): ReconcileEvidence => ({
  attemptStartedAt: NOW,
  lookups: 0,
  fetchedSince: false,
  candidates: [],
  absentAfterMs: ABSENT_AFTER,
  ...change,
})

describe('reconcile', () => {
  test.each<[string, Partial<ReconcileEvidence>, number, unknown]>([
    [
      'the message that holds our link is ours',
      { candidates: [NAMELESS, OURS] },
      0,
      { kind: 'adopt', messageId: 'karibu-1' },
    ],
    ['it is adopted also after a day', { candidates: [OURS] }, 30 * HOUR, { kind: 'adopt', messageId: 'karibu-1' }],
    [
      'an empty list is not believed before the list can have caught up',
      { lookups: 9 },
      ABSENT_AFTER - 1,
      { kind: 'look-again' },
    ],
    ['an empty list is believed after the wait and the third look', LOOKED_ENOUGH, ABSENT_AFTER, { kind: 'requeue' }],
    ['two looks are too few, however late', { lookups: 1 }, HOUR, { kind: 'look-again' }],
    [
      'how long the list may lag is a setting',
      { ...LOOKED_ENOUGH, absentAfterMs: HOUR },
      HOUR - 1,
      { kind: 'look-again' },
    ],
    ['a fetched image was taken on', { ...LOOKED_ENOUGH, fetchedSince: true }, HOUR, { kind: 'look-again' }],
    ['a nameless message may be ours', { ...LOOKED_ENOUGH, candidates: [NAMELESS] }, HOUR, { kind: 'look-again' }],
    [
      'while Karibu cannot be asked, nothing is decided',
      { ...LOOKED_ENOUGH, candidates: null },
      HOUR,
      { kind: 'look-again' },
    ],
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
    ['a list that could not be read for a day is asked on', { candidates: null }, 7 * DAY - 1, { kind: 'look-again' }],
    ['after a week of silence, a person is asked', { candidates: null }, 7 * DAY, { kind: 'give-up' }],
    ['absence that is sure needs no person, however late', LOOKED_ENOUGH, 2 * DAY, { kind: 'requeue' }],
    ['after a day a first empty look needs a person', {}, DAY, { kind: 'give-up' }],
  ])('%s', (_name, change, age, expected) => {
    expect(reconcile(evidence(change), NOW + age)).toMatchObject(expected as object)
  })

  test('lookups grow rarer, from twenty seconds to an hour', () => {
    const waits = [0, 1, 2, 7, 8, 50, 5000].map((lookups) => {
      const verdict = reconcile(evidence({ candidates: null, lookups }), NOW + HOUR)
      return verdict.kind === 'look-again' ? (verdict.at - NOW - HOUR) / SECOND : null
    })
    expect(waits).toEqual([20, 40, 80, 2560, 3600, 3600, 3600])
  })

  test('before absence can be believed, no look is put off beyond the moment when it can', () => {
    for (const lookups of [5, 8, 50]) {
      expect(reconcile(evidence({ lookups }), NOW + 4 * MINUTE)).toEqual({ kind: 'look-again', at: NOW + ABSENT_AFTER })
    }
    const nearly = NOW + ABSENT_AFTER - SECOND
    expect(reconcile(evidence({ lookups: 9 }), nearly)).toEqual({ kind: 'look-again', at: nearly + 10 * SECOND })
  })

  test('an absent message is queued again soon after the wait, by its own looks alone', () => {
    let now = NOW + 5 * SECOND
    let lookups = 0
    for (; ; lookups++) {
      const verdict = reconcile(evidence({ lookups }), now)
      if (verdict.kind === 'requeue') break
      if (verdict.kind !== 'look-again') throw new Error(verdict.kind)
      now = verdict.at
    }
    expect(lookups).toBeGreaterThanOrEqual(2)
    expect(now - NOW).toBeLessThanOrEqual(ABSENT_AFTER + 10 * SECOND)
  })

  test('over random evidence, a second send is allowed only when nothing at all speaks for the first', () => {
    const random = seeded(5)
    let requeued = 0
    for (let round = 0; round < 2000; round++) {
      const candidates = [OURS, NAMELESS, NAMELESS_TOO].filter(() => random() < 0.3)
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
      expect(candidates).toEqual([])
      expect(known.lookups).toBeGreaterThanOrEqual(2)
      expect(age).toBeGreaterThanOrEqual(ABSENT_AFTER)
    }
    expect(requeued).toBeGreaterThan(50)
  })
})

describe('linksIn', () => {
  test.each<[string, unknown, string[]]>([
    ['a field', { media_url: URL }, [URL]],
    ['deep inside', { image: { source: [{ link: URL }] } }, [URL]],
    ['inside a text', { text: `see ${URL}` }, [`see ${URL}`]],
    ['the content itself', URL, [URL]],
    ['content as JSON text', JSON.stringify({ link: URL }), [JSON.stringify({ link: URL })]],
    ['several', { a: URL, b: ['https://elsewhere.example/a.png', 'Asante'] }, [URL, 'https://elsewhere.example/a.png']],
    ['a text without any link', { body: 'Asante sana' }, []],
    ['an id instead of a link', { image: { id: '1234567890' } }, []],
    ['nothing', undefined, []],
    ['null', null, []],
    ['an empty object', {}, []],
    ['a number', 5, []],
  ])('%s', (_name, content, expected) => {
    expect(linksIn(content)).toEqual(expected)
  })

  test('content nested beyond all reason costs nothing', () => {
    let content: unknown = { link: URL }
    for (let depth = 0; depth < 5000; depth++) content = [content]
    expect(linksIn(content)).toEqual([])
  })
})
