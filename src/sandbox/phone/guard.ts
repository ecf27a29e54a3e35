import type { MiddlewareHandler } from 'hono'
import { PAGE_POLICY } from '../../page-policy.ts'
import type { SandboxEnv } from '../http.ts'

/** Nothing but our own pages posts here or looks in from another page, and nothing from elsewhere runs in them. */
export function guardPages(): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    if (!isOurs(c.req.raw)) {
      const message = 'The phone takes this only from its own pages'
      return c.json({ error: { code: 'sandbox.foreign_page', message } }, 403)
    }
    await next()
    c.header('content-security-policy', PAGE_POLICY)
    c.header('x-content-type-options', 'nosniff')
    c.header('x-frame-options', 'DENY')
    // Not `no-referrer`: a form of ours would then be posted with `Origin: null`.
    c.header('referrer-policy', 'same-origin')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  }
}

/** Browsers name the origin of every post; what names none is no browser. A link from elsewhere may lead here. */
function isOurs({ method, headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  const within = site === null || site === 'same-origin' || site === 'none'
  if (method === 'GET' || method === 'HEAD') return within || headers.get('sec-fetch-mode') === 'navigate'
  const origin = headers.get('origin')
  return within && (origin === null || origin === new URL(url).origin)
}
