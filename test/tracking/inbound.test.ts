import { describe, expect, test } from 'vitest'
import { createActivity } from '../../src/activity.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { KaribuInbound } from '../../src/intake/deliveries.ts'
import { type KaribuClient, PAGE_SIZE } from '../../src/karibu/client.ts'
import type { Conversation, ListItem } from '../../src/karibu/wire.ts'
import { createInbound } from '../../src/tracking/inbound.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { aConversationRow, NOW, SENDER } from '../support/rows.ts'

const POLL_EVERY = 30 * SECOND
const PHONE = '255712345678'

const item = (id: string, change: Partial<ListItem> = {}): ListItem => ({
  id,
  message_id: `wamid.${id}`,
  conversation_id: 'thread-1',
  is_outbound: false,
  message_type: 'text',
  content: { body: 'Habari' },
  created_at: NOW,
  ...change,
})
const thread = (id: string, change: Partial<Conversation> = {}): Conversation => ({
  id,
  sender_id: SENDER,
  recipient_phone: `+${PHONE}`,
  contact_profile_name: 'Neema',
  window: null,
  ...change,
})

interface Told {
  /** Newest first, as Karibu lists them; an error stands for a list that cannot be had. */
  list: ListItem[] | Error
  /** How many items of each page we cannot read, by page. */
  unreadable: number[]
  threads: Record<string, Conversation | Error>
  /** Ids whose taking fails. */
  poison: string[]
  cursors: Map<string, string>
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** The poller on a Karibu that answers as `told` says, which a test may change on the way. */
function aPoller(change: Partial<Told> = {}) {
  const told: Told = {
    list: [],
    unreadable: [],
    threads: { 'thread-1': thread('thread-1') },
    poison: [],
    cursors: new Map(),
    ...change,
  }
  const clock = createFakeClock(NOW)
  const asked: { since: number; offset: number }[] = []
  const taken: KaribuInbound[] = []
  const logged: string[] = []
  let looked = 0
  const karibu = {
    async listMessages({ since, offset = 0 }) {
      asked.push({ since, offset })
      if (told.list instanceof Error) throw told.list
      const unreadable = told.unreadable[offset / PAGE_SIZE] ?? 0
      const sent = told.list.filter(({ created_at }) => created_at >= since).slice(offset, offset + PAGE_SIZE)
      return { items: sent.slice(unreadable), count: sent.length }
    },
    async getConversation(id) {
      looked++
      const found = told.threads[id]
      if (found instanceof Error) throw found
      return found ?? null
    },
    async findConversations() {
      const items = Object.values(told.threads).filter((one): one is Conversation => !(one instanceof Error))
      return { items, count: items.length }
    },
  } as Partial<KaribuClient> as KaribuClient
  const note = (_fields: object, name: string) => void logged.push(name)
  const inbound = createInbound({
    karibu,
    store: {
      findCursor: async (name) => told.cursors.get(name),
      saveCursor: async (name, value) => void told.cursors.set(name, value),
    },
    async take(one) {
      if (told.poison.includes(one.id)) throw new Error('cannot be taken')
      taken.push(one)
    },
    senderName: async (id) => id,
    clock,
    activity: createActivity(),
    log: { info() {}, warn: note, error: note },
    pollEveryMs: POLL_EVERY,
  })
  return {
    told,
    inbound,
    clock,
    asked,
    taken,
    logged,
    ids: () => taken.map(({ id }) => id),
    cursor: () => Number(told.cursors.get('karibu.inbound.since')),
    threadsAsked: () => looked,
    /** The first pass. */
    async start() {
      inbound.poller.start()
      await settled()
    },
    async moveTo(ms: number) {
      clock.moveTo(NOW + ms)
      await settled()
    },
    async end() {
      await inbound.poller.stop()
    },
  }
}

describe('what is taken', () => {
  test('the first look goes back as far as a window may still be open, and waits for no answer', async () => {
    const { start, end, asked, taken, cursor } = aPoller({ list: [item('b'), item('a', { created_at: NOW - HOUR })] })
    await start()
    expect(asked).toEqual([{ since: NOW - DAY, offset: 0 }])
    expect(taken.map(({ id, history }) => ({ id, history }))).toEqual([
      { id: 'a', history: true },
      { id: 'b', history: true },
    ])
    expect(cursor()).toBe(NOW)
    await end()
  })

  test('each message comes once, oldest first, with whose it is', async () => {
    const { told, start, moveTo, end, ids, taken } = aPoller()
    await start()
    told.list = [item('b', { created_at: NOW + 2 }), item('a', { created_at: NOW + 1 })]
    await moveTo(POLL_EVERY)
    await moveTo(2 * POLL_EVERY)
    expect(ids()).toEqual(['a', 'b'])
    expect(taken[0]).toMatchObject({
      contact: { sender: SENDER, phone: PHONE, karibuId: 'thread-1', name: 'Neema' },
      message: { from: { e164: PHONE }, to: SENDER, messageId: 'wamid.a', text: 'Habari', receivedAt: NOW + 1 },
      history: false,
    })
    await end()
  })

  test('what we wrote ourselves is no message of the customer’s', async () => {
    const { start, end, ids } = aPoller({ list: [item('a', { is_outbound: true }), item('b', { is_outbound: null })] })
    await start()
    expect(ids()).toEqual(['b'])
    await end()
  })

  test('a thread is asked for once, however many messages it has', async () => {
    const { start, end, ids, threadsAsked } = aPoller({ list: [item('c'), item('b'), item('a')] })
    await start()
    expect(ids()).toHaveLength(3)
    expect(threadsAsked()).toBe(1)
    await end()
  })

  test('a message of a thread Karibu does not know is left with a line in the log', async () => {
    const list = [item('a'), item('b', { conversation_id: 'gone' }), item('c', { conversation_id: null })]
    const { start, end, ids, logged } = aPoller({ list })
    await start()
    expect(ids()).toEqual(['a'])
    expect(logged).toEqual(['inbound.contact_unknown', 'inbound.contact_unknown'])
    await end()
  })
})

describe('a message that cannot be taken', () => {
  test('keeps no other one back, and is taken as soon as it can be', async () => {
    const { told, start, moveTo, end, ids, cursor } = aPoller({
      list: [item('c'), item('poison', { created_at: NOW - 1 }), item('a', { created_at: NOW - 2 })],
      poison: ['poison'],
    })
    await start()
    expect(ids()).toEqual(['a', 'c'])
    expect(cursor()).toBe(NOW)
    told.list = [item('d', { created_at: NOW + HOUR })]
    await moveTo(HOUR)
    expect(ids()).toEqual(['a', 'c', 'd'])
    told.poison = []
    await moveTo(2 * HOUR)
    expect(ids()).toEqual(['a', 'c', 'd', 'poison'])
    await end()
  })

  test('keeps no other one back because its thread cannot be asked for', async () => {
    const list = [item('b'), item('a', { conversation_id: 'thread-2' })]
    const threads = { 'thread-1': thread('thread-1'), 'thread-2': new Error('500') }
    const { told, start, moveTo, end, ids, taken } = aPoller({ list, threads })
    await start()
    expect(ids()).toEqual(['b'])
    told.threads['thread-2'] = thread('thread-2', { recipient_phone: '255787654321' })
    await moveTo(MINUTE)
    expect(ids()).toEqual(['b', 'a'])
    expect(taken[1]).toMatchObject({ contact: { phone: '255787654321' }, history: true })
    await end()
  })

  test('is not taken a second time when the list shows it again after all', async () => {
    const { told, start, moveTo, end, ids } = aPoller({ list: [item('a')], poison: ['a'] })
    await start()
    told.poison = []
    await moveTo(POLL_EVERY)
    await moveTo(HOUR)
    expect(ids()).toEqual(['a'])
    await end()
  })

  test('outlives a restart', async () => {
    const first = aPoller({ list: [item('a')], poison: ['a'] })
    await first.start()
    await first.end()
    const second = aPoller({ cursors: first.told.cursors })
    await second.moveTo(HOUR)
    await second.start()
    expect(second.ids()).toEqual(['a'])
    await second.end()
  })
})

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => item(`m${index}`, { created_at: NOW - index }))

