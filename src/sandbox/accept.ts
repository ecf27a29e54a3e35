import type { Refusal } from './bodies.ts'
import { briqOpenedAt, gateAt } from './gates.ts'
import type { Sim } from './sim.ts'
import {
  addMessage,
  type Conversation,
  type Kind,
  type Outbound,
  openThread,
  type Sender,
  type State,
} from './state.ts'
import type { Switches } from './switches.ts'
import { type Content, invalid, isRefusal, readSend, type Target } from './validate.ts'

/**
 * What Briq does before it answers: validates, finds the thread, asks its own 24-hour gate, and keeps the message.
 * Every call makes a message: the route has no idempotency.
 */
export function acceptSend(sim: Sim, kind: Kind, body: unknown): Outbound | Refusal {
  const { state, switches } = sim
  const now = sim.clock.now()
  const request = readSend(kind, body)
  if (isRefusal(request)) return request
  const place = resolveTarget(state, switches, request.target)
  if (isRefusal(place)) return place
  const refused = templateRefusal(state, request.content)
  if (refused) return refused

  const known = state.threads.get(`${place.sender.id} ${place.phone}`)
  if (kind !== 'template' && !briqGate(known, switches, now)) {
    return { status: 422, code: 'WINDOW_CLOSED', message: 'The 24-hour customer service window is closed', field: null }
  }
  const conversation = openThread(state, place.sender, place.phone, now, sim.newUuid)
  if (kind === 'template') conversation.lastTemplateAt = now

  const message: Outbound = {
    direction: 'outbound',
    id: sim.newUuid(),
    conversation,
    createdAt: now,
    visibleAt: now + switches.listLagMs,
    kind,
    ...request.content,
    status: 'pending',
    wamid: null,
    errorCode: null,
    errorMessage: null,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    failedAt: null,
    image: null,
    fault: null,
  }
  addMessage(state, message, now)
  return message
}

function briqGate(conversation: Conversation | undefined, switches: Switches, now: number): boolean {
  if (!conversation) return false
  return gateAt(briqOpenedAt(conversation, switches.templateReopensBriqGate), now).open
}

function resolveTarget(state: State, switches: Switches, target: Target): { sender: Sender; phone: string } | Refusal {
  const { to, conversationId } = target
  if (to === null && conversationId === null) return invalid('to', 'give one of to and conversation_id')
  if (to !== null && conversationId !== null && switches.bothTargets === 'reject') {
    return invalid('to', 'give one of to and conversation_id, not both')
  }
  if (conversationId === null) {
    const sender = resolveSender(state, switches, target)
    return isRefusal(sender) ? sender : { sender, phone: to ?? '' }
  }
  const conversation = state.conversations.get(conversationId)
  if (!conversation) {
    return { status: 404, code: 'CONVERSATION_NOT_FOUND', message: 'Conversation not found', field: 'conversation_id' }
  }
  return conversation.sender.isActive ? conversation : inactive('conversation_id')
}

/** The codes of sender refusals are not documented; these are ours. */
function resolveSender(state: State, switches: Switches, target: Target): Sender | Refusal {
  const active = state.senders.filter((sender) => sender.isActive)
  if (target.sender === null && target.senderId === null) {
    const only = active.length === 1 ? active[0] : undefined
    const chosen = { single: only, first: active[0], default: active.find((sender) => sender.isDefault) ?? only }
    const sender = chosen[switches.unnamedSender]
    return sender ?? { status: 422, code: 'SENDER_REQUIRED', message: 'Name a sender', field: 'sender' }
  }
  const field = target.sender === null ? 'sender_id' : 'sender'
  const named = target.sender?.replace(/^\+/, '')
  const sender = state.senders.find((one) =>
    named === undefined ? one.id === target.senderId : one.number === named || one.phoneNumberId === named,
  )
  if (!sender) return { status: 422, code: 'SENDER_NOT_FOUND', message: 'No such sender in this workspace', field }
  return sender.isActive ? sender : inactive(field)
}

function inactive(field: string): Refusal {
  return { status: 422, code: 'SENDER_INACTIVE', message: 'The sender is not active', field }
}

/** Briq names both codes; that they come with 422 is our guess. */
function templateRefusal(state: State, { template }: Content): Refusal | null {
  if (template === null) return null
  const known = state.templates.find((one) => one.name === template.name)
  if (known?.status === 'APPROVED') return null
  const field = 'template_name'
  return known
    ? { status: 422, code: 'TEMPLATE_NOT_APPROVED', message: `The template is ${known.status}`, field }
    : { status: 422, code: 'TEMPLATE_NOT_FOUND_OR_UNAPPROVED', message: 'No such approved template', field }
}
