import type { MiddlewareHandler } from 'hono'

const HEADERS: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // For answers that are no pages; a page brings its own.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** On every answer, errors too; what a route has set itself stays. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value)
    // Customers' data must not stay in a cache on the way.
    if (c.req.path.startsWith('/v1') && !headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
}
