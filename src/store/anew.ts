import type { MessageRow } from './records.ts'

/** What a message that ended without reaching anybody loses when it is to go out after all. */
export function sentAnew(
  message: Pick<MessageRow, 'createdAt' | 'expiresAfterMs' | 'mediaFailures'>,
  now: number,
  atLeastMs: number,
): Partial<MessageRow> {
  return {
    status: 'queued',
    reason: null,
    errorCode: null,
    errorDetail: null,
    failedAt: null,
    burnedCount: 0,
    messageId: null,
    providerMessageId: null,
    acceptedAt: null,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    statusPollAt: null,
    // After trouble with the picture it gets a new address.
    ...(message.mediaFailures > 0 && { mediaFailures: 0, mediaToken: null }),
    nextAttemptAt: now,
    expiresAt: null,
    // Its waiting time starts anew.
    expiresAfterMs: now - message.createdAt + Math.max(message.expiresAfterMs, atLeastMs),
  }
}
