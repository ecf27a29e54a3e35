import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { codeForStatus, errorAnswer, type Refusal, success } from './bodies.ts'
import type { ErrorShape, ReadFault } from './faults.ts'
import type { Sim } from './sim.ts'

export interface SandboxEnv {
  Bindings: HttpBindings
  Variables: { requestId: string; served: Served }
}

export type SandboxContext = Context<SandboxEnv>

/** A request being served: counted as under way until its connection is done with it, but not while it is held. */
interface Served {
  closed: AbortSignal
  pause(): void
  resume(): void
}

export function countRequests(sim: Sim): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    const closed = new AbortController()
    let end = sim.activity.begin()
    c.set('requestId', sim.newUuid())
    c.set('served', {
      closed: closed.signal,
      pause: () => end(),
      resume() {
        if (!closed.signal.aborted) end = sim.activity.begin()
      },
    })
    c.env.outgoing.once('close', () => {
      closed.abort()
      end()
    })
    await next()
    const path = routeOf(c) ?? '(not found)'
    const name = `${c.req.method} ${path}`
    sim.state.requests.set(name, (sim.state.requests.get(name) ?? 0) + 1)
    sim.log.info({ method: c.req.method, path, status: c.res.status, requestId: c.var.requestId }, 'sandbox.request')
  }
}

/** The path of the route that answers; undefined when none fits. Middleware is registered for all methods. */
export function routeOf(c: SandboxContext): string | undefined {
  return matchedRoutes(c).findLast((route) => route.method !== 'ALL')?.path
}

/** Holds the answer back by the clock: a mere wait, so not counted as under way. Ends early when the client leaves. */
export async function holdAnswer(c: SandboxContext, sim: Sim, ms: number): Promise<void> {
  const { served } = c.var
  served.pause()
  await sim.clock.sleep(ms, AbortSignal.any([sim.stopped, served.closed]))
  served.resume()
}

/** Ends the connection without a byte of an answer. */
export function cutConnection(c: SandboxContext): Response {
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

export function succeed(c: SandboxContext, data: unknown, status = 200): Response {
  return reply(status, 'application/json', JSON.stringify(success(data, c.var.requestId)))
}

export function refuse(c: SandboxContext, refusal: Refusal, shape: ErrorShape = 'envelope'): Response {
  const { contentType, body } = errorAnswer(shape, refusal, c.var.requestId)
  return reply(refusal.status, contentType, body)
}

/** A refusal in the form the switches choose for its kind. */
export function refuseAsSwitched(c: SandboxContext, sim: Sim, refusal: Refusal): Response {
  if (refusal.code === 'VALIDATION_ERROR') return refuse(c, refusal, sim.switches.validationShape)
  if (refusal.status === 404) return refuse(c, refusal, sim.switches.notFoundShape)
  return refuse(c, refusal)
}

/** The part of a fault that ends in an answer of its own; null when it only held the answer back. */
export async function strike(c: SandboxContext, sim: Sim, fault: ReadFault): Promise<Response | null> {
  if (fault.delayMs !== undefined) await holdAnswer(c, sim, fault.delayMs)
  if (fault.cut) return cutConnection(c)
  if (fault.http === undefined) return null
  const refusal = {
    status: fault.http,
    code: fault.code ?? codeForStatus(fault.http),
    message: fault.message ?? `Simulated ${fault.http}`,
    field: fault.field ?? null,
  }
  const answer = refuse(c, refusal, fault.shape)
  if (fault.retryAfterSeconds !== undefined) answer.headers.set('retry-after', String(fault.retryAfterSeconds))
  return answer
}

export function reply(status: number, contentType: string, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': contentType } })
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
