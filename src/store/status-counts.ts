import { and, count, gte, inArray, lt, type SQL } from 'drizzle-orm'
import type { Db } from './db.ts'
import { messages } from './schema.ts'
import { idsSince } from './search.ts'
import { MESSAGE_STATUSES, type MessageStatus } from './words.ts'

export interface StatusCount {
  status: MessageStatus
  count: number
}

/** Of nearly all messages the id alone tells that they are newer: the index holds it, and their rows need not be read. */
export async function countByStatus(db: Db, since: number): Promise<StatusCount[]> {
  const { from, sure } = idsSince('msg', since)
  const newer = await countOf(db, MESSAGE_STATUSES, gte(messages.id, sure))
  const near = and(gte(messages.id, from), lt(messages.id, sure), gte(messages.createdAt, since))
  const counts = new Map(newer.map((row) => [row.status, row.count]))
  for (const row of await countOf(db, MESSAGE_STATUSES, near)) {
    counts.set(row.status, (counts.get(row.status) ?? 0) + row.count)
  }
  return [...counts].map(([status, total]) => ({ status, count: total }))
}

export async function countOf(db: Db, statuses: readonly MessageStatus[], also?: SQL): Promise<StatusCount[]> {
  return db
    .select({ status: messages.status, count: count() })
    .from(messages)
    .where(and(inArray(messages.status, [...statuses]), also))
    .groupBy(messages.status)
}
