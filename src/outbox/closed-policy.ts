import { DAY } from '../clock.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { ClosedOutcome } from '../store/sending.ts'

/** Karibu's words and Meta's rules allow a template any time; we send a contact at most one invitation a day. */
const INVITE_EVERY_MS = DAY

/** `mayExpire` is false while the clock cannot be trusted. */
export function closedOutcome(
  message: MessageRow,
  conversation: ConversationRow,
  now: number,
  mayExpire = true,
): ClosedOutcome {
  if (message.whenClosed === 'skip') {
    return { status: 'skipped', reason: 'window_closed', expiresAt: null, invite: false }
  }
  const expiresAt = message.createdAt + message.expiresAfterMs
  if (mayExpire && expiresAt <= now)
    return { status: 'expired', reason: 'held_too_long', expiresAt: null, invite: false }
  const { lastInvitedAt } = conversation
  const invite =
    message.whenClosed === 'invite' &&
    message.invite !== null &&
    (lastInvitedAt === null || lastInvitedAt + INVITE_EVERY_MS <= now)
  return { status: 'held', reason: 'window_closed', expiresAt, invite }
}
