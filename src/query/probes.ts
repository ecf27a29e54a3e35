import { Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { ReadStore } from '../store/reads.ts'

export interface ProbeDeps {
  store: Pick<ReadStore, 'listPauses'>
  clock: Clock
  disk: { hasRoom(): boolean; freeBytes(): Promise<unknown> }
}

/**
 * `/healthz`: the process answers. `/readyz`: the database does too, there is room on the disk, and which senders Karibu
 * keeps from sending.
 */
export function probeRoutes({ store, clock, disk }: ProbeDeps): Hono {
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
        const facts = { database: 'ok', paused_senders: paused }
        await disk.freeBytes()
        if (!disk.hasRoom()) return c.json({ status: 'down', disk: 'almost full', ...facts }, 503)
        return c.json({ status: paused.length === 0 ? 'ok' : 'degraded', disk: 'ok', ...facts })
      } catch {
        return c.json({ status: 'down', database: 'does not answer' }, 503)
      }
    })
}
