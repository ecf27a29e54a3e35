import { HOUR } from '../clock.ts'

/** WhatsApp takes free-form messages for 24 hours after the customer's last message (Meta, "send messages"). */
export const WINDOW_MS = 24 * HOUR

/** What is known about one conversation (one of our senders × one contact). Times are epoch milliseconds. */
export interface WindowEvidence {
  lastInboundAt: number | null
  /** When the provider last refused because the window was closed; its word wins until a newer inbound message. */
  closedVerdictAt: number | null
}

export interface Window {
  open: boolean
  /** When it closes (or closed), without the margin; null when the customer never wrote. */
  closesAt: number | null
  why: 'open' | 'never_wrote' | 'expired' | 'provider_says_closed'
}

/** Open while `now` is at least `marginMs` before the end. A template of ours never opens it, whoever says so. */
export function windowAt(evidence: WindowEvidence, now: number, marginMs: number): Window {
  const { lastInboundAt, closedVerdictAt } = evidence
  if (lastInboundAt === null) {
    return { open: false, closesAt: null, why: closedVerdictAt === null ? 'never_wrote' : 'provider_says_closed' }
  }
  const closesAt = lastInboundAt + WINDOW_MS
  if (closedVerdictAt !== null && closedVerdictAt >= lastInboundAt) {
    return { open: false, closesAt: Math.min(closesAt, closedVerdictAt), why: 'provider_says_closed' }
  }
  const open = now < closesAt - marginMs
  return { open, closesAt, why: open ? 'open' : 'expired' }
}

/**
 * The evidence after one more inbound message. A late report never moves it back, and a sender's clock that runs ahead
 * never opens the window longer than from when we saw the message.
 */
export function withInbound(evidence: WindowEvidence, receivedAt: number, seenAt: number): WindowEvidence {
  const at = Math.min(receivedAt, seenAt)
  return { ...evidence, lastInboundAt: Math.max(evidence.lastInboundAt ?? Number.NEGATIVE_INFINITY, at) }
}
