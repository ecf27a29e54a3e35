import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import type { ConversationRow, MessageRow, SenderPauseRow } from '../../src/store/records.ts'
import { conversations, messages, senderPaces, senderPauses } from '../../src/store/schema.ts'
import type { Settlement } from '../../src/store/sending.ts'
import { WINDOW_MS } from '../../src/window/window.ts'
import { aConversationRow, aMessageRow, aPauseRow, NOW, SENDER } from '../support/rows.ts'

const LEASE = 2 * MINUTE
const OTHER_SENDER = '255700000002'

interface Stored {
  conversations?: (Partial<ConversationRow> & { id: string })[]
  messages?: (Partial<MessageRow> & { id: string })[]
  pause?: Partial<SenderPauseRow>
}

async function anOutbox(stored: Stored) {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-outbox-'))
  const database = openDatabase(join(folder, 'risiti.db'))
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await database.writer.run(async (db) => {
    for (const one of stored.conversations ?? []) {
      await db.insert(conversations).values(aConversationRow({ phone: one.id, ...one }))
    }
    for (const one of stored.messages ?? [])
      await db.insert(messages).values(aMessageRow({ effectKey: one.id, ...one }))
    if (stored.pause) await db.insert(senderPauses).values(aPauseRow(stored.pause))
  })
  const store = createOutboxStore(database, () => 'msg_new')
  return {
    store,
    rest: (sender: string, nextSendAt: number) =>
      database.writer.run(async (db) => {
        await db.insert(senderPaces).values({ sender, paidUntil: nextSendAt, nextSendAt })
      }),
    claim: (at: number, senders: string[] = []) =>
      store.claimDue({
        now: at,
        leaseMs: LEASE,
        limit: 10,
        windowMs: WINDOW_MS,
        marginMs: MINUTE,
        mayExpire: true,
        perSender: FREE,
        senders,
      }),
    async send(messageId: string, conversationId: string, at: number, settlement: Partial<Settlement>) {
      const begun = await store.beginAttempt({
        messageId,
        conversationId,
        now: at,
        leaseMs: LEASE,
        perContact: FREE,
        mediaUrl: null,
        doubts: () => false,
        budgetOf: () => null,
        decide: () => ({ kind: 'go', closesAt: null }),
        closed: () => ({ status: 'held', reason: 'window_closed', expiresAt: null, invite: false }),
      })
      if (!('started' in begun)) throw new Error('was not begun')
      await store.settleAttempt({
        messageId,
        started: begun.started,
        now: at,
        facts: { httpStatus: null, requestId: null, result: 'later', code: null, detail: null },
        karibuConversationId: null,
        settle: () => ({ message: {}, conversation: {}, pause: null, closed: null, ...settlement }),
        decideReport: () => ({ message: {}, conversation: {}, pause: null, closed: null }),
      })
    },
    pauses: () => database.reader.select().from(senderPauses),
  }
}

/** No pace at all. */
const FREE = { everyMs: 0, burst: 1 }

const three = ['a', 'b', 'c']
const THREE: Stored = {
  conversations: three.map((id) => ({ id: `cnv_${id}` })),
  messages: three.map((id) => ({ id: `msg_${id}`, conversationId: `cnv_${id}` })),
}

describe('claims', () => {
  test('one message of each conversation, and none of one that has another in hand', async () => {
    const { claim } = await anOutbox({
      ...THREE,
      messages: [...(THREE.messages ?? []), { id: 'msg_d', conversationId: 'cnv_a' }],
    })
    expect((await claim(NOW)).toSorted()).toEqual(['msg_a', 'msg_b', 'msg_c'])
    expect(await claim(NOW)).toEqual([])
  })

  test('the window that closes first goes first, and closed ones last', async () => {
    const { claim } = await anOutbox({
      conversations: [
        { id: 'cnv_a', lastInboundAt: NOW - MINUTE },
        { id: 'cnv_b', lastInboundAt: NOW - 10 * MINUTE },
        { id: 'cnv_c', lastInboundAt: null },
      ],
      messages: THREE.messages ?? [],
    })
    expect(await claim(NOW)).toEqual(['msg_b', 'msg_a', 'msg_c'])
  })

  test('a window about to close goes first, however many wait longer than its message does', async () => {
    const crowd = Array.from({ length: 600 }, (_, index) => String(index).padStart(3, '0'))
    const { claim } = await anOutbox({
      conversations: [
        ...crowd.map((id) => ({ id: `cnv_${id}`, lastInboundAt: NOW - 60 * MINUTE })),
        { id: 'cnv_late', lastInboundAt: NOW - WINDOW_MS + 5 * MINUTE },
      ],
      messages: [
        ...crowd.map((id, index) => ({
          id: `msg_${id}`,
          conversationId: `cnv_${id}`,
          nextAttemptAt: NOW - 1000 + index,
        })),
        { id: 'msg_late', conversationId: 'cnv_late', nextAttemptAt: NOW },
      ],
    })
    const claimed = await claim(NOW)
    expect(claimed).toHaveLength(10)
    expect(claimed[0]).toBe('msg_late')
    expect(claimed.slice(1)).toEqual(crowd.slice(0, 9).map((id) => `msg_${id}`))
  })

  test('behind a crowd that may not go yet, what may is found, and the rest is looked for again soon', async () => {
    const crowd = Array.from({ length: 600 }, (_, index) => String(index).padStart(3, '0'))
    const { claim, store } = await anOutbox({
      conversations: [...crowd.map((id) => ({ id: `cnv_${id}`, busyUntil: NOW + MINUTE })), { id: 'cnv_free' }],
      messages: [
        ...crowd.map((id) => ({ id: `msg_${id}`, conversationId: `cnv_${id}`, nextAttemptAt: NOW - 1000 })),
        { id: 'msg_free', conversationId: 'cnv_free', nextAttemptAt: NOW },
      ],
    })
    expect(await claim(NOW)).toEqual(['msg_free'])
    const next = await store.nextDueAt(NOW, true)
    expect(next).toBeGreaterThan(NOW)
    expect(next).toBeLessThanOrEqual(NOW + SECOND)
  })

  test('while none of our numbers may send, nothing is looked for', async () => {
    const { claim, rest } = await anOutbox(THREE)
    await rest(SENDER, NOW + SECOND)
    expect(await claim(NOW, [SENDER])).toEqual([])
    expect(await claim(NOW + SECOND, [SENDER])).toHaveLength(3)
  })
})

