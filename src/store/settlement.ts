import { and, eq, gte, inArray, sql } from 'drizzle-orm'
import { updateConversation } from './conversations.ts'
import type { Db } from './db.ts'
import { insertOnce } from './effects.ts'
import { updateMessage } from './message-changes.ts'
import { prepared } from './prepared.ts'
import type { MessageRow, StatusReportRow } from './records.ts'
import { addDoubt } from './restored.ts'
import { attempts, conversations, mediaFetches, messages, orders, senderPauses, statusReports } from './schema.ts'
import type { DecideReport, ReportSnapshot, SendSnapshot, Settlement, Standing } from './sending.ts'
import type { MessageStatus } from './words.ts'

const standingOf = prepared((db) =>
  db
    .select({ message: messages, conversation: conversations, pause: senderPauses })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .where(eq(messages.id, sql.placeholder('id')))
    .limit(1)
    .prepare(),
)
const snapshotOf = prepared((db) =>
  db
    .select({ message: messages, conversation: conversations, state: orders.state, pause: senderPauses })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(orders, and(eq(orders.shop, messages.shop), eq(orders.orderId, messages.orderId)))
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .where(eq(messages.id, sql.placeholder('id')))
    .limit(1)
    .prepare(),
)
const reportsOf = prepared((db) =>
  db
    .select()
    .from(statusReports)
    .where(eq(statusReports.messageId, sql.placeholder('id')))
    .prepare(),
)
const fetchesOf = prepared((db) =>
  db
    .select({ id: mediaFetches.id })
    .from(mediaFetches)
    .where(
      and(
        eq(mediaFetches.token, sql.placeholder('token')),
        gte(mediaFetches.at, sql.placeholder('since')),
        eq(mediaFetches.method, 'GET'),
      ),
    )
    .limit(1)
    .prepare(),
)
const attemptOf = prepared((db) =>
  db
    .select()
    .from(attempts)
    .where(eq(attempts.messageId, sql.placeholder('id')))
    .limit(1)
    .prepare(),
)

export async function loadStanding(db: Db, messageId: string): Promise<Standing | undefined> {
  const [row] = await standingOf(db).execute({ id: messageId })
  return row
}

export async function loadSnapshot(db: Db, messageId: string): Promise<SendSnapshot | undefined> {
  const [row] = await snapshotOf(db).execute({ id: messageId })
  if (!row) return undefined
  const { message, conversation, state: order, pause } = row
  return { message, conversation, order, pause, invitesTo: await heldStatus(db, message) }
}

const INVITATION = 'invite:'

async function heldStatus(db: Db, { kind, effectKey }: MessageRow): Promise<MessageStatus | null> {
  if (kind !== 'template' || !effectKey.startsWith(INVITATION)) return null
  const id = effectKey.slice(INVITATION.length)
  const [held] = await db.select({ status: messages.status }).from(messages).where(eq(messages.id, id)).limit(1)
  return held?.status ?? null
}

/** Applies a settlement to its message, conversation and sender; also used when a failure is reported later. */
export async function applySettlement(
  db: Db,
  { message, conversation }: Standing,
  settlement: Settlement,
  now: number,
  newId: () => string,
): Promise<void> {
  await updateMessage(db, message.id, { ...settlement.message, leaseExpiresAt: null, updatedAt: now })
  if (settlement.doubtSince !== undefined) {
    const number = message.attemptCount + 1
    await addDoubt(db, { message: message.id, number, since: settlement.doubtSince, now, mediaUrl: null })
    await updateMessage(db, message.id, { attemptCount: number })
  }
  if (Object.keys(settlement.conversation).length > 0)
    await updateConversation(db, conversation.id, { ...settlement.conversation, updatedAt: now })
  if (settlement.closed?.invite) await enqueueInvite(db, { message, conversation }, now, newId)
  if (settlement.pause) {
    await db
      .insert(senderPauses)
      .values({ sender: message.sender, ...settlement.pause })
      .onConflictDoUpdate({ target: senderPauses.sender, set: settlement.pause })
  }
}

/**
 * The invitation is a message of its own; its effect key makes it once per held message. While an earlier one to the
 * contact has not gone out yet, that one speaks for both.
 */
export async function enqueueInvite(
  db: Db,
  { message, conversation }: Pick<Standing, 'message' | 'conversation'>,
  now: number,
  newId: () => string,
): Promise<void> {
  const [waiting] = await db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, conversation.id),
        inArray(messages.status, ['queued', 'sending']),
        eq(messages.kind, 'template'),
      ),
    )
    .limit(1)
  if (waiting) return
  const made = await insertOnce(db, {
    id: newId(),
    effectKey: `${INVITATION}${message.id}`,
    kind: 'template',
    status: 'queued',
    cause: message.cause,
    shop: message.shop,
    orderId: message.orderId,
    orderNumber: message.orderNumber,
    rule: message.rule,
    eventId: message.eventId,
    conversationId: conversation.id,
    sender: message.sender,
    phone: message.phone,
    customerName: message.customerName,
    caption: '',
    template: message.invite,
    whenClosed: 'skip',
    expiresAfterMs: message.createdAt + message.expiresAfterMs - now,
    nextAttemptAt: now,
    createdAt: now,
    updatedAt: now,
  })
  if (!made) return
  await updateConversation(db, conversation.id, { lastInvitedAt: now })
}

/** Reports that came before the answer to their send brought its id. */
export async function applyParked(
  db: Db,
  karibuMessageId: string,
  decide: DecideReport,
  now: number,
  newId: () => string,
): Promise<void> {
  const parked = await reportsOf(db).execute({ id: karibuMessageId })
  for (const report of parked) {
    const snapshot = await loadReported(db, report)
    const settlement = snapshot && decide(snapshot, report)
    if (settlement && Object.keys(settlement.message).length > 0)
      await applySettlement(db, snapshot, settlement, now, newId)
  }
}

/** The message a report speaks of, found by the attempt that brought its id. */
export async function loadReported(
  db: Db,
  { messageId, status }: Pick<StatusReportRow, 'messageId' | 'status'>,
): Promise<ReportSnapshot | undefined> {
  const [attempt] = await attemptOf(db).execute({ id: messageId })
  if (!attempt) return undefined
  const standing = await loadStanding(db, attempt.message)
  if (!standing) return undefined
  const pictureFetched = status === 'failed' && (await wasFetched(db, standing.message, attempt.startedAt))
  return { ...standing, attempt, pictureFetched }
}

async function wasFetched(db: Db, { mediaToken }: MessageRow, since: number): Promise<boolean> {
  if (mediaToken === null) return false
  const fetches = await fetchesOf(db).execute({ token: mediaToken, since })
  return fetches.length > 0
}
