import { eq, gte, lt, or, type SQL, sql } from 'drizzle-orm'
import { events } from './schema.ts'
import { along, given, idsBetween, onlyWhere, type Search, searchBy } from './search.ts'

export interface EventFilter {
  source?: string | undefined
  type?: string | undefined
  /** The order's id or number. */
  order?: string | undefined
  outcome?: 'handled' | 'ignored' | undefined
  since?: number | undefined
  until?: number | undefined
}

const { source, type, orderId, orderNumber, outcome, receivedAt } = events

export function eventSearch(filter: EventFilter): Search {
  return searchBy({
    table: events,
    primary: 'sqlite_autoindex_events_1',
    span: idsBetween('evt', filter),
    filters: [
      given(filter.order, (order) =>
        along(['events_order', eq(orderId, order)], ['events_number', eq(orderNumber, order)]),
      ),
      given(filter.source, (one) => onlyWhere(eq(source, one))),
      given(filter.type, (one) => onlyWhere(eq(type, one))),
      given(filter.outcome, (one) => onlyWhere(eq(outcome, one))),
      given(filter.since, (since) => onlyWhere(gte(receivedAt, since))),
      given(filter.until, (until) => onlyWhere(lt(receivedAt, until))),
    ],
  })
}

/** The source leads to no index: a shop has told more in all than anybody did in the span that is asked for. */
export function eventConditions(filter: EventFilter): (SQL | undefined)[] {
  return [
    given(filter.source, (one) => sql`+${source} = ${one}`),
    given(filter.type, (one) => eq(type, one)),
    given(filter.order, (order) => or(eq(orderId, order), eq(orderNumber, order))),
    given(filter.outcome, (one) => eq(outcome, one)),
    given(filter.since, (since) => gte(receivedAt, since)),
    given(filter.until, (until) => lt(receivedAt, until)),
  ]
}
