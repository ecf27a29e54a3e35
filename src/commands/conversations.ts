import type { ShopConfig } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { cursorOf, parsePage } from '../query/filters.ts'
import { presentConversation } from '../query/present.ts'
import { wholePage } from '../query/whole-page.ts'
import type { ReadStore } from '../store/reads.ts'
import { type Paint, paintWord, plain } from './paint.ts'
import { phoneFilter } from './phone.ts'
import { formatFacts, formatTable } from './table.ts'
import { shortTimeIn, timeIn, zoneNote } from './times.ts'

interface Look {
  json: boolean
  timezone: string
  now: number
  marginMs: number
  paint?: Paint
}

export interface ConversationsInput extends Look {
  sender: string | undefined
  limit: string | undefined
  cursor: string | undefined
  /** Of the terminal. */
  columns?: number
}

type Shown = ReturnType<typeof presentConversation>

/** Each contact with their window: what the API's list gives, as a table or as its JSON. */
export async function runConversations(
  input: ConversationsInput,
  store: Pick<ReadStore, 'listConversations'>,
): Promise<string> {
  const { json, timezone, now, paint, columns } = input
  const page = parsePage(input)
  const filter = input.sender === undefined ? {} : { sender: input.sender.replace(/[\s+().-]/g, '') }
  const found = await wholePage((part) => store.listConversations(filter, part), page)
  const next = cursorOf(found)
  const items = found.rows.map((row) => presentConversation(row, input))
  if (json) return JSON.stringify({ items, next_cursor: next }, null, 2)
  if (items.length === 0) return 'Nobody is known yet.'
  const time = shortTimeIn(timezone, now)
  const table = formatTable(
    ['PHONE', 'SENDER', 'WINDOW', 'UNTIL', 'STOP', 'NAME'],
    items.map((item) => [
      item.phone ?? '-',
      item.sender,
      item.window.open ? 'open' : 'closed',
      item.window.open && item.window.closes_at !== null ? time(item.window.closes_at) : '-',
      item.opted_out_at === null ? '-' : time(item.opted_out_at),
      item.name ?? '-',
    ]),
    { columns, paint, coloured: 2, below: 5 },
  )
  return [table, '', zoneNote(timezone), ...(next === null ? [] : [`There are more: --cursor ${next}`])].join('\n')
}

/** One contact's windows: one for each of our numbers they know, with what is known of them. */
export async function runConversation(
  input: Look & { phone: string; shops: ShopConfig[] },
  store: Pick<ReadStore, 'listConversations'>,
): Promise<string> {
  const phone = phoneFilter(input.phone, input.shops, 'phone')
  const { rows } = await store.listConversations({ phone }, { before: undefined, limit: 200 })
  if (rows.length === 0) throw new AppError('conversation.unknown', 'nobody of this number is known')
  const items = rows.map((row) => presentConversation(row, input))
  if (input.json) return JSON.stringify({ items }, null, 2)
  const time = timeIn(input.timezone)
  return [...items.map((item) => factsOf(item, time, input.paint)), zoneNote(input.timezone)].join('\n\n')
}

function factsOf({ window, ...item }: Shown, time: (at: string) => string, paint: Paint = plain): string {
  const at = (moment: string | null) => (moment === null ? null : time(moment))
  const { evidence } = window
  return formatFacts(
    [
      ['contact', `${item.phone ?? '-'}${item.name === null ? '' : ` (${item.name})`}`],
      ['our number', item.sender],
      ['window', `${paintWord(paint, window.open ? 'open' : 'closed')}: ${window.why}`],
      [window.open ? 'until' : 'since', at(window.closes_at)],
      ['last wrote', at(item.last_inbound_at)],
      [
        'known by',
        evidence.source === null
          ? null
          : `${evidence.source}${evidence.seen_at === null ? '' : `, ${time(evidence.seen_at)}`}`,
      ],
      ['Karibu says', evidence.provider_code],
      ['STOP', at(item.opted_out_at)],
      ['Karibu id', item.conversation_id],
      ['first seen', at(item.created_at)],
    ],
    paint,
  )
}
