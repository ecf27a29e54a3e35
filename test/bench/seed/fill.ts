import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { DAY } from '../../../src/clock.ts'
import { createIds } from '../../../src/ids.ts'
import { mediaFilePath } from '../../../src/receipts/media-files.ts'
import { openDatabase } from '../../../src/store/open.ts'
import type { Sample } from './sample.ts'
import { type ShapeOf, usualShape } from './shape.ts'
import { createStamp, type Row } from './stamp.ts'

export interface FillOptions {
  folder: string
  sample: Sample
  messages: number
  now: number
  /** Over how many days they were made (default: nearly all that are kept). */
  days?: number
  customers?: number
  /** How many orders there are already, to add to. */
  after?: number
  shapeOf?: ShapeOf
}

/** As long as the service keeps bodies; the sample's own times are a little later than `at`. */
const BODIES_MS = 30 * DAY
const ROWS_AT_ONCE = 20_000
const PICTURE = Buffer.from('a picture that nobody looks at')

export const customerPhone = (index: number): string => `25576${1_000_000 + index}`

/** Fills `folder/data` with as many messages as a service has that has run so long, and all that belongs to them. */
export async function fillDatabase(options: FillOptions): Promise<void> {
  const { folder, sample, messages: count, now, days = 390, after = 0, shapeOf = usualShape } = options
  const customers = options.customers ?? Math.ceil(count / 4)
  const dataDir = join(folder, 'data')
  const file = join(dataDir, 'risiti.db')
  await openDatabase(file).close()
  const sqlite = new Database(file)
  sqlite.pragma('synchronous = OFF')
  sqlite.pragma('cache_size = -1000000')
  const marks = marksOf(sample)
  const put = createTables(sqlite, sample, Object.values(marks))
  let at = now
  const ids = createIds({ now: () => at })
  const ulid = (kind: 'evt' | 'msg' | 'cnv') => ids.next(kind).slice(4)
  const conversations = new Map<number, string>()

  function addOne(index: number): void {
    at = Math.floor(now - ((count - index) * days * DAY) / count)
    const customer = index % customers
    const shape = shapeOf({ index, count, at, customer })
    const orderId = String(2_000_000_000 + after + index)
    const words = new Map<string, string>([
      [marks.order, orderId],
      [marks.number, `K-${orderId}-B`],
      [marks.phone, customerPhone(after + customer)],
      [marks.event, ulid('evt')],
      [marks.message, ulid('msg')],
      [marks.conversation, conversations.get(customer) ?? ulid('cnv')],
      [marks.thread, randomUUID()],
      [marks.karibu, randomUUID()],
      [marks.wamid, `wamid.${randomBytes(16).toString('base64')}`],
      [marks.token, randomBytes(24).toString('base64url')],
      [marks.delivery, randomBytes(32).toString('hex')],
      [marks.code, randomBytes(32).toString('hex')],
      [marks.request, randomUUID()],
      ...marks.reports.map((mark): [string, string] => [mark, `wa_${randomBytes(16).toString('hex')}`]),
    ])
    put.event(words, at)
    if (at > now - BODIES_MS) put.body(words, at)
    put.order(words, at)
    put.claimLink(words, at)
    if (!conversations.has(customer)) {
      conversations.set(customer, words.get(marks.conversation) ?? '')
      put.conversation(words, at, shape.conversation)
    }
    put.message(words, at, shape.message)
    if (shape.tried) put.attempt(words, at)
    for (const report of put.reports.slice(0, shape.reports)) report(words, at)
    if (shape.tried) put.fetch(words, at)
    if (shape.picture) {
      put.media(words, at)
      const path = mediaFilePath(dataDir, words.get(marks.token) ?? '')
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, PICTURE)
    }
  }

  const indexes = after === 0 ? takeIndexes(sqlite) : []
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    sqlite.exec('begin')
    for (let index = from; index < Math.min(count, from + ROWS_AT_ONCE); index++) addOne(index)
    sqlite.exec('commit')
  }
  for (const index of indexes) sqlite.exec(index)
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  sqlite.close()
}

/** Drops them, as they are built faster once all rows are there; gives the statements that make them anew. */
function takeIndexes(sqlite: Database.Database): string[] {
  const made = sqlite
    .prepare<[], { name: string; sql: string }>(
      "select name, sql from sqlite_master where type = 'index' and sql != ''",
    )
    .all()
  for (const { name } of made) sqlite.exec(`drop index "${name}"`)
  return made.map(({ sql }) => sql)
}

function marksOf({ event, order, conversation, message, attempt, reports, claimLink }: Sample) {
  const text = (row: Row, column: string) => String(row[column])
  return {
    order: text(order, 'order_id'),
    number: text(order, 'number'),
    phone: text(message, 'phone'),
    event: text(event, 'id').slice(4),
    message: text(message, 'id').slice(4),
    conversation: text(conversation, 'id').slice(4),
    thread: text(conversation, 'karibu_id'),
    karibu: text(message, 'message_id'),
    wamid: text(message, 'provider_message_id'),
    token: text(message, 'media_token'),
    delivery: text(event, 'delivery_key').split(':').at(-1) ?? '',
    code: text(claimLink, 'code_hash'),
    request: text(attempt, 'request_id'),
    reports: reports.map((report) => text(report, 'event_id')),
  }
}

function createTables(sqlite: Database.Database, sample: Sample, marks: (string | string[])[]) {
  function table(name: string, row: Row) {
    const { columns, print } = createStamp(row, marks.flat(), sample.takenAt)
    const places = columns.map(() => '?').join()
    const insert = sqlite.prepare(`insert into ${name} (${columns.join()}) values (${places})`)
    return (words: ReadonlyMap<string, string>, at: number, different: Row = {}) => {
      const values = { ...print(words, at), ...different }
      insert.run(columns.map((column) => values[column] ?? null))
    }
  }
  const { id: _, ...fetch } = sample.fetch
  return {
    event: table('events', sample.event),
    body: table('event_bodies', sample.body),
    order: table('orders', sample.order),
    claimLink: table('claim_links', sample.claimLink),
    conversation: table('conversations', sample.conversation),
    message: table('messages', sample.message),
    attempt: table('attempts', sample.attempt),
    reports: sample.reports.map((report) => table('status_reports', report)),
    media: table('media', sample.media),
    fetch: table('media_fetches', fetch),
  }
}
