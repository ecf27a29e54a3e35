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
export type ReportedStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'failed'
export type MessageKind = 'image' | 'template'
export type AttemptResult = 'accepted' | 'later' | 'window-closed' | 'refused' | 'blocked' | 'media' | 'unknown'

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
