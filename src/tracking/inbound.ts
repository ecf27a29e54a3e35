import type { Activity } from '../activity.ts'
import { type Clock, MINUTE } from '../clock.ts'
import { forLog } from '../errors.ts'
import type { KaribuInbound } from '../intake/deliveries.ts'
import { type KaribuClient, PAGE_SIZE } from '../karibu/client.ts'
import { isRefusal } from '../karibu/sender-probe.ts'
import type { ListItem } from '../karibu/wire.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop, type LoopOptions } from '../loop.ts'
import { INBOUND_REFUSED } from '../store/inbound-refusal.ts'
import type { ConversationRow } from '../store/records.ts'
import type { TrackingStore } from '../store/tracking.ts'
import { WINDOW_MS } from '../window/window.ts'
import { createContacts } from './contacts.ts'
import { inboundOf } from './inbound-message.ts'
import type { SenderName } from './senders.ts'
import { createSetAside } from './set-aside.ts'

export interface InboundDeps {
  karibu: KaribuClient
  store: Pick<TrackingStore, 'findCursor' | 'saveCursor'>
  /** Keeps the message and lets go what waits for it; knows a repeated one. */
  take(inbound: KaribuInbound): Promise<unknown>
  senderName: SenderName
  clock: Clock
  activity: Activity
  passed?: LoopOptions['passed']
  log: Log
  pollEveryMs: number
}

/** Karibu does not let us read what customers write, so windows stay closed that are open. */
export interface InboundRefusal {
  detail: string
  since: number
}

export interface Inbound {
  poller: Loop
  /** Null while Karibu's list of customers' messages can be read. */
  refusal(): InboundRefusal | null
  /** Asks for this contact's last message now: our record says closed, Karibu may know better. False when it has nothing to say. */
  refreshWindow(conversation: ConversationRow): Promise<boolean>
}

const CURSOR = 'karibu.inbound.since'
/** Pages shift while messages arrive, and clocks differ: each poll reads this much again and knows what it has seen. */
const OVERLAP_MS = 2 * MINUTE
const MAX_PAGES = 100
const REMEMBER = 5000

/** Customers' messages from Karibu's list: the documented way, since no webhook for them is documented. */
export function createInbound(deps: InboundDeps): Inbound {
  const { karibu, store, clock, log } = deps
  const seen = new Set<string>()
  const contacts = createContacts(deps)
  const setAside = createSetAside(store, clock, log)
  let refusal: InboundRefusal | null = null
  let keptSince: string | undefined

  async function take(item: ListItem, history = false): Promise<void> {
    if (seen.has(item.id) || item.is_outbound === true) return
    const contact = await contacts.of(item)
    if (contact) await deps.take(inboundOf(item, contact, history))
    else log.warn({ item: item.id }, 'inbound.contact_unknown')
    if (seen.size >= REMEMBER) seen.clear()
    seen.add(item.id)
  }

  /** One message that cannot be taken now must not keep back those after it. */
  async function takeOrSetAside(item: ListItem, history: boolean): Promise<void> {
    try {
      await take(item, history)
    } catch (error) {
      log.warn({ item: item.id, ...forLog(error) }, 'inbound.set_aside')
      await setAside.add(item, history)
    }
  }

  async function readAll(since: number): Promise<ListItem[]> {
    const items = new Map<string, ListItem>()
    for (let page = 0; page < MAX_PAGES; page++) {
      const list = await karibu.listMessages({ direction: 'inbound', since, offset: page * PAGE_SIZE })
      for (const item of list.items) items.set(item.id, item)
      const unread = list.count - list.items.length
      if (unread > 0) log.error({ unread }, 'inbound.items_not_understood')
      if (list.count < PAGE_SIZE) return oldestFirst([...items.values()])
    }
    log.error({ pages: MAX_PAGES }, 'inbound.list_too_long')
    return oldestFirst([...items.values()])
  }

  async function pass(): Promise<number> {
    const saved = Number((await store.findCursor(CURSOR)) ?? Number.NaN)
    // The first time, the messages that may still hold a window open.
    const first = Number.isNaN(saved)
    const since = first ? clock.now() - WINDOW_MS : saved - OVERLAP_MS
    await setAside.retry(take)
    const items = await readAll(since)
    // The cursor moves only after all is kept or set aside: a crash in between reads the rest again.
    for (const item of items) await takeOrSetAside(item, first)
    const newest = Math.min(items.at(-1)?.created_at ?? (first ? since : saved), clock.now())
    if (newest !== saved) await store.saveCursor(CURSOR, String(newest))
    return deps.pollEveryMs
  }

  /** Also for those who read what is held beside this process. */
  async function refused(now: InboundRefusal | null): Promise<void> {
    const since = now === null ? '' : String(now.since)
    if (since !== keptSince) await store.saveCursor(INBOUND_REFUSED, since)
    keptSince = since
    refusal = now
  }

  async function watchedPass(): Promise<number> {
    try {
      const delay = await pass()
      await refused(null)
      return delay
    } catch (error) {
      if (isRefusal(error)) {
        if (!refusal)
          log.error({ detail: error.message, hint: 'held receipts wait for this: check the key' }, 'inbound.refused')
        await refused({ detail: error.message, since: refusal?.since ?? clock.now() })
      }
      throw error
    }
  }

  return {
    poller: createLoop({ ...deps, name: 'inbound-poller', retryMs: deps.pollEveryMs, pass: watchedPass }),
    refusal: () => refusal,
    async refreshWindow(conversation) {
      let asked = false
      const threads = conversation.phone
        ? (await karibu.findConversations(conversation.phone)).items
        : [await karibu.getConversation(conversation.karibuId ?? '')]
      for (const thread of threads) {
        if (!thread || thread.window?.open === false) continue
        asked = true
        const contact = await contacts.keep(thread)
        if (contact?.sender !== conversation.sender) continue
        // `window.open` alone may come of a template of ours; only a message of the customer's counts.
        const since = clock.now() - WINDOW_MS
        const { items } = await karibu.listMessages({ direction: 'inbound', since, conversationId: thread.id })
        for (const item of oldestFirst(items)) await takeOrSetAside(item, false)
      }
      return asked
    },
  }
}

function oldestFirst(items: ListItem[]): ListItem[] {
  return items.toSorted((a, b) => a.created_at - b.created_at)
}
