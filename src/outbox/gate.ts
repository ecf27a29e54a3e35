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
}

/** May this message go out at this instant? The last word before the request; nothing free-form passes a closed window. */
export function decideSend(
  snapshot: SendSnapshot,
  { now, marginMs, consent, mayExpire = true }: GateContext,
): GateVerdict {
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
  return { kind: 'go', closesAt: window.closesAt }
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
  if (!hasConsent(order, consent)) return { status: 'skipped' as const, reason: 'no_consent' }
  const byHand = message.cause === 'api' || message.cause === 'message.received'
  // A number that was wrong would give somebody else the receipt.
  if (!byHand && message.phone !== order.phone.e164) return { status: 'skipped' as const, reason: 'phone_changed' }
  const gone = byHand || isNewsOfTheEnd(message) ? null : orderIsGone(order)
  return gone === null ? null : { status: 'cancelled' as const, reason: gone }
}

/** News of a refund or a cancellation must go out although the order no longer stands. */
function isNewsOfTheEnd({ cause }: MessageRow): boolean {
  return cause === 'order.refunded' || cause === 'order.cancelled'
}
