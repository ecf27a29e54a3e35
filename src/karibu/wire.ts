import { z } from 'zod'

/** Briq's shapes, read tolerantly: only what we rely on is required, unknown keys are let through and ignored. */

/** Briq repeats what customers and others wrote, and terminals and pages show it: one line, nothing that controls or turns it. */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim()
}

/** Null also where nothing of it can be seen. */
const text = z
  .union([z.string(), z.number()])
  .transform((value) => oneLine(String(value)))
  .transform((value) => (/[^\p{C}\p{Z}\p{M}]/u.test(value) ? value : null))
  .nullish()
  .transform((value) => value ?? null)

const time = z
  .string()
  .transform((value) => Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`))
  .pipe(z.number())

export const sendData = z.object({
  message_id: z.string().min(1),
  conversation_id: text,
  provider_message_id: text,
  status: z.string().nullish(),
})

export const listItem = z.object({
  id: z.string().min(1),
  /** The provider's id (`wamid…`) here, unlike in the answer to a send. */
  message_id: text,
  conversation_id: text,
  is_outbound: z.boolean().nullish(),
  message_type: text,
  content: z.unknown().optional(),
  created_at: time,
})
export type ListItem = z.infer<typeof listItem>

export const messageDetail = z.looseObject({
  status: z.string().nullish(),
  provider_message_id: text,
  /** The name of the failure field is not documented: all likely ones are read. */
  error_code: text,
  error_message: text,
  reason: z.unknown().optional(),
  error: z.unknown().optional(),
})
export type MessageDetail = z.infer<typeof messageDetail>

export const conversation = z.object({
  id: z.string().min(1),
  sender_id: text,
  recipient_phone: text,
  contact_profile_name: text,
  window: z
    .object({ open: z.boolean(), expires_at: time.nullish() })
    .nullish()
    .transform((value) => value ?? null),
})
export type Conversation = z.infer<typeof conversation>

export const sender = z.looseObject({
  id: z.string().min(1),
  display_number: text,
  phone_number_id: text,
  is_active: z.boolean().nullish(),
})
export type Sender = z.infer<typeof sender>

export const template = z.object({
  name: z.string().min(1),
  language: text,
  status: text,
  /** Each variable's name; how they are written is not documented, so null where it is another way. */
  params: z
    .array(
      z.union([z.string(), z.number(), z.object({ name: z.union([z.string(), z.number()]) }).transform((p) => p.name)]),
    )
    .transform((names) => names.map((name) => oneLine(String(name))))
    .nullish()
    .catch(null)
    .transform((names) => names ?? null),
  is_deleted: z.boolean().nullish(),
})
export type Template = z.infer<typeof template>

export const webhook = z.object({
  webhook_id: z.string().min(1).transform(oneLine),
  app_id: text,
  service_type: text,
  url: text,
  /** Masked; null where it has none. */
  secret_token: text,
  created_at: text,
})
export type Webhook = z.infer<typeof webhook>

export const page = z.object({ items: z.array(z.unknown()) })

/** A webhook's body: required are only the three things we cannot do without. */
export const webhookEvent = z.object({
  event: z.string().min(1),
  event_id: z.string().min(1).max(200),
  timestamp: z.union([z.string(), z.number()]).nullish(),
  data: z.looseObject({
    message_id: text,
    provider_message_id: text,
    error_code: text,
    error_message: text,
  }),
})
export type WebhookEvent = z.infer<typeof webhookEvent>
