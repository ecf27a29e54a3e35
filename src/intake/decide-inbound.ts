import { HOUR, MINUTE } from '../clock.ts'
import type { ShopConfig } from '../config/types.ts'
import type { Ids } from '../ids.ts'
import type { InboundMessage } from '../order.ts'
import { forgottenSince } from '../restored.ts'
import { effectKey } from '../rules/effect-key.ts'
import type { CompiledRule } from '../rules/match.ts'
import type { InboundDecision, InboundSnapshot } from '../store/intake.ts'
import type { NewMessage } from '../store/message-changes.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { Gap, TraceLine } from '../store/words.ts'
import { windowAt, withInbound } from '../window/window.ts'
import { decideClaims } from './decide-claims.ts'
import { draftMessage, matchOccasion } from './new-message.ts'
import { optOutIn } from './opt-out.ts'

export interface InboundInput {
  /** Shops whose rules may answer on this sender: the relaying one, or all that use the number. */
  shops: ShopConfig[]
  rules: CompiledRule[]
  message: InboundMessage
  /** Hashes of the codes it holds. */
  codes: string[]
  source: string
  /** Found by the very first look into Karibu's list. */
  history: boolean
  eventId: string
  /** The event that first told it, when this one only repeats it. */
  firstEventId?: string
  marginMs: number
  now: number
  ids: Ids
  /** Times we know nothing of. */
  gaps: readonly Gap[]
}

/** Pure: a customer's message opens the window, lets go what was held, and may be answered by a rule. */
export function decideInbound(
  { conversation, held, answersWaiting, claims: known }: InboundSnapshot,
  input: InboundInput,
): InboundDecision {
  const { message, shops, rules, eventId, now, ids } = input
  const evidence = withInbound(conversation, message.receivedAt, now)
  const newest = evidence.lastInboundAt !== conversation.lastInboundAt
  const window = windowAt(evidence, now, input.marginMs)
  const { optedOutAt, optWordAt } = optOut(conversation, message, now)
  const mayAnswer = window.open && optedOutAt === null
  const { trace: told, ...claims } = decideClaims({
    codes: mayAnswer ? input.codes : [],
    claims: known,
    conversation,
    writtenAt: Math.min(message.receivedAt, now),
    doubtSince: forgottenSince(input.gaps, message.receivedAt),
    now,
  })
  const granted = new Set(claims.grants.map(({ id }) => id))
  const release = mayAnswer ? held.map(({ id }) => id).filter((id) => !granted.has(id)) : []
  const rehold = reholdOf(
    held.filter(({ id }) => !granted.has(id) && !release.includes(id)),
    optedOutAt,
  )
  const trace: TraceLine[] = [
    { step: 'window', text: windowText(window) },
    ...optTrace(conversation, optedOutAt, rehold.ids),
    ...release.map((id) => ({ step: 'release', text: 'was held; goes out now', messageId: id })),
    ...told,
  ]
  if (!mayAnswer && input.codes.length > 0) trace.push({ step: 'claim', text: UNANSWERED })
  const enqueue: NewMessage[] = []
  const unanswered = new Set(rules)
  const silent = optedOutAt !== null || !window.open ? null : unanswerable(conversation, input)
  if (silent !== null) trace.push({ step: 'message.received', text: silent })
  for (const shop of optedOutAt === null && window.open && silent === null ? shops : []) {
    const occasion = { type: 'message.received' as const, shop, order: null, message, locale: shop.locale }
    const { matched, trace: why } = matchOccasion([...unanswered], occasion)
    trace.push(...why.filter((line) => !trace.some(({ step, text }) => step === line.step && text === line.text)))
    for (const rule of matched) {
      unanswered.delete(rule)
      if (answersWaiting + enqueue.length >= MOST_ANSWERS_WAITING) {
        trace.push({ step: rule.rule.name, text: ENOUGH })
        continue
      }
      // By the conversation and its message, not by the shop: shops that share a number must not answer twice.
      const purpose = `reply:${message.messageId ?? input.firstEventId ?? eventId}`
      const draft = draftMessage({
        id: ids.next('msg'),
        effectKey: effectKey({ shop: conversation.sender, orderId: null, rule: rule.rule.name, purpose }),
        rule,
        occasion,
        contact: {
          sender: conversation.sender,
          phone: conversation.phone,
          karibuId: conversation.karibuId,
          name: message.name,
        },
        sender: conversation.sender,
        eventId,
        skip: null,
        doubtSince: forgottenSince(input.gaps, message.receivedAt),
        now,
      })
      enqueue.push(draft.message)
      trace.push(...draft.trace)
    }
  }
  return {
    occurredAt: message.receivedAt,
    trace,
    lastInboundAt: evidence.lastInboundAt ?? message.receivedAt,
    evidence: newest ? { source: input.source, messageId: message.messageId, eventId, seenAt: now } : null,
    optedOutAt,
    optWordAt,
    release,
    rehold,
    enqueue,
    claims,
  }
}

