import { and, count, desc, eq, gte, inArray, sql } from 'drizzle-orm'
import type { OpenDatabase } from './open.ts'
import { openRow, prepared, shaped } from './prepared.ts'
import type { MediaRow } from './records.ts'
import { media, mediaFetches, messages } from './schema.ts'

/** The images given out, and who fetched them; their bytes are files. */
export interface MediaStore {
  /** False when its message is gone: then nobody wants it. */
  addMedia(row: MediaRow): Promise<boolean>
  latestMedia(messageId: string): Promise<MediaRow | undefined>
  findMedia(token: string): Promise<MediaRow | undefined>
  addFetch(fetch: { token: string; at: number; method: string; userAgent: string | null }): Promise<void>
  /** Whether anybody fetched one of these images since then: evidence that a send was taken on. */
  fetchedSince(tokens: string[], at: number): Promise<boolean>
}

const latestOf = prepared((db) =>
  db
    .select()
    .from(media)
    .where(eq(media.message, sql.placeholder('message')))
    .orderBy(desc(media.createdAt))
    .limit(1)
    .prepare(),
)
const pictureOf = prepared((db) =>
  db
    .update(messages)
    .set({ mediaToken: sql`${sql.placeholder('token')}` })
    .where(eq(messages.id, sql.placeholder('message')))
    .returning({ id: messages.id })
    .prepare(),
)
/** Of one image, in one way. */
const FETCHES_AT_MOST = 100
const fetchCount = prepared((db) =>
  db
    .select({ count: count() })
    .from(mediaFetches)
    .where(and(eq(mediaFetches.token, sql.placeholder('token')), eq(mediaFetches.method, sql.placeholder('method'))))
    .prepare(),
)
const fetchedAgain = prepared((db) =>
  db
    .update(mediaFetches)
    .set({ at: sql`${sql.placeholder('at')}` })
    .where(
      sql`${mediaFetches.id} = (select max(id) from media_fetches where token = ${sql.placeholder('token')} and method = ${sql.placeholder('method')})`,
    )
    .prepare(),
)
const addFetchRow = shaped((db, fetch: typeof mediaFetches.$inferInsert) =>
  db.insert(mediaFetches).values(fetch).prepare(),
)
const addPicture = prepared((db) => db.insert(media).values(openRow(media)).prepare())
const mediaOf = prepared((db) =>
  db
    .select()
    .from(media)
    .where(eq(media.token, sql.placeholder('token')))
    .limit(1)
    .prepare(),
)

export function createMediaStore({ writer, reader }: OpenDatabase): MediaStore {
  return {
    addMedia: (row) =>
      writer.run(async (db) => {
        const wanted = await pictureOf(db).execute({ token: row.token, message: row.message })
        if (wanted.length > 0) await addPicture(db).execute({ ...row })
        return wanted.length > 0
      }),

    async latestMedia(messageId) {
      const [row] = await latestOf(reader).execute({ message: messageId })
      return row
    },

    async findMedia(token) {
      const [row] = await mediaOf(reader).execute({ token })
      return row
    },

    addFetch: (fetch) =>
      writer.run(
        async (db) => {
          const { token, method, at } = fetch
          const [row] = await fetchCount(db).execute({ token, method })
          // Whoever has an image's address may fetch it without end; of that, only when it was last is worth anything.
          if ((row?.count ?? 0) >= FETCHES_AT_MOST) await fetchedAgain(db).execute({ token, method, at })
          else await addFetchRow(db, fetch).execute({ ...fetch })
        },
        { patient: true },
      ),

    async fetchedSince(tokens, at) {
      const rows = await reader
        .select({ id: mediaFetches.id })
        .from(mediaFetches)
        .where(and(inArray(mediaFetches.token, tokens), gte(mediaFetches.at, at)))
        .limit(1)
      return rows.length > 0
    },
  }
}
