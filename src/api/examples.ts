import type { z } from '@hono/zod-openapi'
import type { claimLink } from './schemas/claims.ts'
import type { conversation as conversationSchema } from './schemas/conversations.ts'
import type { event as eventSchema } from './schemas/events.ts'
import type { message as messageSchema, SendRequest } from './schemas/messages.ts'
import type { RehearsalRequest, rehearsal as rehearsalSchema } from './schemas/rehearsals.ts'
import type { stats as statsSchema } from './schemas/stats.ts'
import type { story as storySchema } from './schemas/story.ts'

/** What the reference shows of requests and answers: one order of one customer, all the way through. */

type Example<T extends z.ZodType> = z.input<T>

const ADDRESS = 'https://risiti.duka.example'
const MESSAGE_ID = 'msg_01kagvvz5h8c6m2t4x9y1rdq3e'
const KARIBU_ID = '6f1d2a3c-0c64-4f0e-9d7b-52c1a8f4e9b0'
const EVENT_ID = 'evt_01kagvvz4w0n7b5j8s3kqh2p6d'
const MEDIA_URL = `${ADDRESS}/media/q3Zf8s1xT0mWb7LkYc2DhA.png`

export const message: Example<typeof messageSchema> = {
  id: MESSAGE_ID,
  message_id: KARIBU_ID,
  provider_message_id: 'wamid.HBgMMjU1NzEyMzQ1Njc4FQIAERgS',
  status: 'read',
  reason: null,
  kind: 'image',
  shop: 'duka',
  order_id: '4522',
  order_number: 'DUKA-0107',
  rule: 'receipt',
  to: '255712345678',
  sender: '255700000001',
  customer_name: 'Asha Mwinyi',
  caption: 'Asante Asha! Risiti ya oda DUKA-0107: TSh 48,000.',
  media_url: MEDIA_URL,
  error_code: null,
  attempts: 1,
  created_at: '2026-11-20T09:00:00.412Z',
  accepted_at: '2026-11-20T09:00:01.880Z',
  sent_at: '2026-11-20T09:00:02.000Z',
  delivered_at: '2026-11-20T09:00:04.000Z',
  read_at: '2026-11-20T09:02:31.000Z',
  failed_at: null,
}

const unsent = {
  message_id: null,
  provider_message_id: null,
  media_url: null,
  attempts: 0,
  accepted_at: null,
  sent_at: null,
  delivered_at: null,
  read_at: null,
}

export const held: Example<typeof messageSchema> = {
  ...message,
  ...unsent,
  id: 'msg_01kagvz9q40e1d7hs2m5xw8t6c',
  status: 'held',
  reason: {
    code: 'window_closed',
    text: 'the customer has not written in the last 24 hours; it goes out when they do; expires 2026-11-23T09:00:00.412Z',
  },
}
export const queued: Example<typeof messageSchema> = { ...message, ...unsent, status: 'queued' }
export const cancelled: Example<typeof messageSchema> = {
  ...held,
  status: 'cancelled',
  reason: { code: 'by_hand', text: 'a person cancelled it' },
}
export const settled: Example<typeof messageSchema> = {
  ...message,
  ...unsent,
  status: 'delivered',
  attempts: 1,
  accepted_at: '2026-11-20T10:15:00.000Z',
  delivered_at: '2026-11-20T10:15:00.000Z',
}

export const conversation: Example<typeof conversationSchema> = {
  id: 'cnv_01kagvtq2r6f3y8z0n5b7d9e1h',
  sender: '255700000001',
  phone: '255712345678',
  conversation_id: '0b8f5c1e-7a2d-4d37-8a55-1f9f0c6f2e11',
  name: 'Asha',
  window: {
    open: true,
    closes_at: '2026-11-21T08:54:00.000Z',
    why: 'the customer wrote within the last 24 hours',
    evidence: {
      last_inbound_at: '2026-11-20T08:59:00.000Z',
      source: 'poll',
      message_id: 'c2e8a1d4-3b55-49a0-b0a6-6a1c7e9f8d22',
      event_id: 'evt_01kagvtq2s8j4k6m0p2r5t7w9y',
      seen_at: '2026-11-20T08:59:03.120Z',
      provider_closed_at: null,
      provider_code: null,
    },
  },
  last_inbound_at: '2026-11-20T08:59:00.000Z',
  opted_out_at: null,
  created_at: '2026-11-20T08:59:03.120Z',
}

