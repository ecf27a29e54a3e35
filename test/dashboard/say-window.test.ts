import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { sayWindow } from '../../src/dashboard/say-window.ts'
import { whenIn } from '../../src/dashboard/when.ts'
import type { ConversationRow } from '../../src/store/records.ts'
import { aConversationRow, NOW } from '../support/rows.ts'

const MARGIN = 10 * MINUTE

test.each<[Partial<ConversationRow>, boolean, string]>([
  [{ lastInboundAt: NOW - HOUR }, true, 'Open until tomorrow 10:50: the customer wrote today 11:00.'],
  [{ lastInboundAt: null }, false, 'The customer has never written to this number.'],
  [{ lastInboundAt: NOW - 25 * HOUR }, false, 'The customer last wrote yesterday 11:00, more than 24 hours ago.'],
  [
    { lastInboundAt: NOW - 24 * HOUR + MARGIN },
    false,
    'The customer wrote yesterday 12:10, almost 24 hours ago: too late to send safely.',
  ],
  [
    { lastInboundAt: NOW - HOUR, closedVerdictAt: NOW - MINUTE },
    false,
    'WhatsApp refused a message today 11:59 as outside the window, and the customer has not written since.',
  ],
])('a conversation with %j is open: %s, since: %s', (change, open, text) => {
  const said = sayWindow(aConversationRow(change), NOW, MARGIN, 'en', whenIn('en', 'Africa/Dar_es_Salaam', NOW))
  expect(said).toEqual({ open, text, optedOut: null })
})

test('whoever asked for no more messages is said to have, whatever the window is', () => {
  const row = aConversationRow({ optedOutAt: NOW - HOUR })
  const said = sayWindow(row, NOW, MARGIN, 'sw', whenIn('sw', 'Africa/Dar_es_Salaam', NOW))
  expect(said.optedOut).toBe('Aliomba leo 11:00 asitumiwe ujumbe; ni ANZA (START) tu hubadilisha hilo.')
})
