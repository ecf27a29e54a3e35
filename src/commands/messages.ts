import type { ShopConfig } from '../config/types.ts'
import { cursorOf, parseMessageFilter, parsePage, type RawFilter } from '../query/filters.ts'
import { presentMessage } from '../query/present.ts'
import { wholePage } from '../query/whole-page.ts'
import type { ReadStore } from '../store/reads.ts'
import type { Paint } from './paint.ts'
import { phoneFilter } from './phone.ts'
import { formatTable } from './table.ts'
import { shortTimeIn, zoneNote } from './times.ts'

export interface MessagesInput {
  filter: RawFilter
  limit: string | undefined
  cursor: string | undefined
  json: boolean
  publicUrl: string
  timezone: string
  /** Of the terminal. */
  columns: number
  paint?: Paint
  shops: ShopConfig[]
  now: number
}

/** The newest messages that fit the filters: what the API's list gives, as a table or as its JSON. */
export async function runMessages(
  input: MessagesInput,
  store: Pick<ReadStore, 'listMessages' | 'inboundRefusedSince'>,
): Promise<string> {
  const page = parsePage(input)
  const filter = parseMessageFilter(withNumber(input), input.now)
  const found = await wholePage((part) => store.listMessages(filter, part), page)
  const next = cursorOf(found)
  const options = { publicUrl: input.publicUrl, inboundRefusedSince: await store.inboundRefusedSince() }
  const items = found.rows.map((row) => presentMessage(row, options))
  if (input.json) return JSON.stringify({ items, next_cursor: next }, null, 2)
  if (items.length === 0) return 'No message fits.'
  const time = shortTimeIn(input.timezone, input.now)
  const table = formatTable(
    ['MADE', 'ORDER', 'TO', 'STATUS', 'ID', 'WHY'],
    items.map((item) => [
      time(item.created_at),
      item.order_number ?? '-',
      item.to ?? '-',
      item.status,
      item.id,
      item.reason?.text ?? '-',
    ]),
    { columns: input.columns, paint: input.paint, coloured: 3, below: 4 },
  )
  return [table, '', zoneNote(input.timezone), ...(next === null ? [] : [`There are more: --cursor ${next}`])].join(
    '\n',
  )
}

/** `to` as the shops' country dials it. */
export function withNumber({ filter, shops }: Pick<MessagesInput, 'filter' | 'shops'>): RawFilter {
  const { to, shop } = filter
  const asked = shops.filter(({ id }) => shop === undefined || id === shop)
  return to === undefined ? filter : { ...filter, to: phoneFilter(to, asked) }
}
