import { z } from '@hono/zod-openapi'
import { MESSAGE_STATUSES } from '../store/words.ts'

/** What /v1 takes and gives. OpenAPI is made from these, so it is true by construction. */

const time = z.string().openapi({ format: 'date-time', example: '2026-11-20T08:04:41.000Z' })
const decimal = z.string().openapi({ example: '70800.00', description: 'Decimal text with the currency’s decimals' })

export const claimLink = z
  .object({
    code: z.string().openapi({ example: '7K3M-9QZ2-XW4T-B8HD' }),
    link: z.string().openapi({ example: 'https://wa.me/255700000001?text=Risiti%207K3M-9QZ2-XW4T-B8HD' }),
    expires_at: z.string(),
    claimed_at: z.string().nullable().openapi({ description: 'When a customer wrote it; it is good for one claim' }),
    usable: z.boolean().openapi({ description: 'Whether the code still lets a receipt go' }),
    why_not: z.string().nullable().openapi({ description: 'Why it does not' }),
    qr_svg: z.string().openapi({ description: 'Address of the link as a QR code; wants the same token' }),
    qr_png: z.string(),
  })
  .openapi('ClaimLink')

export const problem = z
  .object({
    error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }),
  })
  .openapi('Problem')

export const message = z
  .object({
    id: z.string().openapi({ example: 'msg_01kap2v5x0abcdefghjkmnpqrs' }),
    message_id: z.string().nullable().openapi({ description: 'Karibu’s id; null until it accepted the message' }),
    provider_message_id: z.string().nullable().openapi({ description: 'WhatsApp’s own id' }),
    status: z.enum(MESSAGE_STATUSES),
    reason: z.object({ code: z.string(), text: z.string() }).nullable(),
    kind: z.enum(['image', 'template']),
    shop: z.string().nullable(),
    order_id: z.string().nullable(),
    order_number: z.string().nullable(),
    rule: z.string().nullable(),
    to: z.string().nullable().openapi({ example: '255712345678' }),
    sender: z.string(),
    customer_name: z.string().nullable(),
    caption: z.string(),
    media_url: z.string().nullable(),
    error_code: z.string().nullable(),
    attempts: z.number().int(),
    created_at: time,
    accepted_at: time.nullable(),
    sent_at: time.nullable(),
    delivered_at: time.nullable(),
    read_at: time.nullable(),
    failed_at: time.nullable(),
  })
  .openapi('Message')

export const conversation = z
  .object({
    id: z.string(),
    sender: z.string(),
    phone: z.string().nullable(),
    conversation_id: z.string().nullable().openapi({ description: 'Karibu’s id of the thread' }),
    name: z.string().nullable(),
    window: z.object({
      open: z.boolean(),
      closes_at: time.nullable(),
      why: z.string(),
      evidence: z.object({
        last_inbound_at: time.nullable(),
        source: z.string().nullable(),
        message_id: z.string().nullable(),
        event_id: z.string().nullable(),
        seen_at: time.nullable(),
        provider_closed_at: time.nullable(),
        provider_code: z.string().nullable(),
      }),
    }),
    last_inbound_at: time.nullable(),
    opted_out_at: time.nullable(),
    created_at: time,
  })
  .openapi('Conversation')

export const order = z
  .object({
    id: z.string(),
    number: z.string(),
    currency: z.string(),
    total: decimal,
    refunded_total: decimal,
    test: z.boolean(),
    paid_at: time.nullable(),
    fulfilled_at: time.nullable(),
    cancelled_at: time.nullable(),
    updated_at: time.nullable(),
    customer: z.object({
      name: z.string().nullable(),
      phone: z.string().nullable(),
      phone_as_sent: z.string().nullable(),
    }),
    country: z.string().nullable(),
    payment: z.object({ method: z.string().nullable(), reference: z.string().nullable() }),
    items: z.array(z.object({ name: z.string(), detail: z.string().nullable(), quantity: z.string(), total: decimal })),
  })
  .openapi('Order')

