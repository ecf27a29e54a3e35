import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../errors.ts'
import { addConversationRoutes } from './conversations.ts'
import { addEventRoutes } from './events.ts'
import { addMessageRoutes } from './messages.ts'
import type { ApiDeps } from './shared.ts'
import { addStatsRoute } from './stats.ts'

/** Requests here are small; whole images come by their address. */
const BODY_LIMIT = 64 * 1024

function refuseLarge(): never {
  throw new AppError('body.too_large', `the body is larger than ${BODY_LIMIT} bytes`)
}

/** `/v1`: translates requests to the read side and the actions, and decides nothing. */
export function apiRoutes(deps: ApiDeps): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return
      const [issue] = result.error.issues
      const place = issue?.path.join('.') || 'the body'
      throw new AppError('body.invalid', `${place}: ${issue?.message ?? 'not understood'}`, {
        details: { field: place },
      })
    },
  })
  api.use(bodyLimit({ maxSize: BODY_LIMIT, onError: refuseLarge }))
  addMessageRoutes(api, deps)
  addConversationRoutes(api, deps)
  addEventRoutes(api, deps)
  addStatsRoute(api, deps)
  return api
}
