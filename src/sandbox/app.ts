import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError, messageOf } from '../errors.ts'
import { requireKey, requireLoopback } from './auth.ts'
import type { Controls } from './controls.ts'
import type { Faults } from './faults.ts'
import { countRequests, refuse, type SandboxContext, type SandboxEnv, strike } from './http.ts'
import type { Lifecycle } from './lifecycle.ts'
import { controlRoutes } from './routes/controls.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { messageRoutes } from './routes/messages.ts'
import { sendRoutes } from './routes/send.ts'
import { senderRoutes } from './routes/senders.ts'
import { templateRoutes } from './routes/templates.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import type { Sim } from './sim.ts'
import type { Webhooks } from './webhooks.ts'

export interface SandboxParts {
  sim: Sim
  faults: Faults
  lifecycle: Lifecycle
  webhooks: Webhooks
  controls: Controls
}

/** By the simulated clock, which is not always Node's. */
function tellTime({ env }: SandboxContext, { clock, switches }: Sim): void {
  const { outgoing } = env
  if (switches.clockAheadMs === null) outgoing.sendDate = false
  else outgoing.setHeader('date', new Date(clock.now() + switches.clockAheadMs).toUTCString())
}

export function createSandboxApp(parts: SandboxParts) {
  const { sim } = parts
  return new Hono<SandboxEnv>()
    .use(countRequests(sim))
    .use(bodyLimit({ maxSize: 1024 * 1024 }))
    .use(async (c, next) => {
      tellTime(c, sim)
      await next()
    })
    .use('/v1/*', requireKey(sim))
    .use('/v1/*', async (c, next) => {
      const fault = sim.switches.readFault
      const struck = fault && c.req.method === 'GET' && (await strike(c, sim, fault))
      return struck || (await next())
    })
    .use('/sandbox/*', requireLoopback())
    .route('/', sendRoutes(parts))
    .route('/', messageRoutes(parts))
    .route('/', conversationRoutes(parts))
    .route('/', senderRoutes(parts))
    .route('/', templateRoutes(parts))
    .route('/', webhookRoutes(parts))
    .route('/', controlRoutes(parts))
    .notFound((c) => c.json({ detail: 'Not Found' }, 404))
    .onError((error, c) => {
      if (error instanceof AppError) {
        const status = error.code === 'sandbox.not_found' ? 404 : 400
        return c.json({ error: { code: error.code, message: error.message } }, status)
      }
      sim.log.error({ error: messageOf(error) }, 'sandbox.request_failed')
      return refuse(c, { status: 500, code: 'INTERNAL_ERROR', message: 'Internal server error', field: null })
    })
}
