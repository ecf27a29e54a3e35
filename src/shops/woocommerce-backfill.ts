import { type Fields, time } from './fields.ts'
import { latest, ordersIn } from './order-page.ts'
import type { Backfiller, BackfillInput, DeliveryHeaders } from './platform.ts'

/**
 * Pages are told by where the one before ended, not by their number: an order that changes meanwhile moves to the end
 * of the list, and every order behind its old place would come one place, and one page, too early.
 */
interface Place {
  /** Orders changed later than this second; epoch milliseconds. */
  after: number
  /** So many of them were seen: only a whole page of one second, as a change by many makes, needs that. */
  offset: number
}

const SECOND_MS = 1000
/** So many, or half a page, may move away from within a second before one is passed over. */
const SPARE = 10

export const woocommerceBackfill: Backfiller = {
  credentials: [
    { name: 'consumer_key', meaning: 'consumer key of its REST API, allowed to read' },
    { name: 'consumer_secret', meaning: 'consumer secret that belongs to it' },
  ],
  apiUrl: 'the address of its WordPress, like https://duka.example',
  pageSize: 100,
  async page(input) {
    const place = parsePlace(input.cursor) ?? { after: firstAfter(input), offset: 0 }
    const query = { orderby: 'modified', order: 'asc', per_page: String(input.limit), offset: String(place.offset) }
    const orders = await ask(input, place.after, query)
    const changedAt = latest(orders.map((order) => time(order['date_modified_gmt'])))
    const next = orders.length < input.limit ? null : cursorOf(placeAfter(place, changedAt, orders.length))
    return { orders, next, changedAt, restMs: 0 }
  },
  async count(input) {
    let total: string | null = null
    const heard = (headers: DeliveryHeaders) => {
      total = headers.get('X-WP-Total')
    }
    await ask(input, firstAfter(input), { per_page: '1', _fields: 'id' }, heard)
    return total === null || !/^\d{1,9}$/.test(total) ? null : Number(total)
  },
}

async function ask(
  { until, credentials, api }: Pick<BackfillInput, 'until' | 'credentials' | 'api'>,
  after: number,
  more: Record<string, string>,
  heard?: (headers: DeliveryHeaders) => void,
): Promise<Fields[]> {
  const query = new URLSearchParams({ modified_after: gmt(after), dates_are_gmt: 'true', ...more })
  if (until !== null) query.set('modified_before', gmt(until))
  const keys = `${credentials['consumer_key'] ?? ''}:${credentials['consumer_secret'] ?? ''}`
  const answer = await api.request({
    method: 'GET',
    path: `/wp-json/wc/v3/orders?${query.toString()}`,
    headers: { Authorization: `Basic ${Buffer.from(keys).toString('base64')}` },
    ...(heard && { heard }),
  })
  return ordersIn(answer, 'WooCommerce')
}

/** `modified_after` leaves its own second out. */
function firstAfter({ since }: Pick<BackfillInput, 'since'>): number {
  return since - SECOND_MS
}

function placeAfter({ after, offset }: Place, changedAt: number | null, seen: number): Place {
  const next = (changedAt ?? after) - SECOND_MS
  if (next > after) return { after: next, offset: 0 }
  return { after, offset: offset + Math.max(1, seen - Math.min(SPARE, Math.floor(seen / 2))) }
}

function cursorOf({ after, offset }: Place): string {
  return `${after}:${offset}`
}

function parsePlace(cursor: string | null): Place | null {
  const [after, offset] = cursor?.split(':').map(Number) ?? []
  return after === undefined || offset === undefined ? null : { after, offset }
}

/** As WordPress reads it: UTC without a zone, whole seconds. */
function gmt(at: number): string {
  return new Date(Math.floor(at / SECOND_MS) * SECOND_MS).toISOString().slice(0, 19)
}
