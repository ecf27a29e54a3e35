import { AppError } from '../errors.ts'
import { cursorOf, parseEventFilter, parsePage, type RawFilter } from '../query/filters.ts'
import { presentEvent } from '../query/present.ts'
import { wholePage } from '../query/whole-page.ts'
import type { ReadStore } from '../store/reads.ts'
import { type Paint, paintWord, plain } from './paint.ts'
import { spelledOut } from './spelled-out.ts'
import { formatFacts, formatTable } from './table.ts'
import { shortTimeIn, timeIn, zoneNote } from './times.ts'

export interface EventsInput {
  filter: RawFilter
  limit: string | undefined
  cursor: string | undefined
  json: boolean
  timezone: string
  now: number
  /** Of the terminal. */
  columns: number
  paint?: Paint
}

/** What came in, newest first: what the API's list gives, as a table or as its JSON. */
export async function runEvents(input: EventsInput, store: Pick<ReadStore, 'listEvents'>): Promise<string> {
  const page = parsePage(input)
  const filter = parseEventFilter(input.filter, input.now)
  const found = await wholePage((part) => store.listEvents(filter, part), page)
  const next = cursorOf(found)
  const items = found.rows.map(presentEvent)
  if (input.json) return JSON.stringify({ items, next_cursor: next }, null, 2)
  if (items.length === 0) return 'No event fits.'
  const time = shortTimeIn(input.timezone, input.now)
  const table = formatTable(
    ['RECEIVED', 'FROM', 'TYPE', 'ORDER', 'OUTCOME', 'ID', 'WHY'],
    items.map((item) => [
      time(item.received_at),
      item.source,
      item.type,
      item.order_number ?? '-',
      item.outcome,
      item.id,
      item.reason ?? '',
    ]),
    { columns: input.columns, paint: input.paint, coloured: 4, below: 5 },
  )
  return [table, '', zoneNote(input.timezone), ...(next === null ? [] : [`There are more: --cursor ${next}`])].join(
    '\n',
  )
}

/** One event with what it led to, line by line, and its body as it came. */
export async function runEvent(
  id: string,
  { json, timezone, paint = plain }: Pick<EventsInput, 'json' | 'timezone' | 'paint'>,
  store: Pick<ReadStore, 'findEvent'>,
): Promise<string> {
  const found = await store.findEvent(id)
  if (!found) throw new AppError('event.unknown', `there is no event ${id}`)
  const event = presentEvent(found.event)
  const body = found.body?.toString('utf8') ?? null
  if (json) return JSON.stringify({ ...event, body, content_type: found.contentType }, null, 2)
  const outcome = paintWord(paint, event.outcome)
  const rows: [string, string][] = [
    ['event', event.id],
    ['received', `${timeIn(timezone)(event.received_at)} (${timezone})`],
    ['from', `${event.source}${event.topic === null ? '' : ` (${event.topic})`}`],
    ['type', event.type],
    ['order', event.order_number ?? '-'],
    ['outcome', event.reason === null ? outcome : `${outcome}: ${event.reason}`],
    ...event.trace.map(({ step, text, message_id: message }): [string, string] => [
      '',
      `${step}: ${text}${message === null ? '' : ` (${message})`}`,
    ]),
    ['body', body === null ? 'erased, or kept no longer' : `\n${spelledOut(body)}`],
  ]
  return formatFacts(rows, paint)
}
