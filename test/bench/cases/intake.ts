import type { Bench, Case } from '../bench.ts'
import { absolute, type Figure, ratio, type Target } from '../figures.ts'
import { openWindows } from '../karibu.ts'
import { closedLoop, openLoop } from '../load/load.ts'
import { createRounds, eachOnce, measure, overAndOver } from '../measure.ts'
import { regularPhone } from '../orders.ts'
import { ratiosOf } from '../statistics.ts'
import { buildTown, startReference, type Town } from '../town.ts'

const AT = [1, 16, 64, 256]
/** The most this machine could take in a second; what is left over is thrown away. */
const MOST_PER_SECOND = 12_000
const REGULARS = 20
/** Most orders are of customers who have not written: drawing receipts must not be what is measured here. */
const STRANGERS_PER_REGULAR = 500
const OPEN_RATE = 500
const REFERENCES = {
  '/body': 'bare Hono, reads the body',
  '/hmac': 'bare Hono, checks the signature',
  '/insert': 'bare Hono, one commit per request',
}
const PARTS = ['/body', '/hmac', '/insert'] as const

/** How fast new orders are taken in for good, against servers that do only a part of that, in turn with them. */
export const intake: Case = async (bench) => {
  const town = await buildTown({ bench })
  try {
    await openWindows(town, REGULARS)
    const reference = await startReference(town.folder, bench.cores)
    const rounds = createRounds()
    const run = createRuns(bench, town, reference)
    await run.accept(16, 2 * bench.ms)
    for (const part of PARTS) await run.part(part, 16)
    for (let round = 0; round < bench.rounds; round++) {
      for (const connections of AT) {
        for (const part of connections === 64 ? PARTS : (['/body'] as const)) {
          rounds.add(`${part} @${connections}`, await run.part(part, connections))
        }
        rounds.add(`accept @${connections}`, await run.accept(connections))
      }
      rounds.add('duplicate', await run.repeat())
      rounds.add('forged', await run.forge())
      rounds.add('open', await run.steady())
      bench.print(`intake: round ${round + 1} of ${bench.rounds}`)
    }
    return figuresOf(rounds)
  } finally {
    await town.end()
  }
}

function createRuns(bench: Bench, town: Town, reference: { port: number; pid: number }) {
  const { orders } = bench
  const most = (ms: number) => Math.ceil((MOST_PER_SECOND * ms) / 1000)
  const some = orders.make(2000).map(({ request }) => request)
  const make = (count: number) => orders.make(count, phoneOf).map(({ request }) => request)
  const taken: Buffer[] = []
  const { port, service } = town
  return {
    part: (path: (typeof PARTS)[number], connections: number) => {
      const requests = some.slice(0, 500).map((request) => readdressed(request, path))
      const load = { port: reference.port, connections, ms: bench.ms, next: overAndOver(requests) }
      return measure(reference.pid, 200, () => closedLoop(load))
    },
    accept: (connections: number, ms = bench.ms) => {
      const next = eachOnce(make(most(ms)))
      const answered = (_: unknown, request: Buffer) => void (taken.length < most(ms) && taken.push(request))
      return measure(service.pid(), 200, () => closedLoop({ port, connections, ms, next, answered }))
    },
    repeat: () =>
      measure(service.pid(), 200, () => closedLoop({ port, connections: 64, ms: bench.ms, next: overAndOver(taken) })),
    forge: () => {
      const next = eachOnce(orders.forge(most(bench.ms)))
      return measure(service.pid(), 401, () => closedLoop({ port, connections: 64, ms: bench.ms, next }))
    },
    steady: () => {
      const ms = 2 * bench.ms
      const next = eachOnce(make(Math.ceil((OPEN_RATE * ms) / 1000)))
      return measure(service.pid(), 200, () => openLoop({ port, connections: 64, ms, next, rate: OPEN_RATE }))
    },
  }
}

function phoneOf(index: number): string | undefined {
  return index % STRANGERS_PER_REGULAR === 0 ? regularPhone((index / STRANGERS_PER_REGULAR) % REGULARS) : undefined
}

function readdressed(request: Buffer, path: string): Buffer {
  const end = request.indexOf(' HTTP/1.1')
  return Buffer.concat([Buffer.from(`POST ${path}`), request.subarray(end)])
}

function figuresOf(rounds: ReturnType<typeof createRounds>): Figure[] {
  const rate = (name: string) => rounds.all(name, 'perSecond')
  const of = (name: string, reference: string) => ratiosOf(rate(name), rate(reference))
  const least: Record<number, { target: Target; reached: number }> = {
    16: { target: { atLeast: 0.15 }, reached: 0.04 },
    64: { target: { atLeast: 0.2 }, reached: 0.05 },
  }
  const most: Record<number, number> = { 16: 12, 64: 25 }
  return [
    ...AT.map((at) => ({
      ...ratio(`new orders @${at}, of bare Hono`, of(`accept @${at}`, `/body @${at}`)),
      ...least[at],
    })),
    {
      ...ratio('new orders @64, of one commit per request', of('accept @64', '/insert @64'), { atLeast: 3 }),
      reached: 0.4,
    },
    ratio('duplicates @64, of new orders', of('duplicate', 'accept @64'), { atLeast: 2 }),
    ratio('bad signatures @64, of Hono with HMAC', of('forged', '/hmac @64'), { atLeast: 0.5 }),
    ...AT.map((at) => ({
      ...absolute(`new orders @${at}`, '/s', rate(`accept @${at}`)),
      ...(at === 64 && { chart: 'Risiti: new orders' }),
    })),
    ...AT.map((at) => absolute(`new orders @${at}, processor time`, 'µs', rounds.all(`accept @${at}`, 'cpu'))),
    ...AT.map((at) => {
      const target = most[at] === undefined ? undefined : { atMost: most[at] }
      return absolute(`new orders @${at}, p99`, 'ms', rounds.all(`accept @${at}`, 'p99'), target)
    }),
    absolute(`new orders, ${OPEN_RATE}/s whatever the answers, p50`, 'ms', rounds.all('open', 'p50')),
    absolute(`new orders, ${OPEN_RATE}/s whatever the answers, p99`, 'ms', rounds.all('open', 'p99'), { atMost: 10 }),
    { ...absolute('duplicates @64', '/s', rate('duplicate')), chart: 'Risiti: deliveries told again' },
    absolute('duplicates @64, processor time', 'µs', rounds.all('duplicate', 'cpu')),
    { ...absolute('bad signatures @64', '/s', rate('forged')), chart: 'Risiti: bad signatures' },
    absolute('bad signatures @64, processor time', 'µs', rounds.all('forged', 'cpu')),
    ...PARTS.map((part) => ({
      ...absolute(`${REFERENCES[part]} @64`, '/s', rate(`${part} @64`)),
      chart: REFERENCES[part],
    })),
    ...PARTS.map((part) => absolute(`${REFERENCES[part]} @64, processor time`, 'µs', rounds.all(`${part} @64`, 'cpu'))),
  ]
}
