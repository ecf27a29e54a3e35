import { AppError } from '../errors.ts'
import { newEvent, receivedEvent } from './events.ts'
import type { Faults, SendFaultInput } from './faults.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { StatusDelays } from './options.ts'
import { parseInput, phoneInput } from './parse.ts'
import type { Sim } from './sim.ts'
import {
  type InboundSnapshot,
  inboundSnapshotOf,
  type PhoneSnapshot,
  phoneSnapshotOf,
  type SentSnapshot,
  snapshotOf,
} from './snapshot.ts'
import { addMessage, type Inbound, noteInbound, type Outbound, openThread, phoneOf, type Sender } from './state.ts'
import { readChange, type Switches, type SwitchesChange } from './switches.ts'
import type { Delivery, Webhooks } from './webhooks.ts'

export interface PhoneControls {
  on(): void
  /** Messages stay `sent` until it comes on. */
  off(): void
  /** Whether it sends read receipts. */
  reads(yes: boolean): void
  /** The customer opens their chat with `to` (default: our default sender): what has arrived is read, if the phone is on. */
  opensChat(to?: string): void
  /** Whether the number is on WhatsApp at all. */
  registered(yes: boolean): void
  state(): PhoneSnapshot
}

/** What a test, the demo or a person does to the simulated world. */
export interface Controls {
  /** The customer writes to `to` (default: our default sender), which opens both gates. `at` may lie in the past. */
  customerWrites(
    phone: string,
    message?: {
      text?: string | undefined
      to?: string | undefined
      name?: string | undefined
      at?: number | undefined
    },
  ): InboundSnapshot
  /** The customer opens the message, whatever their phone's settings. */
  customerReads(messageId: string): void
  phone(number: string): PhoneControls
  /** Queues a fault for the next fitting send. */
  nextSend(fault: SendFaultInput): void
  clearFaults(): void
  faults(): SendFaultInput[]
  set(change: SwitchesChange): Switches
  switches(): Switches
  /** How fast an accepted message moves on from now. */
  pace(delays: Partial<StatusDelays>): void
  setWebhook(webhook: { url: string; secret: string | null } | null): void
  /** Posts any event to the webhooks: a report for an unknown message, a status out of its order, an unknown name. */
  emit(event: { event: string; eventId?: string | undefined; data?: Record<string, unknown> | undefined }): void
  /** Accepted sends, oldest first. */
  messages(): SentSnapshot[]
  images(): SentSnapshot[]
  /** The bytes WhatsApp fetched; null when it did not, or they have been dropped for want of memory. */
  imageOf(messageId: string): { bytes: Uint8Array; contentType: string } | null
  inbound(): InboundSnapshot[]
  deliveries(): Delivery[]
  /** Requests served, by `METHOD /route`. */
  requests(): Record<string, number>
}

export function createControls({
  sim,
  faults,
  lifecycle,
  webhooks,
}: {
  sim: Sim
  faults: Faults
  lifecycle: Lifecycle
  webhooks: Webhooks
}): Controls {
  const { state } = sim

  function findOutbound(id: string): Outbound {
    const message = state.messagesById.get(id)
    if (message?.direction === 'outbound') return message
    throw new AppError('sandbox.not_found', 'no accepted message has this id')
  }

  const outbound = () =>
    state.messages.filter((message): message is Outbound => message.direction === 'outbound').map(snapshotOf)

  return {
    customerWrites(phone, { text = 'Habari', to, name, at } = {}) {
      const from = parseInput(phoneInput, phone)
      const now = sim.clock.now()
      const conversation = openThread(state, ownSender(sim, to), from, at ?? now, sim.newUuid)
      conversation.name = name ?? conversation.name
      const message: Inbound = {
        direction: 'inbound',
        id: sim.newUuid(),
        conversation,
        createdAt: at ?? now,
        visibleAt: now + sim.switches.listLagMs,
        text,
        wamid: sim.newWamid(),
        receiptAt: null,
      }
      addMessage(state, message, now)
      noteInbound(state, message)
      if (sim.switches.webhookInbound) webhooks.emit(receivedEvent(sim, message))
      return inboundSnapshotOf(message)
    },
    customerReads(messageId) {
      const message = findOutbound(messageId)
      const isNowhere = message.status === 'pending' || message.status === 'failed'
      if (isNowhere) throw new AppError('sandbox.not_readable', `a ${message.status} message cannot be read`)
      lifecycle.report(message, 'read')
    },
    phone(input) {
      const number = parseInput(phoneInput, input)
      return {
        on() {
          const phone = phoneOf(state, number)
          phone.on = true
          lifecycle.phoneCameOn(phone)
        },
        off() {
          phoneOf(state, number).on = false
        },
        reads(yes) {
          phoneOf(state, number).reads = yes
        },
        opensChat(to) {
          const phone = phoneOf(state, number)
          phone.inHand = true
          if (!phone.on || !phone.reads) return
          const sender = ownSender(sim, to)
          for (const message of state.messages) {
            const { conversation } = message
            if (message.direction !== 'outbound' || message.status !== 'delivered') continue
            if (conversation.phone === number && conversation.sender === sender) lifecycle.report(message, 'read')
          }
        },
        registered(yes) {
          phoneOf(state, number).registered = yes
        },
        state: () => phoneSnapshotOf(number, phoneOf(state, number)),
      }
    },
    nextSend: (fault) => faults.push(fault),
    clearFaults: () => faults.clear(),
    faults: () => faults.list(),
    set(change) {
      Object.assign(sim.switches, readChange(change))
      return structuredClone(sim.switches)
    },
    switches: () => structuredClone(sim.switches),
    pace(delays) {
      Object.assign(sim.statusDelays, delays)
    },
    setWebhook(webhook) {
      state.ownWebhook = webhook && { id: sim.newUuid(), appId: sim.appId, ...webhook }
    },
    emit({ event, eventId, data = {} }) {
      const made = newEvent(sim, event, data)
      webhooks.emit(eventId === undefined ? made : { ...made, event_id: eventId })
    },
    messages: outbound,
    images: () => outbound().filter((message) => message.kind === 'image'),
    imageOf(messageId) {
      const { image } = findOutbound(messageId)
      return image?.bytes ? { bytes: image.bytes, contentType: image.contentType } : null
    },
    inbound: () =>
      state.messages.filter((message): message is Inbound => message.direction === 'inbound').map(inboundSnapshotOf),
    deliveries: () => webhooks.deliveries().map((delivery) => ({ ...delivery })),
    requests: () => Object.fromEntries(state.requests),
  }
}

/** The named one of our numbers (inactive ones still receive), or the default one. */
function ownSender({ state }: Sim, named: string | undefined): Sender {
  const number = named === undefined ? undefined : parseInput(phoneInput, named)
  const sender =
    number === undefined
      ? (state.senders.find((one) => one.isDefault) ?? state.senders[0])
      : state.senders.find((one) => one.number === number || one.phoneNumberId === number)
  if (sender) return sender
  throw new AppError('sandbox.no_sender', 'the customer can only write to one of our numbers')
}
