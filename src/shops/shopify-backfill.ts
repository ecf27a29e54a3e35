import { record, time } from './fields.ts'
import { latest, ordersIn } from './order-page.ts'
import type { Backfiller, BackfillInput, DeliveryHeaders } from './platform.ts'

/** Shopify answers a version it no longer knows with the oldest it does. */
const VERSION = '2026-01'
/** The bucket of calls leaks so many a second; half of it is left to the shop's other apps. */
const LEAK_PER_SECOND = 2
const OURS = 0.5

export const shopifyBackfill: Backfiller = {
  credentials: [{ name: 'access_token', meaning: 'Admin API access token that may read orders' }],
  apiUrl: 'the shop’s own address, like https://duka.myshopify.com',
  pageSize: 250,
  async page(input) {
    let next: string | null = null
    let restMs = 0
    const heard = (headers: DeliveryHeaders) => {
      next = nextPage(headers.get('Link'))
      restMs = restFor(headers.get('X-Shopify-Shop-Api-Call-Limit'))
    }
    // A page that is asked for by its cursor may name nothing else but how many it wants.
    const query =
      input.cursor === null
        ? new URLSearchParams({ ...span(input), order: 'updated_at asc', limit: String(input.limit) })
        : new URLSearchParams({ limit: String(input.limit), page_info: input.cursor })
    const answer = record(await ask(input, `orders.json?${query.toString()}`, heard))
    const orders = ordersIn(answer['orders'], 'Shopify')
    return { orders, next, changedAt: latest(orders.map((order) => time(order['updated_at']))), restMs }
  },
  async count(input) {
    const count = record(await ask(input, `orders/count.json?${new URLSearchParams(span(input)).toString()}`))['count']
    return typeof count === 'number' ? count : null
  },
}

function ask(
  { credentials, api }: Pick<BackfillInput, 'credentials' | 'api'>,
  resource: string,
  heard?: (headers: DeliveryHeaders) => void,
): Promise<unknown> {
  return api.request({
    method: 'GET',
    path: `/admin/api/${VERSION}/${resource}`,
    headers: { 'X-Shopify-Access-Token': credentials['access_token'] ?? '' },
    ...(heard && { heard }),
  })
}

function span({ since, until }: Pick<BackfillInput, 'since' | 'until'>): Record<string, string> {
  const from = { status: 'any', updated_at_min: new Date(since).toISOString() }
  return until === null ? from : { ...from, updated_at_max: new Date(until).toISOString() }
}

/** `<https://…/orders.json?limit=250&page_info=abc>; rel="next"`, beside one for the page before. */
function nextPage(link: string | null): string | null {
  for (const part of (link ?? '').split(',')) {
    const address = /<([^>]{1,2000})>\s*;\s*rel="?next"?/.exec(part)?.[1]
    if (address && URL.canParse(address)) return new URL(address).searchParams.get('page_info')
  }
  return null
}

/** `32/40`: how much of the bucket is used. */
function restFor(header: string | null): number {
  const [, used = 0, size = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(header?.trim() ?? '')?.map(Number) ?? []
  return (Math.max(0, used - size * OURS) / LEAK_PER_SECOND) * 1000
}
