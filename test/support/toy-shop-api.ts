import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { shopifyBody } from '../../src/sandbox/toy-shopify.ts'
import { wooBody } from '../../src/sandbox/toy-woocommerce.ts'

/** The order lists of a WooCommerce and a Shopify shop behind real HTTP, paged and throttled as theirs are. */

export const CONSUMER_KEY = 'ck_of_the_toy_shop'
export const CONSUMER_SECRET = 'cs_of_the_toy_shop'
export const ACCESS_TOKEN = 'shpat_of_the_toy_shop'

export interface ToyShopApi {
  url: string
  /** In any order; the API sorts them by their last change. */
  orders: ToyOrder[]
  /** Pages of orders that were asked for: path and query. */
  pages: URL[]
  /** How many orders each answered page had. */
  sizes: number[]
  keysWork: boolean
  /** Header of Shopify's answers. */
  callLimit: string
  /** Answers the next request for a page with this instead. */
  next(answer: { status: number; headers?: Record<string, string>; body?: string }): void
  /** Called before each page is made. */
  beforePage: (() => void | Promise<void>) | null
}

export async function toyShopApi(): Promise<ToyShopApi> {
  const queued: { status: number; headers?: Record<string, string>; body?: string }[] = []
  const server = createServer((req, res) => {
    void answer(req, res)
  })

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', api.url)
    const isWoo = url.pathname === '/wp-json/wc/v3/orders'
    const isCount = url.searchParams.get('per_page') === '1' || url.pathname.endsWith('/count.json')
    const reply = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (!isCount) {
      api.pages.push(url)
      const other = queued.shift()
      if (other) {
        res.writeHead(other.status, other.headers).end(other.body ?? '{}')
        return
      }
      await api.beforePage?.()
    }
    const basic = `Basic ${Buffer.from(`${CONSUMER_KEY}:${CONSUMER_SECRET}`).toString('base64')}`
    const mayRead = isWoo ? req.headers.authorization === basic : req.headers['x-shopify-access-token'] === ACCESS_TOKEN
    if (!mayRead || !api.keysWork) return void reply(401, { message: 'Sorry, you cannot list resources.' })
    const { status = 200, body, headers, size } = isWoo ? wooPage(url) : shopifyPage(url)
    if (!isCount && size !== undefined) api.sizes.push(size)
    reply(status, body, headers)
  }

  function sorted(changed: (at: number) => boolean, inSeconds: boolean): ToyOrder[] {
    const at = ({ updatedAt }: ToyOrder) => (inSeconds ? Math.floor(updatedAt / 1000) * 1000 : updatedAt)
    return api.orders
      .filter((order) => changed(at(order)))
      .toSorted((a, b) => at(a) - at(b) || Number(a.id) - Number(b.id))
  }

  function wooPage({ searchParams: query }: URL): Answer {
    const after = Date.parse(`${query.get('modified_after')}Z`)
    const before = query.has('modified_before') ? Date.parse(`${query.get('modified_before')}Z`) : Infinity
    if (query.get('dates_are_gmt') !== 'true' || Number.isNaN(after)) return { status: 400, body: {} }
    const all = sorted((at) => at > after && at < before, true)
    const from = Number(query.get('offset') ?? 0)
    const found = all.slice(from, from + Number(query.get('per_page')))
    return { body: found.map(wooBody), headers: { 'x-wp-total': String(all.length) }, size: found.length }
  }

  function shopifyPage({ pathname, searchParams: query }: URL): Answer {
    const info = query.get('page_info')
    if (info !== null && [...query.keys()].some((key) => key !== 'limit' && key !== 'page_info')) {
      return { status: 400, body: { errors: 'page_info goes with limit alone' } }
    }
    const place = info === null ? null : (JSON.parse(Buffer.from(info, 'base64url').toString()) as Place)
    const min = place?.min ?? Date.parse(query.get('updated_at_min') ?? '')
    const all = sorted((at) => at >= min, false)
    if (pathname.endsWith('/count.json')) return { body: { count: all.length } }
    const limit = Number(query.get('limit'))
    const rest = all.filter(
      ({ id, updatedAt }) =>
        !place || updatedAt > place.at || (updatedAt === place.at && Number(id) > Number(place.id)),
    )
    const found = rest.slice(0, limit)
    const last = found.at(-1)
    const headers: Record<string, string> = { 'x-shopify-shop-api-call-limit': api.callLimit }
    if (last && rest.length > limit) {
      const next = Buffer.from(JSON.stringify({ min, at: last.updatedAt, id: last.id })).toString('base64url')
      const address = (name: string) => `<${api.url}${pathname}?limit=${limit}&page_info=${name}>`
      headers.link = `${address('before')}; rel="previous", ${address(next)}; rel="next"`
    }
    return { body: { orders: found.map(shopifyBody) }, headers, size: found.length }
  }

  const api: ToyShopApi = {
    url: '',
    orders: [],
    pages: [],
    sizes: [],
    keysWork: true,
    callLimit: '1/40',
    next: (other) => void queued.push(other),
    beforePage: null,
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return api
}

interface Place {
  min: number
  at: number
  id: string
}

interface Answer {
  status?: number
  body: unknown
  headers?: Record<string, string>
  size?: number
}
