import { z } from '@hono/zod-openapi'
import { pageOf, span, time } from './common.ts'

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

export const eventPage = pageOf(event, 'EventPage')

export const eventFilters = z.object({
  source: z.string().optional().openapi({ description: 'A shop’s id, or karibu' }),
  type: z.string().optional().openapi({ description: 'Such as order.paid' }),
  order: z.string().optional().openapi({ description: 'Order id or number' }),
  outcome: z.string().optional().openapi({ description: 'handled or ignored' }),
  ...span,
})
