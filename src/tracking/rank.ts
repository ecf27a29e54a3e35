import type { MessageRow } from '../store/records.ts'
import type { ReportedStatus } from '../store/words.ts'

/**
 * Karibu's statuses as a ladder. `failed` stands below `delivered`: a picture that reached the phone did so whatever
 * else was said, and a failure is believed over `sent`. Taking the highest makes the outcome the same in every order.
 */
const RANK: Record<ReportedStatus, number> = { pending: 0, sent: 1, failed: 2, delivered: 3, read: 4 }

export interface Report {
  status: ReportedStatus
  occurredAt: number
  errorCode: string | null
  errorDetail: string | null
  providerMessageId: string | null
}

const TIME_OF = { sent: 'sentAt', delivered: 'deliveredAt', read: 'readAt', failed: 'failedAt' } as const

/** What a report changes in a message Karibu has accepted; empty when it tells nothing new. */
export function applyReport(message: MessageRow, report: Report): Partial<MessageRow> {
  const changes: Partial<MessageRow> = {}
  if (report.providerMessageId && !message.providerMessageId) changes.providerMessageId = report.providerMessageId
  if (report.status !== 'pending') {
    // The earliest time said for a status is the true one; reports may come twice and late.
    const field = TIME_OF[report.status]
    const known = message[field]
    if (known === null || report.occurredAt < known) changes[field] = report.occurredAt
  }
  if (report.status === 'failed' && message.deliveredAt === null && message.readAt === null) {
    changes.errorCode = report.errorCode ?? message.errorCode
    changes.errorDetail = report.errorDetail ?? message.errorDetail
  }
  if (isReported(message.status) && RANK[report.status] > RANK[message.status]) {
    changes.status = report.status
    if (RANK[report.status] > RANK.failed) Object.assign(changes, { errorCode: null, errorDetail: null })
  }
  return changes
}

export function isReported(status: MessageRow['status']): status is ReportedStatus {
  return status in RANK
}
