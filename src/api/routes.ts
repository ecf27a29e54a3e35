import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { AppError } from '../errors.ts'
import { readBody } from '../http/body.ts'
import { addClaimRoutes } from './claims.ts'
import { addConversationRoutes } from './conversations.ts'
import { addEventRoutes } from './events.ts'
import { addMessageRoutes } from './messages.ts'
import { addRehearsalRoute } from './rehearsals.ts'
import type { ApiDeps } from './shared.ts'
import { addStatsRoute } from './stats.ts'

/** Requests here are small; whole images come by their address. */
const BODY_LIMIT = 64 * 1024

/** Reads the body up to the limit, and leaves it for whoever reads it next. */
const boundedBody: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    const body = await readBody(c, BODY_LIMIT)
    // Hono keeps promises here, whatever its types say.
    Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(new Uint8Array(body).buffer) })
  }
  await next()
}

const WANTS_JSON = /\/(messages|rehearsals|settle)$/

/** Without its content type a body would be passed over, and then be found to lack everything. */
const jsonBody: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type') ?? ''
  if (c.req.method === 'POST' && WANTS_JSON.test(c.req.path) && !/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new HTTPException(415, { message: 'send the body as JSON, with the header Content-Type: application/json' })
  await next()
}

/** `/v1`: translates requests to the read side and the actions, and decides nothing. */
export function apiRoutes(deps: ApiDeps): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return
      const [issue] = result.error.issues
      const place = issue?.path.join('.') || 'the body'
      // A value that slipped into the place of a name is not repeated.
      const odd = issue?.code === 'unrecognized_keys' && !issue.keys.every((key) => /^[a-z_]{1,30}$/i.test(key))
      const what = odd ? 'holds a name that is not known' : issue?.message
      throw new AppError('body.invalid', `${place}: ${what ?? 'not understood'}`, {
        details: { field: place },
      })
    },
  })
  api.use(boundedBody)
  api.use(jsonBody)
  addMessageRoutes(api, deps)
  addConversationRoutes(api, deps)
  addEventRoutes(api, deps)
  addRehearsalRoute(api, deps)
  addClaimRoutes(api, deps)
  addStatsRoute(api, deps)
  return api
}
