import { and, asc, eq, inArray, lte } from 'drizzle-orm'
import type { Db } from './db.ts'
import type { OpenDatabase } from './open.ts'
import type { AttemptRow, MessageRow, StatusReportRow } from './records.ts'
import { attempts, cursors, messages, statusReports } from './schema.ts'
import type { SendSnapshot, Settlement } from './sending.ts'
import { applySettlement, loadSnapshot } from './settlement.ts'

export interface ReportSnapshot extends SendSnapshot {
  /** The attempt the report speaks of; not always the message's newest. */
  attempt: AttemptRow
}

export type ReportOutcome =
  /** Kept until the answer to a send brings its id. */
  'parked' | 'duplicate' | 'applied' | 'nothing_new'

export interface TrackingStore {
  /** Keeps a report once and moves its message forward, all in one step. */
  recordReport(
    report: StatusReportRow,
    decide: (snapshot: ReportSnapshot) => Settlement,
    now: number,
  ): Promise<{ outcome: ReportOutcome; message: MessageRow | null }>
  /** Accepted messages nothing was heard of for too long. */
  listQuiet(now: number, limit: number): Promise<MessageRow[]>
  /** Next time to ask after a message; null for never again. */
  planStatusPoll(messageId: string, at: number | null, polls: number): Promise<void>
  findCursor(name: string): Promise<string | undefined>
  saveCursor(name: string, value: string): Promise<void>
}

export function createTrackingStore({ writer, reader }: OpenDatabase, newId: () => string): TrackingStore {
  return {
    recordReport: (report, decide, now) =>
      writer.run(async (db) => {
        const kept = await db
          .insert(statusReports)
          .values(report)
          .onConflictDoNothing({ target: statusReports.eventId })
          .returning({ id: statusReports.eventId })
        if (kept.length === 0) return { outcome: 'duplicate', message: null }
        const snapshot = await loadReported(db, report.messageId)
        if (!snapshot) return { outcome: 'parked', message: null }
        const settlement = decide(snapshot)
        if (Object.keys(settlement.message).length === 0) return { outcome: 'nothing_new', message: snapshot.message }
        await applySettlement(db, snapshot, settlement, now, newId)
        return { outcome: 'applied', message: { ...snapshot.message, ...settlement.message } }
      }),

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
        await db.update(messages).set({ statusPollAt: at, statusPolls: polls }).where(eq(messages.id, messageId))
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

async function loadReported(db: Db, karibuMessageId: string): Promise<ReportSnapshot | undefined> {
  const [attempt] = await db.select().from(attempts).where(eq(attempts.messageId, karibuMessageId)).limit(1)
  if (!attempt) return undefined
  const snapshot = await loadSnapshot(db, attempt.message)
  return snapshot && { ...snapshot, attempt }
}
