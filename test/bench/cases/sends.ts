import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cpuMsOf } from '../../support/process-facts.ts'
import type { Bench, Case } from '../bench.ts'
import { absolute } from '../figures.ts'
import { customerPhone, fillDatabase } from '../seed/fill.ts'
import { type Sample, takeSample } from '../seed/sample.ts'
import { queuedShape } from '../seed/shape.ts'
import { buildTown, imagesAt, type Town, whenSent } from '../town.ts'
import { NO_PACE } from './pipeline.ts'

/** A sender may be given a thousand a second at most, so there are several. */
export const SENDERS = ['255700000001', '255700000002', '255700000003', '255700000004']
const CUSTOMERS = 500
const ANSWER_MS = 20
const PATIENCE_MS = 120_000
const IMAGE_URL = 'https://duka.example/asante.png'

/** How fast what waits goes out when nothing has to be drawn and Karibu answers in 20 ms. */
export const sends: Case = async (bench) => {
  const sample = await takeSample(bench)
  const perSecond: number[] = []
  const cpu: number[] = []
  for (let round = 0; round < (bench.quick ? 1 : bench.rounds); round++) {
    const one = await sendAll(bench, sample, bench.quick ? 3000 : 8000)
    perSecond.push(one.perSecond)
    cpu.push(one.cpu)
    bench.print(`sends: round ${round + 1}`)
  }
  return [
    absolute('sends, picture at hand, Karibu answering in 20 ms', '/s', perSecond, { atLeast: 1000 }),
    absolute('processor time per send', 'µs', cpu),
  ]
}

async function sendAll(bench: Bench, sample: Sample, count: number) {
  const folder = mkdtempSync(join(bench.folder, 'sends-'))
  const shapeOf = queuedShape(IMAGE_URL, SENDERS)
  await fillDatabase({ folder, sample, messages: count, now: Date.now(), days: 0.01, customers: CUSTOMERS, shapeOf })
  const town = await buildTown({ bench, folder, karibu: NO_PACE, senders: SENDERS, webhooks: false })
  try {
    await readyKaribu(town, 0)
    return await drain(town, count)
  } finally {
    await town.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets Karibu know the windows of those whose messages wait, and takes its time for each answer. */
export async function readyKaribu({ sandbox }: Town, after: number): Promise<void> {
  for (let index = 0; index < CUSTOMERS; index++) {
    const to = SENDERS[index % SENDERS.length]
    await sandbox.call('/inbound', { from: customerPhone(after + index), to, text: 'Habari' })
  }
  await sandbox.call('/switches', { pairLimit: null, sendFault: { delayMs: ANSWER_MS } }, 'PATCH')
}

/** Starts the service and tells how fast it sends the middle of what waits; to start and to end take their own time. */
export async function drain(town: Town, count: number): Promise<{ perSecond: number; cpu: number }> {
  const { service } = town
  const cpuNow = () => cpuMsOf(service.pid() ?? 0) ?? 0
  await service.startService()
  const from = await whenSent(town, count / 4, PATIENCE_MS)
  const cpuFrom = cpuNow()
  await whenSent(town, count * 0.9, PATIENCE_MS)
  const to = await imagesAt(town)
  const cpuTo = cpuNow()
  const [first, last] = [from.at(-1), to.at(-1)]
  const sent = to.length - from.length
  const ms = (last?.acceptedAt ?? 0) - (first?.acceptedAt ?? 0)
  return { perSecond: (1000 * sent) / ms, cpu: (1000 * (cpuTo - cpuFrom)) / sent }
}
