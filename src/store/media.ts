import { and, desc, eq, gte } from 'drizzle-orm'
import type { OpenDatabase } from './open.ts'
import type { MediaRow } from './records.ts'
import { media, mediaFetches, messages } from './schema.ts'

/** The images given out, and who fetched them; their bytes are files. */
export interface MediaStore {
  /** False when its message is gone: then nobody wants it. */
  addMedia(row: MediaRow): Promise<boolean>
  latestMedia(messageId: string): Promise<MediaRow | undefined>
  findMedia(token: string): Promise<MediaRow | undefined>
  addFetch(fetch: { token: string; at: number; method: string; userAgent: string | null }): Promise<void>
  /** Whether anybody fetched the image since then: evidence that its send was taken on. */
  fetchedSince(token: string, at: number): Promise<boolean>
}

export function createMediaStore({ writer, reader }: OpenDatabase): MediaStore {
  return {
    addMedia: (row) =>
      writer.run(async (db) => {
        const wanted = await db
          .update(messages)
          .set({ mediaToken: row.token })
          .where(eq(messages.id, row.message))
          .returning({ id: messages.id })
        if (wanted.length > 0) await db.insert(media).values(row)
        return wanted.length > 0
      }),

    async latestMedia(messageId) {
      const [row] = await reader
        .select()
        .from(media)
        .where(eq(media.message, messageId))
        .orderBy(desc(media.createdAt))
        .limit(1)
      return row
    },

    async findMedia(token) {
      const [row] = await reader.select().from(media).where(eq(media.token, token)).limit(1)
      return row
    },

    addFetch: (fetch) =>
      writer.run(async (db) => {
        await db.insert(mediaFetches).values(fetch)
      }),

    async fetchedSince(token, at) {
      const rows = await reader
        .select({ id: mediaFetches.id })
        .from(mediaFetches)
        .where(and(eq(mediaFetches.token, token), gte(mediaFetches.at, at)))
        .limit(1)
      return rows.length > 0
    },
  }
}
