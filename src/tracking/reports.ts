import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { StatusReportRow } from '../store/records.ts'
import type { DecideReport } from '../store/sending.ts'
import type { ReportOutcome, TrackingStore } from '../store/tracking.ts'

export interface ReportsDeps {
  store: TrackingStore
  clock: Clock
  log: Log
  decideReport: DecideReport
  /** A message went back to the queue. */
  wakeOutbox(): void
}

export type RecordReport = (report: Omit<StatusReportRow, 'receivedAt'>) => Promise<ReportOutcome>

/** The one way in for what Karibu says of a message, from its webhook and from our asking alike. */
export function createReports({ store, clock, log, decideReport, wakeOutbox }: ReportsDeps): RecordReport {
  return async function recordReport(report) {
    const now = clock.now()
    // A clock ahead of ours must not date a status into the future.
    const row = { ...report, receivedAt: now, occurredAt: Math.min(report.occurredAt, now) }
    const { outcome, message } = await store.recordReport(row, decideReport, now)
    log.info(
      { messageId: message?.id ?? null, status: report.status, code: report.errorCode, source: report.source, outcome },
      'status.reported',
    )
    if (outcome === 'applied' && message?.status === 'queued') wakeOutbox()
    return outcome
  }
}
