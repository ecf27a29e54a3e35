import { z } from '@hono/zod-openapi'
import { messageStatus, orNull, time } from './common.ts'

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
    outcome: orNull(messageStatus).openapi({ description: 'Null when these rules make no such message' }),
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
        status: messageStatus,
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