export const story: Example<typeof storySchema> = {
  ...message,
  caption_cut: false,
  when_closed: 'hold',
  next_attempt_at: null,
  expires_at: null,
  error_detail: null,
  event_id: EVENT_ID,
  why: [{ step: 'receipt', text: 'matched: the event is order.paid' }],
  order: {
    id: '4522',
    number: 'DUKA-0107',
    currency: 'TZS',
    total: '48000.00',
    refunded_total: '0.00',
    test: false,
    paid_at: '2026-11-20T08:59:59.000Z',
    fulfilled_at: null,
    cancelled_at: null,
    updated_at: '2026-11-20T08:59:59.000Z',
    customer: { name: 'Asha Mwinyi', phone: '255712345678', phone_as_sent: '0712 345 678' },
    country: 'TZ',
    payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
    items: [
      { name: 'Khanga ya pamba – Kilimanjaro', detail: 'bluu', quantity: '2', total: '36000.00' },
      { name: 'Sabuni & mafuta', detail: null, quantity: '1', total: '9000.00' },
    ],
  },
  conversation,
  attempts_made: [
    {
      number: 1,
      started_at: '2026-11-20T09:00:00.930Z',
      finished_at: '2026-11-20T09:00:01.880Z',
      result: 'accepted',
      code: null,
      detail: null,
      http_status: 202,
      request_id: null,
      message_id: KARIBU_ID,
      media_url: MEDIA_URL,
      window_closes_at: '2026-11-21T08:54:00.000Z',
    },
  ],
  timeline: [
    { at: '2026-11-20T09:00:00.412Z', what: 'order.paid', detail: 'from duka' },
    { at: '2026-11-20T09:00:00.412Z', what: 'created', detail: 'by rule receipt' },
    { at: '2026-11-20T09:00:00.930Z', what: 'attempt', detail: 'number 1' },
    { at: '2026-11-20T09:00:01.880Z', what: 'accepted', detail: null },
    { at: '2026-11-20T09:00:04.000Z', what: 'delivered', detail: 'webhook' },
    { at: '2026-11-20T09:02:31.000Z', what: 'read', detail: 'webhook' },
  ],
  images: [
    {
      url: MEDIA_URL,
      type: 'image/png',
      bytes: 58_412,
      sha256: '9b0d4f6c2e8a17355d0c9e4b7f21a6d83c5e90b1f47a2d6c8e03b95f1a7c4d20',
      created_at: '2026-11-20T09:00:00.900Z',
      fetches: [{ at: '2026-11-20T09:00:01.400Z', method: 'GET', user_agent: 'facebookexternalua' }],
    },
  ],
}

export const event: Example<typeof eventSchema> = {
  id: EVENT_ID,
  source: 'duka',
  topic: 'order.updated',
  type: 'order.paid',
  order_id: '4522',
  order_number: 'DUKA-0107',
  conversation: null,
  outcome: 'handled',
  reason: null,
  received_at: '2026-11-20T09:00:00.412Z',
  occurred_at: '2026-11-20T08:59:59.000Z',
  trace: [{ step: 'receipt', text: 'matched: the event is order.paid', message_id: MESSAGE_ID }],
}

export const replayed: Example<typeof eventSchema> = {
  ...event,
  id: 'evt_01kahe4m7x2v5c8b1n3q6w9r0t',
  received_at: '2026-11-20T14:20:00.000Z',
  trace: [
    { step: 'replay', text: `event ${EVENT_ID} of 2026-11-20T09:00:00.412Z, taken once more`, message_id: null },
    { step: 'order.paid', text: 'no news, but asked about again', message_id: null },
    { step: 'receipt', text: 'matched: the event is order.paid', message_id: null },
  ],
}

