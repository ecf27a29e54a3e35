import type { Activity } from '../activity.ts'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import type { Config } from '../config/types.ts'
import { forLog } from '../errors.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop, type LoopOptions } from '../loop.ts'
import type { Metrics } from '../metrics.ts'
import type { NotificationStore } from '../store/notifications.ts'
import type { NotificationRow } from '../store/records.ts'
import { bodyOf, signedHeaders } from './body.ts'
import { decide, type TellOutcome } from './decide.ts'
import { createPoster, type Poster } from './post.ts'
import { knownTargets, privateOrigins } from './targets.ts'

export interface NotifyDeps {
  config: Pick<Config, 'notify' | 'publicUrl'>
  /** What each target's notifications are signed with, by its name. */
  secrets: Record<string, string[]>
  store: NotificationStore & { onCommit(listener: () => void): void }
  /** The real one unless a test says otherwise. */
  poster?: Poster | undefined
  metrics: Pick<Metrics, 'count'>
  clock: Clock
  activity: Activity
  log: Log
  passed?: LoopOptions['passed']
  /** 0 ≤ random < 1 */
  random(): number
}

export interface Notify extends Loop {
  /** Before anything is taken in: from then on changes are kept for these targets. */
  ready(): Promise<void>
  /** Ends what is under way: it is told again after the next start. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** The longest sleep: a net under the wake-up calls. */
const LOOK_EVERY_MS = 5 * MINUTE
/** One target's slow answers leave the others all their places. */
const PER_TARGET = 8
const TELL_TIMEOUT_MS = 15 * SECOND
/** Longer than the slowest answer. */
const LEASE_MS = 2 * TELL_TIMEOUT_MS

/** Tells the configured targets what became of messages. Woken by commits; never polls while idle. */
export function createNotify(deps: NotifyDeps): Notify {
  const { store, clock, activity, log } = deps
  const { notify: targets, publicUrl } = deps.config
  const allow = privateOrigins(publicUrl, targets)
  const poster = deps.poster ?? createPoster({ allow, timeoutMs: TELL_TIMEOUT_MS, now: clock.now })
  const underWay = new Set<Promise<void>>()
  const loop = createLoop({ ...deps, name: 'notifications', retryMs: 5 * SECOND, pass })

  async function pass(): Promise<number> {
    const dueAt = await store.nextNotificationAt(PER_TARGET)
    const now = clock.now()
    if (dueAt === undefined || dueAt > now) return Math.min(LOOK_EVERY_MS, (dueAt ?? Infinity) - now)
    const lost = await store.reapNotifications(now)
    if (lost > 0) log.warn({ notifications: lost }, 'notifications.interrupted_found')
    for (const row of await store.claimNotifications({ now, leaseMs: LEASE_MS, perTarget: PER_TARGET })) start(row)
    return 0
  }

  function start(row: NotificationRow): void {
    const work = activity
      .track(tell(row))
      .catch((error: unknown) => log.error({ notification: row.key, ...forLog(error) }, 'notification.work_failed'))
      .finally(() => {
        underWay.delete(work)
        loop.wake()
      })
    underWay.add(work)
  }

  async function tell(row: NotificationRow): Promise<void> {
    const url = targets.find(({ name }) => name === row.target)?.url
    if (url === undefined) return
    const startedAt = clock.now()
    const body = bodyOf(row, publicUrl)
    const headers = signedHeaders(row.key, body, deps.secrets[row.target] ?? [], startedAt)
    const outcome = await poster.post({ url, headers, body })
    const now = clock.now()
    const settled = await store.settleNotification({
      id: row.id,
      attempt: row.attempts,
      now,
      decide: (current) => decide(current, outcome, now, deps.random()),
    })
    if (!settled) return
    const givenUp = settled.change.nextAttemptAt === null && outcome.kind !== 'told'
    report(row, outcome, givenUp, now - startedAt)
    if (settled.switchedOff) log.error({ target: row.target }, 'notify.target_off')
  }

  function report(row: NotificationRow, outcome: TellOutcome, givenUp: boolean, durationMs: number): void {
    const { target, key: notification, message: messageId, type, attempts: attempt } = row
    const code = 'code' in outcome ? outcome.code : null
    const facts = { target, notification, messageId, type, attempt, code, durationMs }
    deps.metrics.count('risiti_notifications_total', { target, outcome: givenUp ? 'given_up' : outcome.kind })
    if (outcome.kind === 'told') log.info(facts, 'notification.told')
    else if (givenUp) log.error(facts, 'notification.given_up')
    else log.warn(facts, 'notification.not_taken')
  }

  return {
    ready: () => store.syncTargets(knownTargets(targets), clock.now()),
    start() {
      if (targets.length === 0) return
      store.onCommit(loop.wake)
      loop.start()
    },
    wake: loop.wake,
    async stop() {
      await loop.stop()
      await Promise.all(underWay)
    },
    cut: poster.cut,
    close: poster.close,
  }
}
