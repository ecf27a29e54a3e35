import { MINUTE } from '../clock.ts'
import type { Config, ShopConfig, ShopSecrets } from '../config/types.ts'
import { ApiTrouble } from '../confirm/api-trouble.ts'
import { createPlatformApis, type PlatformApis } from '../confirm/platform-api.ts'
import { AppError } from '../errors.ts'
import type { TakeRead } from '../intake/order-reads.ts'
import type { Backfiller, ShopPlatform } from '../shops/platform.ts'
import { type Counts, countOrder } from './counts.ts'

export interface PagesDeps {
  config: Pick<Config, 'shops'>
  secrets: Record<string, ShopSecrets>
  platformNamed(name: string): ShopPlatform | undefined
  apis: Pick<PlatformApis, 'open'>
  take: TakeRead
}

/** What is still to be read. */
export interface Span {
  since: number
  until: number | null
  cursor: string | null
  limit: number
}

export interface PageRead {
  next: string | null
  changedAt: number | null
  restMs: number
}

export interface Pages {
  pageSize: number
  /** Reads one page and takes its orders in; resolves when all of them are kept. Throws what `troubleIn` explains. */
  read(span: Span, counts: Counts, trial?: boolean): Promise<PageRead>
  /** How many orders there are; null when the shop does not say. */
  count(span: Pick<Span, 'since' | 'until'>): Promise<number | null>
}

/** The fewest a page asks for when a shop cannot give more at a time. */
export const SMALLEST_PAGE = 10
/** Orders taken in at once; they share a commit. */
const AT_ONCE = 16
/** After a smaller page was asked for, a few may hold nothing that was not seen. */
const MOST_STALE_PAGES = 20
/** A hundred orders are a long answer for a small shop's server. */
const TIMEOUT_MS = MINUTE
const BODY_LIMIT = 64 * 1024 * 1024

export function createBackfillApis(now: () => number): PlatformApis {
  return createPlatformApis({ now, timeoutMs: TIMEOUT_MS, bodyLimit: BODY_LIMIT })
}

/** The orders of one shop, read page by page through its own API and taken in like deliveries. */
export function createPages(shopId: string, { config, secrets, platformNamed, apis, take }: PagesDeps): Pages {
  const { backfill, apiUrl, title } = asked(shopId, config, platformNamed)
  const credentials = secrets[shopId]?.credentials ?? {}
  const lacking = backfill.credentials.find(({ name }) => !credentials[name])
  if (lacking) throw impossible(`shops.${shopId}.credentials.${lacking.name} is missing (${lacking.meaning})`)
  const { pageSize } = backfill
  /** The page before may end with what this one begins with. */
  let before = new Set<string>()
  let stale = 0
  const open = () => apis.open({ baseUrl: apiUrl, title, credentials }).api

  return {
    pageSize,
    count: (span) => backfill.count({ ...span, credentials, api: open() }),

    async read(span, counts, trial = false) {
      const page = await backfill.page({ ...span, credentials, api: open() })
      const bodies = page.orders.map((order) => JSON.stringify(order))
      const fresh = span.cursor === null ? bodies : bodies.filter((body) => !before.has(body))
      for (let from = 0; from < fresh.length; from += AT_ONCE) {
        const group = fresh.slice(from, from + AT_ONCE)
        const outcomes = await Promise.all(group.map((body) => take({ shop: shopId, body: Buffer.from(body), trial })))
        for (const outcome of outcomes) countOrder(counts, outcome)
      }
      before = new Set(bodies)
      stale = fresh.length > 0 || page.next === null ? 0 : stale + 1
      if (stale >= MOST_STALE_PAGES)
        throw new AppError('api.no_progress', `${title}’s API gives the same page for ever`)
      return page
    },
  }
}

function asked(
  id: string,
  { shops }: PagesDeps['config'],
  platformNamed: PagesDeps['platformNamed'],
): { backfill: Backfiller; apiUrl: string; title: string } {
  const shop: ShopConfig | undefined = Object.hasOwn(shops, id) ? shops[id] : undefined
  if (!shop) throw impossible(`no shop ${id} is configured; there are ${Object.keys(shops).join(', ')}`)
  const platform = platformNamed(shop.platform)
  if (!platform?.backfill) {
    throw impossible(`orders of ${platform?.facts.title ?? shop.platform} cannot be read through its API`)
  }
  const { backfill, facts } = platform
  if (shop.apiUrl === null) throw impossible(`shops.${id}.api_url is missing: ${backfill.apiUrl}`)
  return { backfill, apiUrl: shop.apiUrl, title: facts.title }
}

function impossible(sentence: string): AppError {
  return new AppError('backfill.impossible', sentence)
}

export type Trouble = ApiTrouble['outcome']

/** What keeps a page from being read; undefined for what is a fault of ours. */
export function troubleIn(error: unknown): Trouble | undefined {
  if (error instanceof ApiTrouble) return error.outcome
  return error instanceof AppError ? { kind: 'refused', code: error.code, detail: error.message } : undefined
}

const BACKOFF_BASE_MS = 5_000
const BACKOFF_CAP_MS = 15 * MINUTE

/** How long to wait after so many failures in a row, and with how many orders to ask again. */
export function afterTrouble(
  trouble: Trouble,
  { failures, limit, random }: { failures: number; limit: number; random: number },
): { waitMs: number; limit: number } {
  const whole = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 10))
  const waitMs = Math.round(whole / 2 + (random * whole) / 2)
  if (trouble.kind !== 'later') return { waitMs, limit }
  const isThrottled = trouble.code === 'api.throttled'
  return {
    waitMs: Math.max(waitMs, trouble.retryAfterMs ?? 0),
    // A server that breaks down over a long answer may manage a shorter one.
    limit: isThrottled ? limit : Math.max(SMALLEST_PAGE, Math.floor(limit / 2)),
  }
}
