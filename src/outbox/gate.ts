import { MINUTE } from '../clock.ts'
import type { ConsentConfig } from '../config/types.ts'
import { hasConsent } from '../consent.ts'
import { orderIsGone } from '../order.ts'
import type { MessageRow } from '../store/records.ts'
import type { GateVerdict, SendSnapshot } from '../store/sending.ts'
import { windowAt } from '../window/window.ts'

export interface GateContext {
  now: number
  marginMs: number
  /** False while the clock cannot be trusted (default true). */
  mayExpire?: boolean
  /** What the message's shop asks for; null when nothing. */
  consent: ConsentConfig | null
  /** When the quiet hours of the message's shop end; null when there are none now. */
  quietUntil: number | null
}

/** May this message go out at this instant? The last word before the request; nothing free-form passes a closed window. */
export function decideSend(snapshot: SendSnapshot, context: GateContext): GateVerdict {
  const { now, marginMs, consent, quietUntil, mayExpire = true } = context
  const { conversation, pause, message } = snapshot
  if (conversation.optedOutAt !== null) return { kind: 'drop', status: 'skipped', reason: 'opted_out' }
  const stopped = stoppedByOrder(snapshot, consent)
  if (stopped) return { kind: 'drop', ...stopped }
  const isTemplate = message.kind === 'template'
  const window = windowAt(conversation, now, marginMs)
  const needless = isTemplate ? needlessInvitation(snapshot, window.open, mayExpire ? now : null) : null
  if (needless) return { kind: 'drop', ...needless }
  // Only an approved template may be sent at any time.
  if (!isTemplate && !window.open) return { kind: 'closed' }
  // The sender's pause keeps it back by itself, however soon that ends.
  if (pause && pause.pausedUntil > now) return { kind: 'wait', until: now }
  if (quietUntil === null || !disturbs(snapshot, now)) return { kind: 'go', closesAt: window.closesAt }
  const openThen = isTemplate || windowAt(conversation, quietUntil, marginMs).open
  return openThen ? { kind: 'wait', until: quietUntil, reason: 'quiet_hours' } : { kind: 'closed', quiet: true }
}

/** Whoever wrote so lately is awake. */
const AWAKE_MS = 5 * MINUTE

/** What the shop's events started, to somebody who may be asleep. */
function disturbs({ message, conversation }: SendSnapshot, now: number): boolean {
  if (message.cause === 'api' || message.cause === 'message.received') return false
  return conversation.lastInboundAt === null || conversation.lastInboundAt + AWAKE_MS <= now
}

/** What happened since an invitation was made may leave nothing to ask for. */
function needlessInvitation({ message, conversation, invitesTo }: SendSnapshot, open: boolean, now: number | null) {
  if (open || (conversation.lastInboundAt ?? 0) > message.createdAt)
    return { status: 'cancelled' as const, reason: 'customer_wrote' }
  if (now !== null && message.createdAt + message.expiresAfterMs <= now)
    return { status: 'expired' as const, reason: 'waited_too_long' }
  const waits = invitesTo === null || invitesTo === 'held'
  return waits ? null : { status: 'cancelled' as const, reason: 'nothing_held' }
}

/** The order may have changed since the message was made. */
function stoppedByOrder({ message, order }: SendSnapshot, consent: ConsentConfig | null) {
  if (!order) return null
  if (order.test) return { status: 'skipped' as const, reason: 'test_order' }
  // Whoever wrote the order's code asked for it, with whatever number: the window they opened is their consent.
  const claimed = message.claimedAt !== null
  if (!claimed && !hasConsent(order, consent)) return { status: 'skipped' as const, reason: 'no_consent' }
  const byHand = message.cause === 'api' || message.cause === 'message.received'
  // A number that was wrong would give somebody else the receipt.
  if (!byHand && !claimed && message.phone !== order.phone.e164)
    return { status: 'skipped' as const, reason: 'phone_changed' }
  const gone = byHand || isNewsOfTheEnd(message) ? null : orderIsGone(order)
  return gone === null ? null : { status: 'cancelled' as const, reason: gone }
}

/** News of a refund or a cancellation must go out although the order no longer stands. */
function isNewsOfTheEnd({ cause }: MessageRow): boolean {
  return cause === 'order.refunded' || cause === 'order.cancelled'
}
