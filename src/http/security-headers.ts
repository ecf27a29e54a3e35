import type { ServerResponse } from 'node:http'
import type { MiddlewareHandler } from 'hono'

const HEADERS = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-resource-policy', 'same-origin'],
  // For answers that are no pages; a page brings its own.
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
] as const

/** On every answer, errors too; what a route sets itself takes their place. */
export function setSecurityHeaders(outgoing: ServerResponse): void {
  for (const [name, value] of HEADERS) outgoing.setHeader(name, value)
}

/** Customers' data must not stay in a cache on the way. */
export function noStore(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
  }
}
