import { eq, gte, lt, type SQL } from 'drizzle-orm'
import { messages } from './schema.ts'
import { along, given, holdsText, idsBetween, onlyWhere, type Search, searchBy } from './search.ts'
import type { MessageStatus } from './words.ts'

export interface MessageFilter {
  status?: MessageStatus[] | undefined
  shop?: string | undefined
  /** The order's id or number. */
  order?: string | undefined
  /** Digits. */
  to?: string | undefined
  rule?: string | undefined
  errorCode?: string | undefined
  since?: number | undefined
  until?: number | undefined
  /** Part of an order number, a phone or a name. */
  q?: string | undefined
}

const { status, shop, orderId, orderNumber, phone, rule, errorCode, createdAt, customerName } = messages

export function messageSearch(filter: MessageFilter): Search {
  return searchBy({
    table: messages,
    primary: 'sqlite_autoindex_messages_1',
    span: idsBetween('msg', filter),
    filters: [
      given(filter.order, (order) =>
        along(['messages_order', eq(orderId, order)], ['messages_number', eq(orderNumber, order)]),
      ),
      given(filter.to, (to) => along(['messages_phone', eq(phone, to)])),
      given(filter.errorCode, (code) => along(['messages_error', eq(errorCode, code)])),
      given(filter.status, (some) =>
        along(...[...new Set(some)].map((one): [string, SQL] => ['messages_status', eq(status, one)])),
      ),
      given(filter.shop, (one) => along(['messages_shop', eq(shop, one)])),
      // Most messages are of one rule, so an index would cost more than it finds.
      given(filter.rule, (name) => onlyWhere(eq(rule, name))),
      given(filter.since, (since) => onlyWhere(gte(createdAt, since))),
      given(filter.until, (until) => onlyWhere(lt(createdAt, until))),
      given(filter.q, (q) => onlyWhere(holdsText([orderNumber, phone, customerName], q))),
    ],
  })
}
