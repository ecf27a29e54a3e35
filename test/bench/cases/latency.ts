import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../commands/program.ts'
import type { Case } from '../bench.ts'
import { absolute } from '../figures.ts'
import { imagesAt, openWindows, whenSent } from '../karibu.ts'
import { openLoop } from '../load/load.ts'
import { type OrderMaker, regularPhone } from '../orders.ts'
import { percentile } from '../statistics.ts'
import { buildTown, type Town } from '../town.ts'

const ORDERS_PER_SECOND = 20
const REGULARS = 100
const WRITING_PER_SECOND = 5
const PATIENCE_MS = 60_000

/** How soon a receipt is on its way, drawn and all. */
export const latency: Case = async (bench) => {
  const town = await buildTown({ bench, drawing: true })
  try {
    await openWindows(town, REGULARS)
    await town.sandbox.call('/switches', { webhookInbound: true }, 'PATCH')
    const { orders } = bench
    await untilRequested(town, orders, bench.quick ? 1000 : 5000)
    const rounds = bench.quick ? 1 : bench.rounds
    const requested: number[][] = []
    const released: number[][] = []
    for (let round = 0; round < rounds; round++) {
      requested.push(await untilRequested(town, orders, bench.quick ? 3000 : 15_000))
      released.push(await untilReleased(town, orders, bench.quick ? 10 : 40, 100 * round))
      bench.print(`latency: round ${round + 1} of ${rounds}`)
    }
    const part = (all: number[][], of: number) => all.map((one) => percentile(one, of))
    return [
      absolute('order accepted → image request, p50', 'ms', part(requested, 0.5), { atMost: 40 }),
      absolute('order accepted → image request, p99', 'ms', part(requested, 0.99), { atMost: 150 }),
      absolute('customer writes → held image’s request, p50', 'ms', part(released, 0.5)),
      absolute('customer writes → held image’s request, p99', 'ms', part(released, 0.99), { atMost: 1000 }),
    ]
  } finally {
    await town.end()
  }
}

/** From the shop's 2xx to Karibu, in milliseconds, for orders of customers who have written. */
async function untilRequested(town: Town, orders: OrderMaker, ms: number): Promise<number[]> {
  const before = await imagesAt(town)
  const made = orders.make((ORDERS_PER_SECOND * ms) / 1000, (index) => regularPhone(index % REGULARS))
  const numbers = new Map(made.map(({ request, number }) => [request, number]))
  const acceptedAt = new Map<string, number>()
  let at = 0
  await openLoop({
    port: town.port,
    connections: 16,
    ms,
    rate: ORDERS_PER_SECOND,
    next: () => made[at++]?.request,
    answered: (_, request) => void acceptedAt.set(numbers.get(request) ?? '', Date.now()),
  })
  const sent = (await whenSent(town, before.length + made.length, PATIENCE_MS)).slice(before.length)
  return sent.flatMap((image) => {
    const accepted = acceptedAt.get(/C-\d+-B/.exec(image.caption ?? '')?.[0] ?? '')
    return accepted === undefined ? [] : [image.acceptedAt - accepted]
  })
}

/** From the customer's message to the receipt that waited for it, in milliseconds; Briq tells us of the message by webhook. */
async function untilReleased(town: Town, orders: OrderMaker, count: number, first: number): Promise<number[]> {
  const before = await imagesAt(town)
  const phones = Array.from({ length: count }, (_, index) => regularPhone(10_000 + first + index))
  let at = 0
  const made = orders.make(
    count,
    (
      () => () =>
        phones[at++]
    )(),
  )
  let next = 0
  await openLoop({
    port: town.port,
    connections: 16,
    ms: (1000 * count) / ORDERS_PER_SECOND,
    rate: ORDERS_PER_SECOND,
    next: () => made[next++]?.request,
  })
  await eventually('they are held', async () => {
    const held = await town.service.api<{ items: unknown[] }>('/v1/messages?status=held&limit=200')
    return (held?.items.length ?? 0) >= count || undefined
  })
  const wroteAt = new Map<string, number>()
  for (const phone of phones) {
    const { at: writtenAt } = await town.sandbox.call<{ at: number }>('/inbound', { from: phone, text: 'Habari' })
    wroteAt.set(phone, writtenAt)
    await sleep(1000 / WRITING_PER_SECOND)
  }
  const sent = (await whenSent(town, before.length + count, PATIENCE_MS)).slice(before.length)
  return sent.map((image) => image.acceptedAt - (wroteAt.get(image.to) ?? Number.NaN))
}
