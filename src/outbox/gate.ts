import { orderIsGone } from '../order.ts'
import type { MessageRow } from '../store/records.ts'
import type { GateVerdict, SendSnapshot } from '../store/sending.ts'
import { windowAt } from '../window/window.ts'

/** May this message go out at this instant? The last word before the request; nothing free-form passes a closed window. */
export function decideSend(snapshot: SendSnapshot, now: number, marginMs: number): GateVerdict {
  const { message, conversation, order, pause } = snapshot
  if (conversation.optedOutAt !== null) return { kind: 'drop', status: 'skipped', reason: 'opted_out' }
  const gone = order && aboutALiveOrder(message) ? orderIsGone(order) : null
  if (gone) return { kind: 'drop', status: 'cancelled', reason: gone }
  if (pause && pause.pausedUntil > now) return { kind: 'wait', until: pause.pausedUntil }
  const window = windowAt(conversation, now, marginMs)
  // Only an approved template may be sent at any time.
  if (message.kind === 'template' || window.open) return { kind: 'go', closesAt: window.closesAt }
  return { kind: 'closed' }
}

/** A receipt for an order that no longer stands must not go out; news of a refund or a cancellation must. */
export function aboutALiveOrder({ cause }: Pick<MessageRow, 'cause'>): boolean {
  return cause !== 'order.refunded' && cause !== 'order.cancelled' && cause !== 'message.received' && cause !== 'api'
}
