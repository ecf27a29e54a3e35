import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Activity } from '../activity.ts'
import { type Clock, SECOND } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'

/** The first parts of a path: the rest may be a phone number or the name of an image. */
export function routeOf(path: string): string {
  const open = /^\/(media|claim)(?=\/|$)/.exec(path)?.[0]
  if (open !== undefined) return open
  return path
    .split('/')
    .slice(0, 3)
    .join('/')
    .replace(/\d{6,}/g, '…')
}

/** Pages find their way themselves; see dashboard.ts. */
const PAGES = '/dashboard/*'

/** The address as the routes are written, so that nobody can make up new ones. */
function patternOf(c: Context): string {
  const written = matchedRoutes(c).map(({ path }) => path)
  return written.findLast((path) => !path.endsWith('*')) ?? written.find((path) => path === PAGES) ?? 'none'
}

/** One line per request; the path may hold a media token or a phone, so only its first parts are kept. */
export function requestLog(log: Log, clock: Clock, activity: Activity, metrics: Metrics): MiddlewareHandler {
  return async (c, next) => {
    const end = activity.begin()
    const startedAt = clock.now()
    try {
      await next()
    } finally {
      end()
      const durationMs = clock.now() - startedAt
      const route = patternOf(c)
      metrics.count('risiti_http_requests_total', { method: methodOf(c), route, status: c.res.status })
      metrics.observe('risiti_http_request_seconds', { route }, durationMs / SECOND)
      log.info(
        {
          method: c.req.method,
          // Nobody knows what stands in an address that leads nowhere.
          route: c.res.status === 404 ? route : routeOf(c.req.path),
          status: c.res.status,
          durationMs,
        },
        'request.served',
      )
    }
  }
}

/** Node lets through every method it knows; a few are enough to count. */
function methodOf({ req }: Context): string {
  return ['GET', 'HEAD', 'POST', 'DELETE'].includes(req.method) ? req.method : 'other'
}
