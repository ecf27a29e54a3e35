import { and, eq, gte } from 'drizzle-orm'
import type { Db } from './db.ts'
import { insertOnce } from './effects.ts'
import type { MessageRow } from './records.ts'
import { addDoubt } from './restored.ts'
import { attempts, conversations, mediaFetches, messages, orders, senderPauses, statusReports } from './schema.ts'
import type { DecideReport, ReportSnapshot, SendSnapshot, Settlement } from './sending.ts'

export async function loadSnapshot(db: Db, messageId: string): Promise<SendSnapshot | undefined> {
  const [row] = await db
    .select({ message: messages, conversation: conversations, state: orders.state, pause: senderPauses })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(orders, and(eq(orders.shop, messages.shop), eq(orders.orderId, messages.orderId)))
    .leftJoin(senderPauses, eq(senderPauses.sender, messages.sender))
    .where(eq(messages.id, messageId))
    .limit(1)
  return row && { message: row.message, conversation: row.conversation, order: row.state, pause: row.pause }
}

/** Applies a settlement to its message, conversation and sender; also used when a failure is reported later. */
export async function applySettlement(
  db: Db,
  { message, conversation }: SendSnapshot,
  settlement: Settlement,
  now: number,
  newId: () => string,
): Promise<void> {
  await db
    .update(messages)
    .set({ ...settlement.message, leaseExpiresAt: null, updatedAt: now })
    .where(eq(messages.id, message.id))
  if (settlement.doubtSince !== undefined) {
    const number = message.attemptCount + 1
    await addDoubt(db, { message: message.id, number, since: settlement.doubtSince, now, mediaUrl: null })
    await db.update(messages).set({ attemptCount: number }).where(eq(messages.id, message.id))
  }
  if (Object.keys(settlement.conversation).length > 0) {
    await db
      .update(conversations)
      .set({ ...settlement.conversation, updatedAt: now })
      .where(eq(conversations.id, conversation.id))
  }
  if (settlement.closed?.invite) await enqueueInvite(db, { message, conversation }, now, newId)
  if (settlement.pause) {
    await db
      .insert(senderPauses)
      .values({ sender: message.sender, ...settlement.pause })
      .onConflictDoUpdate({ target: senderPauses.sender, set: settlement.pause })
  }
}

/** The invitation is a message of its own; its effect key makes it once per held message. */
export async function enqueueInvite(
  db: Db,
  { message, conversation }: Pick<SendSnapshot, 'message' | 'conversation'>,
  now: number,
  newId: () => string,
): Promise<void> {
  const made = await insertOnce(db, {
    id: newId(),
    effectKey: `invite:${message.id}`,
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
    expiresAfterMs: message.expiresAfterMs,
    nextAttemptAt: now,
    createdAt: now,
    updatedAt: now,
  })
  if (!made) return
  await db.update(conversations).set({ lastInvitedAt: now }).where(eq(conversations.id, conversation.id))
}

/** Reports that came before the answer to their send brought its id. */
export async function applyParked(
  db: Db,
  karibuMessageId: string,
  decide: DecideReport,
  now: number,
  newId: () => string,
): Promise<void> {
  const parked = await db.select().from(statusReports).where(eq(statusReports.messageId, karibuMessageId))
  for (const report of parked) {
    const snapshot = await loadReported(db, karibuMessageId)
    const settlement = snapshot && decide(snapshot, report)
    if (settlement && Object.keys(settlement.message).length > 0)
      await applySettlement(db, snapshot, settlement, now, newId)
  }
}

/** The message a report speaks of, found by the attempt that brought its id. */
export async function loadReported(db: Db, karibuMessageId: string): Promise<ReportSnapshot | undefined> {
  const [attempt] = await db.select().from(attempts).where(eq(attempts.messageId, karibuMessageId)).limit(1)
  if (!attempt) return undefined
  const snapshot = await loadSnapshot(db, attempt.message)
  return snapshot && { ...snapshot, attempt, pictureFetched: await wasFetched(db, snapshot.message, attempt.startedAt) }
}

async function wasFetched(db: Db, { mediaToken }: MessageRow, since: number): Promise<boolean> {
  if (mediaToken === null) return false
  const fetches = await db
    .select({ id: mediaFetches.id })
    .from(mediaFetches)
    .where(and(eq(mediaFetches.token, mediaToken), gte(mediaFetches.at, since), eq(mediaFetches.method, 'GET')))
    .limit(1)
  return fetches.length > 0
}
