import { MINUTE } from '../clock.ts'
import type { ConsentConfig } from '../config/types.ts'
import type { Order } from '../order.ts'
import { closedOutcome } from '../outbox/closed-policy.ts'
import { decideSend } from '../outbox/gate.ts'
import type { IntakeStore, Step } from '../store/intake.ts'
import type { NewMessage } from '../store/message-changes.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { TraceLine } from '../store/words.ts'
import { type Window, windowAt } from '../window/window.ts'
import { createStagedClaims, type FindLinks } from './claims.ts'
import { createContacts, type FindBefore } from './contacts.ts'
import { type NewRow, rowOf } from './row.ts'

/** A message of the rehearsal. Its status is `sent` once the gate let it go. */
export interface Act {
  message: MessageRow
  conversation: ConversationRow | null
  /** What the picture shows: the order as it was when the message went, or as it is now. */
  order: Order | null
  /** Of the moment it was made; null where there is nobody to write to. */
  window: Window | null
  goesAt: number | null
  invited: boolean
  /** What the rule and the gate said of it. */
  why: string[]
}

export interface Stage extends IntakeStore {
  /** Lets the time pass: what waits is looked at when it is due, and what was held too long expires. */
  passTo(now: number): void
  /** Ends the waiting for Karibu's word on windows. */
  end(now: number): void
  acts(): Iterable<Act>
  /** What the last delivery led to. */
  lastTrace(): TraceLine[]
}

export interface StageDeps {
  marginMs: number
  consentOf(shop: string | null): ConsentConfig | null
  /** When the quiet hours of this shop end; null when there are none now. */
  quietUntil(shop: string | null, now: number): number | null
  findBefore: FindBefore
  findLinks: FindLinks
}

/**
 * The service asks Karibu for the customer's last message before it believes that a window is closed; what that brought
 * came in as an event soon after. So long a closed window is waited for here.
 */
const LOOKUP_MS = MINUTE

