import { MINUTE, SECOND } from '../clock.ts'
import type { SendResult } from '../karibu/send-result.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { Settlement } from '../store/sending.ts'
import { closedOutcome } from './closed-policy.ts'

export interface SettleContext {
  now: number
  statusPollAfterMs: number
  /** 0 ≤ random < 1, for the jitter. */
  random: number
}

/** Tries that count; with the backoff below the last is about half an hour after the first. */
export const MAX_ATTEMPTS = 8
const BACKOFF_BASE_MS = 2 * SECOND
const BACKOFF_CAP_MS = 10 * MINUTE
/** A blocked sender tries again this much later. */
export const PAUSE_MS = 5 * MINUTE
/** Karibu's list needs a moment to show what it took on. */
export const FIRST_LOOKUP_MS = 5 * SECOND

/** Pure: the message as it stands after this result of its newest attempt. */
export function settle(
  message: MessageRow,
  conversation: ConversationRow,
  result: SendResult,
  { now, statusPollAfterMs, random }: SettleContext,
): Settlement {
  const none: Settlement = { message: {}, conversation: {}, pause: null, closed: null }
  const error = 'code' in result ? { errorCode: result.code, errorDetail: result.detail } : {}
  switch (result.kind) {
    case 'accepted':
      return {
        ...none,
        message: {
          status: result.status,
          reason: null,
          messageId: result.messageId,
          providerMessageId: result.providerMessageId,
          errorCode: null,
          errorDetail: null,
          nextAttemptAt: null,
          acceptedAt: now,
          sentAt: result.status === 'sent' ? now : null,
          statusPollAt: now + statusPollAfterMs,
          statusPolls: 0,
        },
      }
    case 'later': {
      const burned = message.burnedCount + (result.paced ? 0 : 1)
      if (burned >= MAX_ATTEMPTS) {
        return {
          ...none,
          message: { status: 'failed', failedAt: now, burnedCount: burned, nextAttemptAt: null, ...error },
        }
      }
      const wait = Math.max(result.retryAfterMs ?? 0, backoffMs(message.attemptCount, random))
      return { ...none, message: { status: 'queued', burnedCount: burned, nextAttemptAt: now + wait, ...error } }
    }
    case 'window-closed': {
      const verdict = { closedVerdictAt: now, closedVerdictCode: result.code }
      const closed = closedOutcome(message, { ...conversation, ...verdict }, now)
      return {
        ...none,
        closed,
        conversation: verdict,
        message: {
          status: closed.status,
          reason: closed.reason,
          expiresAt: closed.expiresAt,
          nextAttemptAt: null,
          ...error,
        },
      }
    }
    case 'blocked':
      return {
        ...none,
        pause: { pausedAt: now, pausedUntil: now + PAUSE_MS, code: result.code, detail: result.detail },
        message: { status: 'queued', nextAttemptAt: now + PAUSE_MS, ...error },
      }
    case 'refused':
      return { ...none, message: { status: 'failed', failedAt: now, nextAttemptAt: null, ...error } }
    case 'unknown':
      return {
        ...none,
        message: { status: 'uncertain', reason: 'answer_lost', nextAttemptAt: now + FIRST_LOOKUP_MS, ...error },
      }
  }
}

/** Exponential with full jitter, never under half a second: 2 s, 4 s, 8 s … at most ten minutes. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.max(0, attempt - 1))
  return Math.max(SECOND / 2, Math.floor(ceiling * random))
}
