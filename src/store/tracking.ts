import { and, asc, eq, inArray, lte } from 'drizzle-orm'
import { isRefused } from './effects.ts'
import { updateMessage } from './message-changes.ts'
import type { OpenDatabase } from './open.ts'
import { openRow, prepared } from './prepared.ts'
import type { MessageRow, StatusReportRow } from './records.ts'
import { cursors, messages, statusReports } from './schema.ts'
import type { DecideReport } from './sending.ts'
import { applySettlement, loadReported } from './settlement.ts'

export type ReportOutcome =
  /** Kept until the answer to a send brings its id. */
  'parked' | 'duplicate' | 'applied' | 'nothing_new'

export interface TrackingStore {
  /** Keeps a report once and moves its message forward, all in one step. */
  recordReport(
    report: StatusReportRow,
    decide: DecideReport,
    now: number,
  ): Promise<{ outcome: ReportOutcome; message: MessageRow | null }>
  /** Accepted messages nothing was heard of for too long. */
  listQuiet(now: number, limit: number): Promise<MessageRow[]>
  /** Next time to ask after a message; null for never again. */
  planStatusPoll(messageId: string, at: number | null, polls: number): Promise<void>
  findCursor(name: string): Promise<string | undefined>
  saveCursor(name: string, value: string): Promise<void>
}

const addReport = prepared((db) =>
  db
    .insert(statusReports)
    .values(openRow(statusReports))
    .onConflictDoNothing({ target: statusReports.eventId })
    .returning({ id: statusReports.eventId })
    .prepare(),
)

export function createTrackingStore({ writer, reader }: OpenDatabase, newId: () => string): TrackingStore {
  return {
    recordReport: (report, decide, now) =>
      writer.run(
        async (db) => {
          const snapshot = await loadReported(db, report)
          // What was erased has no attempt any more; only then is it worth asking.
          if (!snapshot && (await isRefused(db, report.messageId))) return { outcome: 'duplicate', message: null }
          const kept = await addReport(db).execute({ ...report })
          if (kept.length === 0) return { outcome: 'duplicate', message: null }
          if (!snapshot) return { outcome: 'parked', message: null }
          const settlement = decide(snapshot, report)
          if (Object.keys(settlement.message).length === 0) return { outcome: 'nothing_new', message: snapshot.message }
          await applySettlement(db, snapshot, settlement, now, newId)
          return { outcome: 'applied', message: { ...snapshot.message, ...settlement.message } }
        },
        { patient: true },
      ),

    async listQuiet(now, limit) {
      return reader
        .select()
        .from(messages)
        .where(and(inArray(messages.status, ['pending', 'sent', 'delivered']), lte(messages.statusPollAt, now)))
        .orderBy(asc(messages.statusPollAt))
        .limit(limit)
    },

    planStatusPoll: (messageId, at, polls) =>
      writer.run(async (db) => {
        await updateMessage(db, messageId, { statusPollAt: at, statusPolls: polls })
      }),

    async findCursor(name) {
      const [row] = await reader.select().from(cursors).where(eq(cursors.name, name)).limit(1)
      return row?.value
    },

    saveCursor: (name, value) =>
      writer.run(async (db) => {
        await db.insert(cursors).values({ name, value }).onConflictDoUpdate({ target: cursors.name, set: { value } })
      }),
  }
}
