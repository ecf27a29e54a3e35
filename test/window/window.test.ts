import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { WINDOW_MS, type WindowEvidence, windowAt, withInbound } from '../../src/window/window.ts'
import { seeded } from '../rules/an-order.ts'
import { NOW, permutations } from '../support/rows.ts'

const MARGIN = 5 * MINUTE
const NEVER: WindowEvidence = { lastInboundAt: null, closedVerdictAt: null }
const wrote = (lastInboundAt: number, closedVerdictAt: number | null = null) => ({ lastInboundAt, closedVerdictAt })

test('the window is WhatsApp’s: 24 hours', () => {
  expect(WINDOW_MS).toBe(24 * 60 * 60 * 1000)
})

describe('windowAt', () => {
  test.each<[string, WindowEvidence, number, ReturnType<typeof windowAt>]>([
    ['a customer who never wrote has no window', NEVER, NOW, { open: false, closesAt: null, why: 'never_wrote' }],
    [
      'a refusal is remembered even where the customer never wrote',
      { lastInboundAt: null, closedVerdictAt: NOW },
      NOW,
      { open: false, closesAt: null, why: 'provider_says_closed' },
    ],
    ['it opens with the message', wrote(NOW), NOW, { open: true, closesAt: NOW + WINDOW_MS, why: 'open' }],
    [
      'it is open one millisecond before the margin',
      wrote(NOW),
      NOW + WINDOW_MS - MARGIN - 1,
      { open: true, closesAt: NOW + WINDOW_MS, why: 'open' },
    ],
    [
      'it is closed at the margin, not only at the end',
      wrote(NOW),
      NOW + WINDOW_MS - MARGIN,
      { open: false, closesAt: NOW + WINDOW_MS, why: 'expired' },
    ],
    [
      'a refusal after the last message closes it at once',
      wrote(NOW, NOW + HOUR),
      NOW + HOUR,
      { open: false, closesAt: NOW + HOUR, why: 'provider_says_closed' },
    ],
    [
      'a refusal in the very millisecond of the message wins',
      wrote(NOW, NOW),
      NOW + 1,
      { open: false, closesAt: NOW, why: 'provider_says_closed' },
    ],
    [
      'a refusal after the end does not make the end later',
      wrote(NOW, NOW + WINDOW_MS + HOUR),
      NOW + WINDOW_MS + HOUR,
      { open: false, closesAt: NOW + WINDOW_MS, why: 'provider_says_closed' },
    ],
    [
      'a message newer than the refusal opens it again',
      wrote(NOW + 1, NOW),
      NOW + 2,
      { open: true, closesAt: NOW + 1 + WINDOW_MS, why: 'open' },
    ],
  ])('%s', (_name, evidence, now, expected) => {
    expect(windowAt(evidence, now, MARGIN)).toEqual(expected)
  })

  test('without a margin it is closed in the last millisecond of the 24 hours and never after', () => {
    expect(windowAt(wrote(NOW), NOW + WINDOW_MS - 1, 0).open).toBe(true)
    expect(windowAt(wrote(NOW), NOW + WINDOW_MS, 0).open).toBe(false)
    expect(windowAt(wrote(NOW), NOW + 30 * WINDOW_MS, 0).open).toBe(false)
  })

  test('once closed it stays closed as time goes on, whatever is known', () => {
    const random = seeded(1)
    for (let round = 0; round < 500; round++) {
      const evidence = {
        lastInboundAt: random() < 0.1 ? null : NOW + Math.floor(random() * 3 * WINDOW_MS),
        closedVerdictAt: random() < 0.5 ? null : NOW + Math.floor(random() * 3 * WINDOW_MS),
      }
      const from = Math.max(evidence.lastInboundAt ?? NOW, evidence.closedVerdictAt ?? NOW)
      const opens = [0, 1, 6, 12, 23, 24, 25, 48].map((hours) => windowAt(evidence, from + hours * HOUR, MARGIN).open)
      expect(opens.join()).toMatch(/^(true,?)*(false,?)*$/)
      expect(opens.at(-1)).toBe(false)
    }
  })

  test('a wider margin never opens a window that a narrower one keeps closed', () => {
    const random = seeded(2)
    for (let round = 0; round < 500; round++) {
      const now = NOW + Math.floor(random() * 2 * WINDOW_MS)
      const narrow = Math.floor(random() * HOUR)
      const opensWide = windowAt(wrote(NOW), now, narrow + Math.floor(random() * HOUR)).open
      expect(opensWide && !windowAt(wrote(NOW), now, narrow).open).toBe(false)
    }
  })
})

describe('withInbound', () => {
  test('the first message is the evidence', () => {
    expect(withInbound(NEVER, NOW, NOW + 10)).toEqual(wrote(NOW))
  })

  test('a late report of an older message never moves the window back', () => {
    expect(withInbound(wrote(NOW), NOW - HOUR, NOW + HOUR)).toEqual(wrote(NOW))
  })

  test('a clock that runs ahead opens the window no longer than from when we saw the message', () => {
    expect(withInbound(NEVER, NOW + 10 * HOUR, NOW)).toEqual(wrote(NOW))
  })

  test('a refusal is not forgotten by an older message that comes late', () => {
    const evidence = withInbound(wrote(NOW - HOUR, NOW), NOW - MINUTE, NOW + MINUTE)
    expect(windowAt(evidence, NOW + MINUTE, 0)).toMatchObject({ open: false, why: 'provider_says_closed' })
  })

  test('messages told in any order, and told again, leave the same evidence', () => {
    const told = [0, 5, 17, 30].map((minutes) => ({ at: NOW + minutes * MINUTE, seen: NOW + 31 * MINUTE }))
    told.push({ at: NOW + 90 * MINUTE, seen: NOW + 40 * MINUTE })
    for (const sequence of permutations(told)) {
      let evidence = NEVER
      for (const { at, seen } of [...sequence, ...sequence]) {
        const next = withInbound(evidence, at, seen)
        expect(next.lastInboundAt).toBeGreaterThanOrEqual(evidence.lastInboundAt ?? 0)
        evidence = next
      }
      expect(evidence).toEqual(wrote(NOW + 40 * MINUTE))
    }
  })
})
