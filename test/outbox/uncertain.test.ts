import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { PAGE_SIZE } from '../../src/karibu/client.ts'
import type { Conversation, ListItem } from '../../src/karibu/wire.ts'
import { MAX_ATTEMPTS } from '../../src/outbox/settle.ts'
import { createUncertain, type UncertainDeps } from '../../src/outbox/uncertain.ts'
import type { OverdueStore, UncertainMessage } from '../../src/store/overdue.ts'
import type { MessageRow } from '../../src/store/records.ts'
import { aMessageRow, anAttemptRow, NOW } from '../support/rows.ts'

const PUBLIC_URL = 'https://risiti.duka.example'
const URL = `${PUBLIC_URL}/media/9f8e7d6c5b4a39281706.png`
const EARLIER_URL = `${PUBLIC_URL}/media/1111111111111111111.png`

const item = (change: Partial<ListItem> = {}): ListItem => ({
  id: 'karibu-1',
  message_id: null,
  conversation_id: 'thread-1',
  is_outbound: true,
  message_type: 'image',
  content: { media_url: URL },
  created_at: NOW,
  ...change,
})
const thread = (id: string): Conversation => ({
  id,
  sender_id: null,
  recipient_phone: null,
  contact_profile_name: null,
  window: null,
})

interface Told {
  /** What Karibu lists of each thread; an error stands for a list that cannot be had. */
  listed?: ListItem[] | Record<string, ListItem[]> | Error
  /** Further items of each page that we cannot read. */
  unreadable?: number
  threads?: string[]
  unreadableThreads?: number
  known?: string[]
  customerWrote?: boolean
  knownTokens?: string[]
  fetched?: boolean
  message?: Partial<MessageRow>
  karibuId?: string | null
  mediaUrls?: string[]
  /** Looks before this one. */
  lookups?: number
  ageMs?: number
}

type Settled = Parameters<OverdueStore['settleUncertain']>[0]

/** What is decided an hour after the attempt, at the third look, when Karibu tells this. */
async function lookUp(told: Told = {}) {
  const { listed = [], unreadable = 0, threads = ['thread-1'], unreadableThreads = 0, ageMs = HOUR } = told
  const asked: { since: number; conversationId: string | undefined }[] = []
  const settled: Settled[] = []
  const store = {
    knownMessageIds: async () => new Set(told.known),
    knownTokens: async () => new Set(told.knownTokens),
    fetchedSince: async () => told.fetched ?? false,
    settleUncertain: async (one: Settled) => void settled.push(one),
  } as Partial<UncertainDeps['store']> as UncertainDeps['store']
  const settleUncertain = createUncertain({
    store,
    karibu: {
      findConversations: async () => ({ items: threads.map(thread), count: threads.length + unreadableThreads }),
      listMessages: async ({ since, conversationId }) => {
        asked.push({ since, conversationId })
        if (listed instanceof Error) throw listed
        const items = Array.isArray(listed) ? listed : (listed[conversationId ?? ''] ?? [])
        return { items, count: items.length + unreadable }
      },
    },
    statusPollAfterMs: 5 * MINUTE,
    absentAfterMs: 10 * MINUTE,
    publicUrl: PUBLIC_URL,
    decideReport: () => ({ message: {}, conversation: {}, pause: null, closed: null }),
  })
  const uncertain: UncertainMessage = {
    message: aMessageRow({
      status: 'uncertain',
      attemptCount: 1,
      mediaToken: 'token',
      statusPolls: told.lookups ?? 2,
      ...told.message,
    }),
    attempt: anAttemptRow({ messageId: null, mediaUrl: URL, result: 'unknown' }),
    karibuId: told.karibuId ?? null,
    lostSince: NOW,
    customerWrote: told.customerWrote ?? true,
    mediaUrls: told.mediaUrls ?? [URL],
  }
  const verdict = await settleUncertain(uncertain, NOW + ageMs)
  return { kind: verdict.kind, asked, settled: settled[0] }
}

