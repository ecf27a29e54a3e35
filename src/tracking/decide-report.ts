import { resultForCode } from '../karibu/answers.ts'
import { unprefixed } from '../karibu/codes.ts'
import { settle } from '../outbox/settle.ts'
import type { MessageRow } from '../store/records.ts'
import type { ReportSnapshot, Settlement } from '../store/sending.ts'
import { applyReport, isReported, type Report } from './rank.ts'

export interface ReportContext {
  now: number
  statusPollAfterMs: number
  random: number
}

/** What a report makes of its message, failures that deserve another try included. */
export function decideReport(
  { message, conversation, attempt }: ReportSnapshot,
  report: Report,
  context: ReportContext,
): Settlement {
  const none: Settlement = { message: {}, conversation: {}, pause: null, closed: null }
  const current = attempt.number === message.attemptCount && attempt.messageId === message.messageId
  if (!current) return { ...none, message: lateSuccess(message, attempt.messageId, report) }
  const changes = applyReport(message, report)
  if (changes.status !== 'failed') return { ...none, message: changes }
  // A code that means "not now" or "window closed" came after the acceptance: nothing reached the phone, so the
  // message goes back to waiting as it would have after a refusal at once.
  const result = resultForCode(unprefixed(report.errorCode ?? 'unknown'), report.errorDetail ?? 'no reason given')
  if (result.kind === 'refused' || result.kind === 'accepted') return { ...none, message: changes }
  const again = settle(message, conversation, result, context)
  const { status } = again.message
  if (status === 'failed') return { ...again, message: { ...changes, ...again.message } }
  return {
    ...again,
    message: {
      ...again.message,
      messageId: null,
      providerMessageId: null,
      acceptedAt: null,
      sentAt: null,
      statusPollAt: null,
    },
  }
}

/** An attempt given up as failed arrived after all: then the customer has the picture, and no second one may follow. */
function lateSuccess(message: MessageRow, messageId: string | null, report: Report): Partial<MessageRow> {
  if (report.status !== 'delivered' && report.status !== 'read') return {}
  if (isReported(message.status) && message.status !== 'failed') return {}
  if (message.status === 'sending') return {}
  const revived = { ...message, status: 'sent' as const, messageId }
  return { ...applyReport(revived, report), messageId, reason: null, nextAttemptAt: null, expiresAt: null }
}
