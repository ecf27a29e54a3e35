import type { Config } from '../config/types.ts'
import { parseMessageFilter, parsePage, type RawFilter } from '../query/filters.ts'
import { parsePhone } from '../shops/phone.ts'
import type { MessageFilter } from '../store/message-search.ts'
import type { ReadStore, ShownMessage } from '../store/reads.ts'
import type { PageRows } from '../store/search.ts'
import { ROWS, readOn } from './read-on.ts'
import { dayStart } from './when.ts'

/** One page of the messages somebody looks for: by an order's number, a phone as people type it, or a name. */
export async function findMessages(
  { store, config }: { store: Pick<ReadStore, 'listMessages'>; config: Config },
  { cursor, ...asked }: RawFilter,
  now: number,
): Promise<PageRows<ShownMessage>> {
  const { before } = parsePage({ cursor })
  const { q, ...filter } = filterOf(asked, config.timezone, now)
  const holds = async (wanted: MessageFilter) =>
    (await store.listMessages(wanted, { before: undefined, limit: 1 })).rows.length > 0
  const found = q === undefined ? {} : await wayTo(q, config, holds)
  return readOn((page) => store.listMessages({ ...filter, ...found }, page), { before, limit: ROWS })
}

/** Days are those of the service's clocks; "until" a day means with it. */
function filterOf(asked: RawFilter, zone: string, now: number): MessageFilter {
  const { since = '', until = '', ...rest } = asked
  const [from, to] = [dayStart(since, zone), dayStart(until, zone, 1)]
  const filter = parseMessageFilter(
    { ...rest, since: from === undefined ? asked.since : undefined, until: to === undefined ? asked.until : undefined },
    now,
  )
  return { ...filter, since: from ?? filter.since, until: to ?? filter.until }
}

/** What is known exactly has an index; only a part of a number or name is looked for row by row. */
export async function wayTo(
  q: string,
  { shops }: Pick<Config, 'shops'>,
  holds: (wanted: MessageFilter) => Promise<boolean>,
): Promise<MessageFilter> {
  for (const to of phonesIn(q, shops)) if (await holds({ to })) return { to }
  return (await holds({ order: q })) ? { order: q } : { q: partOfPhone(q) ?? q }
}

/** The numbers somebody may mean, in the countries of our shops. */
export function phonesIn(q: string, shops: Config['shops']): string[] {
  const countries = [...new Set(Object.values(shops).map(({ country }) => country))]
  const numbers = countries.map((country) => parsePhone(q, country).e164)
  return [...new Set(numbers.filter((number) => number !== null))]
}

/** "0712 345" is stored as 255712345…: without the zero it is a part of it. */
export function partOfPhone(q: string): string | undefined {
  return /^\+?[\d\s().-]{4,}$/.test(q) && /[\s()+]|^0/.test(q) ? q.replace(/\D/g, '').replace(/^0+/, '') : undefined
}
