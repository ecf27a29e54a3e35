import { describe, expect, test } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../src/clock.ts'
import { type AskOutcome, decide, MOST_REFUSALS } from '../../src/confirm/decide.ts'
import type { ConfirmationRow } from '../../src/store/records.ts'
import { aConfirmationRow, NOW } from '../support/rows.ts'

const pending: AskOutcome = { kind: 'undecided', reason: 'no PIN yet' }
const denied: AskOutcome = { kind: 'denied', code: 'claim.denied', reason: 'it failed' }
const away: AskOutcome = {
  kind: 'later',
  code: 'api.unreachable',
  detail: 'ECONNREFUSED',
  retryAfterMs: null,
  everyone: false,
}
const throttled: AskOutcome = { ...away, code: 'api.throttled', detail: '429', retryAfterMs: MINUTE, everyone: true }
const blocked: AskOutcome = { kind: 'blocked', code: 'api.key_refused', detail: '401' }
const wrong: AskOutcome = { kind: 'refused', code: 'api.http_400', detail: '400' }

function after(outcome: AskOutcome, change: Partial<ConfirmationRow> = {}, now = NOW, random = 0.5) {
  return decide(aConfirmationRow(change), outcome, { now, random, eventId: 'evt_2' })
}

describe('the end of a question', () => {
  test.each<[AskOutcome, Partial<ConfirmationRow>, number, string, string | null, string]>([
    [{ kind: 'confirmed' }, {}, NOW, 'confirmed', null, 'handled'],
    [denied, {}, NOW, 'denied', 'not confirmed: it failed', 'ignored'],
    [
      pending,
      { attempts: 40 },
      NOW + 3 * DAY,
      'given_up',
      'given up, and nothing believed: it is still undecided after three days (no PIN yet)',
      'ignored',
    ],
    [
      away,
      { attempts: 40 },
      NOW + 7 * DAY,
      'given_up',
      'given up, and nothing believed: the platform’s API gave no answer for a week (ECONNREFUSED)',
      'ignored',
    ],
    [
      wrong,
      { attempts: 9, burned: MOST_REFUSALS - 1 },
      NOW,
      'given_up',
      'given up, and nothing believed: asked 9 times: 400',
      'ignored',
    ],
  ])('%o', (outcome, change, now, status, reason, fate) => {
    const { row, standing } = after(outcome, change, now)
    expect(row).toMatchObject({ status, nextAttemptAt: null })
    expect(standing).toMatchObject({ reason, outcome: fate })
  })
})

describe('waiting', () => {
  test.each<[string, AskOutcome, Partial<ConfirmationRow>, number, number]>([
    // What is pending is asked about after 10 s, doubled each time up to half an hour, a half of it by chance.
    ['pending, first', pending, {}, 0, 5 * SECOND],
    ['pending, first', pending, {}, 1, 10 * SECOND],
    ['pending, fourth', pending, { attempts: 4 }, 1, 80 * SECOND],
    ['pending, hundredth', pending, { attempts: 100 }, 1, 30 * MINUTE],
    // What is away: full jitter, never at once, up to ten minutes.
    ['away, by bad luck', away, {}, 0, SECOND],
    ['away, first', away, {}, 1, 10 * SECOND],
    ['away, hundredth', away, { attempts: 100 }, 1, 10 * MINUTE],
    ['throttled', throttled, {}, 0, MINUTE],
    ['key refused', blocked, {}, 0, 5 * MINUTE],
    ['key refused, behind the others', blocked, {}, 1, 10 * MINUTE],
    ['called wrong', wrong, {}, 1, 5 * SECOND],
    ['called wrong, fifth', wrong, { burned: 4 }, 1, 80 * SECOND],
  ])('%s', (_, outcome, change, random, wait) => {
    const { row, standing } = after(outcome, change, NOW, random)
    expect(row).toMatchObject({ status: 'waiting', nextAttemptAt: NOW + wait })
    expect(standing).toMatchObject({ outcome: 'handled', reason: null })
  })

  test('only what the API calls wrong counts; a refused key never ends a question', () => {
    const old = { attempts: 500, burned: 3 }
    expect(after(wrong, old).row).toMatchObject({ status: 'waiting', burned: 4 })
    for (const outcome of [pending, away, throttled, blocked]) expect(after(outcome, old).row.burned).toBe(3)
    expect(after(blocked, old, NOW + 300 * DAY).row.status).toBe('waiting')
  })

  test('one that others kept waiting is asked a few times before it is too old', () => {
    expect(after(pending, { attempts: 1 }, NOW + 30 * DAY).row.status).toBe('waiting')
    expect(after(pending, { attempts: 5 }, NOW + 30 * DAY).row.status).toBe('given_up')
  })
})

test('a refused key and throttling rest the shop; any answer of the API ends that; an API that is away shows nothing', () => {
  expect(after(blocked).pause).toMatchObject({ pausedUntil: NOW + 5 * MINUTE, code: 'api.key_refused' })
  expect(after(throttled).pause).toMatchObject({ pausedUntil: NOW + MINUTE, code: 'api.throttled' })
  expect(after(away).pause).toBe('unchanged')
  for (const outcome of [{ kind: 'confirmed' } as const, denied, pending, wrong])
    expect(after(outcome).pause).toBeNull()
})

test('what came while it was asked makes it be asked once more, unless it is asked again anyway', () => {
  const again = { again: true, attempts: 7, burned: 5 }
  for (const outcome of [{ kind: 'confirmed' } as const, denied, { ...wrong }]) {
    const burned = outcome.kind === 'refused' ? MOST_REFUSALS - 1 : 5
    expect(after(outcome, { ...again, burned }).row).toMatchObject({
      status: 'waiting',
      nextAttemptAt: NOW + SECOND,
      burned: 0,
    })
  }
  expect(after(pending, again).row).toMatchObject({ status: 'waiting', nextAttemptAt: NOW + SECOND })
  for (const outcome of [away, throttled, blocked, wrong]) {
    expect(after(outcome, { ...again, burned: 0 })).toEqual(after(outcome, { ...again, burned: 0, again: false }))
  }
})
