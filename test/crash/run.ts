import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../../src/sandbox/random.ts'
import { postToy } from '../../src/sandbox/toy-shop.ts'
import { type BackupFindings, inspectBackups, isUnfinished, nextUnfinished } from './backups.ts'
import { inCheckpoint, nextCheckpoint } from './checkpoints.ts'
import { type Findings, inspectTown } from './inspect.ts'
import { type PlannedOrder, planOrder } from './orders.ts'
import { buildTown, type Town } from './service.ts'

export interface CrashOptions {
  kills: number
  seed: number
  /** Orders a second. */
  rate: number
  /** Longest life of the service between two kills, in milliseconds. */
  livesMs: number
  print(line: string): void
}

export interface CrashReport extends Findings, Omit<BackupFindings, 'problems'> {
  kills: number
  /** Of those: while a fresh database was made and migrated. */
  killsInMigration: number
  /** A checkpoint had begun and not ended, as the index file shows after the kill. */
  killsInCheckpoint: number
  /** A backup was being made: either it was killed, or the service beside it. */
  killsInBackup: number
  seed: number
  orders: number
  acknowledged: number
  recoveryMedianMs: number
  recoveryWorstMs: number
  seconds: number
  folder: string | null
}

/** The sandbox forgets beyond ten thousand messages. */
const MOST_ORDERS = 8000
/** No more trade than the machine can bear, however busy it is with other things. */
const MOST_UNDER_WAY = 150

/** Orders keep coming while the service is killed again and again; then everything is looked at from the outside. */
export async function runCrash({ kills, seed, rate, livesMs, print }: CrashOptions): Promise<CrashReport> {
  const startedAt = Date.now()
  const random = seededRandom(seed)
  const town = await buildTown()
  let sound = false
  try {
    const killsInMigration = await killDuringMigration(town, random, Math.min(10, Math.ceil(kills / 5)))
    const count = { kills: killsInMigration, killsInCheckpoint: 0, killsInBackup: 0, problems: [] as string[] }
    await town.startService()
    const shops = openShops(town, seededRandom(seed + 1), rate)
    for (let told = 0; count.kills < kills; ) {
      await killOnce(town, random, livesMs, count)
      // Now and then again before it is up: in the middle of opening the log it left behind.
      if (random() < 0.25 && count.kills < kills) {
        await town.killWhileStarting(50 + random() * 400)
        count.kills++
      }
      await town.startService()
      if (count.kills < told + 20) continue
      told = count.kills
      print(`${count.kills} kills, ${shops.orders.length} orders, ${shops.acknowledged.size} events`)
    }
    await shops.close()
    const outside = await inspectTown(town, shops.orders, shops.acknowledged)
    const { problems: spoilt, ...backups } = await inspectBackups(town.folder)
    const findings = { ...outside, ...backups, problems: [...count.problems, ...spoilt, ...outside.problems] }
    sound = findings.problems.length === 0
    const recoveries = town.recoveries.toSorted((a, b) => a - b)
    return {
      ...count,
      ...findings,
      killsInMigration,
      seed,
      orders: shops.orders.length,
      acknowledged: shops.acknowledged.size,
      recoveryMedianMs: recoveries[Math.floor(recoveries.length / 2)] ?? 0,
      recoveryWorstMs: recoveries.at(-1) ?? 0,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      folder: sound ? null : town.folder,
    }
  } finally {
    await town.end(!sound)
  }
}

/** One life of the service, ended at a random moment, in a checkpoint, or while a backup is made. */
async function killOnce(
  town: Town,
  random: () => number,
  livesMs: number,
  count: { kills: number; killsInCheckpoint: number; killsInBackup: number; problems: string[] },
): Promise<void> {
  const lot = random()
  const backup = lot < 0.2 ? town.startBackup() : undefined
  if (backup) {
    await nextUnfinished(town.folder, 4000)
    await sleep(random() * 150)
    if (isUnfinished(town.folder)) count.killsInBackup++
    if (random() < 0.5) {
      backup.signal('SIGKILL')
      count.kills++
    }
  } else if (lot < 0.6) await nextCheckpoint(town.database, 50 + random() * 2 * livesMs)
  else await sleep(50 + random() * livesMs)
  await town.kill()
  count.kills++
  if (inCheckpoint(town.database)) count.killsInCheckpoint++
  const ended = await backup?.ended
  if (ended?.code) count.problems.push(`a backup failed: ${ended.stderr.trim()}`)
}

async function killDuringMigration(town: Town, random: () => number, times: number): Promise<number> {
  for (let time = 0; time < times; time++) {
    if (random() < 0.5) town.forget()
    await town.killWhileStarting(100 + random() * 500)
  }
  return times
}

/** Shops that post their orders, again and again until each is acknowledged, and customers who write. */
function openShops(town: Town, random: () => number, rate: number) {
  const orders: PlannedOrder[] = []
  /** Ids of the events that were answered 2xx. */
  const acknowledged = new Set<string>()
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()

  async function deliver(order: PlannedOrder, index: number): Promise<void> {
    for (let tries = 0; ; tries++) {
      const webhook = order.deliveries[index]?.(Date.now())
      const answer = webhook && (await postToy(`${town.url}/webhooks/${order.shop}`, webhook).catch(() => undefined))
      if (answer && answer.status >= 200 && answer.status < 300) {
        acknowledged.add((answer.body as { event_id: string }).event_id)
        return
      }
      // As shops do: a service that is back must not be met by all of them at once, again and again.
      await sleep(Math.min(2000, 100 * 2 ** tries))
    }
  }

  async function shop(order: PlannedOrder): Promise<void> {
    if (order.writes === 'before') await town.sandbox('/inbound', { from: order.phone, text: 'Habari' })
    for (const index of order.deliveries.keys()) await deliver(order, index)
    if (order.writes !== 'after') return
    await sleep(500)
    await town.sandbox('/inbound', { from: order.phone, text: 'Nimelipa' })
  }

  async function trade(): Promise<void> {
    while (!closing.signal.aborted && orders.length < MOST_ORDERS) {
      const order = planOrder(orders.length, random, Date.now())
      orders.push(order)
      const work = shop(order).finally(() => underWay.delete(work))
      underWay.add(work)
      do await sleep(1000 / rate)
      while (underWay.size >= MOST_UNDER_WAY)
    }
  }

  const trading = trade()
  return {
    orders,
    acknowledged,
    async close() {
      closing.abort()
      await trading
      await Promise.all(underWay)
    },
  }
}
