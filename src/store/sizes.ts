import { min, type SQLWrapper, sql } from 'drizzle-orm'
import type { OpenDatabase } from './open.ts'
import { confirmations, eventBodies, messages, orders } from './schema.ts'

/** How much there is to go through, for whoever watches long work. */
export interface SizeStore {
  /** What is looked through for a person. */
  countTexts(): Promise<number>
  /** Undefined when there is none. */
  oldestMessageAt(): Promise<number | undefined>
}

const countOf = (table: SQLWrapper) => sql`(select count(*) from ${table})`

export function createSizeStore({ reader }: Pick<OpenDatabase, 'reader'>): SizeStore {
  return {
    async countTexts() {
      const total = sql<number>`${countOf(orders)} + ${countOf(eventBodies)} + ${countOf(confirmations)}`
      const [row] = await reader.select({ total: total.mapWith(Number) }).from(sql`(select 1)`)
      return row?.total ?? 0
    },

    async oldestMessageAt() {
      const [row] = await reader.select({ at: min(messages.createdAt) }).from(messages)
      return row?.at ?? undefined
    },
  }
}
