import type { Order } from '../order.ts'
import type { AttemptRow, ConversationRow, MessageRow, SenderPauseRow, StatusReportRow } from './records.ts'

/** The words in which sending's decisions reach the store: it applies them, it makes none. */

/** All that the decision to send rests on, read in one go. */
export interface SendSnapshot {
  message: MessageRow
  conversation: ConversationRow
  order: Order | null
  pause: SenderPauseRow | null
}

export type GateVerdict =
  | { kind: 'go'; closesAt: number | null }
  | { kind: 'closed' }
  | { kind: 'drop'; status: 'skipped' | 'cancelled' | 'expired'; reason: string }
  | { kind: 'wait'; until: number }

/** What becomes of a message whose window is closed. */
export interface ClosedOutcome {
  status: 'held' | 'skipped' | 'expired'
  reason: string
  expiresAt: number | null
  /** True when the rule's invitation template goes out now. */
  invite: boolean
}

/** What one result of an attempt changes, in the message's row and around it. */
export interface Settlement {
  message: Partial<MessageRow>
  conversation: Partial<ConversationRow>
  pause: Omit<SenderPauseRow, 'sender' | 'probeUntil'> | null
  closed: ClosedOutcome | null
  /** Since when an attempt may have been made that we know nothing of. */
  doubtSince?: number
}

export interface ReportSnapshot extends SendSnapshot {
  /** The attempt the report speaks of; not always the message's newest. */
  attempt: AttemptRow
  /** Whether anybody fetched the picture after that attempt began. */
  pictureFetched: boolean
}

export type DecideReport = (snapshot: ReportSnapshot, report: StatusReportRow) => Settlement