export const story = message
  .extend({
    caption_cut: z.boolean(),
    when_closed: z.enum(['hold', 'invite', 'skip']),
    next_attempt_at: time.nullable(),
    expires_at: time.nullable(),
    error_detail: z.string().nullable(),
    event_id: z.string().nullable(),
    why: z.array(z.object({ step: z.string(), text: z.string() })),
    order: order.nullable(),
    conversation: conversation.nullable(),
    attempts_made: z.array(
      z.object({
        number: z.number().int(),
        started_at: time,
        finished_at: time.nullable(),
        result: z.enum(['accepted', 'later', 'window-closed', 'refused', 'blocked', 'media', 'unknown']).nullable(),
        code: z.string().nullable(),
        detail: z.string().nullable(),
        http_status: z.number().int().nullable(),
        request_id: z.string().nullable(),
        message_id: z.string().nullable(),
        media_url: z.string().nullable(),
        window_closes_at: time.nullable(),
      }),
    ),
    timeline: z.array(z.object({ at: time, what: z.string(), detail: z.string().nullable() })),
    images: z.array(
      z.object({
        url: z.string(),
        type: z.enum(['image/png', 'image/jpeg']),
        bytes: z.number().int(),
        sha256: z.string(),
        created_at: time,
        fetches: z.array(z.object({ at: time, method: z.string(), user_agent: z.string().nullable() })),
      }),
    ),
  })
  .openapi('MessageStory')

export const event = z
  .object({
    id: z.string(),
    source: z.string(),
    topic: z.string().nullable(),
    type: z.string(),
    order_id: z.string().nullable(),
    order_number: z.string().nullable(),
    conversation: z.string().nullable(),
    outcome: z.enum(['handled', 'ignored']),
    reason: z.string().nullable(),
    received_at: time,
    occurred_at: time.nullable(),
    trace: z.array(z.object({ step: z.string(), text: z.string(), message_id: z.string().nullable() })),
  })
  .openapi('Event')

export const eventWithBody = event
  .extend({ body: z.string().nullable(), content_type: z.string().nullable() })
  .openapi('EventWithBody')

export const stats = z
  .object({
    since: time,
    by_status: z.record(z.string(), z.number().int()),
    waiting: z.record(z.string(), z.number().int()),
    sends_this_month: z.record(z.string(), z.number().int()),
    paused_senders: z.array(
      z.object({ sender: z.string(), code: z.string(), detail: z.string().nullable(), until: time }),
    ),
    shops: z.array(
      z.object({
        shop: z.string(),
        last_event_at: time.nullable().openapi({ description: 'Backfills, confirmations and replays do not count' }),
        alarm_after_seconds: z.number().int().nullable().openapi({ description: 'null: off, or not learnt yet' }),
        silent: z.boolean(),
      }),
    ),
  })
  .openapi('Stats')

export const sendRequest = z
  .strictObject({
    shop: z.string().min(1).max(63).openapi({ example: 'duka' }),
    to: z
      .string()
      .min(7)
      .max(24)
      .optional()
      .openapi({ example: '255712345678', description: 'Default: the order’s phone' }),
    image_url: z
      .url({ protocol: /^https?$/, error: 'must be an https address' })
      .max(2000)
      .optional()
      .openapi({ description: 'An image of your own; it is fetched once and kept' }),
    order: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: 'Id or number of a known order: sends its receipt' }),
    caption: z.string().max(1024).default(''),
    when_closed: z.enum(['hold', 'skip']).default('hold'),
  })
  .openapi('SendRequest')

export type SendRequest = z.infer<typeof sendRequest>

export const settleRequest = z
  .strictObject({ arrived: z.boolean().openapi({ description: 'False: it is sent again' }) })
  .openapi('SettleRequest')

export const rehearsalRequest = z
  .strictObject({
    since: z.string().min(2).max(40).openapi({ example: '7d', description: 'A time, or how long ago' }),
    until: z.string().min(2).max(40).optional().openapi({ description: 'Default: now' }),
    shop: z.string().min(1).max(63).optional().openapi({ description: 'Only this shop’s events' }),
    rules: z
      .union([z.string().max(60_000), z.array(z.record(z.string(), z.unknown())).max(200)])
      .optional()
      .openapi({ description: 'As in risiti.yaml: YAML text, or the list as JSON. Default: the rules that run' }),
    limit: z.number().int().min(0).max(1000).default(200).openapi({ description: 'How many messages are listed' }),
  })
  .openapi('RehearsalRequest')

