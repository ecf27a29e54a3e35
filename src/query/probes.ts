import { Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { SilenceWatch } from '../silence/watch.ts'
import type { ActionStore } from '../store/actions.ts'
import { monthOf } from '../store/budget.ts'
import type { ConfirmationStore } from '../store/confirmations.ts'
import type { NotificationStore } from '../store/notifications.ts'
import type { ReadStore } from '../store/reads.ts'
import type { Inbound } from '../tracking/inbound.ts'
import { type SenderBudget, useOfBudgets } from './budgets.ts'
import { iso } from './present.ts'
import { presentSilence } from './present-silence.ts'

export interface ProbeDeps {
  store: Pick<ReadStore, 'listPauses' | 'countSends'> &
    Pick<ConfirmationStore, 'countQuestions' | 'listApiPauses'> &
    Pick<NotificationStore, 'countNotifications'> &
    Pick<ActionStore, 'countForPerson'>
  budgets: SenderBudget[]
  clock: Clock
  disk: { hasRoom(): boolean; freeBytes(): Promise<unknown> }
  silence: Pick<SilenceWatch, 'shops'>
  inbound: Pick<Inbound, 'refusal'>
}

/**
 * `/healthz`: the process answers. `/readyz`: the database does too, there is room on the disk, which senders rest and
 * why, how far each budget is used, which platforms' APIs refuse us, whether Karibu
 * refuses to show what customers write, what waits to be confirmed, how many uncertain messages a person has to settle, who is still to be told,
 * and which shops tell nothing any more: that alone is no fault of the service.
 */
export function probeRoutes({ store, budgets, clock, disk, silence, inbound }: ProbeDeps): Hono {
  async function used() {
    const month = monthOf(clock.now())
    const sends = budgets.length === 0 ? [] : await store.countSends(month)
    return useOfBudgets(budgets, sends).map(({ sender, ...use }) => ({ sender, month, ...use }))
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
        const pausedShops = (await store.listApiPauses())
          .filter(({ pausedUntil }) => pausedUntil > clock.now())
          .map(({ shop, code, pausedAt, pausedUntil }) => ({
            shop,
            code,
            since: new Date(pausedAt).toISOString(),
            until: new Date(pausedUntil).toISOString(),
          }))
        const waiting = (await store.countQuestions()).map(({ shop, count, oldestAt }) => ({
          shop,
          count,
          oldest_at: new Date(oldestAt).toISOString(),
        }))
        const targets = (await store.countNotifications()).map(({ target, count, oldestAt, offSince }) => ({
          target,
          waiting: count,
          oldest_at: iso(oldestAt),
          off_since: iso(offSince),
        }))
        const off = targets.filter(({ off_since: since }) => since !== null)
        const refusal = inbound.refusal()
        const facts = {
          database: 'ok',
          paused_senders: paused,
          inbound_refused: refusal && { detail: refusal.detail, since: iso(refusal.since) },
          budgets: await used(),
          paused_shops: pausedShops,
          waiting_confirmations: waiting,
          waiting_for_a_person: await store.countForPerson(),
          notify: targets,
          silent_shops: silence
            .shops()
            .filter(({ silent }) => silent)
            .map(presentSilence),
        }
        await disk.freeBytes()
        if (!disk.hasRoom()) return c.json({ status: 'down', disk: 'almost full', ...facts }, 503)
        return c.json({
          status: paused.length + pausedShops.length + off.length === 0 && !refusal ? 'ok' : 'degraded',
          disk: 'ok',
          ...facts,
        })
      } catch {
        return c.json({ status: 'down', database: 'does not answer' }, 503)
      }
    })
}
