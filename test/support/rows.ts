import { MINUTE } from '../../src/clock.ts'
import type { ShopConfig } from '../../src/config/types.ts'
import { rowOf } from '../../src/rehearsal/row.ts'
import type {
  AttemptRow,
  ConfirmationRow,
  ConversationRow,
  MessageRow,
  SenderPauseRow,
} from '../../src/store/records.ts'
import type { SendSnapshot, Settlement, Standing } from '../../src/store/sending.ts'

/** Rows as the store would give them, with only what a test is about set apart from the ordinary. */

export const NOW = Date.parse('2026-11-20T09:00:00Z')
export const SENDER = '255700000001'

export function aMessageRow(change: Partial<MessageRow> = {}): MessageRow {
  const made = {
    id: 'msg_1',
    effectKey: '["duka","7001","receipt","receipt"]',
    kind: 'image' as const,
    status: 'queued' as const,
    shop: 'duka',
    orderId: '7001',
    orderNumber: '#1042',
    rule: 'receipt',
    cause: 'order.paid' as const,
    eventId: 'evt_1',
    sender: SENDER,
    phone: '255712345678',
    customerName: 'Neema Mushi',
    caption: 'Asante Neema!',
    whenClosed: 'hold' as const,
    expiresAfterMs: 72 * 60 * MINUTE,
    nextAttemptAt: NOW,
    createdAt: NOW,
    updatedAt: NOW,
  }
  return { ...rowOf(made, 'cnv_1'), ...change }
}

/** A message Karibu took on with its first attempt. */
export function anAcceptedRow(change: Partial<MessageRow> = {}): MessageRow {
  return aMessageRow({
    status: 'pending',
    attemptCount: 1,
    messageId: 'karibu-1',
    acceptedAt: NOW,
    nextAttemptAt: null,
    statusPollAt: NOW + 5 * MINUTE,
    ...change,
  })
}

export function aConversationRow(change: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: 'cnv_1',
    sender: SENDER,
    phone: '255712345678',
    karibuId: null,
    name: 'Neema Mushi',
    lastInboundAt: NOW - 60 * MINUTE,
    evidence: null,
    closedVerdictAt: null,
    closedVerdictCode: null,
    optedOutAt: null,
    optWordAt: null,
    codesForgivenAt: 0,
    paidUntil: 0,
    lastInvitedAt: null,
    nextSendAt: 0,
    busyUntil: 0,
    createdAt: NOW,
    updatedAt: NOW,
    ...change,
  }
}

export function anAttemptRow(change: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id: 'att_1_1',
    message: 'msg_1',
    number: 1,
    startedAt: NOW,
    finishedAt: NOW,
    result: 'accepted',
    code: null,
    detail: null,
    httpStatus: 202,
    requestId: null,
    mediaUrl: null,
    messageId: 'karibu-1',
    window: null,
    ...change,
  }
}

export function aPauseRow(change: Partial<SenderPauseRow> = {}): SenderPauseRow {
  const { code, detail } = { code: 'karibu.http_401', detail: null }
  return { sender: SENDER, pausedUntil: NOW + MINUTE, probeUntil: 0, pausedAt: NOW, code, detail, ...change }
}

export function aSnapshot(change: Partial<SendSnapshot> = {}): SendSnapshot {
  return {
    message: aMessageRow(),
    conversation: aConversationRow(),
    order: null,
    pause: null,
    invitesTo: null,
    ...change,
  }
}

/** The snapshot after the store has applied a settlement to it. */
export function afterSettling<S extends Standing>(snapshot: S, settlement: Settlement): S {
  return {
    ...snapshot,
    message: { ...snapshot.message, ...settlement.message },
    conversation: { ...snapshot.conversation, ...settlement.conversation },
  }
}

export function aShop(change: Partial<ShopConfig> = {}): ShopConfig {
  return {
    id: 'duka',
    platform: 'woocommerce',
    notificationUrl: 'https://risiti.duka.example/webhooks/duka',
    apiUrl: null,
    backfillEveryMs: null,
    silenceAlarm: 'auto',
    sender: SENDER,
    country: 'TZ',
    timezone: 'Africa/Dar_es_Salaam',
    locale: 'sw',
    secretNames: { signing: ['DUKA_SECRET'], path: [], credentials: {} },
    domain: null,
    brand: { name: 'Duka la Asha', color: '#0f766e', logo: null, address: null, phone: null, tin: null },
    consent: null,
    whatsappField: null,
    claimExpiresAfterMs: 7 * 24 * 60 * MINUTE,
    claimNumber: null,
    ignoreOlderThanMs: 30 * 24 * 60 * MINUTE,
    quietHours: null,
    ...change,
  }
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  )
}

/** Every non-empty choice of some of the items. */
export function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((one) => [...one, item])], [[]]).slice(1)
}

/** The same sequence with some of its items told again at some later point: a delivery repeats only what was told. */
export function withRepetitions<T>(sequence: readonly T[], random: () => number): T[] {
  const told = [...sequence]
  for (const item of sequence) {
    for (let again = Math.floor(random() * 3); again > 0; again--) {
      const from = told.indexOf(item) + 1
      told.splice(from + Math.floor(random() * (told.length - from + 1)), 0, item)
    }
  }
  return told
}

/** A question that was just asked for the first time. */
export function aConfirmationRow(change: Partial<ConfirmationRow> = {}): ConfirmationRow {
  return {
    id: 'cnf_1',
    shop: 'malipo',
    subject: 'payment:P1',
    question: '["payment:P1",null,null,null]',
    claim: { subject: 'payment:P1', amount: null, currency: null, reference: null, occurredAt: null },
    eventId: 'evt_1',
    query: '',
    status: 'asking',
    attempts: 1,
    burned: 0,
    again: false,
    nextAttemptAt: NOW,
    leaseExpiresAt: NOW + MINUTE,
    lastCode: null,
    lastDetail: null,
    createdAt: NOW,
    updatedAt: NOW,
    ...change,
  }
}