describe('pages', () => {
  test.each([0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE])(
    'all of %i messages are read',
    async (count) => {
      const { start, end, ids } = aPoller({ list: many(count) })
      await start()
      expect(ids()).toEqual(
        many(count)
          .map(({ id }) => id)
          .toReversed(),
      )
      await end()
    },
  )

  test('a page with items we cannot read is not taken for the last', async () => {
    const { start, end, ids, asked, logged } = aPoller({ list: many(PAGE_SIZE + 5), unreadable: [3] })
    await start()
    expect(asked.map(({ offset }) => offset)).toEqual([0, PAGE_SIZE])
    expect(ids()).toHaveLength(PAGE_SIZE + 2)
    expect(logged).toEqual(['inbound.items_not_understood'])
    await end()
  })

  test('nor is one of which we can read nothing', async () => {
    const { start, end, ids } = aPoller({ list: many(PAGE_SIZE + 5), unreadable: [PAGE_SIZE] })
    await start()
    expect(ids()).toHaveLength(5)
    await end()
  })
})

describe('the cursor', () => {
  test('each look reads two minutes again: pages shift and clocks differ', async () => {
    const { start, moveTo, end, asked, cursor } = aPoller({ list: [item('a', { created_at: NOW - HOUR })] })
    await start()
    expect(cursor()).toBe(NOW - HOUR)
    await moveTo(POLL_EVERY)
    expect(asked.at(-1)?.since).toBe(NOW - HOUR - 2 * MINUTE)
    await end()
  })

  test('it stays while nothing comes, so that a list that lags loses nothing', async () => {
    const { start, moveTo, end, cursor } = aPoller()
    await start()
    const before = cursor()
    await moveTo(HOUR)
    expect(cursor()).toBe(before)
    await end()
  })

  test('a message from the future does not carry it past those of today', async () => {
    const { told, start, moveTo, end, ids, cursor } = aPoller({ list: [item('a', { created_at: NOW + DAY })] })
    await start()
    expect(cursor()).toBe(NOW)
    told.list = [item('a', { created_at: NOW + DAY }), item('b', { created_at: NOW + 1 })]
    await moveTo(POLL_EVERY)
    expect(ids()).toEqual(['a', 'b'])
    await end()
  })

  test('a list that cannot be had moves nothing, and the first look stays the first', async () => {
    const { told, start, moveTo, end, asked, taken, cursor } = aPoller({ list: new Error('down') })
    await start()
    expect(cursor()).toBeNaN()
    told.list = [item('a')]
    await moveTo(POLL_EVERY)
    expect(asked.at(-1)?.since).toBe(NOW + POLL_EVERY - DAY)
    expect(taken).toMatchObject([{ id: 'a', history: true }])
    await end()
  })

  test('a message that failed does not hold it', async () => {
    const { start, end, cursor } = aPoller({ list: [item('a')], poison: ['a'] })
    await start()
    expect(cursor()).toBe(NOW)
    await end()
  })
})

describe('asking for one contact’s last message', () => {
  const conversation = aConversationRow({ phone: PHONE })

  test('takes what the list of its thread shows', async () => {
    const { inbound, ids } = aPoller({ list: [item('b'), item('a')] })
    await inbound.refreshWindow(conversation)
    expect(ids().toSorted()).toEqual(['a', 'b'])
  })

  test('asks nothing more where Karibu says closed, or the thread is another sender’s', async () => {
    const closed = thread('thread-1', { window: { open: false } })
    const others = thread('thread-2', { sender_id: '255700000009' })
    const { inbound, asked } = aPoller({ threads: { 'thread-1': closed, 'thread-2': others } })
    await inbound.refreshWindow(conversation)
    expect(asked).toEqual([])
  })

  test('a message that cannot be taken keeps no newer one back', async () => {
    const list = [item('b'), item('poison', { created_at: NOW - HOUR })]
    const { inbound, ids } = aPoller({ list, poison: ['poison'] })
    await inbound.refreshWindow(conversation).catch(() => undefined)
    expect(ids()).toEqual(['b'])
  })
})
