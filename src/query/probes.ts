import { Hono } from 'hono'
import type { Clock } from '../clock.ts'
import { type Budget, monthOf } from '../store/budget.ts'
import type { ReadStore } from '../store/reads.ts'

export interface SenderBudget extends Budget {
  sender: string
}

export interface ProbeDeps {
  store: Pick<ReadStore, 'listPauses' | 'countSends'>
  budgets: SenderBudget[]
  clock: Clock
  disk: { hasRoom(): boolean; freeBytes(): Promise<unknown> }
}

/**
 * `/healthz`: the process answers. `/readyz`: the database does too, there is room on the disk, which senders rest and
 * why, and how far each budget is used.
 */
export function probeRoutes({ store, budgets, clock, disk }: ProbeDeps): Hono {
  async function used() {
    const month = monthOf(clock.now())
    const sends = budgets.length === 0 ? [] : await store.countSends(month)
    return budgets.map(({ sender, messages, warnAt }) => {
      const sent = sends.find((one) => one.sender === sender)?.sends ?? 0
      const state = sent >= messages ? 'spent' : sent * 100 >= messages * warnAt ? 'near' : 'ok'
      return { sender, month, sent, messages, state }
    })
  }

  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        const pauses = (await store.listPauses()).filter((pause) => pause.pausedUntil > clock.now())
        const paused = pauses.map(({ sender, code, pausedAt, pausedUntil }) => ({
          sender,
          code,
          since: new Date(pausedAt).toISOString(),
          until: new Date(pausedUntil).toISOString(),
        }))
        const facts = { database: 'ok', paused_senders: paused, budgets: await used() }
        await disk.freeBytes()
        if (!disk.hasRoom()) return c.json({ status: 'down', disk: 'almost full', ...facts }, 503)
        return c.json({ status: paused.length === 0 ? 'ok' : 'degraded', disk: 'ok', ...facts })
      } catch {
        return c.json({ status: 'down', database: 'does not answer' }, 503)
      }
    })
}
