import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AT_SENDS, type Stage } from '../faults/stages.ts'
import { type Audit, audit, whenStill } from './audit.ts'
import { createLatency } from './latency.ts'
import { createLedger } from './ledger.ts'
import { createLives } from './lives.ts'
import { createSampler, folderBytes, type Sample } from './samples.ts'
import { type Figures, figuresOf } from './summary.ts'
import { buildSoakTown } from './town.ts'
import { openTrade } from './trade.ts'
import { createWeather } from './weather.ts'

export interface SoakOptions {
  seconds: number
  /** Orders a second. */
  rate: number
  seed: number
  /** How long after the last order everything may take to come to rest. */
  patienceMs: number
  /** Faults that strike sends (default: all). */
  sendFaults?: Stage[]
  /** Aborts to end early: what was ordered so far is seen to its end. */
  signal?: AbortSignal
  print(line: string): void
}

export type SoakReport = Figures & Audit

/** Kills and stops, in the first third of the run: memory is judged over the long life after them. */
const RESTARTS = ['kill', 'stop', 'kill', 'stop'] as const

/** A steady day with all faults on; then everything is looked at from the outside. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { seconds, rate, seed, signal, print } = options
  const startedAt = performance.now()
  const ended = () => signal?.aborted === true
  const passed = () => (performance.now() - startedAt) / 1000
  const orders = Math.ceil(seconds * rate)
  const ledger = createLedger(orders)
  const town = await buildSoakTown(seed, ledger.watch)
  let sound = false
  try {
    const weather = createWeather(town.karibu, town.proxy, seed + 1, options.sendFaults ?? AT_SENDS)
    const [recent, whole] = [createLatency(), createLatency()]
    const lives = createLives(town)
    await lives.start()
    const trade = openTrade({ town, weather, ledger, latencies: [recent, whole], rate, orders, seed: seed + 2 })
    const file = join(town.folder, 'samples.jsonl')
    let turn = weather.turn()
    const sample = createSampler({
      town,
      file,
      latency: recent,
      facts: () => ({
        ...lives.facts(),
        orders: ledger.planned(),
        images: ledger.images(),
        underWay: trade.underWay(),
        weather: turn,
      }),
      mediaEveryMs: 60_000,
    })
    print(`samples go to ${file}`)
    const samples: Sample[] = []
    const everyMs = Math.min(5000, (seconds * 1000) / 20)
    const turnMs = Math.min(60_000, (seconds * 1000) / 10)
    const beganAt = performance.now()
    const elapsed = () => performance.now() - beganAt
    let turns = 0
    let told = 0
    while (elapsed() < seconds * 1000 && !ended()) {
      await sleep(everyMs)
      const restart = RESTARTS[lives.restarts()]
      const restartAt = ((lives.restarts() + 1) * seconds * 1000) / (3 * (RESTARTS.length + 1))
      if (restart && elapsed() >= restartAt) await lives.restart(restart)
      if (elapsed() >= (turns + 1) * turnMs) {
        turn = weather.turn()
        turns++
      }
      const one = await sample()
      lives.note()
      if (!one) continue
      samples.push(one)
      if (elapsed() < told + 30_000) continue
      told = elapsed()
      print(lineOf(one))
    }
    const tradedMs = elapsed()
    const cpu = process.cpuUsage()
    const cpuMs = { service: lives.cpuMs(), harness: (cpu.user + cpu.system) / 1000 }
    const ordersAtEnd = ledger.planned()
    await trade.close()
    weather.clear()
    print(`${ordersAtEnd} orders; waiting for all to come to rest`)
    await whenStill(town.service, ledger, options.patienceMs)
    const last = await sample()
    if (last) samples.push(last)
    const findings = await audit(town.service, ledger, trade.acknowledged)
    sound = findings.problems.length === 0 && findings.waiting === 0
    const exchanges = town.proxy.counts().exchanges
    const mediaBytes = await folderBytes(join(town.folder, 'data', 'media'))
    const figures = figuresOf({
      samples,
      answers: whole.read(),
      recoveries: town.service.recoveries,
      struck: weather.struck,
      refused: trade.refused,
      orders: ordersAtEnd,
      images: ledger.images(),
      worstLateMs: trade.worstLateMs(),
      wanted: { rate, seconds: tradedMs / 1000 },
      mediaBytes,
      exchanges,
      cpuMs,
      restarts: lives.counts(),
    })
    return { seed, ...figures, ...findings, seconds: Math.round(passed()), folder: sound ? null : town.folder }
  } finally {
    await town.end(!sound)
  }
}

function lineOf(one: Sample): string {
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  const waits = `${one.queued} queued, ${one.uncertain} uncertain, ${one.held} held, ${one.underWay} under way`
  const memory = `RSS ${mb(one.rssBytes)}, WAL ${mb(one.walBytes)}, loop p99 ${Math.round(one.loopDelayP99Ms)} ms`
  const { p50, p99 } = one.answers
  const rests = one.pauses.length > 0 ? `; rests for ${one.pauses.join(', ')}` : ''
  return `${one.at} s: ${one.orders} orders, ${one.images} images; ${waits}; ${memory}; answers ${p50}/${p99} ms; ${one.weather}${rests}`
}
