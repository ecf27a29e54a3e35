import { z } from '@hono/zod-openapi'
import { decimal, orNull, time } from './common.ts'
import { conversation } from './conversations.ts'
import { message } from './messages.ts'

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
    order: orNull(order),
    conversation: orNull(conversation),
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
