import type { Activity } from '../activity.ts'
import { type Clock, MINUTE } from '../clock.ts'
import type { KaribuInbound } from '../intake/intake.ts'
import { isObject } from '../karibu/answers.ts'
import { type KaribuClient, PAGE_SIZE } from '../karibu/client.ts'
import type { Conversation, ListItem } from '../karibu/wire.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { ConversationRow } from '../store/records.ts'
import type { TrackingStore } from '../store/tracking.ts'
import { WINDOW_MS } from '../window/window.ts'
import type { SenderName } from './senders.ts'

export interface InboundDeps {
  karibu: KaribuClient
  store: Pick<TrackingStore, 'findCursor' | 'saveCursor'>
  /** Keeps the message and lets go what waits for it; knows a repeated one. */
  take(inbound: KaribuInbound): Promise<unknown>
  senderName: SenderName
  clock: Clock
  activity: Activity
  log: Log
  pollEveryMs: number
}

export interface Inbound {
  poller: Loop
  /** Asks for this contact's last message now: our record says closed, Karibu may know better. */
  refreshWindow(conversation: ConversationRow): Promise<void>
}

const CURSOR = 'karibu.inbound.since'
/** Pages shift while messages arrive, and clocks differ: each poll reads this much again and knows what it has seen. */
const OVERLAP_MS = 2 * MINUTE
const MAX_PAGES = 50
const REMEMBER = 5000

/** Customers' messages from Karibu's list: the documented way, since no webhook for them is documented. */
export function createInbound(deps: InboundDeps): Inbound {
  const { karibu, store, clock } = deps
  const seen = new Set<string>()
  const contacts = new Map<string, KaribuInbound['contact']>()

  async function contactOf(item: ListItem): Promise<KaribuInbound['contact'] | null> {
    if (item.conversation_id === null) return null
    const known = contacts.get(item.conversation_id)
    if (known) return known
    const thread = await karibu.getConversation(item.conversation_id)
    return thread && keepContact(thread)
  }

  async function keepContact(thread: Conversation): Promise<KaribuInbound['contact'] | null> {
    const sender = await deps.senderName(thread.sender_id)
    if (sender === null) return null
    const phone = thread.recipient_phone?.replace(/\D/g, '') || null
    const contact = { sender, phone, karibuId: thread.id, name: thread.contact_profile_name }
    if (contacts.size >= REMEMBER) contacts.clear()
    contacts.set(thread.id, contact)
    return contact
  }

  async function take(item: ListItem, history = false): Promise<void> {
    if (seen.has(item.id) || item.is_outbound === true) return
    const contact = await contactOf(item)
    if (contact) {
      await deps.take({
        id: item.id,
        contact,
        message: {
          from: contact.phone === null ? null : { raw: contact.phone, e164: contact.phone, problem: null },
          to: contact.sender,
          conversationId: contact.karibuId,
          messageId: item.message_id ?? item.id,
          text: textOf(item.content),
          name: contact.name,
          receivedAt: item.created_at,
        },
        history,
        body: Buffer.from(JSON.stringify(item)),
      })
    } else {
      deps.log.warn({ item: item.id }, 'inbound.contact_unknown')
    }
    if (seen.size >= REMEMBER) seen.clear()
    seen.add(item.id)
  }

  async function readAll(since: number): Promise<ListItem[]> {
    const items = new Map<string, ListItem>()
    for (let page = 0; page < MAX_PAGES; page++) {
      const list = await karibu.listMessages({ direction: 'inbound', since, offset: page * PAGE_SIZE })
      for (const item of list) items.set(item.id, item)
      if (list.length < PAGE_SIZE) break
    }
    return [...items.values()].toSorted((a, b) => a.created_at - b.created_at)
  }

  async function pass(): Promise<number> {
    const saved = Number((await store.findCursor(CURSOR)) ?? Number.NaN)
    // The first time, the messages that may still hold a window open.
    const first = Number.isNaN(saved)
    const since = first ? clock.now() - WINDOW_MS : saved - OVERLAP_MS
    const items = await readAll(since)
    // The cursor moves only after all is kept: a crash in between reads the rest again.
    for (const item of items) await take(item, first)
    const newest = Math.min(items.at(-1)?.created_at ?? (first ? since : saved), clock.now())
    if (newest !== saved) await store.saveCursor(CURSOR, String(newest))
    return deps.pollEveryMs
  }

  const { activity, log, pollEveryMs } = deps
  return {
    poller: createLoop({ name: 'inbound-poller', clock, activity, log, retryMs: pollEveryMs, pass }),
    async refreshWindow(conversation) {
      const threads = conversation.phone
        ? await karibu.findConversations(conversation.phone)
        : [await karibu.getConversation(conversation.karibuId ?? '')]
      for (const thread of threads) {
        if (!thread || thread.window?.open === false) continue
        const contact = await keepContact(thread)
        if (contact?.sender !== conversation.sender) continue
        // `window.open` alone may come of a template of ours; only a message of the customer's counts.
        const since = clock.now() - WINDOW_MS
        const items = await karibu.listMessages({ direction: 'inbound', since, conversationId: thread.id })
        for (const item of items.toSorted((a, b) => a.created_at - b.created_at)) await take(item)
      }
    },
  }
}

/** What a customer wrote; the content of inbound messages is not documented, so the likely places are tried. */
function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content
  if (!isObject(content)) return null
  for (const key of ['body', 'text', 'title', 'caption']) {
    const value = content[key]
    if (typeof value === 'string') return value.slice(0, 4096)
    if (isObject(value)) return textOf(value)
  }
  return null
}
