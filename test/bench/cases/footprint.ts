import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { start } from '../../commands/program.ts'
import { ENV, TOKEN } from '../../crash/killable.ts'
import { forgetPeak, memoryOf } from '../../support/process-facts.ts'
import type { Bench, Case } from '../bench.ts'
import { absolute, type Figure } from '../figures.ts'
import { openConnection } from '../load/connection.ts'
import { closedLoop } from '../load/load.ts'
import { eachOnce } from '../measure.ts'
import type { OrderMaker } from '../orders.ts'
import { buildTown, type Town } from '../town.ts'

const STARTED = { atMost: 0.8 }
const LOADED_MB = 350
const MOST_PER_SECOND = 8000

/** How soon it takes orders after a start, and how much memory it holds. */
export const footprint: Case = async (bench) => {
  const count = bench.quick ? 20_000 : 1_000_000
  const rounds = bench.quick ? 1 : bench.rounds
  const many = count.toLocaleString('en')
  const { orders } = bench
  const empty: number[] = []
  const idle: number[] = []
  for (let round = 0; round < rounds; round++) {
    const town = await buildTown({ bench, folder: mkdtempSync(join(bench.folder, 'start-')) })
    empty.push(await untilAccepted(town, orders))
    // What loading took of the heap, V8 gives back only after a while.
    await sleep(bench.quick ? 2000 : 40_000)
    idle.push(residentMb(town))
    await town.end()
  }
  const folder = await bench.library.database(count)
  const full: number[] = []
  const killed: number[] = []
  for (let round = 0; round < rounds; round++) {
    const town = await buildTown({ bench, folder })
    full.push(await untilAccepted(town, orders))
    await underLoad(bench, town, orders)
    await town.service.kill()
    killed.push(await untilAccepted(town, orders))
    await town.end()
    bench.print(`footprint: round ${round + 1} of ${rounds}`)
  }
  return [
    absolute('start to first accepted order, no database yet', 's', empty, STARTED),
    absolute(`start to first accepted order, ${many} messages`, 's', full, STARTED),
    absolute(`start to first accepted order, ${many} messages, after kill -9 under load`, 's', killed, STARTED),
    absolute('memory, idle', 'MB', idle, { atMost: 120 }),
    ...(await peaks(bench, folder, count)),
  ]
}

/** Seconds from starting the process to its first 2xx; it is asked again as soon as it refuses. */
async function untilAccepted(town: Town, orders: OrderMaker): Promise<number> {
  const [order] = orders.make(1)
  const startedAt = performance.now()
  const running = town.service.launch()
  for (;;) {
    if (running.code() !== null) throw new Error(`the service ended by itself: ${running.stderr().slice(-2000)}`)
    const connection = await openConnection(town.port).catch(() => undefined)
    if (!connection) {
      await sleep(2)
      continue
    }
    const answer = await new Promise<{ status: number }>((resolve) =>
      connection.ask(order?.request ?? Buffer.alloc(0), resolve),
    )
    connection.close()
    if (answer.status === 200) return (performance.now() - startedAt) / 1000
  }
}

function residentMb(town: Town): number {
  return (memoryOf(town.service.pid() ?? 0)?.now ?? Number.NaN) / 1e6
}

function underLoad({ ms }: Bench, { port }: Town, orders: OrderMaker) {
  const made = orders.make(Math.ceil((MOST_PER_SECOND * ms) / 1000)).map((one) => one.request)
  return closedLoop({ port, connections: 64, ms, next: eachOnce(made) })
}

/** The most memory the service held while so much work of another kind was done. */
async function peaks(bench: Bench, folder: string, count: number): Promise<Figure[]> {
  const { orders } = bench
  const many = count.toLocaleString('en')
  const target = { atMost: 1.2 * LOADED_MB }
  // As little as may be kept, so that three quarters of it are to be forgotten: for a while, all of it takes hours.
  const settings = ['retention: { bodies: 1d, messages: 100d, events: 7d, orders: 100d, reports: 35d }']
  const town = await buildTown({ bench, folder, settings })
  const pid = () => town.service.pid() ?? 0
  async function peakWhile(work: () => Promise<unknown>): Promise<number> {
    forgetPeak(pid())
    await work()
    return (memoryOf(pid())?.peak ?? Number.NaN) / 1e6
  }
  try {
    await untilAccepted(town, orders)
    const loaded = await peakWhile(() => underLoad(bench, town, orders))
    const exported = await peakWhile(() => exportAll(town, count))
    const backedUp = await peakWhile(() => backUp(bench, town))
    const forgotten = await peakWhile(() => sleep(bench.quick ? 3000 : 60_000))
    return [
      absolute('memory while orders come as fast as they can, peak', 'MB', [loaded], { atMost: LOADED_MB }),
      absolute(`memory while ${many} messages are exported, peak`, 'MB', [exported], target),
      absolute(`memory while ${many} messages are backed up beside it, peak`, 'MB', [backedUp], target),
      absolute('memory while retention is at work, peak', 'MB', [forgotten], target),
    ]
  } finally {
    await town.end()
  }
}

async function backUp({ cores }: Bench, { folder }: Town): Promise<void> {
  const { code, stderr } = await start(['backup'], { cwd: folder, env: ENV, cores: cores.load }).ended
  if (code !== 0) throw new Error(`the backup ended with ${code}: ${stderr}`)
}

async function exportAll({ service }: Town, messages: number): Promise<void> {
  const answer = await request(`${service.url}/v1/messages/export?format=csv`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    bodyTimeout: 0,
  })
  let lines = 0
  for await (const chunk of answer.body) lines += String(chunk).split('\n').length - 1
  if (lines <= messages) throw new Error(`the export has ${lines} lines for ${messages} messages`)
}
