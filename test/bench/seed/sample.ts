import { join } from 'node:path'
import Database from 'better-sqlite3'
import { eventually } from '../../commands/program.ts'
import type { Bench } from '../bench.ts'
import { openWindows } from '../karibu.ts'
import { closedLoop } from '../load/load.ts'
import { eachOnce } from '../measure.ts'
import { regularPhone } from '../orders.ts'
import { buildTown } from '../town.ts'
import type { Row } from './stamp.ts'

/** What the service keeps of one order whose receipt was read, by table. */
export interface Sample {
  takenAt: number
  event: Row
  body: Row
  order: Row
  claimLink: Row
  conversation: Row
  message: Row
  attempt: Row
  /** Sent, delivered, read. */
  reports: Row[]
  media: Row
  fetch: Row
}

export type SampleOptions = Pick<Bench, 'cores' | 'orders'>

/** Lets the service send one receipt, so that large databases are made of rows as it writes them. */
export async function takeSample({ cores, orders }: SampleOptions): Promise<Sample> {
  const town = await buildTown({ bench: { cores, profile: undefined } })
  try {
    await openWindows(town, 1)
    const [order] = orders.make(1, () => regularPhone(0))
    const next = eachOnce(order ? [order.request] : [])
    await closedLoop({ port: town.port, connections: 1, ms: 10_000, next })
    await eventually('the receipt was read', async () => {
      const read = await town.service.api<{ items: unknown[] }>('/v1/messages?status=read')
      return read?.items.length === 1 || undefined
    })
    await town.service.stopService()
    return readSample(join(town.folder, 'data', 'risiti.db'))
  } finally {
    await town.end()
  }
}

function readSample(file: string): Sample {
  const sqlite = new Database(file, { readonly: true })
  const all = (sql: string) => sqlite.prepare<[], Row>(sql).all()
  const one = (sql: string): Row => {
    const row = all(sql)[0]
    if (!row) throw new Error(`the sample has no row for ${sql}`)
    return row
  }
  try {
    const event = one("select * from events where type = 'order.paid'")
    return {
      takenAt: Number(event['received_at']),
      event,
      body: one("select b.* from event_bodies b join events e on e.id = b.event_id where e.type = 'order.paid'"),
      order: one('select * from orders'),
      claimLink: one('select * from claim_links'),
      conversation: one('select * from conversations'),
      message: one('select * from messages'),
      attempt: one('select * from attempts'),
      reports: all('select * from status_reports order by occurred_at'),
      media: one('select * from media'),
      fetch: one('select * from media_fetches'),
    }
  } finally {
    sqlite.close()
  }
}
