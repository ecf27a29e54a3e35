import { nextTurn } from '../clock.ts'
import { timeOfId } from '../ids.ts'
import type { MessageFilter } from '../store/message-search.ts'
import type { ReadStore } from '../store/reads.ts'
import { presentMessage } from './present.ts'

export type ExportFormat = 'csv' | 'ndjson'

const COLUMNS = [
  'id',
  'message_id',
  'provider_message_id',
  'status',
  'reason_code',
  'reason',
  'kind',
  'shop',
  'order_id',
  'order_number',
  'rule',
  'to',
  'sender',
  'customer_name',
  'caption',
  'media_url',
  'error_code',
  'attempts',
  'created_at',
  'accepted_at',
  'sent_at',
  'delivered_at',
  'read_at',
  'failed_at',
] as const

const PAGE = 200

/** Every message the filter names, newest first, page by page: memory stays flat however many there are. */
export async function* exportMessages(
  store: Pick<ReadStore, 'listMessages' | 'inboundRefusedSince'>,
  filter: MessageFilter,
  format: ExportFormat,
  publicUrl: string,
  /** Told how many there were so far, and the time they are read back to: null at the end. */
  progress?: (rows: number, backTo: number | null) => void,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`
  const inboundRefusedSince = await store.inboundRefusedSince()
  let before: string | undefined
  let count = 0
  do {
    const { rows, next } = await store.listMessages(filter, { before, limit: PAGE })
    const shown = rows.map((row) => presentMessage(row, { publicUrl, inboundRefusedSince }))
    if (shown.length > 0) yield shown.map(format === 'csv' ? csvLine : (row) => `${JSON.stringify(row)}\n`).join('')
    before = next ?? undefined
    count += rows.length
    progress?.(count, before === undefined ? null : timeOfId(before))
    // A page of a rare find may hold nothing to wait for.
    await nextTurn()
  } while (before !== undefined)
}

function csvLine(row: ReturnType<typeof presentMessage>): string {
  const flat: Record<string, unknown> = { ...row, reason_code: row.reason?.code, reason: row.reason?.text }
  return `${COLUMNS.map((column) => csvField(flat[column])).join(',')}\r\n`
}

/** RFC 4180; a leading `=`, `+`, `-` or `@` gets a quote mark before it, or a spreadsheet would run it as a formula. */
export function csvField(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
