import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cpuMsOf } from '../../support/process-facts.ts'
import type { Bench, Case } from '../bench.ts'
import { absolute } from '../figures.ts'
import { whenSent } from '../karibu.ts'
import { customerPhone, fillDatabase } from '../seed/fill.ts'
import type { Sample } from '../seed/sample.ts'
import { queuedShape } from '../seed/shape.ts'
import { buildTown, type Town } from '../town.ts'
import { NO_PACE } from './pipeline.ts'

/** A sender may be given a thousand a second at most, so there are several. */
export const SENDERS = ['255700000001', '255700000002', '255700000003', '255700000004']
export const CUSTOMERS = 500
const ANSWER_MS = 20
const PATIENCE_MS = 10 * 60_000
export const IMAGE_URL = 'https://duka.example/asante.png'

/** How fast what waits goes out when nothing has to be drawn and Karibu answers in 20 ms. */
export const sends: Case = async (bench) => {
  const sample = await bench.library.sample()
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
  const seen: { sent: number; at: number; cpuMs: number }[] = []
  await service.startService()
  await whenSent(town, count, PATIENCE_MS, (sent) => {
    seen.push({ sent, at: performance.now(), cpuMs: cpuMsOf(service.pid() ?? 0) ?? 0 })
  })
  const middle = seen.filter(({ sent }) => sent >= count * 0.2 && sent <= count * 0.95)
  const [first, last] = [middle[0], middle.at(-1)]
  if (!first || !last || first === last) throw new Error('too few messages wait to see how fast they go out')
  const sent = last.sent - first.sent
  return { perSecond: (1000 * sent) / (last.at - first.at), cpu: (1000 * (last.cpuMs - first.cpuMs)) / sent }
}
