import { briqOpenedAt, gateAt } from './gates.ts'
import type { Conversation, Message, Outbound, RegisteredWebhook, Sender, Template } from './state.ts'
import type { Switches } from './switches.ts'

/** Our records in Briq's words. */
export const present = { listItem, detail, conversation, sender, template, webhook, errorCode }

const iso = (at: number) => new Date(at).toISOString()

/** Here `id` is Briq's uuid and `message_id` the provider's, unlike in the answer to a send. */
function listItem(message: Message, switches: Switches) {
  return {
    id: message.id,
    message_id: message.wamid,
    conversation_id: message.conversation.id,
    is_outbound: message.direction === 'outbound',
    message_type: message.direction === 'outbound' ? message.kind : 'text',
    content: contentOf(message, switches),
    created_at: iso(message.createdAt),
    paired_message_id: null,
    ...(switches.listStatus && { status: statusOf(message) }),
  }
}

function detail(message: Message, switches: Switches) {
  return {
    ...listItem(message, switches),
    status: statusOf(message),
    provider_message_id: message.wamid,
    reply: null,
    ...(message.direction === 'outbound' &&
      message.status === 'failed' && {
        error_code: errorCode(message, switches),
        error_message: message.errorMessage,
      }),
  }
}

/** What an inbound message's status is called is not documented. */
export function statusOf(message: Message): string {
  return message.direction === 'outbound' ? message.status : 'received'
}

function contentOf(message: Message, switches: Switches): Record<string, unknown> {
  if (message.direction === 'inbound') return { body: message.text }
  if (message.kind === 'text') return { body: message.body }
  if (message.kind === 'template')
    return { template_name: message.template?.name, variables: message.template?.variables }
  return { ...(switches.listEchoesMediaUrl && { link: message.mediaUrl }), caption: message.caption }
}

function errorCode(message: Outbound, switches: Switches): string | number | null {
  const code = message.errorCode
  return code !== null && switches.errorCodeForm === 'number' && /^\d+$/.test(code) ? Number(code) : code
}

function conversation(one: Conversation, switches: Switches, now: number) {
  const gate = gateAt(briqOpenedAt(one, switches.templateReopensBriqGate), now)
  return {
    id: one.id,
    sender_id: one.sender.id,
    recipient_phone: one.phone,
    is_active: !one.deleted,
    unread_count: one.unreadAt.length,
    contact_profile_name: one.name,
    last_message_at: one.lastMessageAt === null ? null : iso(one.lastMessageAt),
    window: { open: gate.open, expires_at: gate.expiresAt === null ? null : iso(gate.expiresAt) },
    created_at: iso(one.createdAt),
    updated_at: iso(one.updatedAt),
  }
}

function sender(one: Sender, accountId: string) {
  return {
    id: one.id,
    user_id: accountId,
    whatsapp_account_id: accountId,
    display_number: `+${one.number}`,
    phone_number_id: one.phoneNumberId,
    label: one.label,
    is_default: one.isDefault,
    is_active: one.isActive,
  }
}

function template(one: Template, senderId: string | null) {
  const approved = one.status === 'APPROVED'
  return {
    id: one.id,
    name: one.name,
    language: one.language,
    category: one.category,
    status: one.status,
    params: one.params,
    details: {},
    quality_score: null,
    is_deleted: false,
    whatsapp_sender_number_id: senderId,
    created_at: iso(one.createdAt),
    updated_at: iso(one.createdAt),
    approved_at: approved ? iso(one.createdAt) : null,
    last_sent_at: one.lastSentAt === null ? null : iso(one.lastSentAt),
    rejection_reason_code: null,
    rejection_reason_text: null,
  }
}

function webhook(one: RegisteredWebhook) {
  return {
    webhook_id: one.id,
    app_id: one.appId,
    service_type: one.serviceType,
    url: one.url,
    created_at: iso(one.createdAt),
    updated_at: iso(one.updatedAt),
    secret_token: one.secret === null ? null : `********${one.secret.slice(-4)}`,
  }
}
