import { TOKEN } from '../../crash/killable.ts'
import type { Bench, Case } from '../bench.ts'
import { absolute, type Figure, ratio } from '../figures.ts'
import { closedLoop } from '../load/load.ts'
import { createRounds, eachOnce, measure, overAndOver } from '../measure.ts'
import { get } from '../orders.ts'
import { fillDatabase } from '../seed/fill.ts'
import { queuedShape } from '../seed/shape.ts'
import { ratiosOf } from '../statistics.ts'
import { buildTown, type Town } from '../town.ts'
import { NO_PACE } from './pipeline.ts'
import { CUSTOMERS, drain, IMAGE_URL, readyKaribu, SENDERS } from './sends.ts'
import { deliveredReports } from './statuses.ts'

const MOST_PER_SECOND = 8000
/** Reports are about so many messages: no more than the smallest database has. */
const REPORTED = 5000
const ALLOWED = { atMost: 1.5 }

interface Size {
  messages: number
  folder: string
  town: Town
  reports: Buffer[]
}

/** What the same work costs with few and with very many messages stored, in processor time: the steadiest figure. */
export const growth: Case = async (bench) => {
  const sizes: Size[] = []
  const sent: { perSecond: number; cpu: number }[] = []
  try {
    for (const messages of bench.quick ? [2000, 20_000] : [10_000, 100_000, 1_000_000]) {
      const size = await open(bench, messages)
      sizes.push(size)
      sent.push(await drain(size.town, queuedOf(bench)))
      bench.print(`growth: ${messages} messages are ready`)
    }
    const rounds = createRounds()
    // One round to warm up.
    for (let round = -1; round < bench.rounds; round++) {
      for (const size of sizes) {
        for (const [work, run] of Object.entries(worksOf(bench, size))) {
          const one = await run()
          if (round >= 0) rounds.add(`${work} ${size.messages}`, one)
        }
      }
    }
    const bytes = await Promise.all(sizes.map(({ messages }) => bench.library.bytesPerMessage(messages)))
    return figuresOf(sizes, rounds, sent, bytes)
  } finally {
    for (const { town } of sizes) await town.end()
  }
}

const queuedOf = ({ quick }: Bench) => (quick ? 1200 : 4000)

async function open(bench: Bench, messages: number): Promise<Size> {
  const folder = await bench.library.database(messages)
  const most = Math.ceil((MOST_PER_SECOND * bench.ms * (bench.rounds + 1)) / 1000)
  const reports = deliveredReports(folder, most, REPORTED)
  await fillDatabase({
    folder,
    sample: await bench.library.sample(),
    messages: queuedOf(bench),
    now: Date.now(),
    days: 0.01,
    after: messages,
    customers: CUSTOMERS,
    shapeOf: queuedShape(IMAGE_URL, SENDERS),
  })
  const town = await buildTown({ bench, folder, karibu: NO_PACE, senders: SENDERS, webhooks: false })
  await readyKaribu(town, messages)
  return { messages, folder, town, reports }
}

function worksOf(bench: Bench, { town, reports }: Size) {
  const load = { port: town.port, connections: 64, ms: bench.ms }
  const pid = town.service.pid()
  return {
    'new orders': () => {
      const made = bench.orders.make(Math.ceil((MOST_PER_SECOND * bench.ms) / 1000)).map(({ request }) => request)
      return measure(pid, 200, () => closedLoop({ ...load, next: eachOnce(made) }))
    },
    'status reports': () => measure(pid, 200, () => closedLoop({ ...load, next: () => reports.pop() })),
    'newest page of messages': () => {
      const next = overAndOver([get('/v1/messages', TOKEN)])
      return measure(pid, 200, () => closedLoop({ ...load, connections: 4, next }))
    },
  }
}

function figuresOf(
  sizes: Size[],
  rounds: ReturnType<typeof createRounds>,
  sent: { perSecond: number; cpu: number }[],
  bytes: number[],
): Figure[] {
  const counts = sizes.map(({ messages }) => messages)
  const [few = 0, many = 0] = [counts[0], counts.at(-1)]
  const of = (count: number) => count.toLocaleString('en')
  const span = `with ${of(many)} messages stored, of ${of(few)}`
  const works = ['new orders', 'status reports', 'newest page of messages']
  const cpu = (work: string, count: number) => rounds.all(`${work} ${count}`, 'cpu')
  return [
    ...works.map((work) => ratio(`${work} ${span}`, ratiosOf(cpu(work, many), cpu(work, few)), ALLOWED)),
    ratio(`sends ${span}`, [(sent.at(-1)?.cpu ?? 0) / (sent[0]?.cpu ?? 0)], ALLOWED),
    ...works.flatMap((work) => counts.map((count) => absolute(`${work}, ${of(count)} stored`, 'µs', cpu(work, count)))),
    ...counts.map((count, index) => absolute(`sends, ${of(count)} stored`, 'µs', [sent[index]?.cpu ?? 0])),
    ...counts.map((count, index) => absolute(`on disk per message, of ${of(count)}`, 'bytes', [bytes[index] ?? 0])),
  ]
}
