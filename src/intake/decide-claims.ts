import { HOUR, MINUTE } from '../clock.ts'
import { orderIsGone } from '../order.ts'
import { sentAnew } from '../store/anew.ts'
import type { ClaimSnapshot, ClaimsOutcome } from '../store/claim-links.ts'
import type { ClaimLinkRow, ConversationRow, MessageRow } from '../store/records.ts'
import type { TraceLine } from '../store/words.ts'

export interface ClaimsInput {
  /** Hashes of the codes in the message. */
  codes: string[]
  /** What is known of them. */
  claims: ClaimSnapshot[]
  /** Who wrote. */
  conversation: ConversationRow
  /** When they wrote: a code that was good then is good, however late we learn of it. */
  writtenAt: number
  /** Since when what is let go may have gone out without our knowing; null when it cannot have. */
  doubtSince: number | null
  now: number
}

export interface ClaimsDecision extends ClaimsOutcome {
  trace: TraceLine[]
}

/** So many codes of no use may a contact write in an hour; then no code of theirs is looked at for a while. */
const USELESS_PER_HOUR = 5
const COST_MS = HOUR / USELESS_PER_HOUR

/** Pure: a code proves that whoever writes it has the order, so its receipt goes to them, once. */
export function decideClaims(input: ClaimsInput): ClaimsDecision {
  const { codes, claims, conversation, now } = input
  // Capped, so that a clock that was set back locks nobody out.
  let ahead = Math.min(HOUR, Math.max(0, conversation.codesForgivenAt - now))
  const decision: ClaimsDecision = { trace: [], grants: [], taken: [], codesForgivenAt: conversation.codesForgivenAt }
  const say = (text: string, messageId?: string) =>
    decision.trace.push({ step: 'claim', text, ...(messageId !== undefined && { messageId }) })
  for (const code of codes) {
    if (ahead + COST_MS > HOUR) {
      say('a code was not looked at: this contact wrote too many of no use')
      break
    }
    const claim = claims.find(({ link }) => link.codeHash === code)
    const useless = uselessness(claim, input)
    if (claim === undefined || useless !== null) {
      ahead += COST_MS
      decision.codesForgivenAt = now + ahead
      say(useless ?? UNKNOWN)
      continue
    }
    const verdict = judge(claim, input)
    if (verdict.taken) decision.taken.push({ shop: claim.link.shop, orderId: claim.link.orderId })
    if (verdict.text !== null) say(verdict.text)
    for (const message of verdict.messages) {
      decision.grants.push({ id: message.id, change: granted(message, input), doubtSince: input.doubtSince })
      say('the code of its order was written: it goes to whoever wrote it', message.id)
    }
  }
  return decision
}

const UNKNOWN = 'a code was written that nobody was given'

/** Why a code counts as tried out; null when it does not. */
function uselessness(claim: ClaimSnapshot | undefined, { conversation, writtenAt }: ClaimsInput): string | null {
  if (claim === undefined) return UNKNOWN
  const { claimedAt, claimedBy, expiresAt } = claim.link
  // The same person again, or the same message by another way.
  if (claimedAt !== null) return claimedBy === conversation.id ? null : 'a code was written that was used before'
  return writtenAt >= expiresAt ? 'a code was written that had expired' : null
}

interface Verdict {
  taken: boolean
  text: string | null
  messages: MessageRow[]
}

function judge({ link, order, messages }: ClaimSnapshot, { conversation }: ClaimsInput): Verdict {
  if (order.test) return nothing('the code of a test order was written: nobody is ever messaged about it')
  const gone = orderIsGone(order)
  if (gone !== null) return nothing(`the code of an order was written, but ${GONE[gone]}`)
  const pictures = askedFor(messages, order.paidAt !== null)
  const waiting = pictures.filter((message) => mayStillGo(message, conversation) && !isDealtWith(message, link))
  if (waiting.length > 0) return { taken: true, text: null, messages: waiting }
  if (link.claimedAt !== null) return nothing('this contact wrote the code before; nothing is sent again for it')
  if (pictures.some(({ status }) => status === 'uncertain')) {
    return nothing(
      'the code of an order was written while Karibu’s list is asked about its receipt; the code stays good',
    )
  }
  if (order.paidAt === null) {
    return nothing('the code of an order was written; its receipt goes to whoever wrote it once it is paid', true)
  }
  if (pictures.some(({ status }) => OUT.has(status))) {
    return nothing('the code of an order was written whose receipt has gone out; nothing is sent twice', true)
  }
  return nothing('the code of an order was written, but no rule made anything for it that may go out')
}

/** Whether an order's receipt went out, so that its code lets nothing more go. */
export function wentOut(messages: MessageRow[], paid: boolean): boolean {
  const pictures = askedFor(messages, paid)
  const anybody = { optedOutAt: null }
  return pictures.some(({ status }) => OUT.has(status)) && !pictures.some((message) => mayStillGo(message, anybody))
}

/**
 * Of a code written before by the same contact: all but what was out for somebody else then, and came back (the window
 * was closed after all). What was made since is news, which goes where the order says.
 */
function isDealtWith({ conversationId, createdAt }: MessageRow, { claimedAt, claimedBy }: ClaimLinkRow): boolean {
  return claimedAt !== null && (conversationId === claimedBy || createdAt > claimedAt)
}

function nothing(text: string, taken = false): Verdict {
  return { taken, text, messages: [] }
}

const GONE = { order_refunded: 'the order was refunded in full', order_cancelled: 'the order was cancelled' }
const OUT = new Set<MessageRow['status']>(['sending', 'pending', 'sent', 'delivered', 'read'])

const RECEIPT = new Set<MessageRow['cause']>(['order.paid', 'order.fulfilled', 'order.refunded'])
const BEFORE = new Set<MessageRow['cause']>(['order.created', 'order.updated'])

/** What the order's events made; where there is a receipt of a paid order, not that it once waited for payment. */
function askedFor(messages: MessageRow[], paid: boolean): MessageRow[] {
  const pictures = messages.filter(({ kind }) => kind === 'image')
  const receipts = pictures.filter(({ cause }) => RECEIPT.has(cause))
  return paid && receipts.length > 0
    ? receipts
    : pictures.filter(({ cause }) => RECEIPT.has(cause) || BEFORE.has(cause))
}

/** What kept these back was about the number or the time, and whoever writes brings both, and their own consent. */
const MENDED = new Set([
  'no_phone',
  'invalid_phone',
  'phone_changed',
  'no_consent',
  'opted_out',
  'too_old',
  'window_closed',
  'quiet_hours',
])

function mayStillGo({ status, reason }: MessageRow, { optedOutAt }: Pick<ConversationRow, 'optedOutAt'>): boolean {
  if (optedOutAt !== null) return false
  if (status === 'held' || status === 'queued' || status === 'expired' || status === 'failed') return true
  return status === 'skipped' && MENDED.has(reason ?? '')
}

function granted(message: MessageRow, { conversation, doubtSince, now }: ClaimsInput): Partial<MessageRow> {
  const { id: conversationId, sender, phone } = conversation
  return {
    ...sentAnew(message, now, 5 * MINUTE),
    ...(doubtSince !== null && doubted(message)),
    conversationId,
    sender,
    phone,
    claimedAt: now,
    updatedAt: now,
  }
}

/** Karibu's list is asked before it goes. */
function doubted({ attemptCount }: MessageRow): Partial<MessageRow> {
  return { status: 'uncertain', reason: 'restored', attemptCount: attemptCount + 1, statusPolls: 0 }
}
