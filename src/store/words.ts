export const MESSAGE_STATUSES = [
  'held',
  'queued',
  'sending',
  'uncertain',
  'pending',
  'sent',
  'delivered',
  'read',
  'failed',
  'skipped',
  'expired',
  'cancelled',
] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]
/** Statuses a notification tells of, as `message.<status>`. */
export const TOLD_STATUSES = ['sent', 'delivered', 'read', 'failed', 'held', 'skipped', 'expired'] as const
export type ToldEvent = `message.${(typeof TOLD_STATUSES)[number]}`

export type ReportedStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'failed'
export type MessageKind = 'image' | 'template'
export type AttemptResult = 'accepted' | 'later' | 'window-closed' | 'refused' | 'blocked' | 'media' | 'unknown'

/** What the list of messages shows of one, as a row holds it. */
export interface MessageFacts {
  id: string
  messageId: string | null
  providerMessageId: string | null
  status: MessageStatus
  reason: string | null
  kind: MessageKind
  shop: string | null
  orderId: string | null
  orderNumber: string | null
  rule: string | null
  phone: string | null
  sender: string
  customerName: string | null
  caption: string
  mediaToken: string | null
  errorCode: string | null
  errorDetail: string | null
  attemptCount: number
  expiresAt: number | null
  nextAttemptAt: number | null
  createdAt: number
  acceptedAt: number | null
  sentAt: number | null
  deliveredAt: number | null
  readAt: number | null
  failedAt: number | null
}

/** `waiting` and `asking` have their end before them. */
export type ConfirmationStatus = 'waiting' | 'asking' | 'confirmed' | 'denied' | 'given_up'

/** What an event's trace says, in the order it happened: enough to answer "why was (not) something sent?" */
export interface TraceLine {
  /** `order.paid`, a rule's name, `window` … */
  step: string
  text: string
  messageId?: string
}

/** What proves the customer wrote. */
export interface InboundEvidence {
  /** `karibu` for its message list, else the shop that relayed it. */
  source: string
  /** The provider's message id, when known. */
  messageId: string | null
  eventId: string
  seenAt: number
}

/** A contact of one of our senders; at least one of phone and Karibu conversation id is known. */
export interface Contact {
  sender: string
  phone: string | null
  karibuId: string | null
  name: string | null
}

/** Who or what is to be forgotten. */
export interface ErasureTarget {
  /** Only what this shop told and sent; null for everything about the phone. */
  shop: string | null
  /** E.164 digits. */
  phone: string | null
  /** Written in bodies where the phone may not be; lower case. */
  email: string | null
  /** Orders of the shop by their ids, whoever they name. */
  orderIds: string[]
  /** All of the shop. */
  wholeShop: boolean
  /** A sender no other shop uses: who wrote to it wrote to this shop. */
  ownSender: string | null
  /** The event that asked for it: its body goes last. */
  eventId: string | null
}

/** A time of which the database knows nothing, because it was restored from a backup: epoch milliseconds. */
export interface Gap {
  /** When the backup began. */
  from: number
  /** When it was restored. */
  to: number
}

/** The topic of an event that was read in the shop, not told by it. */
export const BACKFILL_TOPIC = 'backfill'

/** The topic of an event that says what a person did with a message. */
export const BY_HAND_TOPIC = 'by_hand'

/** Topics of events that are no sign of life of their shop: we asked for them, or took them once more. */
export const UNTOLD_TOPICS = [BACKFILL_TOPIC, 'confirmed', 'replayed', BY_HAND_TOPIC] as const
