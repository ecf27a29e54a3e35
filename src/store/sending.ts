import type { Order } from '../order.ts'
import type { AttemptRow, ConversationRow, MessageRow, SenderPauseRow, StatusReportRow } from './records.ts'
import type { MessageStatus } from './words.ts'

/** The words in which sending's decisions reach the store: it applies them, it makes none. */

/** A message and what is around it. */
export interface Standing {
  message: MessageRow
  conversation: ConversationRow
  pause: SenderPauseRow | null
}

/** All that the decision to send rests on, read in one go. */
export interface SendSnapshot extends Standing {
  order: Order | null
  /** How the held message stands that this one invites to; null for what is no invitation. */
  invitesTo: MessageStatus | null
}

export type GateVerdict =
  | { kind: 'go'; closesAt: number | null }
  /** `quiet`: it is open now, but not until the quiet hours end. */
  | { kind: 'closed'; quiet?: true }
  | { kind: 'drop'; status: 'skipped' | 'cancelled' | 'expired'; reason: string }
  | { kind: 'wait'; until: number; reason?: 'quiet_hours' }

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

export interface ReportSnapshot extends Standing {
  /** The attempt the report speaks of; not always the message's newest. */
  attempt: AttemptRow
  /** Whether anybody fetched the picture after that attempt began; only looked up for a failure. */
  pictureFetched: boolean
}

export type DecideReport = (snapshot: ReportSnapshot, report: StatusReportRow) => Settlement
