import { z } from '@hono/zod-openapi'
import { MESSAGE_STATUSES } from '../../store/words.ts'
import { messageStatus, pageOf, span, time } from './common.ts'

export const message = z
  .object({
    id: z.string().openapi({ example: 'msg_01kap2v5x0abcdefghjkmnpqrs' }),
    message_id: z.string().nullable().openapi({ description: 'Karibu’s id; null until it accepted the message' }),
    provider_message_id: z.string().nullable().openapi({ description: 'WhatsApp’s own id' }),
    status: messageStatus,
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

export const messagePage = pageOf(message, 'MessagePage')

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

export const messageFilters = z.object({
  status: z
    .string()
    .optional()
    .openapi({ description: `One or more of ${MESSAGE_STATUSES.join(', ')}, by commas` }),
  shop: z.string().optional().openapi({ description: 'A shop’s id' }),
  order: z.string().optional().openapi({ description: 'Order id or number' }),
  to: z.string().optional().openapi({ description: 'A phone number in international form, such as 255712345678' }),
  rule: z.string().optional().openapi({ description: 'A rule’s name' }),
  error_code: z.string().optional().openapi({ description: 'Such as whatsapp.131047' }),
  ...span,
  q: z
    .string()
    .optional()
    .openapi({ description: 'Part of an order number, phone or name, looked for from the newest on: see next_cursor' }),
})