/** What the store and the outbox do around the decisions, in memory; the decisions are the service's own. */
export function createStage({ marginMs, consentOf, quietUntil, findBefore, findLinks }: StageDeps): Stage {
  const claims = createStagedClaims(findLinks)
  const orders = new Map<string, Order>()
  const byEffect = new Map<string, Act>()
  const byOrder = new Map<string, Act[]>()
  const queued = new Set<Act>()
  const held = new Set<Act>()
  const lookedUp = new Set<Act>()
  /** Due at once, and due after the lookup: each in the order of their times. */
  const dueNow: Act[] = []
  const dueLater: { act: Act; at: number }[] = []
  let nextExpiry = Number.POSITIVE_INFINITY
  let trace: TraceLine[] = []
  const contacts = createContacts(findBefore, (kept, gone) => {
    for (const { message } of byEffect.values()) if (message.conversationId === gone) message.conversationId = kept
  })

  const orderOf = ({ shop, orderId }: MessageRow) => orders.get(orderKey(shop, orderId)) ?? null

  function finish(act: Act, status: MessageRow['status'], reason: string | null): void {
    Object.assign(act.message, { status, reason, nextAttemptAt: null, expiresAt: null })
    queued.delete(act)
    held.delete(act)
  }

  function queue(act: Act, now: number): void {
    act.message.nextAttemptAt = now
    held.delete(act)
    queued.add(act)
    dueNow.push(act)
  }

  async function addMessages(wanted: NewMessage[], now: number, lines: TraceLine[]): Promise<void> {
    for (const { contact, doubtSince: _known, ...message } of wanted) {
      const step = message.rule ?? message.kind
      if (byEffect.has(message.effectKey)) {
        lines.push({ step, text: 'this message was made already; no second one is made' })
        continue
      }
      const act = await makeAct(message, contact, now, lines)
      byEffect.set(message.effectKey, act)
      if (message.orderId != null) {
        const key = orderKey(message.shop ?? null, message.orderId)
        byOrder.set(key, [...(byOrder.get(key) ?? []), act])
      }
      if (act.message.status === 'queued') queue(act, now)
    }
  }

  async function makeAct(
    message: NewRow,
    contact: NewMessage['contact'],
    now: number,
    lines: TraceLine[],
  ): Promise<Act> {
    const conversation = contact ? await contacts.resolve(contact, now) : null
    return {
      message: rowOf(message, conversation?.id ?? null),
      conversation,
      order: null,
      window: conversation && windowAt(conversation, now, marginMs),
      goesAt: null,
      invited: false,
      why: lines.filter(({ step }) => step === message.rule).map(({ text }) => text),
    }
  }

  async function applyOrder(step: Extract<Step, { kind: 'order' }>, now: number) {
    const key = orderKey(step.shop, step.orderId)
    const acts = byOrder.get(key) ?? []
    const before = orders.get(key) ?? null
    const decision = step.decide({
      order: before,
      messages: before ? acts.map(({ message }) => message) : [],
      claimant: claims.claimantOf(step.shop, step.orderId),
    })
    orders.set(key, decision.order)
    const lines = [...decision.trace]
    await addMessages(decision.enqueue, now, lines)
    for (const { id, reason } of decision.cancel) {
      const act = acts.find(({ message }) => message.id === id)
      if (act) finish(act, 'cancelled', reason)
    }
    for (const { id, message } of decision.redraft) {
      const act = acts.find((one) => one.message.id === id)
      if (act) await redraft(act, message, now)
    }
    trace.push(...lines)
    return decision.type
  }

  async function redraft(act: Act, { contact, doubtSince: _known, ...anew }: NewMessage, now: number): Promise<void> {
    const { id, effectKey, createdAt, eventId } = act.message
    const conversation = contact ? await contacts.resolve(contact, now) : null
    const row = rowOf({ ...anew, id, effectKey, createdAt, eventId }, conversation?.id ?? null)
    Object.assign(act.message, row)
    act.conversation = conversation
    lookedUp.delete(act)
    if (row.status === 'queued') queue(act, now)
    else finish(act, row.status, row.reason)
  }

  function ofOrder(shop: string, orderId: string) {
    const key = orderKey(shop, orderId)
    const order = orders.get(key)
    return order ? { order, messages: (byOrder.get(key) ?? []).map(({ message }) => message) } : null
  }

  /** The order's code was written: its receipt goes to whoever wrote it. */
  function grant(id: string, change: Partial<MessageRow>, conversation: ConversationRow, now: number): void {
    const act = [...byEffect.values()].find(({ message }) => message.id === id)
    if (!act) return
    Object.assign(act.message, change)
    Object.assign(act, { conversation, window: windowAt(conversation, now, marginMs) })
    act.why.push('the code of its order was written: it goes to whoever wrote it')
    lookedUp.delete(act)
    queue(act, now)
  }

  async function applyInbound(step: Extract<Step, { kind: 'inbound' }>, now: number) {
    const conversation = await contacts.resolve(step.contact, now)
    const known = await claims.read(step.codes ?? [], ofOrder)
    const ofContact = [...held, ...queued].filter(({ message }) => message.conversationId === conversation.id)
    const waiting = ofContact.map(({ message }) => message).filter(({ status }) => status === 'held')
    const {
      enqueue,
      trace: lines,
      release,
      rehold,
      evidence,
      ...decision
    } = step.decide({
      conversation,
      held: waiting,
      claims: known,
      answersWaiting: ofContact.filter(({ message }) => message.cause === 'message.received').length,
    })
    conversation.lastInboundAt = decision.lastInboundAt
    conversation.evidence = evidence ?? conversation.evidence
    conversation.optedOutAt = decision.optedOutAt
    conversation.optWordAt = decision.optWordAt
    conversation.codesForgivenAt = decision.claims.codesForgivenAt
    claims.take(decision.claims.taken, conversation, now)
    for (const { id, change } of decision.claims.grants) grant(id, change, conversation, now)
    for (const act of ofContact) {
      const { message } = act
      if (release.includes(message.id)) Object.assign(message, { status: 'queued', reason: null, expiresAt: null })
      if (rehold.ids.includes(message.id)) message.reason = rehold.reason
      if (message.status === 'queued') {
        // Whoever writes is awake.
        message.reason = null
        queue(act, now)
      }
    }
    const said = [...lines]
    await addMessages(enqueue, now, said)
    trace.push(...said)
    return 'message.received'
  }

  function passTo(now: number): void {
    for (const act of dueNow.splice(0)) if (queued.has(act)) look(act, act.message.nextAttemptAt ?? now)
    while ((dueLater[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const { act, at } = dueLater.shift() ?? {}
      if (act && at !== undefined && queued.has(act) && act.message.nextAttemptAt === at) look(act, at)
    }
    if (nextExpiry > now) return
    nextExpiry = Number.POSITIVE_INFINITY
    for (const act of held) {
      const expiresAt = act.message.expiresAt ?? Number.POSITIVE_INFINITY
      if (expiresAt <= now) finish(act, 'expired', act.message.reason === 'opted_out' ? 'opted_out' : 'held_too_long')
      else nextExpiry = Math.min(nextExpiry, expiresAt)
    }
  }

  function look(act: Act, now: number): void {
    const { message, conversation } = act
    if (!conversation) return finish(act, message.status, message.reason)
    const order = orderOf(message)
    const snapshot = { message, conversation, order, pause: null, invitesTo: null }
    const { shop } = message
    const verdict = decideSend(snapshot, { now, marginMs, consent: consentOf(shop), quietUntil: quietUntil(shop, now) })
    if (verdict.kind === 'go') {
      Object.assign(act, { order, goesAt: now })
      message.attemptCount = 1
      return finish(act, 'sent', null)
    }
    if (verdict.kind === 'drop') return finish(act, verdict.status, verdict.reason)
    if (verdict.kind === 'wait') {
      message.reason = verdict.reason ?? null
      return lookLater(act, verdict.until)
    }
    if (!lookedUp.has(act)) {
      lookedUp.add(act)
      return lookLater(act, now + LOOKUP_MS)
    }
    close(act, conversation, { now, quiet: verdict.quiet === true })
  }

  function lookLater(act: Act, at: number): void {
    act.message.nextAttemptAt = at
    const after = dueLater.findLastIndex((other) => other.at <= at)
    dueLater.splice(after + 1, 0, { act, at })
  }

  function close(act: Act, conversation: ConversationRow, { now, quiet }: { now: number; quiet: boolean }): void {
    const outcome = closedOutcome(act.message, conversation, now)
    const { status, expiresAt, invite } = outcome
    const reason = quiet && outcome.reason === 'window_closed' ? 'quiet_hours' : outcome.reason
    if (status !== 'held') return finish(act, status, reason)
    Object.assign(act.message, { status, reason, expiresAt, nextAttemptAt: null })
    queued.delete(act)
    held.add(act)
    nextExpiry = Math.min(nextExpiry, expiresAt ?? Number.POSITIVE_INFINITY)
    if (!invite) return
    act.invited = true
    conversation.lastInvitedAt = now
  }

  return {
    async recordDelivery({ id: eventId, receivedAt: now }, steps) {
      passTo(now - 1)
      trace = []
      let type = 'ignored'
      for (const step of steps) {
        if (step.kind === 'order') type = await applyOrder(step, now)
        if (step.kind === 'inbound') type = await applyInbound(step, now)
      }
      passTo(now)
      return { eventId, duplicate: false, type, due: 0, claims: 0, erasures: 0 }
    },
    passTo,
    end(now) {
      passTo(now)
      for (const act of queued) {
        const waitsForMorning = act.message.reason === 'quiet_hours'
        if (act.conversation && !waitsForMorning) close(act, act.conversation, { now, quiet: false })
      }
      for (const act of held) act.order = orderOf(act.message)
    },
    acts: () => byEffect.values(),
    lastTrace: () => trace,
  }
}

function orderKey(shop: string | null, orderId: string | null): string {
  return JSON.stringify([shop, orderId])
}
