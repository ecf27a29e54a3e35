import type { Conversation, Inbound, Kind, Outbound, Phone, Status } from './state.ts'

/** Plain data about one accepted send; times are epoch milliseconds. */
export interface SentSnapshot {
  id: string
  conversationId: string
  kind: Kind
  /** The customer, as digits. */
  to: string
  /** Our number, as digits. */
  sender: string
  mediaUrl: string | null
  caption: string | null
  body: string | null
  template: { name: string; variables: Record<string, string> } | null
  status: Status
  providerMessageId: string | null
  errorCode: string | null
  errorMessage: string | null
  acceptedAt: number
  sentAt: number | null
  deliveredAt: number | null
  readAt: number | null
  failedAt: number | null
  /** Size of the image WhatsApp fetched. */
  fetchedBytes: number | null
}

export interface InboundSnapshot {
  id: string
  conversationId: string
  from: string
  to: string
  name: string | null
  text: string
  at: number
  /** When we sent a read receipt for it. */
  receiptAt: number | null
}

export interface PhoneSnapshot {
  number: string
  on: boolean
  reads: boolean
  registered: boolean
  waiting: number
}

export function snapshotOf(message: Outbound): SentSnapshot {
  const { conversation, template } = message
  return {
    id: message.id,
    conversationId: conversation.id,
    kind: message.kind,
    to: conversation.phone,
    sender: conversation.sender.number,
    mediaUrl: message.mediaUrl,
    caption: message.caption,
    body: message.body,
    template: template && { name: template.name, variables: { ...template.variables } },
    status: message.status,
    providerMessageId: message.wamid,
    errorCode: message.errorCode,
    errorMessage: message.errorMessage,
    acceptedAt: message.createdAt,
    sentAt: message.sentAt,
    deliveredAt: message.deliveredAt,
    readAt: message.readAt,
    failedAt: message.failedAt,
    fetchedBytes: message.image?.size ?? null,
  }
}

export function inboundSnapshotOf(message: Inbound): InboundSnapshot {
  const { conversation } = message
  return {
    id: message.id,
    conversationId: conversation.id,
    from: conversation.phone,
    to: conversation.sender.number,
    name: conversation.name,
    text: message.text,
    at: message.createdAt,
    receiptAt: message.receiptAt,
  }
}

export function phoneSnapshotOf(number: string, phone: Phone): PhoneSnapshot {
  const { on, reads, registered, waiting } = phone
  return { number, on, reads, registered, waiting: waiting.length }
}

export function conversationSnapshotOf(one: Conversation) {
  const { id, phone, name, createdAt, lastMessageAt, lastInboundAt, lastTemplateAt } = one
  return { id, sender: one.sender.number, phone, name, createdAt, lastMessageAt, lastInboundAt, lastTemplateAt }
}
