import { resultForCode } from '../karibu/answers.ts'
import { unprefixed } from '../karibu/codes.ts'
import { settle } from '../outbox/settle.ts'
import type { MessageRow } from '../store/records.ts'
import type { ReportSnapshot, Settlement } from '../store/sending.ts'
import { applyReport, isReported, type Report } from './rank.ts'

export interface ReportContext {
  now: number
  statusPollAfterMs: number
  marginMs: number
  random: number
}

/** What a report makes of its message, failures that deserve another try included. */
export function decideReport(snapshot: ReportSnapshot, report: Report, context: ReportContext): Settlement {
  const { message, attempt } = snapshot
  const none: Settlement = { message: {}, conversation: {}, pause: null, closed: null }
  const current = attempt.messageId !== null && attempt.messageId === message.messageId
  if (!current) return { ...none, message: lateSuccess(snapshot, report, context) }
  const changes = applyReport(message, report)
  if (changes.status !== 'failed') return { ...none, message: changes }
  // A code that means "not now" or "window closed" came after the acceptance: nothing reached the phone, so the
  // message goes back to waiting as it would have after a refusal at once.
  const result = resultForCode(unprefixed(report.errorCode ?? 'unknown'), report.errorDetail ?? 'no reason given')
  if (result.kind === 'refused' || result.kind === 'accepted') return { ...none, message: changes }
  const again = settle(snapshot, result, { ...context, startedAt: attempt.startedAt, afterAcceptance: true })
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

/** An attempt given up arrived after all: then the customer has the picture, and no further one may follow. */
function lateSuccess(
  { message, attempt }: ReportSnapshot,
  report: Report,
  context: ReportContext,
): Partial<MessageRow> {
  if (report.status !== 'delivered' && report.status !== 'read') return {}
  if (isReported(message.status) && message.status !== 'failed') return {}
  const { messageId, finishedAt } = attempt
  const arrived = applyReport({ ...message, status: 'sent', messageId }, report)
  // Another attempt is on its way: what comes of it is settled knowing that this one arrived.
  if (message.status === 'sending') {
    const { status: _status, ...times } = arrived
    return { ...times, messageId }
  }
  const statusPollAt = context.now + context.statusPollAfterMs
  const waits = { nextAttemptAt: null, expiresAt: null, failedAt: null, statusPollAt, acceptedAt: finishedAt }
  return { ...arrived, ...waits, messageId, reason: null, errorCode: null, errorDetail: null }
}
