import type { Order } from '../order.ts'
import { countAnswers } from './answers.ts'
import {
  type ClaimSnapshot,
  type ClaimsOutcome,
  keepClaimLink,
  type NewClaimLink,
  readClaims,
  takeClaims,
} from './claim-links.ts'
import { findConversation, resolveContact, updateConversation, type Witness } from './conversations.ts'
import type { Db } from './db.ts'
import { insertErasure } from './erasure.ts'
import { addBody, addEvent, eventOf, heldOf, messagesOf, orderOf, putOrder } from './intake-statements.ts'
import {
  cancelWaiting,
  enqueue,
  isDue,
  type NewMessage,
  redraw,
  rehold,
  release,
  waitingInQueue,
} from './message-changes.ts'
import type { OpenDatabase } from './open.ts'
import { CLAIM_RECEIVED, type NewQuestion, openQuestion, tellEvent } from './questions.ts'
import type { ConversationRow, MessageRow } from './records.ts'
import type { events } from './schema.ts'
import type { Contact, ErasureTarget, InboundEvidence, TraceLine } from './words.ts'

export interface Delivery {
  id: string
  source: string
  deliveryKey: string
  topic: string | null
  receivedAt: number
  contentType: string | null
  body: Uint8Array
  /** Where it came from when no shop posted it: the trace begins with it. */
  origin?: TraceLine
}

export interface OrderSnapshot {
  order: Order | null
  /** What exists for this order already. */
  messages: MessageRow[]
  /** Who wrote its code before there was a receipt. */
  claimant: ConversationRow | null
}

export interface OrderDecision {
  order: Order
  type: string
  reason: string | null
  occurredAt: number | null
  trace: TraceLine[]
  enqueue: NewMessage[]
  /** Held or queued messages that must not go out any more. */
  cancel: { id: string; reason: string }[]
  /** Messages that were never tried and are made anew from the order as it is now. */
  redraft: { id: string; message: NewMessage }[]
}

export interface InboundSnapshot {
  conversation: ConversationRow
  held: MessageRow[]
  /** Rules' answers to the contact that have not gone out yet. */
  answersWaiting: number
  /** What is known of the codes in the message. */
  claims: ClaimSnapshot[]
}

export interface InboundDecision {
  occurredAt: number | null
  trace: TraceLine[]
  lastInboundAt: number
  evidence: InboundEvidence | null
  optedOutAt: number | null
  optWordAt: number | null
  /** Ids of held messages that go out now. */
  release: string[]
  /** Held messages that go on waiting, for another reason. */
  rehold: { ids: string[]; reason: string }
  enqueue: NewMessage[]
  claims: ClaimsOutcome
}

export type Step =
  | {
      kind: 'order'
      shop: string
      orderId: string
      /** Left out when nobody may claim its receipt. */
      link?: NewClaimLink
      decide(snapshot: OrderSnapshot): OrderDecision
    }
  | {
      kind: 'inbound'
      contact: Contact
      witness: Witness
      /** Hashes of the codes in the message. */
      codes?: string[]
      decide(snapshot: InboundSnapshot): InboundDecision
    }
  | { kind: 'privacy'; type: string; trace: TraceLine[]; erasure: { id: string; target: ErasureTarget } | null }
  | { kind: 'claim'; question: NewQuestion }
  | { kind: 'ignored'; reason: string }

export interface Recorded {
  eventId: string
  duplicate: boolean
  type: string
  /** Messages that are due now because of it. */
  due: number
  /** Claims that wait to be confirmed because of it. */
  claims: number
  /** Who is to be forgotten because of it. */
  erasures: number
}

export interface IntakeStore {
  /**
   * Keeps one verified delivery and all it leads to; a repeated one gives the first one's id and changes nothing but
   * that its claims are asked about again: thin notifications of different things can be alike to the byte.
   */
  recordDelivery(delivery: Delivery, steps: Step[]): Promise<Recorded>
}

interface Outcome {
  type: string
  reason: string | null
  occurredAt: number | null
  orderId: string | null
  orderNumber: string | null
  conversationId: string | null
  trace: TraceLine[]
  due: number
}

export function createIntakeStore({ writer }: OpenDatabase, newId: () => string): IntakeStore {
  return {
    recordDelivery: (delivery, steps) => writer.run((db) => recordIn(db, delivery, steps, newId)),
  }
}

/** `recordDelivery` inside a transaction that does more. */
export async function recordIn(
  db: Db,
  delivery: Delivery,
  steps: Step[],
  newConversationId: () => string,
): Promise<Recorded> {
  const claims = steps.filter((step) => step.kind === 'claim').length
  const known = await findEvent(db, delivery)
  if (known) {
    // It may have been told so long ago that its body is kept no longer.
    if (claims > 0) await keepBody(db, known.id, delivery)
    for (const step of steps) {
      if (step.kind !== 'claim') continue
      const line = await openQuestion(db, step.question, known.id, delivery.receivedAt)
      await tellEvent(db, known.id, line, { outcome: 'handled', reason: null })
    }
    return { eventId: known.id, duplicate: true, type: known.type, due: 0, claims, erasures: 0 }
  }
  const outcomes: Outcome[] = []
  for (const step of steps) outcomes.push(await applyStep(db, step, delivery, newConversationId))
  const event = summarise(delivery, outcomes)
  await addEvent(db).execute({ ...event })
  await keepBody(db, delivery.id, delivery)
  const due = outcomes.reduce((sum, outcome) => sum + outcome.due, 0)
  const erasures = steps.filter((step) => step.kind === 'privacy' && step.erasure !== null).length
  return { eventId: delivery.id, duplicate: false, type: event.type, due, claims, erasures }
}

