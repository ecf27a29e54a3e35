import { Hono } from 'hono'
import { z } from 'zod'
import { DAY } from '../../clock.ts'
import type { Refusal } from '../bodies.ts'
import { parseJson, refuse, refuseAsSwitched, type SandboxContext, type SandboxEnv } from '../http.ts'
import { present } from '../present.ts'
import { dateTime, readId, readQuery } from '../query.ts'
import type { Sim } from '../sim.ts'
import type { RegisteredWebhook } from '../state.ts'
import { firstFault, isRefusal } from '../validate.ts'
import type { Webhooks } from '../webhooks.ts'

const fields = {
  service_type: z.enum(['sms', 'voice', 'otp', 'whatsapp', 'email']),
  url: z
    .url({ protocol: /^https?$/ })
    .min(1)
    .max(2083),
  secret_token: z.string().min(16).max(255).nullish(),
}
const created = z.object({ app_id: z.guid().toLowerCase(), ...fields })
const changed = z.object({ ...fields, service_type: fields.service_type.optional(), url: fields.url.optional() })

/** Bare answers, no envelope; errors as `detail`, FastAPI's own. */
export function webhookRoutes({ sim, webhooks }: { sim: Sim; webhooks: Webhooks }) {
  const { state } = sim
  const find = (c: SandboxContext): RegisteredWebhook | Refusal => {
    const id = readId(c)
    if (typeof id !== 'string') return id
    return state.webhooks.get(id) ?? { status: 404, code: 'NOT_FOUND', message: 'Webhook not found', field: null }
  }
  const isTaken = (appId: string, service: string, except?: string) =>
    [...state.webhooks.values()].some((one) => one.appId === appId && one.serviceType === service && one.id !== except)

  return (
    new Hono<SandboxEnv>()
      .post('/v1/webhooks', (c) => c.redirect('/v1/webhooks/', 307))
      .post('/v1/webhooks/', async (c) => {
        const body = created.safeParse(parseJson(await c.req.text()))
        if (!body.success) return refuseDetail(c, firstFault(body.error))
        const { app_id: appId, service_type: serviceType, url, secret_token: secret } = body.data
        if (appId !== sim.appId) return refuseDetail(c, notOurApp)
        if (isTaken(appId, serviceType)) return refuseDetail(c, taken(serviceType))
        const now = sim.clock.now()
        const id = sim.newUuid()
        const webhook = { id, appId, serviceType, url, secret: secret ?? null, createdAt: now, updatedAt: now }
        state.webhooks.set(id, webhook)
        return c.json(present.webhook(webhook), 201)
      })
      .get('/v1/webhooks/all', (c) => c.json([...state.webhooks.values()].map(present.webhook)))
      .get('/v1/webhooks/app/:id', (c) => {
        const id = readId(c)
        if (typeof id !== 'string') return refuseDetail(c, id)
        return c.json([...state.webhooks.values()].filter((one) => one.appId === id).map(present.webhook))
      })
      .get('/v1/webhooks/:id', (c) => {
        const found = find(c)
        return isRefusal(found) ? refuseDetail(c, found) : c.json(present.webhook(found))
      })
      .patch('/v1/webhooks/:id', async (c) => {
        const body = changed.safeParse(parseJson(await c.req.text()))
        if (!body.success) return refuseDetail(c, firstFault(body.error))
        const found = find(c)
        if (isRefusal(found)) return refuseDetail(c, found)
        const { service_type: serviceType = found.serviceType, url, secret_token: secret } = body.data
        if (isTaken(found.appId, serviceType, found.id)) return refuseDetail(c, taken(serviceType))
        found.serviceType = serviceType
        found.url = url ?? found.url
        if (secret !== undefined) found.secret = secret
        found.updatedAt = sim.clock.now()
        return c.json(present.webhook(found))
      })
      .delete('/v1/webhooks/:id', (c) => {
        const found = find(c)
        if (isRefusal(found)) return refuseDetail(c, found)
        state.webhooks.delete(found.id)
        return c.body(null, 204)
      })
      // The name of the field that holds the secret is not documented.
      .get('/v1/webhooks/:id/secret', (c) => {
        const found = find(c)
        return isRefusal(found) ? refuseDetail(c, found) : c.json({ webhook_id: found.id, secret_token: found.secret })
      })
      .get('/v1/webhooks/:id/stats', (c) => {
        const query = readQuery(c, z.object({ since: dateTime.optional() }))
        if (isRefusal(query)) return refuseAsSwitched(c, sim, query)
        const found = find(c)
        if (isRefusal(found)) return refuseDetail(c, found)
        const since = query.since ?? sim.clock.now() - 7 * DAY
        const counted = webhooks
          .deliveries()
          .filter((one) => one.webhookId === found.id && one.status !== 'lost' && one.createdAt >= since)
        return c.json({
          webhook_id: found.id,
          since: new Date(since).toISOString(),
          total: counted.length,
          by_status: countBy(counted.map((one) => one.status)),
          by_event: countBy(counted.map((one) => one.event)),
        })
      })
  )
}

const notOurApp: Refusal = { status: 404, code: 'NOT_FOUND', message: 'No such app for this API key', field: null }

function taken(service: string): Refusal {
  const message = `A webhook for ${service} exists for this app; delete it first`
  return { status: 400, code: 'BAD_REQUEST', message, field: null }
}

function refuseDetail(c: SandboxContext, refusal: Refusal): Response {
  return refuse(c, refusal, refusal.status === 422 ? 'detail-list' : 'detail-text')
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
