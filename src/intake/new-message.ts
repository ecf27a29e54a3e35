import type { ShopConfig } from '../config/types.ts'
import type { EventType, InboundMessage, Locale, Order } from '../order.ts'
import { renderCaption, renderLine, renderText } from '../rules/caption.ts'
import { captionContext, type RuleContext } from '../rules/context.ts'
import { type CompiledRule, matchRules, type RuleVerdict } from '../rules/match.ts'
import type { NewMessage } from '../store/message-changes.ts'
import type { Contact, TraceLine } from '../store/words.ts'

export interface Occasion {
  type: EventType
  shop: ShopConfig
  order: Order | null
  message: InboundMessage | null
  locale: Locale
}

export interface OccasionMatches {
  matched: CompiledRule[]
  trace: TraceLine[]
}

/** Which rules answer this occasion, with a trace line for each that was meant for it, matched or not. */
export function matchOccasion(rules: CompiledRule[], occasion: Occasion): OccasionMatches {
  const { type, shop, order, message } = occasion
  const context = contextOf(occasion)
  const verdicts = matchRules(
    rules.filter(({ rule }) => rule.on === type),
    { type, shop: shop.id, order, message, context },
  )
  const trace = verdicts.map(traceLine)
  if (trace.length === 0) trace.push({ step: type, text: 'no rule is on this event' })
  return { matched: verdicts.filter(({ matched }) => matched).map(({ rule }) => rule), trace }
}

function contextOf({ type, shop, order, message, locale }: Occasion): RuleContext {
  return captionContext({ event: { type }, order, message, shop, locale })
}

function traceLine({ rule, matched, why }: RuleVerdict): TraceLine {
  return { step: rule.rule.name, text: `${matched ? 'matched' : 'did not match'}: ${why}` }
}

export interface Draft {
  id: string
  effectKey: string
  rule: CompiledRule
  occasion: Occasion
  contact: Contact | null
  sender: string
  eventId: string
  /** Null: it may go out. */
  skip: string | null
  /** Since when it may have gone out without our knowing; null when it cannot have. */
  doubtSince: number | null
  now: number
}

/** The row for one matched rule: queued, skipped with its reason, or to be looked up first. */
export function draftMessage(draft: Draft): { message: NewMessage; trace: TraceLine[] } {
  const { rule, occasion, contact, now } = draft
  const context = contextOf(occasion)
  const caption = renderCaption(rule.captions[occasion.locale], context)
  const url = rule.imageUrl ? renderText(rule.imageUrl, context).text : null
  const skip = draft.skip ?? (url === null || isWebAddress(url) ? null : 'no_image')
  const { invite, whenClosed, expiresAfterMs, name } = rule.rule
  const variables = Object.entries(rule.inviteVariables).map(([key, value]) => [key, renderLine(value, context).text])
  const trace: TraceLine[] = []
  if (caption.cut) trace.push({ step: name, text: 'the caption was longer than 1024 characters and was cut' })
  if (caption.problem) trace.push({ step: name, text: `the caption has a gap: ${caption.problem}` })
  if (skip === 'no_image') trace.push({ step: name, text: noImage(rule) })
  const { order, message } = occasion
  const doubtSince = skip === null ? draft.doubtSince : null
  if (doubtSince !== null) trace.push({ step: name, text: DOUBT })
  return {
    trace,
    message: {
      id: draft.id,
      effectKey: draft.effectKey,
      kind: 'image',
      ...stateOf(skip, doubtSince),
      shop: occasion.shop.id,
      orderId: order?.id ?? null,
      orderNumber: order?.number ?? null,
      rule: name,
      cause: occasion.type,
      eventId: draft.eventId,
      contact,
      sender: draft.sender,
      phone: contact?.phone ?? null,
      customerName: order?.customer.name ?? message?.name ?? null,
      caption: caption.text,
      captionCut: caption.cut,
      imageUrl: url,
      whenClosed,
      invite: invite ? { name: invite.template, variables: Object.fromEntries(variables) } : null,
      expiresAfterMs,
      nextAttemptAt: skip === null ? now : null,
      createdAt: now,
      updatedAt: now,
    },
  }
}

/** The status a new message begins with. */
function stateOf(skip: string | null, doubtSince: number | null) {
  if (skip !== null) return { status: 'skipped' as const, reason: skip }
  if (doubtSince === null) return { status: 'queued' as const, reason: null }
  return { status: 'uncertain' as const, reason: 'restored', attemptCount: 1, statusPolls: 0, doubtSince }
}

const DOUBT =
  'it became true before a backup was restored, so it may have gone out then; what was made already is told by its effect key, the rest by Karibu’s list'

function isWebAddress(url: string): boolean {
  return /^https?:\/\/[^/\s]/.test(url) && URL.canParse(url)
}

/** Names what the rule asks for, not what the order holds. */
function noImage({ imageUrl }: CompiledRule): string {
  const asked = imageUrl?.attributeNames.map((name) => `order.attributes.${name}`).join(', ')
  return `the image's address came out empty or as none${asked ? ` (it is made of ${asked})` : ''}`
}
