import { z } from 'zod'
import type { Refusal } from './bodies.ts'
import type { Kind } from './state.ts'

/** Briq counts text as Python does: in code points, so an emoji of one code point is one. */
const text = (max: number) =>
  z.string().refine((value) => Array.from(value).length <= max, `ensure this value has at most ${max} characters`)

const target = {
  to: z
    .string()
    .min(7)
    .max(20)
    .regex(/^\+?[1-9]\d{6,17}$/)
    .nullish(),
  sender: z.string().max(64).nullish(),
  sender_id: z.guid().nullish(),
  conversation_id: z.guid().nullish(),
}

const image = z
  .object({
    ...target,
    media_url: z
      .string()
      .refine((url) => URL.canParse(url), 'not a URL')
      .nullish(),
    file_id: z.string().nullish(),
    caption: text(1024).nullish(),
  })
  .refine(({ media_url, file_id }) => (media_url == null) !== (file_id == null), {
    path: ['media_url'],
    message: 'give one of media_url and file_id',
  })
  // Outside integrators cannot upload: what Briq says to a file_id of theirs is not documented.
  .refine(({ file_id }) => file_id == null, { path: ['file_id'], message: 'no such file' })

const textMessage = z.object({ ...target, body: text(4096).refine((body) => body !== '', 'must not be empty') })

const template = z.object({
  ...target,
  template_name: z.string().min(1).max(512),
  variables: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).nullish(),
})

/** Where a message is to go, as the request says it. */
export interface Target {
  to: string | null
  sender: string | null
  senderId: string | null
  conversationId: string | null
}

export interface Content {
  body: string | null
  mediaUrl: string | null
  caption: string | null
  template: { name: string; variables: Record<string, string> } | null
}

export interface SendRequest {
  target: Target
  content: Content
}

const NOTHING: Content = { body: null, mediaUrl: null, caption: null, template: null }

export function readSend(kind: Kind, body: unknown): SendRequest | Refusal {
  if (typeof body !== 'object' || body === null) return invalid(null, 'the body is not a JSON object')
  return readers[kind](body)
}

const readers: Record<Kind, (body: object) => SendRequest | Refusal> = {
  image(body) {
    const parsed = image.safeParse(body)
    if (!parsed.success) return firstFault(parsed.error)
    const { media_url: mediaUrl = null, caption = null } = parsed.data
    return { target: targetOf(parsed.data), content: { ...NOTHING, mediaUrl, caption } }
  },
  text(body) {
    const parsed = textMessage.safeParse(body)
    if (!parsed.success) return firstFault(parsed.error)
    return { target: targetOf(parsed.data), content: { ...NOTHING, body: parsed.data.body } }
  },
  template(body) {
    const parsed = template.safeParse(body)
    if (!parsed.success) return firstFault(parsed.error)
    const { template_name: name, variables } = parsed.data
    return { target: targetOf(parsed.data), content: { ...NOTHING, template: { name, variables: variables ?? {} } } }
  },
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value && 'code' in value && 'field' in value
}

export function invalid(field: string | null, message: string): Refusal {
  return { status: 422, code: 'VALIDATION_ERROR', message, field }
}

export function firstFault(error: z.ZodError): Refusal {
  const issue = error.issues[0]
  const field = issue?.path.join('.') || null
  return invalid(field, field === null ? (issue?.message ?? 'invalid') : `${field}: ${issue?.message}`)
}

function targetOf(data: {
  to?: string | null | undefined
  sender?: string | null | undefined
  sender_id?: string | null | undefined
  conversation_id?: string | null | undefined
}): Target {
  return {
    to: data.to?.replace(/^\+/, '') ?? null,
    sender: data.sender ?? null,
    senderId: data.sender_id?.toLowerCase() ?? null,
    conversationId: data.conversation_id?.toLowerCase() ?? null,
  }
}
