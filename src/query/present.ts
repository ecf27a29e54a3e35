import { toDecimal } from '../money.ts'
import type { Order } from '../order.ts'
import type { MessageStory } from '../store/reads.ts'
import type { AttemptRow, ConversationRow, EventRow } from '../store/records.ts'
import { RESTORED_CODE } from '../store/restored.ts'
import type { MessageFacts } from '../store/words.ts'
import { type Window, windowAt } from '../window/window.ts'
import { reasonOf } from './reasons.ts'

/** Rows in the form the API, the command line and exports show them; the names are a promise to users. */

export interface PresentOptions {
  publicUrl: string
  marginMs: number
  now: number
  /** Since when Karibu refuses to show what customers write. */
  inboundRefusedSince?: number | null
}

export function iso(at: number | null | undefined): string | null {
  const date = new Date(at ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

export type ShowOptions = Pick<PresentOptions, 'publicUrl' | 'inboundRefusedSince'>

export function presentMessage(
  message: MessageFacts & { doubts?: number },
  { publicUrl, inboundRefusedSince }: ShowOptions,
) {
  return {
    id: message.id,
    message_id: message.messageId,
    provider_message_id: message.providerMessageId,
    status: message.status,
    reason: reasonOf(message, inboundRefusedSince),
    kind: message.kind,
    shop: message.shop,
    order_id: message.orderId,
    order_number: message.orderNumber,
    rule: message.rule,
    to: message.phone,
    sender: message.sender,
    customer_name: message.customerName,
    caption: message.caption,
    media_url: message.mediaToken === null ? null : `${publicUrl}/media/${message.mediaToken}.png`,
    error_code: message.errorCode,
    attempts: message.attemptCount - (message.doubts ?? 0),
    created_at: new Date(message.createdAt).toISOString(),
    accepted_at: iso(message.acceptedAt),
    sent_at: iso(message.sentAt),
    delivered_at: iso(message.deliveredAt),
    read_at: iso(message.readAt),
    failed_at: iso(message.failedAt),
  }
}

export function presentOrder(order: Order) {
  const money = (minor: number) => toDecimal(minor, order.currency)
  return {
    id: order.id,
    number: order.number,
    currency: order.currency,
    total: money(order.total),
    refunded_total: money(order.refundedTotal),
    test: order.test,
    paid_at: iso(order.paidAt),
    fulfilled_at: iso(order.fulfilledAt),
    cancelled_at: iso(order.cancelledAt),
    updated_at: iso(order.updatedAt),
    customer: { name: order.customer.name, phone: order.phone.e164, phone_as_sent: order.phone.raw },
    country: order.country,
    payment: order.payment,
    items: order.lines.map(({ name, detail, quantity, total }) => ({ name, detail, quantity, total: money(total) })),
  }
}

export function presentConversation(row: ConversationRow, { marginMs, now }: Pick<PresentOptions, 'marginMs' | 'now'>) {
  const window = windowAt(row, now, marginMs)
  return {
    id: row.id,
    sender: row.sender,
    phone: row.phone,
    conversation_id: row.karibuId,
    name: row.name,
    window: {
      open: window.open,
      closes_at: iso(window.closesAt),
      why: windowWords(window),
      evidence: evidenceOf(row),
    },
    last_inbound_at: iso(row.lastInboundAt),
    opted_out_at: iso(row.optedOutAt),
    created_at: new Date(row.createdAt).toISOString(),
  }
}

function evidenceOf(row: ConversationRow) {
  const { evidence } = row
  return {
    last_inbound_at: iso(row.lastInboundAt),
    source: evidence?.source ?? null,
    message_id: evidence?.messageId ?? null,
    event_id: evidence?.eventId ?? null,
    seen_at: iso(evidence?.seenAt),
    provider_closed_at: iso(row.closedVerdictAt),
    provider_code: row.closedVerdictCode,
  }
}

export function windowWords({ why }: Window): string {
  const words: Record<Window['why'], string> = {
    open: 'the customer wrote within the last 24 hours',
    never_wrote: 'the customer has never written to this number',
    expired: 'the customer’s last message is (almost) 24 hours old',
    provider_says_closed: 'Karibu refused a message as outside the window, and the customer has not written since',
  }
  return words[why]
}

export function presentEvent(event: EventRow) {
  return {
    id: event.id,
    source: event.source,
    topic: event.topic,
    type: event.type,
    order_id: event.orderId,
    order_number: event.orderNumber,
    conversation: event.conversationId,
    outcome: event.outcome,
    reason: event.reason,
    received_at: new Date(event.receivedAt).toISOString(),
    occurred_at: iso(event.occurredAt),
    trace: event.trace.map(({ step, text, messageId }) => ({ step, text, message_id: messageId ?? null })),
  }
}

/** The whole story of one message: order, rule and why, attempts, timeline and image. */
export function presentStory(story: MessageStory, options: PresentOptions) {
  const { message, order, conversation, event } = story
  const mine = event?.trace.filter((line) => line.messageId === message.id || line.step === message.rule) ?? []
  return {
    ...presentMessage(message, options),
    caption_cut: message.captionCut,
    when_closed: message.whenClosed,
    next_attempt_at: iso(message.nextAttemptAt),
    expires_at: iso(message.expiresAt),
    error_detail: message.errorDetail,
    event_id: message.eventId,
    why: mine.map(({ step, text }) => ({ step, text })),
    order: order ? presentOrder(order) : null,
    conversation: conversation ? presentConversation(conversation, options) : null,
    attempts_made: story.attempts.filter(wasMade).map((attempt, index) => ({
      number: index + 1,
      started_at: new Date(attempt.startedAt).toISOString(),
      finished_at: iso(attempt.finishedAt),
      result: attempt.result,
      code: attempt.code,
      detail: attempt.detail,
      http_status: attempt.httpStatus,
      request_id: attempt.requestId,
      message_id: attempt.messageId,
      media_url: attempt.mediaUrl,
      window_closes_at: iso(attempt.window?.closesAt),
    })),
    timeline: timelineOf(story),
    images: story.media.map((image) => ({
      url: `${options.publicUrl}/media/${image.token}.png`,
      type: image.type,
      bytes: image.size,
      sha256: image.sha256,
      created_at: new Date(image.createdAt).toISOString(),
      fetches: story.fetches
        .filter((fetch) => fetch.token === image.token)
        .map(({ at, method, userAgent }) => ({ at: new Date(at).toISOString(), method, user_agent: userAgent })),
    })),
  }
}

/** An attempt that only might have been made before a restore is none. */
export function wasMade({ code, result }: AttemptRow): boolean {
  return code !== RESTORED_CODE || result !== 'unknown'
}

function timelineOf({ message, event, attempts, acts, reports }: MessageStory) {
  const made = attempts.filter(wasMade)
  const lines = [
    ...(event ? [{ at: event.receivedAt, what: event.type, detail: `from ${event.source}` }] : []),
    { at: message.createdAt, what: 'created', detail: message.rule === null ? 'by hand' : `by rule ${message.rule}` },
    ...made.flatMap((attempt, index) => [
      { at: attempt.startedAt, what: 'attempt', detail: `number ${index + 1}` },
      ...(attempt.finishedAt === null
        ? []
        : [{ at: attempt.finishedAt, what: attempt.result ?? 'ended', detail: attempt.code }]),
    ]),
    ...attempts
      .filter((attempt) => !wasMade(attempt))
      .map(({ finishedAt, startedAt, detail }) => ({ at: finishedAt ?? startedAt, what: 'restored', detail })),
    ...acts.map(({ receivedAt, trace }) => ({ at: receivedAt, what: 'by hand', detail: trace[0]?.text ?? null })),
    ...reports.map((report) => ({
      at: report.occurredAt,
      what: report.status,
      detail: report.errorCode ?? report.source,
    })),
  ]
  return lines
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, what, detail }) => ({ at: new Date(at).toISOString(), what, detail }))
}