export type RehearsalRequest = z.infer<typeof rehearsalRequest>

const reason = z.object({ code: z.string(), text: z.string() }).nullable()

const rehearsedMessage = z
  .object({
    comparison: z.enum(['same', 'different', 'new', 'gone', 'unsure']).openapi({
      description: 'With what was really sent; unsure: what its order was before is kept no longer',
    }),
    differs: z.array(z.enum(['outcome', 'recipient', 'image', 'caption'])),
    at: time,
    event_id: z.string().nullable(),
    event: z.string(),
    shop: z.string().nullable(),
    order_id: z.string().nullable(),
    order_number: z.string().nullable(),
    rule: z.string().nullable(),
    to: z.string().nullable(),
    image: z.string().openapi({ description: '`receipt`, `refund`, or the address of an image' }),
    caption: z.string(),
    outcome: z.enum(MESSAGE_STATUSES).nullable().openapi({ description: 'Null when these rules make no such message' }),
    reason,
    goes_at: time.nullable(),
    invited: z.boolean(),
    window: z
      .object({ open: z.boolean(), closes_at: time.nullable(), why: z.string() })
      .nullable()
      .openapi({ description: 'When the message was made, by the customers’ messages that are stored' }),
    why: z.array(z.string()),
    really: z
      .object({
        id: z.string(),
        status: z.enum(MESSAGE_STATUSES),
        reason,
        to: z.string().nullable(),
        image: z.string(),
        caption: z.string(),
      })
      .nullable(),
  })
  .openapi('RehearsedMessage')

export const rehearsal = z
  .object({
    since: time,
    until: time,
    cut_at: time.nullable().openapi({ description: 'How far it came when it was cut short' }),
    events: z.object({
      rehearsed: z.number().int(),
      ignored: z.number().int(),
      before: z.number().int().openapi({ description: 'From before `since`, to set the scene' }),
      bodies_gone: z.number().int(),
      not_configured: z.number().int(),
    }),
    orders_without_start: z.number().int(),
    messages_not_rehearsed: z.number().int(),
    rules: z.array(
      z.object({
        rule: z.string(),
        outcomes: z.record(z.string(), z.number().int()),
        comparisons: z.record(z.string(), z.number().int()),
        not_matched: z.array(z.object({ why: z.string(), count: z.number().int() })),
      }),
    ),
    items: z.array(rehearsedMessage),
    left_off: z.number().int(),
  })
  .openapi('Rehearsal')

const span = {
  since: z.string().optional().openapi({ example: '2026-11-20T00:00:00Z', description: 'A time, or how long ago: 2h' }),
  until: z.string().optional().openapi({ description: 'A time, or how long ago' }),
}

export const messageFilters = z.object({
  status: z
    .string()
    .optional()
    .openapi({ description: `One or more of ${MESSAGE_STATUSES.join(', ')}, by commas` }),
  shop: z.string().optional(),
  order: z.string().optional().openapi({ description: 'Order id or number' }),
  to: z.string().optional().openapi({ example: '255712345678' }),
  rule: z.string().optional(),
  error_code: z.string().optional().openapi({ example: 'whatsapp.131047' }),
  ...span,
  q: z
    .string()
    .optional()
    .openapi({ description: 'Part of an order number, phone or name, looked for from the newest on: see next_cursor' }),
})

export const eventFilters = z.object({
  source: z.string().optional().openapi({ description: 'A shop’s id, or karibu' }),
  type: z.string().optional().openapi({ example: 'order.paid' }),
  order: z.string().optional(),
  outcome: z.string().optional().openapi({ description: 'handled or ignored' }),
  ...span,
})

export const paging = z.object({
  limit: z.string().optional().openapi({ description: '1–200, default 50', example: '50' }),
  cursor: z.string().optional().openapi({ description: 'next_cursor of the page before' }),
})
