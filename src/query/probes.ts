import { Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { ReadStore } from '../store/reads.ts'

/** `/healthz`: the process answers. `/readyz`: the database does too, and which senders Karibu keeps from sending. */
export function probeRoutes({ store, clock }: { store: Pick<ReadStore, 'listPauses'>; clock: Clock }): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        const pauses = (await store.listPauses()).filter((pause) => pause.pausedUntil > clock.now())
        const paused = pauses.map(({ sender, code, pausedUntil }) => ({
          sender,
          code,
          until: new Date(pausedUntil).toISOString(),
        }))
        return c.json({ status: paused.length === 0 ? 'ok' : 'degraded', database: 'ok', paused_senders: paused })
      } catch {
        return c.json({ status: 'down', database: 'does not answer' }, 503)
      }
    })
}
