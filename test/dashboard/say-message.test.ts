import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { sayMessage } from '../../src/dashboard/say-message.ts'
import type { MessageRow } from '../../src/store/records.ts'
import { MESSAGE_STATUSES } from '../../src/store/words.ts'
import { aMessageRow, NOW } from '../support/rows.ts'

/** Noon in Dar es Salaam, on a Friday. */
const ZONE = 'Africa/Dar_es_Salaam'

interface Around {
  lastInboundAt?: number | null
  blindSince?: number
  language?: 'en' | 'sw'
}

function say(change: Partial<MessageRow>, { lastInboundAt = null, blindSince, language = 'en' }: Around = {}): string {
  const message = aMessageRow({ nextAttemptAt: null, ...change })
  const around = { contact: { lastInboundAt }, blindSince: blindSince ?? null, now: NOW, zone: ZONE }
  return sayMessage({ message, ...around, language })
}

const HELD = { status: 'held', reason: 'window_closed', expiresAt: NOW + 3 * DAY } as const

test.each<[Partial<MessageRow>, Around, string]>([
  [
    HELD,
    { lastInboundAt: NOW - 8 * DAY },
    'The customer has not written since 12 Nov; goes out when they do; expires Monday 12:00.',
  ],
  [
    HELD,
    { lastInboundAt: NOW - DAY },
    'The customer has not written since yesterday; goes out when they do; expires Monday 12:00.',
  ],
  [HELD, {}, 'The customer has never written to this number; goes out when they do; expires Monday 12:00.'],
  [
    HELD,
    { blindSince: NOW - HOUR },
    'The customer has never written to this number; goes out when they do; expires Monday 12:00; but since today 11:00 Karibu refuses to show what customers write, so they may have.',
  ],
  [
    { ...HELD, reason: 'opted_out', expiresAt: null },
    {},
    'The customer asked to get no more messages; it goes out only after they write START (ANZA).',
  ],
  [{ status: 'queued', nextAttemptAt: NOW }, {}, 'It is its turn in a moment.'],
  [
    { status: 'queued', reason: 'quiet_hours', nextAttemptAt: NOW + 19 * HOUR },
    {},
    'It is quiet hours at the shop; goes out tomorrow 07:00.',
  ],
  [
    { status: 'queued', nextAttemptAt: NOW + MINUTE, errorCode: 'whatsapp.130429', errorDetail: 'Rate limit hit' },
    {},
    'Could not be sent yet; next try today 12:01; Rate limit hit.',
  ],
  [{ status: 'sending' }, {}, 'On its way to WhatsApp this moment.'],
  [
    { status: 'uncertain', reason: 'needs_a_person' },
    {},
    'It may be on the phone, and Karibu’s list cannot tell; ask the customer, then say here whether it arrived.',
  ],
  [{ status: 'pending', acceptedAt: NOW }, {}, 'Karibu took it on today 12:00; WhatsApp has not answered yet.'],
  [{ status: 'sent', sentAt: NOW - HOUR }, {}, 'Sent today 11:00; not on the phone yet, which may be off.'],
  [{ status: 'delivered', deliveredAt: NOW }, {}, 'On the phone since today 12:00; not read yet.'],
  [{ status: 'read', readAt: NOW - 400 * DAY }, {}, 'The customer read it 16 Oct 2025 12:00.'],
  [
    { status: 'failed', failedAt: NOW, errorDetail: 'Message undeliverable' },
    {},
    'Did not go through today 12:00: Message undeliverable.',
  ],
  [{ status: 'failed', failedAt: null }, {}, 'Did not go through at an unknown time: no reason was given.'],
  [{ status: 'skipped', reason: 'no_phone' }, {}, 'The order has no phone number.'],
  [
    { status: 'skipped', reason: 'window_closed' },
    {},
    'The customer had not written in the last 24 hours, and the rule does not wait.',
  ],
  [
    { status: 'expired', reason: 'held_too_long', expiresAt: NOW - HOUR },
    {},
    'The customer did not write before it expired; expired today 11:00.',
  ],
  [{ status: 'cancelled', reason: 'order_refunded' }, {}, 'The order was refunded in full.'],
  [{ status: 'cancelled', reason: 'a_reason_of_tomorrow' }, {}, 'A reason of tomorrow.'],
  [
    HELD,
    { lastInboundAt: NOW - 8 * DAY, language: 'sw' },
    'Mteja hajaandika tangu 12 Nov; itatumwa atakapoandika; muda wake unaisha Jumatatu 12:00.',
  ],
  [{ status: 'read', readAt: NOW }, { language: 'sw' }, 'Mteja ameisoma leo 12:00.'],
  [{ status: 'skipped', reason: 'no_phone' }, { language: 'sw' }, 'Oda haina namba ya simu.'],
  [
    { status: 'held', reason: 'opted_out' },
    { language: 'sw' },
    'Mteja aliomba asitumiwe ujumbe tena; itatumwa tu akiandika ANZA (START).',
  ],
])('a message with %j, %j says: %s', (change, around, said) => {
  expect(say(change, around)).toBe(said)
})

test('every status says something else in Swahili than in English, and neither leaves a gap', () => {
  for (const status of MESSAGE_STATUSES) {
    const english = say({ status, reason: 'by_hand' })
    const swahili = say({ status, reason: 'by_hand' }, { language: 'sw' })
    for (const text of [english, swahili])
      expect([status, text]).toEqual([status, expect.stringMatching(/^\p{Lu}.+\.$/u)])
    expect([status, swahili]).not.toEqual([status, english])
    expect(`${english}${swahili}`).not.toMatch(/undefined|null|NaN/)
  }
})

test('times are those of the shop’s clocks', () => {
  const message = aMessageRow({ status: 'delivered', deliveredAt: NOW })
  const saying = { message, contact: null, blindSince: null, now: NOW, language: 'en' as const }
  expect(sayMessage({ ...saying, zone: 'UTC' })).toBe('On the phone since today 09:00; not read yet.')
  expect(sayMessage({ ...saying, zone: 'America/Los_Angeles' })).toContain('today 01:00')
  // There it is still yesterday evening.
  const later = { ...saying, now: NOW + 9 * HOUR }
  expect(sayMessage({ ...later, zone: 'America/Los_Angeles' })).toContain('today 01:00')
  expect(sayMessage({ ...later, zone: 'Asia/Tokyo' })).toContain('yesterday 18:00')
})
