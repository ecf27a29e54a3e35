import type { Bucket } from './bucket.ts'
import { append, remember } from './capped.ts'
import type { SendFault } from './faults.ts'

export type Kind = 'image' | 'text' | 'template'
export type Status = 'pending' | 'sent' | 'delivered' | 'read' | 'failed'

export interface Sender {
  id: string
  /** Digits. */
  number: string
  phoneNumberId: string
  label: string
  isActive: boolean
  isDefault: boolean
}

export interface Template {
  id: string
  name: string
  status: string
  language: string
  category: string
  params: string[]
  /** What a phone shows, with `{{1}}` for a variable; null when nobody said. */
  text: string | null
  createdAt: number
  lastSentAt: number | null
}

/** One of our numbers with one customer, as Briq keeps it. */
export interface Conversation {
  id: string
  sender: Sender
  phone: string
  name: string | null
  createdAt: number
  updatedAt: number
  lastMessageAt: number | null
  lastInboundAt: number | null
  lastTemplateAt: number | null
  /** When the inbound messages arrived that nobody has read in the inbox. */
  unreadAt: number[]
  deleted: boolean
}

interface MessageBase {
  id: string
  conversation: Conversation
  createdAt: number
  /** From when on lists show it. */
  visibleAt: number
}

export interface Outbound extends MessageBase {
  direction: 'outbound'
  kind: Kind
  body: string | null
  mediaUrl: string | null
  caption: string | null
  template: { name: string; variables: Record<string, string> } | null
  status: Status
  wamid: string | null
  errorCode: string | null
  errorMessage: string | null
  sentAt: number | null
  deliveredAt: number | null
  readAt: number | null
  failedAt: number | null
  image: StoredImage | null
  fault: SendFault | null
}

export interface Inbound extends MessageBase {
  direction: 'inbound'
  text: string
  wamid: string
  /** When we sent the customer a read receipt. */
  receiptAt: number | null
}

export type Message = Outbound | Inbound

export interface StoredImage {
  /** Null once memory ran short and the bytes were dropped. */
  bytes: Uint8Array | null
  size: number
  contentType: string
  fetchedAt: number
}

export interface Phone {
  on: boolean
  /** Sends read receipts. */
  reads: boolean
  /** Somebody looks at its chats: it reads what they open, and nothing by itself. */
  inHand: boolean
  /** False for a number that is not on WhatsApp (131026). */
  registered: boolean
  /** Messages that wait for the phone to come on. */
  waiting: Outbound[]
}

export interface WebhookTarget {
  id: string
  appId: string
  url: string
  secret: string | null
}

/** A webhook registered through the management API. */
export interface RegisteredWebhook extends WebhookTarget {
  serviceType: string
  createdAt: number
  updatedAt: number
}

export interface State {
  keep: number
  senders: Sender[]
  templates: Template[]
  /** By id, least recently active first. */
  conversations: Map<string, Conversation>
  /** Not deleted ones by `pairKey`. */
  threads: Map<string, Conversation>
  /** In order of `createdAt`. */
  messages: Message[]
  messagesById: Map<string, Message>
  /** WhatsApp's own record of the customer's last message, by `pairKey`: no deletion at Briq touches it. */
  lastInbound: Map<string, number>
  buckets: Map<string, Bucket>
  phones: Map<string, Phone>
  webhooks: Map<string, RegisteredWebhook>
  /** The one given by options or control, beside those registered. */
  ownWebhook: WebhookTarget | null
  requests: Map<string, number>
}

export function createState(start: Pick<State, 'keep' | 'senders' | 'templates' | 'ownWebhook'>): State {
  return {
    ...start,
    conversations: new Map(),
    threads: new Map(),
    messages: [],
    messagesById: new Map(),
    lastInbound: new Map(),
    buckets: new Map(),
    phones: new Map(),
    webhooks: new Map(),
    requests: new Map(),
  }
}

export function pairKey(sender: Sender, phone: string): string {
  return `${sender.id} ${phone}`
}

/** The conversation of this pair, made by `newId` when there is none (or only a deleted one). */
export function openThread(
  state: State,
  sender: Sender,
  phone: string,
  now: number,
  newId: () => string,
): Conversation {
  const known = state.threads.get(pairKey(sender, phone))
  if (known) return known
  const conversation: Conversation = {
    id: newId(),
    sender,
    phone,
    name: null,
    createdAt: now,
    updatedAt: now,
    lastMessageAt: null,
    lastInboundAt: null,
    lastTemplateAt: null,
    unreadAt: [],
    deleted: false,
  }
  state.threads.set(pairKey(sender, phone), conversation)
  touch(state, conversation)
  return conversation
}

export function deleteConversation(state: State, conversation: Conversation): void {
  conversation.deleted = true
  state.threads.delete(pairKey(conversation.sender, conversation.phone))
  state.conversations.delete(conversation.id)
}

function touch(state: State, conversation: Conversation): void {
  for (const gone of remember(state.conversations, conversation.id, conversation, state.keep)) {
    state.threads.delete(pairKey(gone.sender, gone.phone))
  }
}

/** Keeps a message in its place by time and marks its conversation as active. */
export function addMessage(state: State, message: Message, now: number): void {
  state.messagesById.set(message.id, message)
  // Only a message told with a time in the past is not the newest.
  const place = state.messages.findLastIndex((other) => other.createdAt <= message.createdAt) + 1
  state.messages.splice(place, 0, message)
  const excess = Math.max(0, state.messages.length - state.keep)
  for (const gone of state.messages.splice(0, excess)) state.messagesById.delete(gone.id)
  const { conversation } = message
  conversation.lastMessageAt = Math.max(conversation.lastMessageAt ?? 0, message.createdAt)
  conversation.updatedAt = now
  if (!conversation.deleted) touch(state, conversation)
}

export function noteInbound(state: State, message: Inbound): void {
  const { conversation, createdAt } = message
  const key = pairKey(conversation.sender, conversation.phone)
  conversation.lastInboundAt = Math.max(conversation.lastInboundAt ?? 0, createdAt)
  append(conversation.unreadAt, createdAt, 1000)
  remember(state.lastInbound, key, Math.max(state.lastInbound.get(key) ?? 0, createdAt), state.keep)
}

export function phoneOf(state: State, number: string): Phone {
  const phone = state.phones.get(number) ?? { on: true, reads: true, inHand: false, registered: true, waiting: [] }
  remember(state.phones, number, phone, state.keep)
  return phone
}