describe('found', () => {
  test('the message with our link is adopted, at the first look', async () => {
    const { kind, settled } = await lookUp({ listed: [item()], lookups: 0, ageMs: 5_000 })
    expect(kind).toBe('adopt')
    expect(settled).toMatchObject({
      adopt: { attemptId: 'att_1_1', karibuMessageId: 'karibu-1' },
      change: { status: 'pending', reason: null, nextAttemptAt: null },
      lookups: 0,
    })
    expect(settled?.change.statusPollAt).toBeLessThanOrEqual(NOW + 5_000 + 10_000)
  })

  test.each(['image', 'IMAGE', 'media', 'document', 'text', 'something_new', '', null])(
    'whatever kind Karibu calls it: %j',
    async (message_type) => {
      expect((await lookUp({ listed: [item({ message_type })] })).kind).toBe('adopt')
    },
  )

  test.each<[string, unknown]>([
    ['deep inside', { image: { source: [{ link: URL }] } }],
    ['as JSON text', JSON.stringify({ link: URL })],
    ['with a query behind it', { link: `${URL}?v=1` }],
  ])('our link %s', async (_name, content) => {
    expect((await lookUp({ listed: [item({ content })] })).kind).toBe('adopt')
  })

  test('an earlier attempt that arrived is this receipt, too', async () => {
    const listed = [item({ content: { link: EARLIER_URL } })]
    expect((await lookUp({ listed, mediaUrls: [EARLIER_URL, URL] })).kind).toBe('adopt')
  })

  test('one that we know already is not taken for the lost one', async () => {
    expect((await lookUp({ listed: [item()], known: ['karibu-1'] })).kind).toBe('requeue')
  })

  test('in whichever of the contact’s threads it stands', async () => {
    const { kind, asked } = await lookUp({ threads: ['thread-1', 'thread-2'], listed: { 'thread-2': [item()] } })
    expect(kind).toBe('adopt')
    expect(asked.map(({ conversationId }) => conversationId)).toEqual(['thread-1', 'thread-2'])
  })

  test('beside others that nobody can name', async () => {
    expect((await lookUp({ listed: [item({ id: 'karibu-2', content: {} }), item()] })).kind).toBe('adopt')
  })

  test('the list is asked from before the attempt, since two clocks never agree', async () => {
    expect((await lookUp()).asked).toEqual([{ since: NOW - 2 * MINUTE, conversationId: 'thread-1' }])
  })
})

describe('absent', () => {
  test('an empty list, late enough and often enough, means it never arrived; that burns a try', async () => {
    const { kind, settled } = await lookUp({ message: { burnedCount: 3 } })
    expect(kind).toBe('requeue')
    expect(settled).toMatchObject({
      adopt: null,
      change: { status: 'queued', reason: null, nextAttemptAt: NOW + HOUR, burnedCount: 4 },
      lookups: 0,
    })
  })

  test('the last try that is lost fails the message', async () => {
    const { settled } = await lookUp({ message: { burnedCount: MAX_ATTEMPTS - 1 } })
    expect(settled?.change).toMatchObject({ status: 'failed', failedAt: NOW + HOUR, nextAttemptAt: null })
  })

  test.each<[string, Told]>([
    ['too early', { ageMs: 10 * MINUTE - 1 }],
    ['at the second look', { lookups: 1 }],
  ])('%s it is looked for again', async (_name, told) => {
    const { kind, settled } = await lookUp(told)
    expect(kind).toBe('look-again')
    expect(settled?.lookups).toBe((told.lookups ?? 2) + 1)
    expect(settled?.change.nextAttemptAt).toBeGreaterThan(NOW + (told.ageMs ?? HOUR))
    expect(settled?.change.status).toBeUndefined()
  })

  test.each(['text', 'Interactive', 'location', 'reaction', 'template'])(
    'a %s of ours to the same contact is not the lost picture',
    async (message_type) => {
      expect((await lookUp({ listed: [item({ message_type, content: { body: 'Habari' } })] })).kind).toBe('requeue')
    },
  )

  test('another picture of ours is not the lost one', async () => {
    const content = { link: `${PUBLIC_URL}/media/0000.png` }
    expect((await lookUp({ listed: [item({ content })] })).kind).toBe('requeue')
  })

  test('a nameless picture that we know as another message of ours is no doubt', async () => {
    expect((await lookUp({ listed: [item({ id: 'known', content: {} })], known: ['known'] })).kind).toBe('requeue')
  })

  test('a lost invitation to who never wrote needs no thread', async () => {
    expect((await lookUp({ threads: [], message: { kind: 'template' }, mediaUrls: [] })).kind).toBe('requeue')
  })
})

