import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import type { ConversationRow, MessageRow } from '../../src/store/records.ts'
import * as schema from '../../src/store/schema.ts'
import { aConversationRow, aMessageRow } from './rows.ts'

const NAMES = [
  'Asha Mwinyi',
  'Juma Bakari',
  'Neema Mushi',
  'Baraka Otieno',
  'Rehema Said',
  'Daudi Kimaro',
  'Zuhura Ally',
]

/** What has become of every seventh message, by turns; nothing here is due, so that no worker touches it. */
const ENDS: ((at: number) => Partial<MessageRow>)[] = [
  (at) => ({ status: 'delivered', deliveredAt: at + MINUTE }),
  (at) => ({ status: 'held', reason: 'window_closed', expiresAt: at + 60 * DAY }),
  (at) => ({
    status: 'failed',
    failedAt: at + MINUTE,
    errorCode: 'whatsapp.131026',
    errorDetail: 'Message undeliverable',
  }),
  () => ({ status: 'skipped', reason: 'no_phone' }),
  (at) => ({ status: 'expired', reason: 'held_too_long', expiresAt: at + HOUR }),
  () => ({ status: 'cancelled', reason: 'order_refunded' }),
  () => ({ status: 'uncertain', reason: 'needs_a_person', errorDetail: 'Karibu’s list did not tell' }),
]

/** Messages of two months, written beside the service; each fifth customer bought five times. */
export function fillTown(
  file: string,
  count: number,
  now: number,
  { name: named }: { name?: string } = {},
): { messages: MessageRow[] } {
  let at = now - 60 * DAY
  const ids = createIds({ now: () => Math.floor(at) })
  const step = (60 * DAY - MINUTE) / count
  const conversations: ConversationRow[] = []
  const messages: MessageRow[] = []
  for (let index = 0; index < count; index++) {
    at += step
    const phone = String(255_754_000_000 + (index % Math.ceil(count / 5)))
    const name = named ?? NAMES[index % NAMES.length] ?? ''
    const written = Math.floor(at)
    if (index < count / 5) {
      const lastInboundAt = index % 3 === 0 ? null : written
      conversations.push(
        aConversationRow({ id: ids.next('cnv'), phone, name, lastInboundAt, createdAt: written, updatedAt: written }),
      )
    }
    const conversation = conversations[index % Math.ceil(count / 5)]
    const end = index % 7 === 0 ? ENDS[(index / 7) % ENDS.length] : undefined
    const seen = { acceptedAt: written, sentAt: written, deliveredAt: written + MINUTE, readAt: written + 2 * MINUTE }
    messages.push(
      aMessageRow({
        id: ids.next('msg'),
        effectKey: `filled:${index}`,
        orderId: String(10_000 + index),
        orderNumber: `K-${10_000 + index}`,
        conversationId: conversation?.id ?? null,
        phone,
        customerName: name,
        caption: `Asante ${name}! Risiti ya oda K-${10_000 + index}.`,
        nextAttemptAt: null,
        createdAt: written,
        updatedAt: written,
        status: 'read',
        ...(end ? end(written) : seen),
      }),
    )
  }
  write(file, conversations, messages)
  return { messages }
}

function write(file: string, conversations: ConversationRow[], messages: MessageRow[]): void {
  const sqlite = new Database(file, { timeout: 10_000 })
  const db = drizzle(sqlite, { schema })
  sqlite.transaction(() => {
    for (const rows of parts(conversations)) db.insert(schema.conversations).values(rows).run()
    for (const rows of parts(messages)) db.insert(schema.messages).values(rows).run()
  })()
  sqlite.close()
}

function parts<Row>(rows: Row[]): Row[][] {
  const size = 400
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, part) => rows.slice(part * size, (part + 1) * size))
}
