import { join } from 'node:path'
import Database from 'better-sqlite3'
import { eventBody, eventHeaders } from '../../../src/sandbox/events.ts'
import { ENV } from '../../crash/killable.ts'
import type { Case } from '../bench.ts'
import { absolute } from '../figures.ts'
import { closedLoop } from '../load/load.ts'
import { createRounds, eachOnce, measure } from '../measure.ts'
import { post } from '../orders.ts'
import { fillDatabase } from '../seed/fill.ts'
import { sentShape } from '../seed/shape.ts'
import { buildTown } from '../town.ts'

const MOST_PER_SECOND = 8000
const TARGET = { url: '', id: '', appId: 'bench', secret: ENV.BRIQ_WEBHOOK_SECRET }

/** How fast Briq's reports are kept: each moves its message on and is on disk before it is answered. */
export const statuses: Case = async (bench) => {
  const folder = join(bench.folder, 'statuses')
  const messages = Math.ceil((MOST_PER_SECOND * bench.ms * (bench.rounds + 1)) / 1000)
  const sample = await bench.library.sample()
  await fillDatabase({ folder, sample, messages, now: Date.now(), days: 0.5, shapeOf: sentShape })
  const reports = deliveredReports(folder, messages)
  const town = await buildTown({ bench, folder })
  try {
    await town.service.startService()
    const rounds = createRounds()
    const next = eachOnce(reports)
    const load = { port: town.port, connections: 64, ms: bench.ms, next }
    await measure(town.service.pid(), 200, () => closedLoop(load))
    for (let round = 0; round < bench.rounds; round++) {
      rounds.add('reports', await measure(town.service.pid(), 200, () => closedLoop(load)))
    }
    return [
      absolute('status reports taken in', '/s', rounds.all('reports', 'perSecond'), { atLeast: 3000 }),
      absolute('status reports taken in, p99', 'ms', rounds.all('reports', 'p99')),
      absolute('processor time per status report', 'µs', rounds.all('reports', 'cpu')),
    ]
  } finally {
    await town.end()
  }
}

/** Signed `whatsapp.delivered`, all different, about at most so many messages from all over the database, in turn. */
export function deliveredReports(folder: string, count: number, most = count): Buffer[] {
  const sqlite = new Database(join(folder, 'data', 'risiti.db'), { readonly: true })
  const sent = sqlite
    // By chance, as Karibu's ids are.
    .prepare<[number], { id: string; wamid: string; phone: string }>(
      `select message_id as id, provider_message_id as wamid, phone from messages
       where message_id is not null order by message_id limit ?`,
    )
    .all(most)
  sqlite.close()
  const timestamp = new Date().toISOString()
  return Array.from({ length: count }, (_, index) => {
    const { id, wamid, phone } = sent[index % sent.length] ?? { id: '', wamid: '', phone: '' }
    const data = { message_id: id, provider_message_id: wamid, recipient: phone, status: 'delivered' }
    const event = { event: 'whatsapp.delivered', event_id: `wa_bench_${index}`, timestamp, data }
    const body = eventBody({ ...event, service_type: 'whatsapp' }, TARGET.appId)
    return post('/webhooks/karibu', eventHeaders(body, TARGET, 'prefixed'), Buffer.from(body))
  })
}
