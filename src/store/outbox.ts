import { and, asc, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { resolveContact } from './conversations.ts'
import type { Db } from './db.ts'
import type { OpenDatabase } from './open.ts'
import { allowance, charge, freeAt, type Pace } from './pace.ts'
import type { AttemptRow, MessageRow } from './records.ts'
import { attempts, conversations, counters, messages, senderPaces, senderPauses } from './schema.ts'
import type { ClosedOutcome, DecideReport, GateVerdict, SendSnapshot, Settlement } from './sending.ts'
import { applyParked, applySettlement, enqueueInvite, loadSnapshot } from './settlement.ts'

/** A message about to be sent, after its attempt was written. */
export interface Started {
  attemptId: string
  number: number
}

export interface AttemptFacts {
  httpStatus: number | null
  requestId: string | null
  result: NonNullable<AttemptRow['result']>
  code: string | null
  detail: string | null
}

export interface OutboxStore {
  /**
   * Leases due messages: at most one per conversation and none of a conversation that has one in hand, whose pace
   * says wait or whose sender is paused; the window that closes first goes first.
   */
  claimDue(options: {
    now: number
    leaseMs: number
    limit: number
    windowMs: number
    perSender: Pace
  }): Promise<string[]>
  loadForSend(messageId: string): Promise<SendSnapshot | undefined>
  /**
   * The last look before the request: decides on what is stored at this instant, and either writes the attempt (then
   * the request may be made) or applies what the verdict says and lets the conversation go.
   */
  beginAttempt(options: {
    messageId: string
    /** The conversation it was claimed in. */
    conversationId: string
    now: number
    leaseMs: number
    perContact: Pace
    mediaUrl: string | null
    decide(snapshot: SendSnapshot): GateVerdict
    closed(snapshot: SendSnapshot, quiet: boolean): ClosedOutcome
  }): Promise<{ started: Started; snapshot: SendSnapshot } | { verdict: GateVerdict; closed: ClosedOutcome | null }>
  /** Keeps what came of an attempt; an attempt that is not the message's newest changes nothing. */
  settleAttempt(options: {
    messageId: string
    started: Started
    now: number
    facts: AttemptFacts
    karibuConversationId: string | null
    settle(snapshot: SendSnapshot): Settlement
    /** For reports that came before the answer did. */
    decideReport: DecideReport
  }): Promise<void>
  /** Ends a lease without an attempt: the image could not be made. */
  failBeforeSending(options: {
    messageId: string
    now: number
    /** Null fails it for good. */
    retryAt: number | null
    code: string
    detail: string
  }): Promise<void>
  /** Nothing of this message's sender goes out for a while; the message itself waits unharmed. */
  restSender(options: { messageId: string; now: number; forMs: number; code: string; detail: string }): Promise<void>
  /** When the next thing falls due; undefined when nothing waits. */
  nextDueAt(now: number): Promise<number | undefined>
}

export function createOutboxStore({ writer, reader }: OpenDatabase, newId: () => string): OutboxStore {
  return {
    claimDue: ({ now, leaseMs, limit, windowMs, perSender }) =>
      writer.run(async (db) => {
        const due = await db
          .select({
            id: messages.id,
            conversation: messages.conversationId,
            sender: messages.sender,
            paused: senderPauses.sender,
            paidUntil: senderPaces.paidUntil,
          })
          .from(messages)
          .innerJoin(conversations, eq(conversations.id, messages.conversationId))
          .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
          .leftJoin(senderPaces, eq(senderPaces.sender, messages.sender))
          .where(
            and(
              eq(messages.status, 'queued'),
              or(isNull(senderPaces.sender), lte(senderPaces.nextSendAt, now)),
              lte(messages.nextAttemptAt, now),
              lte(conversations.busyUntil, now),
              lte(conversations.nextSendAt, now),
              or(
                isNull(senderPauses.sender),
                and(lte(senderPauses.pausedUntil, now), lte(senderPauses.probeUntil, now)),
              ),
            ),
          )
          .orderBy(
            // Open windows first, and of those the one that closes first.
            desc(sql`coalesce(${conversations.lastInboundAt}, 0) > ${now - windowMs}`),
            asc(conversations.lastInboundAt),
            asc(messages.nextAttemptAt),
            asc(messages.id),
          )
          .limit(limit * 4)
        const chosen = chooseClaims(due, now, perSender).slice(0, limit)
        if (chosen.length === 0) return []
        await chargeSenders(db, chosen, now, perSender)
        const ids = chosen.map((claim) => claim.id)
        const taken = chosen.flatMap((claim) => claim.conversation ?? [])
        const probing = chosen.flatMap((claim) => claim.paused ?? [])
        await db
          .update(conversations)
          .set({ busyUntil: now + leaseMs })
          .where(inArray(conversations.id, taken))
        if (probing.length > 0) {
          await db
            .update(senderPauses)
            .set({ probeUntil: now + leaseMs })
            .where(inArray(senderPauses.sender, probing))
        }
        return ids
      }),

    loadForSend: (messageId) => loadSnapshot(reader, messageId),

    beginAttempt: ({ messageId, conversationId, now, leaseMs, perContact, mediaUrl, decide, closed }) =>
      writer.run(async (db) => {
        const snapshot = await loadSnapshot(db, messageId)
        // Cancelled, or moved to another contact, since the claim.
        if (snapshot?.message.status !== 'queued' || snapshot.conversation.id !== conversationId) {
          await letGo(db, conversationId, now)
          if (snapshot) await endProbe(db, snapshot.message.sender)
          return { verdict: { kind: 'wait', until: now }, closed: null }
        }
        const { message, conversation } = snapshot
        const verdict = decide(snapshot)
        if (verdict.kind !== 'go') {
          const outcome = verdict.kind === 'closed' ? closed(snapshot, verdict.quiet === true) : null
          await db
            .update(messages)
            .set({ ...changesFor(verdict, outcome), updatedAt: now })
            .where(eq(messages.id, messageId))
          if (outcome?.invite) await enqueueInvite(db, snapshot, now, newId)
          await letGo(db, conversation.id, now)
          await endProbe(db, message.sender)
          return { verdict, closed: outcome }
        }
        const number = message.attemptCount + 1
        const attemptId = message.id.replace(/^msg_/, 'att_').concat(`_${number}`)
        await db.insert(attempts).values({
          id: attemptId,
          message: messageId,
          number,
          startedAt: now,
          mediaUrl,
          window: { closesAt: verdict.closesAt, lastInboundAt: conversation.lastInboundAt },
        })
        await db
          .update(messages)
          .set({ status: 'sending', reason: null, attemptCount: number, leaseExpiresAt: now + leaseMs, updatedAt: now })
          .where(eq(messages.id, messageId))
        const paidUntil = charge(conversation.paidUntil, now, 1, perContact)
        await db
          .update(conversations)
          .set({ busyUntil: now + leaseMs, paidUntil, nextSendAt: freeAt(paidUntil, perContact) })
          .where(eq(conversations.id, conversation.id))
        return { started: { attemptId, number }, snapshot }
      }),

    settleAttempt: ({ messageId, started, now, facts, karibuConversationId, settle, decideReport }) =>
      writer.run(async (db) => {
        const snapshot = await loadSnapshot(db, messageId)
        if (!snapshot) return
        const { message, conversation } = snapshot
        const settlement = settle(snapshot)
        // Anything but a renewed pause shows that the sender works.
        if (settlement.pause === null) await db.delete(senderPauses).where(eq(senderPauses.sender, message.sender))
        await endProbe(db, message.sender)
        const newest = message.attemptCount === started.number
        // An acceptance counts however late it is told, unless another attempt has begun.
        const waits = ['sending', 'uncertain'].includes(message.status)
        const current = newest && (waits || (settlement.message.messageId != null && !isSettled(message)))
        const karibuId = settlement.message.messageId ?? null
        await db
          .update(attempts)
          .set({ ...facts, finishedAt: now, messageId: karibuId })
          .where(eq(attempts.id, started.attemptId))
        if (!current) return
        await applySettlement(db, snapshot, settlement, now, newId)
        await letGo(db, conversation.id, now)
        if (karibuConversationId) {
          const { sender, phone, name } = conversation
          if (phone !== null)
            await resolveContact(db, { sender, phone, karibuId: karibuConversationId, name }, 'karibu', now, newId)
        }
        if (karibuId === null) return
        await countSend(db, message.sender, now)
        await applyParked(db, karibuId, decideReport, now, newId)
      }),

    failBeforeSending: ({ messageId, now, retryAt, code, detail }) =>
      writer.run(async (db) => {
        const snapshot = await loadSnapshot(db, messageId)
        if (!snapshot) return
        await letGo(db, snapshot.conversation.id, now)
        await endProbe(db, snapshot.message.sender)
        const end =
          retryAt === null
            ? { status: 'failed' as const, failedAt: now }
            : { burnedCount: snapshot.message.burnedCount + 1 }
        await db
          .update(messages)
          .set({ ...end, nextAttemptAt: retryAt, errorCode: code, errorDetail: detail, updatedAt: now })
          .where(and(eq(messages.id, messageId), eq(messages.status, 'queued')))
      }),

    restSender: ({ messageId, now, forMs, code, detail }) =>
      writer.run(async (db) => {
        const snapshot = await loadSnapshot(db, messageId)
        if (!snapshot) return
        const { message, conversation, pause } = snapshot
        const until = now + forMs
        const rest = { pausedAt: pause?.pausedAt ?? now, pausedUntil: until, probeUntil: 0, code, detail }
        await db
          .insert(senderPauses)
          .values({ sender: message.sender, ...rest })
          .onConflictDoUpdate({ target: senderPauses.sender, set: rest })
        await db
          .update(messages)
          .set({ nextAttemptAt: until, updatedAt: now })
          .where(and(eq(messages.id, messageId), eq(messages.status, 'queued')))
        await letGo(db, conversation.id, now)
      }),

    async nextDueAt(now) {
      const [due] = await reader
        .select({
          at: sql<
            number | null
          >`min(max(${messages.nextAttemptAt}, ${conversations.busyUntil}, ${conversations.nextSendAt}, coalesce(${senderPaces.nextSendAt}, 0), coalesce(max(${senderPauses.pausedUntil}, ${senderPauses.probeUntil}), 0)))`,
        })
        .from(messages)
        .innerJoin(conversations, eq(conversations.id, messages.conversationId))
        .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
        .leftJoin(senderPaces, eq(senderPaces.sender, messages.sender))
        .where(eq(messages.status, 'queued'))
      const [other] = await reader
        .select({
          uncertain: sql<
            number | null
          >`min(case when ${messages.status} = 'uncertain' then ${messages.nextAttemptAt} end)`,
          held: sql<number | null>`min(case when ${messages.status} = 'held' then ${messages.expiresAt} end)`,
          sending: sql<
            number | null
          >`min(case when ${messages.status} = 'sending' then ${messages.leaseExpiresAt} end)`,
        })
        .from(messages)
        .where(inArray(messages.status, ['uncertain', 'held', 'sending']))
      const times = [due?.at, other?.uncertain, other?.held, other?.sending].filter(
        (at): at is number => typeof at === 'number',
      )
      return times.length === 0 ? undefined : Math.max(now, Math.min(...times))
    },
  }
}

function changesFor(verdict: GateVerdict, closed: ClosedOutcome | null): Partial<MessageRow> {
  if (closed) {
    return { status: closed.status, reason: closed.reason, expiresAt: closed.expiresAt, nextAttemptAt: null }
  }
  if (verdict.kind === 'drop') return { status: verdict.status, reason: verdict.reason, nextAttemptAt: null }
  return verdict.kind === 'wait' ? { nextAttemptAt: verdict.until, reason: verdict.reason ?? null } : {}
}

interface Claim {
  id: string
  conversation: string | null
  sender: string
  /** The sender, if it has been paused: then one message tries it out. */
  paused: string | null
  /** The sender's pace so far; null when it has sent nothing yet. */
  paidUntil: number | null
}

/** The first of each conversation, of each sender that rested only one, and of the others what their pace allows. */
function chooseClaims(due: Claim[], now: number, perSender: Pace): Claim[] {
  const taken = new Set<string | null>()
  const left = new Map<string, number>()
  return due.filter((claim) => {
    const key = claim.paused === null ? claim.conversation : `sender ${claim.sender}`
    const free = left.get(claim.sender) ?? allowance(claim.paidUntil ?? 0, now, perSender)
    if (taken.has(key) || free < 1) return false
    taken.add(key)
    left.set(claim.sender, free - 1)
    return true
  })
}

async function chargeSenders(db: Db, chosen: Claim[], now: number, perSender: Pace): Promise<void> {
  const counts = new Map<string, { count: number; paidUntil: number }>()
  for (const { sender, paidUntil } of chosen) {
    const { count } = counts.get(sender) ?? { count: 0 }
    counts.set(sender, { count: count + 1, paidUntil: paidUntil ?? 0 })
  }
  for (const [sender, { count, paidUntil: before }] of counts) {
    const paidUntil = Math.ceil(charge(before, now, count, perSender))
    const pace = { paidUntil, nextSendAt: Math.ceil(freeAt(paidUntil, perSender)) }
    await db
      .insert(senderPaces)
      .values({ sender, ...pace })
      .onConflictDoUpdate({ target: senderPaces.sender, set: pace })
  }
}

async function letGo(db: Db, conversationId: string, now: number): Promise<void> {
  await db.update(conversations).set({ busyUntil: 0, updatedAt: now }).where(eq(conversations.id, conversationId))
}

async function endProbe(db: Db, sender: string): Promise<void> {
  await db.update(senderPauses).set({ probeUntil: 0 }).where(eq(senderPauses.sender, sender))
}

function isSettled({ messageId }: MessageRow): boolean {
  return messageId !== null
}

async function countSend(db: Db, sender: string, now: number): Promise<void> {
  const month = new Date(now).toISOString().slice(0, 7)
  await db
    .insert(counters)
    .values({ sender, month, sends: 1 })
    .onConflictDoUpdate({ target: [counters.sender, counters.month], set: { sends: sql`${counters.sends} + 1` } })
}