async function keepBody(db: Db, eventId: string, { contentType, body }: Delivery): Promise<void> {
  await addBody(db).execute({ eventId, contentType, body: Buffer.from(body) })
}

async function findEvent(db: Db, { source, deliveryKey }: Delivery) {
  const [row] = await eventOf(db).execute({ source, deliveryKey })
  return row
}

function summarise(delivery: Delivery, outcomes: Outcome[]): typeof events.$inferInsert {
  const main = outcomes.find((outcome) => outcome.type !== 'ignored') ?? outcomes[0]
  return {
    id: delivery.id,
    source: delivery.source,
    deliveryKey: delivery.deliveryKey,
    topic: delivery.topic,
    type: main?.type ?? 'ignored',
    orderId: main?.orderId ?? null,
    orderNumber: main?.orderNumber ?? null,
    conversationId: main?.conversationId ?? null,
    receivedAt: delivery.receivedAt,
    occurredAt: main?.occurredAt ?? null,
    outcome: !main || main.type === 'ignored' ? 'ignored' : 'handled',
    reason: main ? main.reason : 'nothing in the body that Risiti acts on',
    trace: [...(delivery.origin ? [delivery.origin] : []), ...outcomes.flatMap((outcome) => outcome.trace)],
  }
}

async function applyStep(db: Db, step: Step, { id, receivedAt: now }: Delivery, newId: () => string): Promise<Outcome> {
  switch (step.kind) {
    case 'claim': {
      const { question } = step
      const trace = [await openQuestion(db, question, id, now)]
      return { ...nothing, type: CLAIM_RECEIVED, occurredAt: question.claim.occurredAt, trace }
    }
    case 'ignored':
      return { ...nothing, type: 'ignored', reason: step.reason }
    case 'privacy':
      if (step.erasure) await insertErasure(db, step.erasure.id, step.erasure.target, now)
      return { ...nothing, type: step.type, trace: step.trace }
    case 'order':
      return applyOrder(db, step, now, newId)
    case 'inbound':
      return applyInbound(db, step, now, newId)
  }
}

const nothing: Outcome = {
  type: 'ignored',
  reason: null,
  occurredAt: null,
  orderId: null,
  orderNumber: null,
  conversationId: null,
  trace: [],
  due: 0,
}

async function applyOrder(
  db: Db,
  step: Extract<Step, { kind: 'order' }>,
  now: number,
  newId: () => string,
): Promise<Outcome> {
  const { shop, orderId } = step
  const [stored] = await orderOf(db).execute({ shop, orderId })
  const existing = stored ? await messagesOf(db).execute({ shop, orderId }) : []
  const link = step.link && (await keepClaimLink(db, { shop, orderId }, step.link, now))
  const claimant = link?.claimedBy ? ((await findConversation(db, link.claimedBy)) ?? null) : null
  const decision = step.decide({ order: stored?.state ?? null, messages: existing, claimant })
  const { order } = decision
  const state = { number: order.number, updatedAt: order.updatedAt, state: order, changedAt: now }
  await putOrder(db).execute({ shop, orderId, ...state, firstSeenAt: now })
  const trace = [...decision.trace]
  let due = await enqueue(db, decision.enqueue, now, newId, trace)
  for (const { id, reason } of decision.cancel) await cancelWaiting(db, id, reason, now)
  for (const { id, message } of decision.redraft) {
    await redraw(db, id, message, now, newId)
    if (isDue(message)) due++
  }
  return {
    type: decision.type,
    reason: decision.reason,
    occurredAt: decision.occurredAt,
    orderId,
    orderNumber: order.number,
    conversationId: null,
    trace,
    due,
  }
}

async function applyInbound(
  db: Db,
  step: Extract<Step, { kind: 'inbound' }>,
  now: number,
  newId: () => string,
): Promise<Outcome> {
  const conversation = await resolveContact(db, step.contact, step.witness, now, newId)
  if (!conversation) {
    return {
      ...nothing,
      reason: 'the message names a conversation of another contact, and no phone that can be trusted',
    }
  }
  const held = await heldOf(db).execute({ conversation: conversation.id })
  const claims = await readClaims(db, step.codes ?? [])
  const answersWaiting = await countAnswers(db, conversation.id)
  const decision = step.decide({ conversation, held, answersWaiting, claims })
  await updateConversation(db, conversation.id, {
    lastInboundAt: decision.lastInboundAt,
    evidence: decision.evidence ?? conversation.evidence,
    optedOutAt: decision.optedOutAt,
    optWordAt: decision.optWordAt,
    codesForgivenAt: decision.claims.codesForgivenAt,
    name: step.contact.name ?? conversation.name,
    updatedAt: now,
  })
  await takeClaims(db, decision.claims, conversation.id, now)
  await rehold(db, decision.rehold, now)
  const trace = [...decision.trace]
  if (decision.optedOutAt !== null && conversation.optedOutAt === null)
    for (const messageId of await waitingInQueue(db, conversation.id))
      trace.push({
        step: 'opt-out',
        text: 'is skipped when its turn comes, unless they write START (ANZA) before',
        messageId,
      })
  const roused = await release(db, conversation.id, decision.release, now)
  trace.push(...roused.map((id) => ({ step: 'release', text: 'waited for the end of the quiet hours', messageId: id })))
  const due = await enqueue(db, decision.enqueue, now, newId, trace)
  return {
    ...nothing,
    type: 'message.received',
    occurredAt: decision.occurredAt,
    conversationId: conversation.id,
    trace,
    due: due + decision.release.length + decision.claims.grants.length + roused.length,
  }
}
