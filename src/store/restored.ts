import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from './db.ts'
import { type OpenDatabase, openDatabase } from './open.ts'
import { attempts, conversations, cursors, messages } from './schema.ts'
import type { Gap } from './words.ts'

export interface RestoredStore {
  /** The times this database knows nothing of; empty unless it was restored from a backup. */
  listGaps(): Promise<Gap[]>
}

export interface RestoredCounts {
  /** Messages that may have gone out since the backup. */
  doubted: number
  /** Accepted messages whose status is asked after anew. */
  asked: number
}

const CURSOR = 'restored.gaps'
/** The reason of a message that may have gone out in a time we know nothing of. */
export const RESTORED = 'restored'
/** The code of the attempt that stands for it. */
export const RESTORED_CODE = 'risiti.restored'
/** Statuses are asked after over so many seconds, not all at once. */
const ASK_WITHIN_S = 600

const gaps = z.array(z.object({ from: z.number(), to: z.number() }))

export function createRestoredStore({ reader }: Pick<OpenDatabase, 'reader'>): RestoredStore {
  return { listGaps: () => readGaps(reader) }
}

async function readGaps(db: Db): Promise<Gap[]> {
  const [row] = await db.select({ value: cursors.value }).from(cursors).where(eq(cursors.name, CURSOR)).limit(1)
  return row === undefined ? [] : gaps.parse(JSON.parse(row.value))
}

/** The attempt that may have been made while nobody could remember it: the lookup settles it like a lost answer. */
export async function addDoubt(
  db: Db,
  doubt: { message: string; number: number; since: number; now: number; mediaUrl: string | null },
): Promise<void> {
  const { message, number, since, now, mediaUrl } = doubt
  await db.insert(attempts).values({
    id: message.replace(/^msg_/, 'att_').concat(`_${number}`),
    message,
    number,
    startedAt: since,
    finishedAt: now,
    result: 'unknown',
    code: RESTORED_CODE,
    detail: 'restored from a backup: it may have been sent after the backup was made',
    mediaUrl,
  })
}

/**
 * Brings a copy's tables up to date and makes it doubt what it cannot know: every message that waited may have gone out
 * since, and of what became true in the gap nothing is known.
 */
export async function markRestored(
  file: string,
  { gap, mediaUrlOf }: { gap: Gap; mediaUrlOf(token: string): string },
): Promise<RestoredCounts> {
  const database = openDatabase(file)
  try {
    return await database.writer.run(async (db) => {
      const doubted = await doubtWaiting(db, gap, mediaUrlOf)
      const asked = await db
        .update(messages)
        .set({ statusPollAt: sql`${gap.to} + (rowid % ${ASK_WITHIN_S}) * 1000`, statusPolls: 0 })
        .where(and(inArray(messages.status, ['pending', 'sent', 'delivered']), isNotNull(messages.statusPollAt)))
        .returning({ id: messages.id })
      const value = JSON.stringify([...(await readGaps(db)), gap])
      await db
        .insert(cursors)
        .values({ name: CURSOR, value })
        .onConflictDoUpdate({ target: cursors.name, set: { value } })
      return { doubted, asked: asked.length }
    })
  } finally {
    await database.close()
  }
}

async function doubtWaiting(db: Db, { from, to }: Gap, mediaUrlOf: (token: string) => string): Promise<number> {
  const waiting = await db
    .select()
    .from(messages)
    .where(inArray(messages.status, ['held', 'queued', 'sending', 'uncertain']))
  for (const { id, attemptCount, mediaToken, whenClosed, conversationId } of waiting) {
    const number = attemptCount + 1
    // One that was under way when the copy was made was never heard of again.
    await db
      .update(attempts)
      .set({ result: 'unknown', code: 'risiti.interrupted', finishedAt: to })
      .where(and(eq(attempts.message, id), isNull(attempts.result)))
    // A picture that was ready keeps its address, so a send after the backup can be known by it.
    const mediaUrl = mediaToken === null ? null : mediaUrlOf(mediaToken)
    await addDoubt(db, { message: id, number, since: from, now: to, mediaUrl })
    await db
      .update(messages)
      .set({
        status: 'uncertain',
        reason: RESTORED,
        attemptCount: number,
        nextAttemptAt: to,
        statusPolls: 0,
        leaseExpiresAt: null,
        expiresAt: null,
        updatedAt: to,
      })
      .where(eq(messages.id, id))
    // An invitation may have gone out, too: one a day is enough.
    if (whenClosed === 'invite' && conversationId !== null)
      await db.update(conversations).set({ lastInvitedAt: to }).where(eq(conversations.id, conversationId))
  }
  return waiting.length
}
