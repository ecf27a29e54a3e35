import { and, asc, count, desc, eq, gte, inArray, isNull, lt, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { firstIdAt } from '../ids.ts'
import type { OpenDatabase } from './open.ts'
import { events, messages, statusReports } from './schema.ts'
import { idsSince } from './search.ts'
import { countOf, type StatusCount } from './status-counts.ts'
import { MESSAGE_STATUSES, type MessageStatus, UNTOLD_TOPICS } from './words.ts'

export interface FailureCount {
  status: MessageStatus
  /** The error's code, else the reason's; null where neither is kept. */
  code: string | null
  count: number
}

/** What a shop last posted to us by itself. */
export interface LastTold {
  id: string
  source: string
  type: string
  outcome: 'handled' | 'ignored'
  reason: string | null
  receivedAt: number
}

export interface Expiring {
  id: string
  orderNumber: string | null
  customerName: string | null
  shop: string | null
  expiresAt: number
}

/** What the first page of the dashboard asks: each is answered from an index, or of so many rows at most. */
export interface OverviewStore {
  /** By what is in their ids: a moment's row may fall into the hour beside its own. */
  countMade(since: number, until: number): Promise<StatusCount[]>
  /** Of a shop's newest messages since then; `more` when there are others. */
  countOfShop(shop: string, since: number, atMost: number): Promise<{ counts: StatusCount[]; more: boolean }>
  /** When Karibu took the newest delivered ones on, and when they were on the phone. */
  listDeliveryTimes(since: number, atMost: number): Promise<{ acceptedAt: number; deliveredAt: number }[]>
  countExpiring(until: number): Promise<number>
  /** Those that expire first. */
  listExpiring(until: number, limit: number): Promise<Expiring[]>
  /** What did not go out and why, of the newest made since then. */
  countFailures(since: number, atMost: number): Promise<{ counts: FailureCount[]; more: boolean }>
  /** The last of each source among so many events. */
  listLastTold(among: number): Promise<LastTold[]>
  /** When Karibu last reported by webhook, as far as so many reports tell. */
  lastReportedAt(among: number): Promise<number | undefined>
}

const ENDED_BADLY = ['failed', 'skipped', 'expired'] as const
const ARRIVED = ['delivered', 'read'] as const

export function createOverviewStore({ reader }: Pick<OpenDatabase, 'reader'>): OverviewStore {
  return {
    countMade(since, until) {
      const within = and(gte(messages.id, firstIdAt('msg', since)), lt(messages.id, firstIdAt('msg', until)))
      return countOf(reader, MESSAGE_STATUSES, within)
    },

    async countOfShop(shop, since, atMost) {
      const newest = reader
        .select({ status: messages.status })
        .from(messages)
        .where(
          and(eq(messages.shop, shop), gte(messages.id, idsSince('msg', since).from), gte(messages.createdAt, since)),
        )
        .orderBy(desc(messages.id))
        .limit(atMost + 1)
        .as('newest')
      const counts = await reader.select({ status: newest.status, count: count() }).from(newest).groupBy(newest.status)
      const all = counts.reduce((sum, row) => sum + row.count, 0)
      return { counts, more: all > atMost }
    },

    async listDeliveryTimes(since, atMost) {
      const found: { acceptedAt: number; deliveredAt: number }[] = []
      for (const status of ARRIVED) {
        const rows = await reader
          .select({ acceptedAt: messages.acceptedAt, deliveredAt: messages.deliveredAt })
          .from(messages)
          .where(and(eq(messages.status, status), gte(messages.id, idsSince('msg', since).from)))
          .orderBy(desc(messages.id))
          .limit(atMost)
        for (const { acceptedAt, deliveredAt } of rows) {
          if (acceptedAt !== null && deliveredAt !== null) found.push({ acceptedAt, deliveredAt })
        }
      }
      return found
    },

    async countExpiring(until) {
      const [row] = await reader.all<{ count: number }>(sql`select count(*) as count ${heldUntil(until)}`)
      return row?.count ?? 0
    },

    async listExpiring(until, limit) {
      const { id, orderNumber, customerName, shop, expiresAt } = messages
      const first = sql`(select id ${heldUntil(until)} order by ${expiresAt} limit ${limit})`
      const rows = await reader
        .select({ id, orderNumber, customerName, shop, expiresAt })
        .from(messages)
        .where(inArray(id, first))
        .orderBy(asc(expiresAt))
      return rows.map((row) => ({ ...row, expiresAt: row.expiresAt ?? 0 }))
    },

    async countFailures(since, atMost) {
      const counts: FailureCount[] = []
      let more = false
      for (const status of ENDED_BADLY) {
        const code = status === 'failed' ? messages.errorCode : messages.reason
        const newest = reader
          .select({ code })
          .from(messages)
          .where(
            and(
              eq(messages.status, status),
              gte(messages.id, idsSince('msg', since).from),
              gte(messages.createdAt, since),
            ),
          )
          .orderBy(desc(messages.id))
          .limit(atMost)
          .as('newest')
        const rows = await reader.select({ code: newest.code, count: count() }).from(newest).groupBy(newest.code)
        counts.push(...rows.map((row) => ({ status, ...row })))
        if (rows.reduce((sum, row) => sum + row.count, 0) === atMost) more = true
      }
      return { counts: counts.toSorted((a, b) => b.count - a.count), more }
    },

    async listLastTold(among) {
      const newest = reader
        .select({ id: events.id, source: events.source, topic: events.topic })
        .from(events)
        .orderBy(desc(events.id))
        .limit(among)
        .as('newest')
      const last = await reader
        .select({ id: sql<string>`max(${newest.id})` })
        .from(newest)
        .where(or(isNull(newest.topic), notInArray(newest.topic, [...UNTOLD_TOPICS])))
        .groupBy(newest.source)
      return reader
        .select({
          id: events.id,
          source: events.source,
          type: events.type,
          outcome: events.outcome,
          reason: events.reason,
          receivedAt: events.receivedAt,
        })
        .from(events)
        .where(
          inArray(
            events.id,
            last.map(({ id }) => id),
          ),
        )
    },

    async lastReportedAt(among) {
      const newest = reader
        .select({ source: statusReports.source, receivedAt: statusReports.receivedAt })
        .from(statusReports)
        .orderBy(sql`rowid desc`)
        .limit(among)
        .as('newest')
      const [row] = await reader
        .select({ at: sql<number | null>`max(${newest.receivedAt})` })
        .from(newest)
        .where(eq(newest.source, 'webhook'))
      return row?.at ?? undefined
    },
  }
}

/** Left to itself SQLite would read all that is held. */
function heldUntil(until: number): SQL {
  return sql`from ${messages} indexed by messages_expiry where ${messages.status} = 'held' and ${messages.expiresAt} < ${until}`
}