describe('in doubt, nothing is sent again', () => {
  test.each<[string, Told]>([
    ['a picture without a link', { listed: [item({ content: {} })] }],
    ['a picture with a media id', { listed: [item({ content: { image: { id: '8841' } } })] }],
    [
      'a picture with another’s link: Karibu may serve ours from its own address',
      { listed: [item({ content: { link: 'https://cdn.briq.example/8841.png' } })] },
    ],
    [
      'a picture whose caption holds a link',
      { listed: [item({ content: { caption: 'Oda yako: https://duka.example/oda/7001', id: '8841' } })] },
    ],
    ['a message of a kind nobody knows', { listed: [item({ message_type: 'media', content: {} })] }],
    ['a message without a kind', { listed: [item({ message_type: null, content: {} })] }],
    ['an item that cannot be read', { unreadable: 1 }],
    ['a page so full that more may follow', { listed: Array.from({ length: PAGE_SIZE }, () => item({ content: {} })) }],
    [
      'a full page of others, for the same reason',
      { listed: Array.from({ length: PAGE_SIZE }, () => item({ message_type: 'text', content: {} })) },
    ],
    ['no thread of a contact who must have one', { threads: [] }],
    ['a thread that cannot be read', { unreadableThreads: 1 }],
    ['a list that cannot be had', { listed: new Error('down') }],
    [
      'a doubt in the other thread',
      { threads: ['thread-1', 'thread-2'], listed: { 'thread-2': [item({ content: {} })] } },
    ],
    ['a contact without a number whose thread is unknown', { message: { phone: null } }],
    ['our picture fetched since', { fetched: true }],
    [
      'a lost invitation beside a template',
      { message: { kind: 'template' }, listed: [item({ message_type: 'template', content: {} })] },
    ],
  ])('%s', async (_name, told) => {
    const { kind, settled } = await lookUp(told)
    expect(kind).toBe('look-again')
    expect(settled?.change.status).toBeUndefined()
  })

  test('a list that lacks the thread we know the contact by', async () => {
    expect((await lookUp({ threads: ['thread-2'], karibuId: 'thread-1' })).kind).toBe('look-again')
  })

  test('a contact without a number is looked for in the thread Karibu knows it by', async () => {
    const told = { message: { phone: null }, karibuId: 'thread-9' }
    expect(await lookUp(told)).toMatchObject({ kind: 'requeue', asked: [{ conversationId: 'thread-9' }] })
    expect((await lookUp({ ...told, listed: { 'thread-9': [item()] } })).kind).toBe('adopt')
  })

  test('after a day a person is asked, and nothing looks again by itself', async () => {
    const { kind, settled } = await lookUp({ listed: [item({ content: {} })], ageMs: 24 * HOUR })
    expect(kind).toBe('give-up')
    expect(settled?.change).toEqual({
      reason: 'needs_a_person',
      nextAttemptAt: null,
      errorDetail: expect.stringMatching(/^look 3: Karibu’s list shows one message .* nobody fetched its picture/),
    })
  })

  test('a list that could not be read is asked for a week', async () => {
    const listed = new Error('down')
    expect((await lookUp({ listed, ageMs: 6 * 24 * HOUR })).kind).toBe('look-again')
    expect((await lookUp({ listed, ageMs: 7 * 24 * HOUR })).kind).toBe('give-up')
  })

  test('a message whose earlier attempt is on the phone is not sent again, though this one never arrived', async () => {
    const { settled } = await lookUp({ message: { attemptCount: 2, deliveredAt: NOW } })
    expect(settled?.change.status).not.toBe('queued')
  })
})

describe('restored from a backup', () => {
  const RESTORED = { reason: 'restored', mediaToken: null }
  const UNKNOWN = `${PUBLIC_URL}/media/made-after-the-backup.png`
  const told = (link: string) => ({ message: RESTORED, listed: [item({ content: { link } })], mediaUrls: [] })

  test('a picture of ours that no row tells of may be this receipt: nothing is sent', async () => {
    expect((await lookUp(told(UNKNOWN))).kind).toBe('look-again')
  })

  test('a picture of another message we know is not this receipt', async () => {
    expect((await lookUp({ ...told(UNKNOWN), knownTokens: ['made-after-the-backup'] })).kind).toBe('requeue')
  })

  test('a customer who never wrote can have got no image, so no thread proves absence', async () => {
    const noThread = { message: RESTORED, threads: [], mediaUrls: [] }
    expect((await lookUp({ ...noThread, customerWrote: false })).kind).toBe('requeue')
    expect((await lookUp({ ...noThread, customerWrote: true })).kind).toBe('look-again')
  })
})
