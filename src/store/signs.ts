import { and, asc, gt, isNull, notInArray, notLike, or } from 'drizzle-orm'
import type { OpenDatabase } from './open.ts'
import { events } from './schema.ts'
import { UNTOLD_TOPICS } from './words.ts'

export interface Sign {
  shop: string
  at: number
}

export interface SignStore {
  /** What shops told by themselves after `after`, the earliest first. */
  listSigns(after: number, limit: number): Promise<Sign[]>
}

export function createSignStore({ reader }: Pick<OpenDatabase, 'reader'>): SignStore {
  return {
    async listSigns(after, limit) {
      return reader
        .select({ shop: events.source, at: events.receivedAt })
        .from(events)
        .where(
          and(
            gt(events.receivedAt, after),
            or(isNull(events.topic), notInArray(events.topic, [...UNTOLD_TOPICS])),
            notLike(events.deliveryKey, 'replay:%'),
          ),
        )
        .orderBy(asc(events.receivedAt))
        .limit(limit)
    },
  }
}
