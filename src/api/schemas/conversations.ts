import { z } from '@hono/zod-openapi'
import { pageOf, time } from './common.ts'

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

export const conversationPage = pageOf(conversation, 'ConversationPage')

/** One contact knows several of our numbers. */
export const conversationsOfOne = z.object({ items: z.array(conversation) }).openapi('ConversationsOfOne')