export const stats: Example<typeof statsSchema> = {
  since: '2026-11-19T14:20:00.000Z',
  by_status: { held: 3, read: 41, delivered: 12, failed: 1 },
  waiting: { held: 3 },
  sends_this_month: { '255700000001': 1204 },
  paused_senders: [],
  shops: [{ shop: 'duka', last_event_at: '2026-11-20T14:02:10.000Z', alarm_after_seconds: 21_600, silent: false }],
}

export const claim: Example<typeof claimLink> = {
  code: '7K3M-9QZ2-XW4T-B8HD',
  link: 'https://wa.me/255700000001?text=Risiti%207K3M-9QZ2-XW4T-B8HD',
  expires_at: '2026-11-27T09:00:00.000Z',
  claimed_at: null,
  usable: true,
  why_not: null,
  qr_svg: `${ADDRESS}/v1/orders/duka/4522/claim.svg`,
  qr_png: `${ADDRESS}/v1/orders/duka/4522/claim.png`,
}

export const rehearsal: Example<typeof rehearsalSchema> = {
  since: '2026-11-13T14:20:00.000Z',
  until: '2026-11-20T14:20:00.000Z',
  cut_at: null,
  events: { rehearsed: 61, ignored: 4, before: 2, bodies_gone: 0, not_configured: 0 },
  orders_without_start: 0,
  messages_not_rehearsed: 0,
  rules: [
    {
      rule: 'receipt',
      outcomes: { sent: 55, held: 2 },
      comparisons: { same: 57 },
      not_matched: [],
    },
  ],
  items: [
    {
      comparison: 'same',
      differs: [],
      at: '2026-11-20T09:00:00.412Z',
      event_id: EVENT_ID,
      event: 'order.paid',
      shop: 'duka',
      order_id: '4522',
      order_number: 'DUKA-0107',
      rule: 'receipt',
      to: '255712345678',
      image: 'receipt',
      caption: message.caption,
      outcome: 'sent',
      reason: null,
      goes_at: '2026-11-20T09:00:00.412Z',
      invited: false,
      window: {
        open: true,
        closes_at: '2026-11-21T08:54:00.000Z',
        why: 'the customer wrote within the last 24 hours',
      },
      why: [],
      really: {
        id: MESSAGE_ID,
        status: 'read',
        reason: null,
        to: '255712345678',
        image: 'receipt',
        caption: message.caption,
      },
    },
  ],
  left_off: 56,
}

/** Bodies that can be tried out; of the ones with ids of a shop, with its own in their place. */
export const sends: Record<string, { summary: string; value: Partial<SendRequest> & { shop: string } }> = {
  receipt: { summary: 'The receipt of an order', value: { shop: 'duka', order: 'DUKA-0107' } },
  image: {
    summary: 'An image of your own',
    value: {
      shop: 'duka',
      to: '255712345678',
      image_url: 'https://duka.example/bei.png',
      caption: 'Bei zetu za wiki hii.',
      when_closed: 'skip',
    },
  },
}

export const settles = {
  arrived: { summary: 'The customer has it', value: { arrived: true } },
  not_arrived: { summary: 'The customer does not have it: it is sent again', value: { arrived: false } },
}

export const retries = {
  ended: { summary: 'What failed, expired, was skipped or cancelled', value: {} },
  uncertain: { summary: 'One that may be on the phone', value: { accept_duplicate: true } },
}

export const rehearsals: Record<string, { summary: string; value: Partial<RehearsalRequest> & { since: string } }> = {
  running: { summary: 'The rules that run, over a week', value: { since: '7d' } },
  other: {
    summary: 'Other rules, as they would stand in risiti.yaml',
    value: {
      since: '7d',
      shop: 'duka',
      rules:
        '- name: receipt\n  on: order.paid\n  when: { min_total: "10000" }\n  send: { image: receipt, caption: "Asante {{ customer.first_name }}!" }\n',
      limit: 20,
    },
  },
}
