import { DAY } from '../clock.ts'
import type { EventKey, KeptStore } from '../store/kept.ts'

export interface Scope {
  since: number
  until: number
  /** Only this shop's events, and what customers wrote. */
  shop: string | undefined
  /** The most events of the time that are taken. */
  maxEvents: number
}

export interface Plan {
  /** In order of receipt: those from before `since` set the scene. */
  events: EventKey[]
  /** True when there are more than `maxEvents`. */
  cut: boolean
}

const ORDERS_AT_ONCE = 100

/**
 * The events of the time, and before them what their meaning rests on: all that is kept of the same orders, and what
 * customers wrote within the day before, which may still hold a window open.
 */
export async function planRehearsal(
  { since, until, shop, maxEvents }: Scope,
  store: Pick<KeptStore, 'listEventKeys' | 'listEarlierKeys'>,
): Promise<Plan> {
  const found = await store.listEventKeys({ since, until }, maxEvents + 1)
  const wanted = ({ source, type }: EventKey) =>
    shop === undefined || source === shop || source === 'karibu' || type === 'message.received'
  const events = found.slice(0, maxEvents).filter(wanted)
  const before = new Map<string, EventKey>()
  const wrote = await store.listEventKeys({ type: 'message.received', since: since - DAY, until: since }, maxEvents)
  for (const key of wrote) before.set(key.id, key)
  for (const [source, orders] of ordersOf(events)) {
    for (let at = 0; at < orders.length; at += ORDERS_AT_ONCE) {
      const earlier = await store.listEarlierKeys(source, orders.slice(at, at + ORDERS_AT_ONCE), since)
      for (const key of earlier) before.set(key.id, key)
    }
  }
  const scene = [...before.values()].toSorted((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1))
  return { events: [...scene, ...events], cut: found.length > maxEvents }
}

function ordersOf(events: EventKey[]): Map<string, string[]> {
  const orders = new Map<string, Set<string>>()
  for (const { source, orderId } of events) {
    if (orderId === null) continue
    const known = orders.get(source)
    if (known) known.add(orderId)
    else orders.set(source, new Set([orderId]))
  }
  return new Map([...orders].map(([source, ids]) => [source, [...ids]]))
}
