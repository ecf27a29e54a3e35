import type { MessageFacts } from '../store/words.ts'

export interface Reason {
  code: string
  text: string
}

/** Why a message did not go out (yet), in words a shopkeeper can use; only from stored facts. */
export const REASON_TEXTS = {
  window_closed: 'the customer has not written in the last 24 hours; it goes out when they do',
  answer_lost:
    'Karibu’s answer was lost, so it may be on the phone; Karibu’s list is being asked before anything is sent again',
  restored:
    'the database was restored from a backup, so it may have gone out after that; Karibu’s list is being asked before anything is sent',
  needs_a_person:
    'it may be on the phone, and Karibu’s list cannot tell; ask the customer, then settle it: risiti messages settle, or POST /v1/messages/{id}/settle',
  quiet_hours: 'it is quiet hours at the shop',
  held_too_long: 'the customer did not write before it expired',
  customer_wrote: 'the customer has written, so that no invitation is needed',
  nothing_held: 'what it invites to is not waiting any more',
  waited_too_long: 'it could not be sent before it expired',
  no_phone: 'the order has no phone number',
  invalid_phone: 'the order’s phone number is not a mobile number that can be trusted',
  opted_out: 'the customer asked to get no more messages',
  no_consent: 'the order does not hold the customer’s consent',
  no_image: 'the order holds no web address of the image this rule sends',
  phone_changed: 'the order’s phone number was changed in the shop',
  too_old: 'the order is older than ignore_older_than',
  test_order: 'it is a test order',
  order_refunded: 'the order was refunded in full',
  order_cancelled: 'the order was cancelled',
  order_paid: 'the order was paid meanwhile, and the rule is for orders that are not',
  by_hand: 'a person cancelled it',
} as const satisfies Record<string, string>

export type ReasonCode = keyof typeof REASON_TEXTS

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(REASON_TEXTS, code)
}

/** Where the same code means something else once nothing will follow. */
const SKIPPED = {
  quiet_hours: 'it was quiet hours at the shop, and the customer’s 24 hours ended before they did',
  window_closed: 'the customer had not written in the last 24 hours, and the rule does not wait',
} as const

const HELD = {
  opted_out: 'the customer asked to get no more messages; it goes out only after they write START (ANZA)',
  quiet_hours:
    'it was quiet hours at the shop, and the customer’s 24 hours end before they do; it goes out when the customer writes',
} as const

const EXPIRED = {
  opted_out: 'the customer had asked to get no more messages, and wrote no START (ANZA) before it expired',
} as const

/** By status, where it matters. */
export const REASONS_BY_STATUS = { skipped: SKIPPED, held: HELD, expired: EXPIRED }

const WITH_REASON = new Set(['held', 'uncertain', 'skipped', 'failed', 'expired', 'cancelled'])

export function skipText(code: string): string {
  return reasonText('skipped', code)
}

function reasonText(status: MessageFacts['status'], code: string): string {
  const byStatus: Partial<Record<string, Partial<Record<string, string>>>> = REASONS_BY_STATUS
  return byStatus[status]?.[code] ?? (isReasonCode(code) ? REASON_TEXTS[code] : code.replaceAll('_', ' '))
}

/** `inboundRefusedSince`: since when nobody can know that a customer wrote. */
export function reasonOf(message: MessageFacts, inboundRefusedSince: number | null = null): Reason | null {
  const { status, reason, errorCode, errorDetail, expiresAt, nextAttemptAt } = message
  if (status === 'queued' && reason === 'quiet_hours') {
    const until = nextAttemptAt === null ? '' : `; goes out ${new Date(nextAttemptAt).toISOString()}`
    return { code: reason, text: `${REASON_TEXTS[reason]}${until}` }
  }
  if (!WITH_REASON.has(status)) return null
  if (status === 'failed') {
    const code = errorCode ?? 'unknown'
    return { code, text: errorDetail ?? 'no reason was given' }
  }
  const code = reason ?? 'unknown'
  const text = reasonText(status, code)
  const until = status === 'held' && expiresAt !== null ? `; expires ${new Date(expiresAt).toISOString()}` : ''
  const look =
    status === 'uncertain' && nextAttemptAt !== null ? `; next look ${new Date(nextAttemptAt).toISOString()}` : ''
  const blind =
    status === 'held' && inboundRefusedSince !== null
      ? `; but since ${new Date(inboundRefusedSince).toISOString()} Karibu refuses to show what customers write (check the key), so they may have`
      : ''
  return { code, text: text + until + look + blind }
}
