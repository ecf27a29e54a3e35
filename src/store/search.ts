import { and, desc, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { MINUTE } from '../clock.ts'
import { firstIdAt, type IdKind } from '../ids.ts'
import type { Db } from './db.ts'
import type { conversations, events, messages } from './schema.ts'

/** Newest first; `before` is where the page before said that this one begins. */
export interface Page {
  before: string | undefined
  limit: number
}

export interface PageRows<Row> {
  rows: Row[]
  /** Where the next page begins, null when nothing is left. A page with few rows, or none, may have a next one. */
  next: string | null
}

/**
 * What is looked for: all filters hold. One that has an index is a way to the rows, along one or several stretches
 * of it. A single filter is answered by its index alone; of several, the best way is taken and its rows are looked at
 * one by one, so many in a page at most that no page costs more than another.
 */
export interface Search {
  table: typeof messages | typeof events | typeof conversations
  ways: Stretch[][]
  /** What rows must hold; undefined when being on the way is all. */
  conditions: SQL | undefined
  span: IdSpan
}

/** Part of an index; `where` gives it a fixed beginning. */
interface Stretch {
  index: string
  where: SQL | undefined
  /** How many entries of it one page looks at. */
  atMost: number
}

interface Filter {
  way: Stretch[] | undefined
  condition: SQL | undefined
}

/** Ids from `from` on and before `to`. */
interface IdSpan {
  from?: string | undefined
  to?: string | undefined
}

/** Rows of one shop or status lie all over the file: each is a page of it to be read. */
const SCATTERED_AT_MOST = 1000
/** All rows in the order they were made lie next to each other. */
const IN_ORDER_AT_MOST = 3000

/**
 * How far the time in an id may be from the time in its row: a row is dated when it is begun and written in its turn,
 * and ids keep their order when the clock is corrected. The row's own time decides; this only bounds the search.
 */
const SLACK_MS = 2 * MINUTE

export function given<T, R>(value: T | undefined, then: (value: T) => R): R | undefined {
  return value === undefined ? undefined : then(value)
}

/** A filter that an index leads to. */
export function along(...stretches: [index: string, where: SQL][]): Filter {
  const atMost = Math.ceil(SCATTERED_AT_MOST / stretches.length)
  return {
    way: stretches.map(([index, where]) => ({ index, where, atMost })),
    condition: or(...stretches.map(([, where]) => where)),
  }
}

/** A filter that only says which rows fit. */
export function onlyWhere(condition: SQL | undefined): Filter {
  return { way: undefined, condition }
}

/** One of the columns holds this text somewhere. */
export function holdsText(columns: SQLiteColumn[], text: string): SQL | undefined {
  const part = `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  return or(...columns.map((column) => sql`${column} like ${part} escape '\\'`))
}

export function idsBetween(
  kind: IdKind,
  { since, until }: { since?: number | undefined; until?: number | undefined },
): IdSpan {
  return {
    from: given(since, (at) => firstIdAt(kind, at - SLACK_MS)),
    to: given(until, (at) => firstIdAt(kind, at + SLACK_MS)),
  }
}

/** Ids before `from` are of rows older than that, those from `sure` on of newer ones. */
export function idsSince(kind: IdKind, at: number): { from: string; sure: string } {
  return { from: firstIdAt(kind, at - SLACK_MS), sure: firstIdAt(kind, at + SLACK_MS) }
}

/** `primary` is the index of the table's ids. */
export function searchBy(options: {
  table: Search['table']
  primary: string
  span?: IdSpan
  filters: (Filter | undefined)[]
}): Search {
  const { table, primary, span = {} } = options
  const filters = options.filters.filter((filter) => filter !== undefined)
  const all: Stretch = { index: primary, where: undefined, atMost: IN_ORDER_AT_MOST }
  const [only = onlyWhere(undefined)] = filters
  const { way = [all] } = only
  const answered = filters.length === 0 || (filters.length === 1 && only.way !== undefined)
  if (answered) return { table, ways: [way], conditions: undefined, span }
  const ways = filters.flatMap((filter) => (filter.way ? [filter.way] : []))
  return { table, ways: [...ways, [all]], conditions: and(...filters.map(({ condition }) => condition)), span }
}

/** One page of a search; `read` gives the rows of the condition it is told, newest first, `atMost` of them. */
export async function searchPage<Row extends { id: string }>(
  db: Db,
  search: Search,
  { before, limit }: Page,
  read: (where: SQL, atMost: number) => Promise<Row[]>,
): Promise<PageRows<Row>> {
  const { table, conditions, span } = search
  const to = before !== undefined && (span.to === undefined || before < span.to) ? before : span.to
  const within = { from: span.from, to }
  const { way, floor } = await bestWay(db, search, within)
  const bounds = idsIn(table, { to, from: floor ?? within.from })
  const parts = way.map(
    ({ index, where }) =>
      sql`select id from (${newestOf(table, index, and(where, conditions, bounds))} limit ${limit + 1})`,
  )
  const rows = await read(inArray(table.id, sql`(${sql.join(parts, sql` union all `)})`), limit + 1)
  const shown = rows.slice(0, limit)
  return { rows: shown, next: (rows.length > limit ? shown.at(-1)?.id : floor) ?? null }
}

/**
 * The way on which the next entries reach back furthest, as it holds the fewest rows that do not fit; the floor is how
 * far they reach, undefined when they are all that is left.
 */
async function bestWay(db: Db, { table, ways, conditions }: Search, within: IdSpan) {
  let [way = []] = ways
  if (conditions === undefined) return { way, floor: undefined }
  let floor: string | undefined
  for (const other of ways) {
    const reached = await reachOf(db, table, other, within)
    if (floor === undefined || reached === undefined || reached < floor) {
      way = other
      floor = reached
    }
    if (reached === undefined) break
  }
  return { way, floor }
}

/** The oldest id that is looked at on this way. */
async function reachOf(db: Db, table: Search['table'], way: Stretch[], within: IdSpan): Promise<string | undefined> {
  const bounds = idsIn(table, within)
  const reached: string[] = []
  for (const { index, where, atMost } of way) {
    const last = await db.all<{ id: string }>(
      sql`${newestOf(table, index, and(where, bounds))} limit 1 offset ${atMost - 1}`,
    )
    reached.push(...last.map(({ id }) => id))
  }
  return reached.toSorted().at(-1)
}

function newestOf(table: Search['table'], index: string, where: SQL | undefined): SQL {
  return sql`select id from ${table} indexed by ${sql.identifier(index)} where ${where} order by ${desc(table.id)}`
}

/** Always a condition, so that an index is never read without one. */
function idsIn(table: Search['table'], { from = '', to }: IdSpan): SQL | undefined {
  return and(gte(table.id, from), to === undefined ? undefined : lt(table.id, to))
}