const UNANSWERED = 'a code was not looked at: nothing may be sent to this contact'

/** Whoever writes a thousand times gets no thousand answers, which would hold up their receipt and use up a budget. */
const MOST_ANSWERS_WAITING = 5
const ENOUGH = `not answered: ${MOST_ANSWERS_WAITING} answers to this contact wait to go out already`

/** A question is answered while it is fresh; what came before our first look was for people to answer. */
const ANSWER_WITHIN_MS = HOUR
/** Also what the trace of a message says that was there before our first look. */
export const TOO_OLD_TO_ANSWER = 'too old to be answered now'
/** A relay's clock and Karibu's may tell the same message this far apart. */
const SAME_MESSAGE_MS = 2 * MINUTE

/** Why no rule answers this message; null when one may. */
function unanswerable({ evidence, lastInboundAt }: ConversationRow, input: InboundInput): string | null {
  const { message, now, source } = input
  if (input.history || now - message.receivedAt > ANSWER_WITHIN_MS) return TOO_OLD_TO_ANSWER
  const known = evidence !== null && lastInboundAt !== null && evidence.source !== source
  const near = known && Math.abs(message.receivedAt - lastInboundAt) <= SAME_MESSAGE_MS
  // Relayed by a shop and listed by Karibu: one message, unless both name it and the names differ.
  const named = evidence?.messageId != null && message.messageId !== null
  if (near && !named) return `the same message was already seen through ${evidence.source}`
  return null
}

function windowText({ open, closesAt, why }: ReturnType<typeof windowAt>): string {
  const until = closesAt === null ? '' : ` ${new Date(closesAt).toISOString()}`
  return open ? `open until${until}` : `stays closed (${why}${until})`
}

/** What a STOP, or a START whose window has closed by now, makes of what stays held. */
function reholdOf(held: MessageRow[], optedOutAt: number | null): InboundDecision['rehold'] {
  const reason = optedOutAt === null ? 'window_closed' : 'opted_out'
  const other = held.filter((message) => (message.reason === 'opted_out') !== (optedOutAt !== null))
  return { ids: other.map(({ id }) => id), reason }
}

function optTrace(before: ConversationRow, optedOutAt: number | null, reheld: string[]): TraceLine[] {
  const was = before.optedOutAt !== null
  const is = optedOutAt !== null
  const wait = is ? 'stays held; goes out only after START (ANZA)' : 'stays held until the customer writes'
  return [
    ...(was === is ? [] : [is ? STOPPED : STARTED]),
    ...reheld.map((messageId) => ({ step: 'opt-out', text: wait, messageId })),
  ]
}

const STOPPED: TraceLine = { step: 'opt-out', text: 'the customer asked to get no more messages' }
const STARTED: TraceLine = { step: 'opt-out', text: 'the customer asked to get messages again' }

/** The newest word counts, not the last one seen: relay and poll may tell the same messages in different order. */
function optOut({ optedOutAt, optWordAt }: ConversationRow, message: InboundMessage, now: number) {
  const word = optOutIn(message.text)
  const at = Math.min(message.receivedAt, now)
  if (word === null || (optWordAt !== null && at < optWordAt)) return { optedOutAt, optWordAt }
  return { optedOutAt: word === 'stop' ? at : null, optWordAt: at }
}
