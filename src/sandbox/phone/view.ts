import { type Gate, gateAt } from '../gates.ts'
import { type Inbound, type Outbound, pairKey, type Sender, type State, type Status } from '../state.ts'

interface BubbleBase {
  id: string
  at: number
}

export type Bubble =
  | (BubbleBase & { kind: 'own'; text: string })
  | (BubbleBase & {
      kind: 'received'
      status: Status
      /** Null for what holds none; `gone` when its bytes have been dropped for want of memory. */
      picture: 'here' | 'gone' | null
      text: string | null
      isTemplate: boolean
      trouble: string | null
    })

export interface ChatView {
  bubbles: Bubble[]
  /** More than are shown. */
  hasOlder: boolean
  /** WhatsApp’s own: what it says holds. */
  window: Gate
  /** The last of the buttons STOP and START that they pressed was STOP. */
  hasStopped: boolean
  phoneOn: boolean
}

const SHOWN = 100

/** What the customer’s phone shows of one of our numbers; what is on its way to the phone stands there too. */
export function chatOf(state: State, sender: Sender, number: string, now: number): ChatView {
  const all = state.messages.filter(
    ({ conversation }) => conversation.phone === number && conversation.sender === sender,
  )
  const lastInboundAt = state.lastInbound.get(pairKey(sender, number)) ?? null
  return {
    bubbles: all
      .slice(-SHOWN)
      .map((message) => (message.direction === 'inbound' ? own(message) : received(state, message))),
    hasOlder: all.length > SHOWN,
    window: gateAt(lastInboundAt, now),
    hasStopped: all.findLast(isStopOrStart)?.text === 'STOP',
    phoneOn: state.phones.get(number)?.on ?? true,
  }
}

function isStopOrStart(message: State['messages'][number]): message is Inbound {
  return message.direction === 'inbound' && (message.text === 'STOP' || message.text === 'START')
}

function own({ id, text, createdAt: at }: Inbound): Bubble {
  return { kind: 'own', id, text, at }
}

function received(state: State, message: Outbound): Bubble {
  const { id, status, image, template } = message
  const hasArrived = status === 'delivered' || status === 'read'
  const text = template ? templateText(state, template) : (message.caption ?? message.body)
  return {
    kind: 'received',
    id,
    at: message.deliveredAt ?? message.createdAt,
    status,
    picture: image && hasArrived ? (image.bytes ? 'here' : 'gone') : null,
    text,
    isTemplate: template !== null,
    trouble: status === 'failed' ? `${message.errorCode}: ${message.errorMessage}` : null,
  }
}

function templateText(state: State, { name, variables }: NonNullable<Outbound['template']>): string {
  const known = state.templates.find((one) => one.name === name)?.text
  if (known == null) return [name, ...Object.entries(variables).map(([key, value]) => `${key}: ${value}`)].join('\n')
  return known.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, key: string) => variables[key] ?? whole)
}

export interface ChatRow {
  lastText: string | null
  lastAt: number | null
  unread: number
  window: Gate
  phoneOn: boolean
}

/** One line of the list: the newest thing that happened in any of the customer’s chats. */
export function rowOf(state: State, number: string, now: number): ChatRow {
  const mine = state.messages.filter(({ conversation }) => conversation.phone === number)
  const arrived = mine.filter(
    (one) => one.direction === 'inbound' || one.status === 'delivered' || one.status === 'read',
  )
  const last = arrived.at(-1)
  const writtenAt = state.senders.flatMap((sender) => state.lastInbound.get(pairKey(sender, number)) ?? [])
  return {
    lastText: last === undefined ? null : last.direction === 'inbound' ? last.text : (last.caption ?? last.body ?? ''),
    lastAt: last?.createdAt ?? null,
    unread: arrived.filter((one) => one.direction === 'outbound' && one.status === 'delivered').length,
    window: gateAt(writtenAt.length === 0 ? null : Math.max(...writtenAt), now),
    phoneOn: state.phones.get(number)?.on ?? true,
  }
}
