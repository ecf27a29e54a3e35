import type { NewMessage } from '../store/message-changes.ts'
import type { MessageRow } from '../store/records.ts'

export type NewRow = Omit<NewMessage, 'contact'>

/** The row the store would make of it. */
export function rowOf(message: NewRow, conversationId: string | null): MessageRow {
  return { ...BLANK, ...message, conversationId }
}

const BLANK = {
  reason: null,
  shop: null,
  orderId: null,
  orderNumber: null,
  rule: null,
  eventId: null,
  phone: null,
  customerName: null,
  captionCut: false,
  imageUrl: null,
  template: null,
  invite: null,
  expiresAt: null,
  nextAttemptAt: null,
  leaseExpiresAt: null,
  attemptCount: 0,
  burnedCount: 0,
  mediaToken: null,
  mediaFailures: 0,
  messageId: null,
  providerMessageId: null,
  errorCode: null,
  errorDetail: null,
  statusPollAt: null,
  statusPolls: 0,
  claimedAt: null,
  acceptedAt: null,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  failedAt: null,
}
