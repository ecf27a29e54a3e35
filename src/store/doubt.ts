import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Db } from './db.ts'
import type { AttemptRow, MessageRow } from './records.ts'
import { attempts, media, mediaFetches, messages } from './schema.ts'

export async function lastAttempt(db: Db, { id, attemptCount }: MessageRow): Promise<AttemptRow | undefined> {
  if (attemptCount === 0) return undefined
  const [row] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.message, id), eq(attempts.number, attemptCount)))
    .limit(1)
  return row
}

/** When the attempt's picture was last fetched whole by somebody else; null when it never was. */
export async function lastFetch(db: Db, { message, mediaUrl }: AttemptRow): Promise<number | null> {
  if (mediaUrl === null) return null
  const pictures = await db.select({ token: media.token }).from(media).where(eq(media.message, message))
  const tokens = pictures.map(({ token }) => token).filter((token) => mediaUrl.includes(token))
  const [row] = await db
    .select({ at: mediaFetches.at })
    .from(mediaFetches)
    .where(and(inArray(mediaFetches.token, tokens), eq(mediaFetches.method, 'GET')))
    .orderBy(desc(mediaFetches.at))
    .limit(1)
  return row?.at ?? null
}

/** The attempt's answer is not believed any more: its message is looked up like any whose answer was lost. */
export async function doubt(db: Db, attempt: AttemptRow, now: number): Promise<void> {
  const detail = `${attempt.detail ?? 'no reason given'}; yet its picture was fetched after this answer`
  await db.update(attempts).set({ result: 'unknown', detail }).where(eq(attempts.id, attempt.id))
  await db
    .update(messages)
    .set({
      status: 'uncertain',
      reason: 'answer_lost',
      errorCode: attempt.code,
      errorDetail: detail,
      nextAttemptAt: now,
      statusPolls: 0,
      updatedAt: now,
    })
    .where(eq(messages.id, attempt.message))
}
