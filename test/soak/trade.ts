import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../../src/sandbox/random.ts'
import { postToy, type ToyRequest, toyMessage } from '../../src/sandbox/toy-shop.ts'
import { type PlannedOrder, planOrder, SECRETS, SHOPS } from '../crash/orders.ts'
import type { Latency } from './latency.ts'
import { createNumbers, type Fate, fingerprint, type Ledger, type Numbers } from './ledger.ts'
import type { SoakTown } from './town.ts'
import type { Weather } from './weather.ts'

export interface TradeOptions {
  town: SoakTown
  weather: Weather
  ledger: Ledger
  latencies: Latency[]
  /** Orders a second. */
  rate: number
  orders: number
  seed: number
}

export interface Trade {
  /** Ids of the events that were answered 2xx, as fingerprints. */
  acknowledged: Numbers
  /** Orders whose shop is not through with them. */
  underWay(): number
  /** How late orders were begun, in milliseconds, at worst: this process was too slow. */
  worstLateMs(): number
  /** Requests that were answered otherwise, or not at all. */
  refused: Record<string, number>
  /** No more orders; resolves when every shop has its 2xx. */
  close(): Promise<void>
  /** Resolves when all orders were begun. */
  begun: Promise<void>
}

type Kind = 'regular' | 'writes-later' | 'never-writes' | 'stopped'

/** Of a hundred customers: regulars with an open window, new ones who write soon, who never do, who wrote STOP. */
function kindOf(lot: number): Kind {
  if (lot < 0.84) return 'regular'
  if (lot < 0.95) return 'writes-later'
  return lot < 0.98 ? 'never-writes' : 'stopped'
}

const AGAIN_MS = 250
const OUR_NUMBER = '255700000001'
const REFUND_RATE = 0.02
/** Each regular orders about once a minute. */
const regularsOf = (rate: number) => Math.max(20, Math.round(rate * 60))
const regular = (index: number) => `25575${1_000_000 + index}`

/** Customers of all kinds who order at a steady rate, whatever becomes of the answers. */
export function openTrade(options: TradeOptions): Trade {
  const { town, weather, ledger, latencies, rate, orders } = options
  const random = seededRandom(options.seed)
  const acknowledged = createNumbers()
  const refused: Record<string, number> = {}
  const underWay = new Set<Promise<void>>()
  const regulars = regularsOf(rate)
  const closing = new AbortController()
  let worstLate = 0

  async function deliver(shop: string, make: (now: number) => ToyRequest): Promise<void> {
    while (true) {
      const startedAt = performance.now()
      const answer = await postToy(`${town.service.url}/webhooks/${shop}`, make(Date.now())).catch(() => undefined)
      if (answer && answer.status >= 200 && answer.status < 300) {
        for (const latency of latencies) latency.note(performance.now() - startedAt)
        acknowledged.add(fingerprint((answer.body as { event_id: string }).event_id))
        return
      }
      const what = answer === undefined ? 'no answer' : String(answer.status)
      refused[what] = (refused[what] ?? 0) + 1
      await sleep(AGAIN_MS)
    }
  }

  async function sell(order: PlannedOrder, kind: Kind, refunded: boolean, wait: number): Promise<void> {
    // A relay's word is taken in before it is answered, so that the order meets it.
    const stop = (at: number) => toyMessage(SECRETS.standard, { from: order.phone, to: OUR_NUMBER, text: 'STOP', at })
    if (kind === 'stopped') await deliver(SHOPS.standard, stop)
    for (const webhook of order.deliveries) await deliver(order.shop, webhook)
    if (kind === 'writes-later') {
      await sleep(wait)
      town.karibu.customerWrites(order.phone, { text: 'Nimelipa' })
    }
    if (!refunded) return
    await sleep(wait)
    await deliver(order.shop, order.refund)
  }

  function begin(index: number): void {
    const kind = kindOf(random())
    const customer = kind === 'regular' ? { phone: regular(Math.floor(random() * regulars)) } : {}
    const order = planOrder(index, random, Date.now(), customer)
    const refunded = kind !== 'stopped' && random() < REFUND_RATE
    weather.order()
    ledger.plan(index, fateOf(kind, refunded))
    const work = sell(order, kind, refunded, 500 + random() * 5000).finally(() => underWay.delete(work))
    underWay.add(work)
    // Some regulars write again, one after the other.
    if (index % 10 === 0) town.karibu.customerWrites(regular((index / 10) % regulars), { text: 'Asante' })
  }

  async function run(): Promise<void> {
    const startedAt = performance.now()
    for (let index = 0; index < orders && !closing.signal.aborted; index++) {
      const late = performance.now() - startedAt - (index * 1000) / rate
      worstLate = Math.max(worstLate, late)
      if (late < 0) await sleep(-late)
      begin(index)
    }
  }

  for (let index = 0; index < regulars; index++) town.karibu.customerWrites(regular(index))
  const begun = run()
  return {
    acknowledged,
    refused,
    begun,
    underWay: () => underWay.size,
    worstLateMs: () => Math.round(worstLate),
    async close() {
      closing.abort()
      await begun
      await Promise.all(underWay)
    },
  }
}

function fateOf(kind: Kind, refunded: boolean): Fate {
  if (kind === 'never-writes' || kind === 'stopped') return 'never'
  return refunded ? 'at-most-once' : 'once'
}