describe('a sender that rested', () => {
  const PAUSED: Stored = { ...THREE, pause: { pausedUntil: NOW, pausedAt: NOW - MINUTE } }

  test('nothing of it is claimed before its time, and what other senders have goes on', async () => {
    const { claim, store } = await anOutbox({
      conversations: [...(THREE.conversations ?? []), { id: 'cnv_o', sender: OTHER_SENDER }],
      messages: [...(THREE.messages ?? []), { id: 'msg_o', conversationId: 'cnv_o', sender: OTHER_SENDER }],
      pause: { pausedUntil: NOW + MINUTE },
    })
    expect(await claim(NOW)).toEqual(['msg_o'])
    expect(await store.nextDueAt(NOW, true)).toBe(NOW + MINUTE)
  })

  test('while it rests, only what has run out of time is taken, to be put where it belongs', async () => {
    const template = { kind: 'template' as const, expiresAfterMs: MINUTE }
    const closed = NOW - WINDOW_MS + MINUTE
    const { claim } = await anOutbox({
      conversations: [
        { id: 'cnv_open', lastInboundAt: closed + 1 },
        { id: 'cnv_closed', lastInboundAt: closed },
        { id: 'cnv_never', lastInboundAt: null },
        { id: 'cnv_refused', closedVerdictAt: NOW },
        { id: 'cnv_old', lastInboundAt: null },
        { id: 'cnv_young', lastInboundAt: null },
      ],
      messages: [
        ...['open', 'closed', 'never', 'refused'].map((id) => ({ id: `msg_${id}`, conversationId: `cnv_${id}` })),
        { id: 'msg_old', conversationId: 'cnv_old', ...template, createdAt: NOW - MINUTE },
        { id: 'msg_young', conversationId: 'cnv_young', ...template, createdAt: NOW - MINUTE + 1 },
      ],
      pause: { pausedUntil: NOW + MINUTE },
    })
    expect((await claim(NOW)).toSorted()).toEqual(['msg_closed', 'msg_never', 'msg_old', 'msg_refused'])
  })

  test('one message tries whether it works again; the others wait for what comes of it', async () => {
    const { claim, store } = await anOutbox(PAUSED)
    expect(await claim(NOW)).toHaveLength(1)
    expect(await claim(NOW + SECOND)).toEqual([])
    expect(await store.nextDueAt(NOW + SECOND, true)).toBe(NOW + LEASE)
  })

  test('when it works, all the others go', async () => {
    const { claim, send, pauses } = await anOutbox(PAUSED)
    const [probe = ''] = await claim(NOW)
    await send(probe, probe.replace('msg', 'cnv'), NOW, { message: { status: 'pending', messageId: 'karibu-1' } })
    expect(await pauses()).toEqual([])
    expect(await claim(NOW)).toHaveLength(2)
  })

  test('when it does not, it rests on, and then another single one tries', async () => {
    const { claim, send, pauses } = await anOutbox(PAUSED)
    const [probe = ''] = await claim(NOW)
    const pause = { pausedAt: NOW - MINUTE, pausedUntil: NOW + MINUTE, code: 'karibu.unreachable', detail: null }
    const message = { status: 'queued' as const, nextAttemptAt: pause.pausedUntil }
    await send(probe, probe.replace('msg', 'cnv'), NOW, { message, pause })
    expect(await pauses()).toMatchObject([{ ...pause, probeUntil: 0 }])
    expect(await claim(NOW + SECOND)).toEqual([])
    expect(await claim(NOW + MINUTE)).toHaveLength(1)
  })

  test('a probe whose picture could not be made lets another try', async () => {
    const { claim, store } = await anOutbox(PAUSED)
    const [probe = ''] = await claim(NOW)
    const fault = { now: NOW, retryAt: NOW + MINUTE, code: 'risiti.image_failed', detail: '' }
    await store.failBeforeSending({ messageId: probe, ...fault })
    expect(await claim(NOW)).toHaveLength(1)
  })

  test('a probe that was never heard of again blocks for no longer than its lease', async () => {
    const { claim } = await anOutbox(PAUSED)
    await claim(NOW)
    expect(await claim(NOW + LEASE)).toHaveLength(1)
  })
})
