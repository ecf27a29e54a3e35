import { type Clock, DAY, HOUR } from '../clock.ts'
import type { Config } from '../config/types.ts'
import type { ShopSilence, SilenceWatch } from '../silence/watch.ts'
import type { Expiring, FailureCount, LastTold, OverviewStore } from '../store/overview.ts'
import type { ReadStore } from '../store/reads.ts'
import { dayStart, lastHours, type Progress, progressOf, quantile } from './progress.ts'

export interface ShopDay {
  shop: string
  name: string
  today: Progress
  /** True when only its newest messages were counted. */
  more: boolean
}

export interface ShopSigns {
  shop: string
  silence: ShopSilence | undefined
  last: LastTold | undefined
}

export interface Overview {
  /** Of all shops, from midnight in the zone that was asked for. */
  today: Progress
  /** From each shop's own midnight. */
  shops: ShopDay[]
  /** Of the last 24 hours. */
  day: Progress
  hours: { from: number; made: Progress }[]
  arrival: Arrival | null
  held: number
  expiring: { count: number; first: Expiring[] }
  failures: { counts: FailureCount[]; more: boolean }
  signs: ShopSigns[]
}

/** How long it took from Karibu's yes to the customer's phone. */
export interface Arrival {
  medianMs: number
  p90Ms: number
  of: number
}

export interface OverviewDeps {
  config: Pick<Config, 'shops'>
  store: OverviewStore & Pick<ReadStore, 'countByStatus' | 'countWaiting'>
  silence: Pick<SilenceWatch, 'shops'>
  clock: Pick<Clock, 'now'>
}

/** Of all shops together: each row of a shop lies elsewhere in the file. */
export const SHOP_ROWS_AT_MOST = 6000
export const ARRIVALS_AT_MOST = 1000
export const FAILURES_AT_MOST = 2000
const EVENTS_AMONG = 3000
const HOURS = 24
export const EXPIRES_SOON_MS = 6 * HOUR
const EXPIRING_SHOWN = 5

/** How things stand, in numbers that cost the same however many messages there are. */
export async function overviewOf(deps: OverviewDeps, timezone: string): Promise<Overview> {
  const { store, clock } = deps
  const now = clock.now()
  const soon = now + EXPIRES_SOON_MS
  const waiting = await store.countWaiting()
  return {
    today: progressOf(await store.countByStatus(dayStart(now, timezone))),
    shops: await shopDays(deps, now),
    day: progressOf(await store.countByStatus(now - DAY)),
    hours: await hoursOf(store, lastHours(now, timezone, HOURS)),
    arrival: await arrivalOf(store, now - DAY),
    held: waiting.find(({ status }) => status === 'held')?.count ?? 0,
    expiring: { count: await store.countExpiring(soon), first: await store.listExpiring(soon, EXPIRING_SHOWN) },
    failures: await store.countFailures(now - 7 * DAY, FAILURES_AT_MOST),
    signs: await shopSigns(deps),
  }
}

/** What each configured shop told last, by itself. */
export async function shopSigns({
  config,
  store,
  silence,
}: Pick<OverviewDeps, 'config' | 'silence'> & { store: Pick<OverviewStore, 'listLastTold'> }): Promise<ShopSigns[]> {
  const told = await store.listLastTold(EVENTS_AMONG)
  const silences = silence.shops()
  return Object.keys(config.shops).map((shop) => ({
    shop,
    silence: silences.find((one) => one.shop === shop),
    last: told.find(({ source }) => source === shop),
  }))
}

async function shopDays({ config, store }: OverviewDeps, now: number): Promise<ShopDay[]> {
  const shops = Object.values(config.shops)
  const atMost = Math.ceil(SHOP_ROWS_AT_MOST / Math.max(1, shops.length))
  const days: ShopDay[] = []
  for (const { id, brand, timezone } of shops) {
    const { counts, more } = await store.countOfShop(id, dayStart(now, timezone), atMost)
    days.push({ shop: id, name: brand.name, today: progressOf(counts), more })
  }
  return days
}

async function hoursOf(store: OverviewStore, starts: number[]): Promise<Overview['hours']> {
  const hours: Overview['hours'] = []
  for (const from of starts) {
    hours.push({ from, made: progressOf(await store.countMade(from, from + HOUR)) })
  }
  return hours
}

async function arrivalOf(store: OverviewStore, since: number): Promise<Arrival | null> {
  const times = await store.listDeliveryTimes(since, ARRIVALS_AT_MOST)
  const took = times.map(({ acceptedAt, deliveredAt }) => Math.max(0, deliveredAt - acceptedAt))
  const [medianMs, p90Ms] = [quantile(took, 0.5), quantile(took, 0.9)]
  return medianMs === null || p90Ms === null ? null : { medianMs, p90Ms, of: took.length }
}
