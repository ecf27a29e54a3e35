import { join } from 'node:path'
import Database from 'better-sqlite3'
import { DAY } from '../../../src/clock.ts'
import { TOKEN } from '../../crash/killable.ts'
import type { Bench, Case } from '../bench.ts'
import { absolute, type Figure, ratio } from '../figures.ts'
import { closedLoop } from '../load/load.ts'
import { measure, overAndOver } from '../measure.ts'
import { get } from '../orders.ts'
import { RARE } from '../seed/shape.ts'
import { buildTown, type Town } from '../town.ts'

interface Known {
  id: string
  number: string
  phone: string
  at: number
}

const WITHIN_MS = 20
const DEPTHS = [0, 0.1, 0.5, 0.9, 0.999]

/** The list of messages, by every filter and at any depth, one question at a time. */
export const queries: Case = async (bench) => {
  const count = bench.quick ? 20_000 : 1_000_000
  const folder = await bench.library.database(count)
  const town = await buildTown({ bench, folder })
  try {
    await town.service.startService()
    const known = someOf(folder)
    const figures: Figure[] = []
    for (const [what, paths] of Object.entries(questionsAbout(known))) {
      const one = await ask(bench, town, paths)
      const name = `list of ${count.toLocaleString('en')} messages, ${what}, p99`
      figures.push(absolute(name, 'ms', [one.p99], { atMost: WITHIN_MS }))
    }
    return [...figures, ...(await deepPages(bench, town, known))]
  } finally {
    await town.end()
  }
}

async function ask(bench: Bench, town: Town, paths: string[]) {
  const next = overAndOver(paths.map((path) => get(`/v1/messages${path}`, TOKEN)))
  const load = { port: town.port, connections: 1, next }
  await closedLoop({ ...load, ms: bench.ms / 4 })
  return measure(town.service.pid(), 200, () => closedLoop({ ...load, ms: (bench.quick ? 0.5 : 3) * bench.ms }))
}

/** A page costs the same wherever it lies. */
async function deepPages(bench: Bench, town: Town, known: Known[]): Promise<Figure[]> {
  const medians: number[] = []
  for (const depth of DEPTHS) {
    const message = known.at(-1 - Math.floor(depth * (known.length - 1)))
    medians.push((await ask(bench, town, [`?${from(message?.id ?? '')}`])).p50)
  }
  const [first = Number.NaN] = medians
  return [
    ratio('slowest page at any depth, of the first', [Math.max(...medians) / first], { atMost: 1.5 }),
    ...DEPTHS.map((depth, index) => absolute(`page at ${depth * 100} % of the list`, 'ms', [medians[index] ?? 0])),
  ]
}

/** A few hundred messages from all over, oldest first. */
function someOf(folder: string): Known[] {
  const sqlite = new Database(join(folder, 'data', 'risiti.db'), { readonly: true })
  const sql = `select id, order_number as number, phone, created_at as at from messages
    where rowid % (select max(rowid) / 400 + 1 from messages) = 1 order by id`
  const known = sqlite.prepare<[], Known>(sql).all()
  sqlite.close()
  return known
}

/** The page that begins after this message. */
const from = (id: string) => `cursor=${Buffer.from(id).toString('base64url')}`

/** Every filter, with values that fit many, few and none. */
export function questionsAbout(known: Known[]): Record<string, string[]> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const each = (path: (one: Known) => string) => known.map(path)
  return {
    'no filter': [''],
    'status read': ['?status=read'],
    'status failed': ['?status=failed'],
    'status none has': ['?status=uncertain'],
    'three statuses': ['?status=failed,expired,skipped'],
    'shop of most': ['?shop=duka'],
    'shop of few': [`?shop=${RARE.shop}`],
    'order number': each(({ number }) => `?order=${number}`),
    'order id': each(({ number }) => `?order=${number.split('-')[1]}`),
    'to a phone': each(({ phone }) => `?to=${phone}`),
    'rule of most': ['?rule=receipt'],
    'rule of few': [`?rule=${RARE.rule}`],
    'error of some': ['?error_code=whatsapp.131026'],
    'error of few': [`?error_code=${RARE.error}`],
    'since a day': each(({ at }) => `?since=${day(at)}`),
    'until a day': each(({ at }) => `?until=${day(at)}`),
    'between days': each(({ at }) => `?since=${day(at)}&until=${day(at + 2 * DAY)}`),
    'text in a number': each(({ number }) => `?q=${number}`),
    'text in a phone': each(({ phone }) => `?q=${phone.slice(3)}`),
    'text in most names': ['?q=Asha'],
    'text nowhere': ['?q=Zanzibar', ...each(({ id }) => `?q=Zanzibar&${from(id)}`)],
    'status and shop': ['?status=failed&shop=duka'],
    'status and error, of few': [`?status=read&error_code=${RARE.error}`],
    'filters that share nothing': ['', ...each(({ id }) => `&${from(id)}`)].map(
      (page) => `?status=expired&error_code=whatsapp.131026&shop=duka&rule=receipt${page}`,
    ),
    'phone and status': each(({ phone }) => `?to=${phone}&status=read`),
    'shop between days': each(({ at }) => `?shop=duka&since=${day(at)}&until=${day(at + 2 * DAY)}`),
  }
}
