import { resultForCode } from '../karibu/answers.ts'
import { unprefixed } from '../karibu/codes.ts'
import { settle } from '../outbox/settle.ts'
import { forgottenSince } from '../restored.ts'
import type { MessageRow } from '../store/records.ts'
import type { ReportSnapshot, Settlement } from '../store/sending.ts'
import type { Gap } from '../store/words.ts'
import { applyReport, isReported, type Report } from './rank.ts'

export interface ReportContext {
  now: number
  statusPollAfterMs: number
  marginMs: number
  random: number
  /** Since when this process has answered requests: before that, WhatsApp could not fetch a picture from it. */
  upSince: number
  /** Times the store knows nothing of. */
  gaps: readonly Gap[]
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
  const weWereAway = attempt.startedAt < context.upSince && !snapshot.pictureFetched
  const again = settle(snapshot, result, {
    ...context,
    startedAt: attempt.startedAt,
    afterAcceptance: true,
    weWereAway,
  })
  const { status } = again.message
  if (status === 'failed') return { ...again, message: { ...changes, ...again.message } }
  const doubted = doubtOf(snapshot, again, context)
  return {
    ...doubted,
    message: {
      ...doubted.message,
      messageId: null,
      providerMessageId: null,
      acceptedAt: null,
      sentAt: null,
      statusPollAt: null,
    },
  }
}

/** In a time we know nothing of, the same report may have led to another attempt: that is looked up first. */
function doubtOf({ attempt }: ReportSnapshot, again: Settlement, { gaps, now }: ReportContext): Settlement {
  const { status } = again.message
  const doubtSince = status === 'queued' || status === 'held' ? forgottenSince(gaps, attempt.startedAt) : null
  if (doubtSince === null) return again
  const doubt = {
    status: 'uncertain',
    reason: 'restored',
    nextAttemptAt: now,
    statusPolls: 0,
    expiresAt: null,
  } as const
  return { ...again, closed: null, doubtSince, message: { ...again.message, ...doubt } }
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
