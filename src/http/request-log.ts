import type { MiddlewareHandler } from 'hono'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** The first parts of a path: the rest may be a phone number or the name of an image. */
export function routeOf(path: string): string {
  return path.startsWith('/media') ? '/media' : path.split('/').slice(0, 3).join('/')
}

/** One line per request; the path may hold a media token or a phone, so only its first parts are kept. */
export function requestLog(log: Log, clock: Clock, activity: Activity): MiddlewareHandler {
  return async (c, next) => {
    const end = activity.begin()
    const startedAt = clock.now()
    try {
      await next()
    } finally {
      end()
      log.info(
        {
          method: c.req.method,
          route: routeOf(c.req.path),
          status: c.res.status,
          durationMs: clock.now() - startedAt,
        },
        'request.served',
      )
    }
  }
}
