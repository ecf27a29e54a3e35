import { Hono } from 'hono'
import { type Clock, SECOND } from '../clock.ts'
import type { RequireScope } from '../http/auth.ts'
import type { Gauge, Metrics } from '../metrics.ts'
import type { SilenceWatch } from '../silence/watch.ts'
import { monthOf } from '../store/budget.ts'
import type { ConfirmationStore } from '../store/confirmations.ts'
import type { NotificationStore } from '../store/notifications.ts'
import type { ReadStore } from '../store/reads.ts'
import type { Vitals } from '../vitals.ts'
import type { SenderBudget } from './budgets.ts'

export interface MetricsRouteDeps {
  metrics: Metrics
  store: Pick<ReadStore, 'countWaiting' | 'oldestWaiting' | 'listPauses' | 'countSends'> &
    Pick<ConfirmationStore, 'countQuestions' | 'listApiPauses'> &
    Pick<NotificationStore, 'countNotifications'> & {
      fileBytes(): { main: number; wal: number }
    }
  budgets: SenderBudget[]
  disk: { freeBytes(): Promise<number | undefined> }
  vitals: Vitals
  silence: Pick<SilenceWatch, 'shops'>
  /** When each loop last had a good pass. */
  beats: ReadonlyMap<string, number>
  require: RequireScope
  clock: Clock
}

/** `GET /metrics`, for a token with scope read. Every question to the database is answered from an index. */
export function metricsRoute(deps: MetricsRouteDeps): Hono {
  const { metrics, store, budgets, disk, vitals, beats, silence, clock } = deps
  return new Hono().get('/metrics', deps.require('read'), async (c) => {
    const now = clock.now()
    const age = (at: number) => Math.max(0, now - at) / SECOND
    const free = await disk.freeBytes()
    const gauges: Gauge[] = [
      ...(await store.countWaiting()).map(({ status, count }) => gauge('risiti_messages', { status }, count)),
      ...(await store.oldestWaiting()).map(({ status, createdAt }) =>
        gauge('risiti_oldest_message_age_seconds', { status }, age(createdAt)),
      ),
      ...(await store.listPauses())
        .filter(({ pausedUntil }) => pausedUntil > now)
        .map(({ sender, code }) => gauge('risiti_sender_paused', { sender, code }, 1)),
      ...(await store.countSends(monthOf(now))).map(({ sender, sends }) =>
        gauge('risiti_sender_month_sends', { sender }, sends),
      ),
      ...budgets.map(({ sender, messages }) => gauge('risiti_sender_month_budget', { sender }, messages)),
      ...(await store.countQuestions()).flatMap(({ shop, count, oldestAt }) => [
        gauge('risiti_confirmations_waiting', { shop }, count),
        gauge('risiti_oldest_confirmation_age_seconds', { shop }, age(oldestAt)),
      ]),
      ...(await store.listApiPauses())
        .filter(({ pausedUntil }) => pausedUntil > now)
        .map(({ shop, code }) => gauge('risiti_platform_api_paused', { shop, code }, 1)),
      ...(await store.countNotifications()).flatMap(({ target, count, oldestAt, offSince }) => [
        gauge('risiti_notifications_waiting', { target }, count),
        gauge('risiti_oldest_notification_age_seconds', { target }, oldestAt === null ? 0 : age(oldestAt)),
        gauge('risiti_notify_target_off', { target }, offSince === null ? 0 : 1),
      ]),
      ...silence
        .shops()
        .flatMap(({ shop, lastAt, silent }) => [
          ...(lastAt === null ? [] : [gauge('risiti_shop_last_event_age_seconds', { shop }, age(lastAt))]),
          gauge('risiti_shop_silent', { shop }, silent ? 1 : 0),
        ]),
      ...[...beats].map(([loop, at]) => gauge('risiti_loop_age_seconds', { loop }, age(at))),
      ...Object.entries(store.fileBytes()).map(([file, bytes]) => gauge('risiti_database_bytes', { file }, bytes)),
      ...(free === undefined ? [] : [gauge('risiti_disk_free_bytes', {}, free)]),
      gauge('risiti_memory_bytes', {}, vitals.memoryBytes()),
      ...vitals
        .loopDelay()
        .map(({ quantile, seconds }) => gauge('risiti_event_loop_delay_seconds', { quantile }, seconds)),
    ]
    return c.text(metrics.render(gauges), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
}

function gauge(name: Gauge['name'], labels: Gauge['labels'], value: number): Gauge {
  return { name, labels, value }
}
