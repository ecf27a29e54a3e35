import { and, eq, inArray, lte, ne, or, sql } from 'drizzle-orm'
import { askBudget, BUDGET_SPENT, type Budget, type BudgetWord, countSend } from './budget.ts'
import { chargeSenders, chooseClaims, isProbe } from './claims.ts'
import { resolveContact, updateConversation } from './conversations.ts'
import type { Db } from './db.ts'
import { doubt, lastAttempt, lastFetch } from './doubt.ts'
import { endProbe, letGo, listDue, soonest } from './due.ts'
import { updateMessage } from './message-changes.ts'
import type { OpenDatabase } from './open.ts'
import { charge, freeAt, type Pace } from './pace.ts'
import { isStatus, prepared, shaped } from './prepared.ts'
import type { AttemptRow, MessageRow } from './records.ts'
import { attempts, conversations, messages, senderPauses } from './schema.ts'
import type { ClosedOutcome, DecideReport, GateVerdict, SendSnapshot, Settlement, Standing } from './sending.ts'
import { applyParked, applySettlement, enqueueInvite, loadSnapshot, loadStanding } from './settlement.ts'

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
   * says wait or whose sender is paused, unless time has run out for them; the window that closes first goes first.
   */
  claimDue(options: {
    now: number
    leaseMs: number
    limit: number
    windowMs: number
    marginMs: number
    /** False while the clock cannot be trusted with ending what waits. */
    mayExpire: boolean
    perSender: Pace
    /** Our numbers. */
    senders: readonly string[]
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
    /** May the newest attempt have arrived against its answer? Then the message is uncertain and is not sent again. */
    doubts(last: AttemptRow, fetchedAt: number | null): boolean
    /** Null for a sender that may send any number. */
    budgetOf(sender: string): Budget | null
    decide(snapshot: SendSnapshot): GateVerdict
    closed(snapshot: SendSnapshot, quiet: boolean): ClosedOutcome
  }): Promise<
    { budget: BudgetWord | null } & (
      | { started: Started; snapshot: SendSnapshot }
      | { verdict: GateVerdict | { kind: 'uncertain' }; closed: ClosedOutcome | null }
    )
  >
  /** Keeps what came of an attempt; an attempt that is not the message's newest changes nothing. */
  settleAttempt(options: {
    messageId: string
    started: Started
    now: number
    facts: AttemptFacts
    karibuConversationId: string | null
    settle(snapshot: Standing): Settlement
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
  /** Nothing of this message's sender goes out for a while; the message itself is left as it is. */
  restSender(options: { messageId: string; now: number; forMs: number; code: string; detail: string }): Promise<void>
  /** When the next thing falls due; undefined when nothing waits. */
  nextDueAt(now: number, mayExpire: boolean): Promise<number | undefined>
}

export function createOutboxStore({ writer, reader }: OpenDatabase, newId: () => string): OutboxStore {
  return {
    claimDue: ({ now, leaseMs, limit, windowMs, marginMs, mayExpire, perSender, senders }) =>
      writer.run(async (db) => {
        const due = await listDue(db, { now, windowMs, marginMs, mayExpire, senders, limit: limit * 4 })
        const chosen = chooseClaims(due, now, perSender).slice(0, limit)
        if (chosen.length === 0) return []
        await chargeSenders(db, chosen, now, perSender)
        const ids = chosen.map((claim) => claim.id)
        const taken = chosen.flatMap((claim) => claim.conversation ?? [])
        const probing = chosen.filter((claim) => isProbe(claim, now)).map((claim) => claim.sender)
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

    // The reader has to fetch its pages anew after every commit, so what was just written is read faster here.
    loadForSend: (messageId) => writer.run((db) => loadSnapshot(db, messageId)),

    beginAttempt: ({
      messageId,
      conversationId,
      now,
      leaseMs,
      perContact,
      mediaUrl,
      doubts,
      budgetOf,
      decide,
      closed,
    }) =>
      writer.run(async (db) => {
        const snapshot = await loadSnapshot(db, messageId)
        // Cancelled, or moved to another contact, since the claim.
        if (snapshot?.message.status !== 'queued' || snapshot.conversation.id !== conversationId) {
          await letGo(db, conversationId, now)
          if (snapshot) await endProbe(db, snapshot.message.sender)
          return { verdict: { kind: 'wait', until: now }, closed: null, budget: null }
        }
        const { message, conversation } = snapshot
        const verdict = decide(snapshot)
        if (verdict.kind !== 'go') {
          const outcome = verdict.kind === 'closed' ? closed(snapshot, verdict.quiet === true) : null
          await updateMessage(db, messageId, { ...changesFor(verdict, outcome), updatedAt: now })
          if (outcome?.invite) await enqueueInvite(db, snapshot, now, newId)
          await letGo(db, conversation.id, now)
          await endProbe(db, message.sender)
          return { verdict, closed: outcome, budget: null }
        }
        const last = await lastAttempt(db, message)
        if (last && doubts(last, await lastFetch(db, last))) {
          await doubt(db, last, now)
          await letGo(db, conversation.id, now)
          await endProbe(db, message.sender)
          return { verdict: { kind: 'uncertain' }, closed: null, budget: null }
        }
        const most = budgetOf(message.sender)
        const budget = most && (await askBudget(db, message.sender, most, now))
        if (budget === 'spent') {
          await letGo(db, conversation.id, now)
          return { verdict: { kind: 'wait', until: now }, closed: null, budget }
        }
        const number = message.attemptCount + 1
        const attemptId = message.id.replace(/^msg_/, 'att_').concat(`_${number}`)
        const begun = {
          id: attemptId,
          message: messageId,
          number,
          startedAt: now,
          mediaUrl,
          window: { closesAt: verdict.closesAt, lastInboundAt: conversation.lastInboundAt },
        }
        await addAttempt(db, begun).execute(begun)
        await updateMessage(db, messageId, {
          status: 'sending',
          reason: null,
          attemptCount: number,
          leaseExpiresAt: now + leaseMs,
          updatedAt: now,
        })
        const paidUntil = charge(conversation.paidUntil, now, 1, perContact)
        await updateConversation(db, conversation.id, {
          busyUntil: now + leaseMs,
          paidUntil,
          nextSendAt: freeAt(paidUntil, perContact),
          ...(message.kind === 'template' && { lastInvitedAt: now }),
        })
        return { started: { attemptId, number }, snapshot, budget }
      }),

    settleAttempt: ({ messageId, started, now, facts, karibuConversationId, settle, decideReport }) =>
      writer.run(async (db) => {
        const snapshot = await loadStanding(db, messageId)
        if (!snapshot) return
        const { message, conversation } = snapshot
        const settlement = settle(snapshot)
        // Anything but a renewed pause shows that the sender works.
        if (snapshot.pause !== null && settlement.pause === null) await endPause(db, message.sender, now)
        if (snapshot.pause !== null) await endProbe(db, message.sender)
        const newest = message.attemptCount === started.number
        // An acceptance counts however late it is told, unless another attempt has begun.
        const waits = ['sending', 'uncertain'].includes(message.status)
        const current = newest && (waits || (settlement.message.messageId != null && !isSettled(message)))
        const karibuId = settlement.message.messageId ?? null
        const finished = { ...facts, finishedAt: now, messageId: karibuId }
        await finishAttempt(db, finished).execute({ ...finished, attempt: started.attemptId })
        if (!current) return
        await applySettlement(db, snapshot, settlement, now, newId)
        await letGo(db, conversation.id, now)
        const { sender, phone, name } = conversation
        const news = karibuConversationId !== null && karibuConversationId !== conversation.karibuId
        if (news && phone !== null)
          await resolveContact(db, { sender, phone, karibuId: karibuConversationId, name }, 'karibu', now, newId)
        if (karibuId === null) return
        await countSend(db, message.sender, now)
        await applyParked(db, karibuId, decideReport, now, newId)
      }),

    failBeforeSending: ({ messageId, now, retryAt, code, detail }) =>
      writer.run(async (db) => {
        const snapshot = await loadStanding(db, messageId)
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
          .where(and(eq(messages.id, messageId), isStatus('queued')))
      }),

    restSender: ({ messageId, now, forMs, code, detail }) =>
      writer.run(async (db) => {
        const snapshot = await loadStanding(db, messageId)
        if (!snapshot) return
        const { message, conversation, pause } = snapshot
        const { sender } = message
        const rest = { pausedAt: pause?.pausedAt ?? now, pausedUntil: now + forMs, probeUntil: 0, code, detail }
        await db
          .insert(senderPauses)
          .values({ sender, ...rest })
          .onConflictDoUpdate({ target: senderPauses.sender, set: rest })
        await letGo(db, conversation.id, now)
      }),

    async nextDueAt(now, mayExpire) {
      const at = await soonest(reader, now, mayExpire)
      return at === undefined ? undefined : Math.max(now, at)
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

/** It works again; but a month's budget is not given back by what was under way when it was spent. */
async function endPause(db: Db, sender: string, now: number): Promise<void> {
  await pauseOver(db).execute({ sender, now })
}

const pauseOver = prepared((db) =>
  db
    .delete(senderPauses)
    .where(
      and(
        eq(senderPauses.sender, sql.placeholder('sender')),
        or(ne(senderPauses.code, BUDGET_SPENT), lte(senderPauses.pausedUntil, sql.placeholder('now'))),
      ),
    )
    .prepare(),
)
const addAttempt = shaped((db, attempt: typeof attempts.$inferInsert) => db.insert(attempts).values(attempt).prepare())
const finishAttempt = shaped((db, change: Partial<AttemptRow>) =>
  db
    .update(attempts)
    .set(change)
    .where(eq(attempts.id, sql.placeholder('attempt')))
    .prepare(),
)

function isSettled({ messageId }: MessageRow): boolean {
  return messageId !== null
}
