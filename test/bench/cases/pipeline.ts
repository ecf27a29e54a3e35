import { cpuMsOf, memoryOf } from '../../support/process-facts.ts'
import type { Bench, Case } from '../bench.ts'
import { absolute, ratio } from '../figures.ts'
import { imagesAt, openWindows, whenSent } from '../karibu.ts'
import { openLoop } from '../load/load.ts'
import { createRounds, eachOnce, measure } from '../measure.ts'
import { regularPhone } from '../orders.ts'
import { ratiosOf } from '../statistics.ts'
import { buildTown } from '../town.ts'

/** More than the renderer draws: what is sent is what can be sent. */
const OFFERED_PER_SECOND = 100
const REGULARS = 400
const PATIENCE_MS = 10 * 60_000
/** Pace limits lifted; every customer may get their next receipt at once. */
export const NO_PACE = ['per_sender_per_second: 1000', 'per_contact_every: 0s', 'concurrency: 64']

/** Everything at once: orders, drawing, sends, pictures fetched, reports taken in. */
export const pipeline: Case = async (bench) => {
  const town = await buildTown({ bench, drawing: true, karibu: NO_PACE })
  const { port, service } = town
  try {
    await town.sandbox.call('/switches', { pairLimit: null }, 'PATCH')
    await openWindows(town, REGULARS)
    const { orders } = bench
    const rounds = createRounds()
    const receipts: number[] = []
    const cpu: number[] = []
    const memory: number[] = []
    const offer = (ms: number, phoneOf: (index: number) => string | undefined) => {
      const made = orders.make((OFFERED_PER_SECOND * ms) / 1000, phoneOf).map(({ request }) => request)
      const load = { port, connections: 32, ms, rate: OFFERED_PER_SECOND, next: eachOnce(made) }
      return measure(service.pid(), 200, () => openLoop(load))
    }
    for (let round = 0; round < roundsOf(bench); round++) {
      rounds.add('quiet', await offer(bench.quick ? 2000 : 5000, () => undefined))
      const before = await imagesAt(town)
      const startedAt = Date.now()
      const cpuBefore = cpuMsOf(service.pid() ?? 0) ?? 0
      const ms = bench.quick ? 4000 : 20_000
      rounds.add('busy', await offer(ms, (index) => regularPhone(index % REGULARS)))
      memory.push((memoryOf(service.pid() ?? 0)?.now ?? Number.NaN) / 1e6)
      const after = await imagesAt(town)
      const steady = after.slice(before.length).filter(({ acceptedAt }) => acceptedAt > startedAt + ms / 4)
      cpu.push((1000 * ((cpuMsOf(service.pid() ?? 0) ?? 0) - cpuBefore)) / (after.length - before.length))
      receipts.push((1000 * steady.length) / (Date.now() - startedAt - ms / 4))
      bench.print(`pipeline: round ${round + 1} of ${roundsOf(bench)}`)
      if (round + 1 < roundsOf(bench))
        await whenSent(town, before.length + (OFFERED_PER_SECOND * ms) / 1000, PATIENCE_MS)
    }
    const p99 = (name: string) => rounds.all(name, 'p99')
    const unharmed = ratiosOf(p99('busy'), p99('quiet'))
    return [
      {
        ...ratio('accepting while receipts are drawn, p99, of its quiet value', unharmed, { atMost: 2 }),
        unsteady: true,
      },
      absolute('receipts drawn and sent', '/s', receipts, { atLeast: 60 }),
      absolute('accepting while receipts are drawn, p99', 'ms', p99('busy')),
      absolute('accepting in quiet, p99', 'ms', p99('quiet')),
      absolute('processor time per receipt, drawing and all', 'µs', cpu),
      absolute('memory under full load', 'MB', memory, { atMost: 350 }),
    ]
  } finally {
    await town.end()
  }
}

/** The sandbox forgets beyond ten thousand messages. */
const roundsOf = ({ quick }: Bench) => (quick ? 1 : 3)
