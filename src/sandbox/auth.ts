import type { MiddlewareHandler } from 'hono'
import { refuse, routeOf, type SandboxEnv } from './http.ts'
import type { Sim } from './sim.ts'

/** An unknown route is 404 for anybody, as with FastAPI: the key is asked for by the routes, not in front of them. */
export function requireKey(sim: Sim): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    if (routeOf(c) === undefined) return await next()
    const { auth } = sim.switches
    if (auth === 'unauthorized' || c.req.header('x-api-key') !== sim.apiKey) {
      // The body of a 401 is shown for Briq's workspace routes only.
      const refusal = { status: 401, code: 'UNAUTHORIZED', message: 'Unauthorized request', field: null }
      return refuse(c, refusal, 'detail-list')
    }
    if (auth === 'no-workspace') {
      const message = 'The API key is not linked to a workspace'
      return refuse(c, { status: 403, code: 'WORKSPACE_REQUIRED', message, field: null })
    }
    return await next()
  }
}

/** The sandbox's own controls need no key, so they answer this machine only, and no web page opened on it. */
export function requireLoopback(): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    const address = c.env.incoming.socket.remoteAddress ?? ''
    const host = c.req.header('host') ?? ''
    const local = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address)
    // A foreign name in Host is a page that had its own name point here.
    if (local && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)) return await next()
    return c.json({ error: { code: 'sandbox.loopback_only', message: 'The controls answer this machine only' } }, 403)
  }
}
