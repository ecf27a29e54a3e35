import { eq, min } from 'drizzle-orm'
import type { OpenDatabase } from './open.ts'
import type { ApiPauseRow } from './records.ts'
import { apiPauses, events } from './schema.ts'
import { createSignStore, type SignStore } from './signs.ts'

export interface SilenceStore extends SignStore {
  /** When a shop's oldest event that is kept came; undefined when there is none. */
  firstEventAt(shop: string): Promise<number | undefined>
  /** Says that a shop's API refuses us, or with null that it does no longer. */
  setApiPause(shop: string, pause: Omit<ApiPauseRow, 'shop'> | null): Promise<void>
}

export function createSilenceStore({ writer, reader }: OpenDatabase): SilenceStore {
  return {
    ...createSignStore({ reader }),

    async firstEventAt(shop) {
      const [row] = await reader
        .select({ at: min(events.receivedAt) })
        .from(events)
        .where(eq(events.source, shop))
      return row?.at ?? undefined
    },

    setApiPause: (shop, pause) =>
      writer.run(async (db) => {
        if (pause === null) {
          await db.delete(apiPauses).where(eq(apiPauses.shop, shop))
          return
        }
        const { pausedUntil, code, detail } = pause
        await db
          .insert(apiPauses)
          .values({ shop, ...pause })
          .onConflictDoUpdate({ target: apiPauses.shop, set: { pausedUntil, code, detail } })
      }),
  }
}
