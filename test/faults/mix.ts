import type { Head, Strike } from './proxy.ts'
import { AT_READS, AT_SENDS, pick } from './stages.ts'
import { anOrder, createTown, isSend, phoneOf, type Town } from './town.ts'

export interface MixOptions {
  orders: number
  seed: number
  /** Whether Karibu's list shows links; without, what was lost stays uncertain. */
  listTells: boolean
  /** How long Karibu's list lags behind. */
  listLagMs?: number
  log?: (line: string) => void
}

export interface Figures {
  orders: number
  deliveries: number
  exchanges: number
  struck: number
  sends: number
  images: number
  /** Orders with more than one image, by number. */
  copied: string[]
  /** Orders without an image that are not shown as uncertain either: a blind list cannot tell two lost ones apart. */
  lost: string[]
  /** Orders whose message is not `read` in the end, with how it stands. */
  unsettled: string[]
  /** Held messages that were invited more than once. */
  invitedTwice: number
  invitations: number
  /** Messages by status and reason. */
  standing: Record<string, number>
  attempts: number
  fakeMinutes: number
  seconds: number
}

const MINUTE = 60_000
const BATCH = 20

/** Orders of many customers through a proxy that breaks exchanges at random places; the same seed strikes the same. */
export async function runMix({ orders, seed, listTells, listLagMs = 0, log }: MixOptions): Promise<Figures> {
  const startedAt = performance.now()
  const random = seeded(seed)
  // Some customers order more than once; every fifth has not written yet.
  const customers = Array.from({ length: Math.ceil(orders * 0.8) }, (_, index) => ({
    phone: phoneOf(index),
    writes: index % 5 !== 4,
  }))
  const town = await createTown({
    keepAlive: true,
    customers: customers.filter((one) => one.writes).map((one) => one.phone),
    switches: { listEchoesMediaUrl: listTells, listLagMs },
  })
  try {
    const sends = planFaults(town, seed)
    let deliveries = 0
    for (let number = 0; number < orders; number++) {
      const phone = customers[number < customers.length ? number : Math.floor(random() * customers.length)]?.phone
      for (let copy = 1 + Math.floor(random() * 2); copy > 0; copy--) {
        await town.order(anOrder(number, phone ?? phoneOf(0), town.clock.now()))
        deliveries++
      }
      if (number % BATCH !== BATCH - 1 && number !== orders - 1) continue
      await town.run(Math.floor(random() * 30_000))
      if (random() < 0.2) {
        await town.proxy.refuse()
        await town.run(Math.floor(random() * 90_000))
        await town.proxy.restore()
      }
      log?.(`${number + 1} orders, ${town.karibu.images().length} images, ${seconds(startedAt)} s`)
    }
    await town.run(5 * MINUTE)
    for (const one of customers) if (!one.writes) town.karibu.customerWrites(one.phone)
    // With a blind list most of what was lost never becomes still.
    const patience = listTells ? 12 * 60 : 60
    for (let minutes = 0; minutes < patience && !(await isStill(town)); minutes += 15) await town.run(15 * MINUTE)
    return { ...(await figuresOf(town, orders)), deliveries, sends: sends(), seconds: seconds(startedAt) }
  } finally {
    await town.stop()
  }
}

/** Strikes by customer and by the how-manieth send, so that order of arrival changes nothing. */
function planFaults(town: Town, seed: number): () => number {
  const sent = new Map<string, number>()
  const reads = seeded(seed + 1)
  const connections = seeded(seed + 2)
  let sends = 0
  const strikeSend = (body: Buffer): Strike | null => {
    const { to } = JSON.parse(body.toString('utf8')) as { to: string }
    const nth = sent.get(to) ?? 0
    sent.set(to, nth + 1)
    sends++
    const chance = seeded(seed ^ (Number(to.slice(-7)) * 31 + nth * 7919))
    // Ever less likely, so that in the end something goes through.
    return chance() < 0.75 / (1 + nth / 2) ? pick(AT_SENDS, chance).strike : null
  }
  const strikeRead = (): Strike | null => (reads() < 0.05 ? pick(AT_READS, reads).strike : null)
  town.proxy.plan({
    connection: () => (connections() < 0.02 ? (connections() < 0.5 ? 'close' : 'reset') : null),
    body: (head: Head, body: Buffer) => (isSend(head) ? strikeSend(body) : strikeRead()),
  })
  return () => sends
}

/** Nothing waits for anything but a day's end. */
async function isStill(town: Town): Promise<boolean> {
  const messages = await town.messages()
  return messages.every(({ status, kind }) => status === 'read' || (status === 'uncertain' && kind === 'template'))
}

async function figuresOf(town: Town, orders: number) {
  const messages = await town.messages()
  const images = town.karibu.images()
  const copies = new Map<string, number>()
  for (const { caption } of images) copies.set(caption ?? '', (copies.get(caption ?? '') ?? 0) + 1)
  const invitations = town.karibu.messages().filter(({ kind }) => kind === 'template')
  const numbers = Array.from({ length: orders }, (_, index) => `N-${index}`)
  const ofOrder = new Map(messages.flatMap((one) => (one.kind === 'image' ? [[one.order_number, one] as const] : [])))
  const imagesOf = (number: string) => copies.get(`Risiti ya oda ${number}.`) ?? 0
  const standing: Record<string, number> = {}
  for (const { kind, status, reason } of messages) {
    const key = [kind, status, reason?.code].filter(Boolean).join(' ')
    standing[key] = (standing[key] ?? 0) + 1
  }
  const templates = messages.filter(({ kind }) => kind === 'template').length
  const { exchanges, struck } = town.proxy.counts()
  return {
    orders,
    exchanges,
    struck,
    images: images.length,
    copied: numbers.filter((number) => imagesOf(number) > 1),
    lost: numbers.filter((number) => imagesOf(number) === 0 && ofOrder.get(number)?.status !== 'uncertain'),
    unsettled: numbers.flatMap((number) => {
      const one = ofOrder.get(number)
      return one?.status === 'read' ? [] : [`${number} ${one?.status} ${one?.reason?.code} ${one?.error_code}`]
    }),
    invitations: invitations.length,
    invitedTwice: Math.max(0, invitations.length - templates),
    standing,
    attempts: messages.reduce((sum, one) => sum + one.attempts, 0),
    fakeMinutes: Math.round((town.clock.now() - Date.parse('2026-11-20T09:00:00Z')) / MINUTE),
  }
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10
}

/** mulberry32: the same strikes on every run. */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
