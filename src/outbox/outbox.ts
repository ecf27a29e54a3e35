import type { Activity } from '../activity.ts'
import { MINUTE, SECOND } from '../clock.ts'
import { forLog } from '../errors.ts'
import { createLoop, type Loop, type LoopOptions } from '../loop.ts'
import type { OutboxStore } from '../store/outbox.ts'
import type { UncertainMessage } from '../store/overdue.ts'
import type { Pace } from '../store/pace.ts'
import { WINDOW_MS } from '../window/window.ts'
import { createDeliver, type DeliverDeps, type DeliverSettings, leaseFor } from './deliver.ts'
import { createUncertain, type UncertainDeps } from './uncertain.ts'

export interface OutboxDeps extends DeliverDeps {
  store: OutboxStore & UncertainDeps['store']
  activity: Activity
  passed?: LoopOptions['passed']
  settings: DeliverSettings & { concurrency: number; perSender: Pace; absentAfterMs: number; senders: string[] }
  publicUrl: string
}

/** The longest sleep of a pass that finds nothing due: a net under the wake-up calls. */
const LOOK_EVERY_MS = MINUTE
const LOOKUPS_AT_ONCE = 4
const TEND_EVERY_MS = SECOND
const GATHER_MS = 20
/** A claim passes over all that may not go yet, so behind a long queue claims rest this many times as long as one takes. */
const REST_PER_CLAIM = 2

/** Claims what is due, sends it, and keeps what came of it. Woken by whoever queues; never polls while idle. */
export function createOutbox(deps: OutboxDeps): Loop {
  const { store, clock, activity, log, settings } = deps
  const leaseMs = leaseFor(settings.timeoutMs)
  const deliver = createDeliver(deps)
  const settleUncertain = createUncertain({ ...deps, ...settings })
  const underWay = new Set<Promise<void>>()
  const lookingUp = new Set<Promise<void>>()
  let recovered = false
  /** When something falls due next, as the last idle pass knew. */
  let dueAt = Number.NEGATIVE_INFINITY
  let tendedAt = Number.NEGATIVE_INFINITY
  let claimedAt = Number.NEGATIVE_INFINITY
  let claimMs = 0
  /** Either way: a clock that was set back must not keep anything waiting. */
  const since = (at: number) => Math.abs(clock.now() - at)
  const loop = createLoop({ ...deps, name: 'outbox', retryMs: 5 * SECOND, pass })

  async function pass(): Promise<number> {
    if (!recovered) {
      const interrupted = await store.recoverLeases(clock.now())
      if (interrupted > 0) log.warn({ messages: interrupted }, 'outbox.interrupted_sends_found')
      recovered = true
    }
    const restMs = claimMs * (REST_PER_CLAIM + 1) - since(claimedAt)
    if (restMs > 0) return restMs
    // A clock that has leapt ahead must not end every hold at once.
    const mayExpire = await deps.clockIsSteady()
    await tendOverdue(mayExpire)
    const free = settings.concurrency - underWay.size
    if (free === 0) return LOOK_EVERY_MS
    // Under load the places that fall free are filled a few at a time: a claim costs as much for one as for many.
    if (free < settings.concurrency / 4 && since(claimedAt) < GATHER_MS) return GATHER_MS
    claimedAt = clock.now()
    const { perSender, marginMs, senders } = settings
    const windows = { windowMs: WINDOW_MS, marginMs, mayExpire }
    const claimed = await store.claimDue({ now: clock.now(), leaseMs, limit: free, ...windows, perSender, senders })
    for (const id of claimed) start(id)
    if (claimed.length < free) dueAt = (await store.nextDueAt(clock.now(), mayExpire)) ?? Number.POSITIVE_INFINITY
    claimMs = Math.min(since(claimedAt), GATHER_MS)
    if (claimed.length === free) return 0
    return Math.min(LOOK_EVERY_MS, Math.max(1, dueAt - clock.now()))
  }

  /** What time alone brings about; under load the passes follow each other faster than it is worth looking. */
  async function tendOverdue(mayExpire: boolean): Promise<void> {
    const now = clock.now()
    if (since(tendedAt) < TEND_EVERY_MS && now < dueAt) return
    tendedAt = now
    if (mayExpire) await store.expireHeld(now)
    await store.reapLeases(now)
    const limit = LOOKUPS_AT_ONCE - lookingUp.size
    const uncertain = limit > 0 ? await store.claimUncertain({ now, leaseMs, limit }) : []
    for (const one of uncertain) startLookup(one)
  }

  function start(id: string): void {
    const work = runBeside(id, deliver(id)).finally(() => {
      underWay.delete(work)
      loop.wake()
    })
    underWay.add(work)
  }

  /** Beside the sends: a Karibu that answers lookups slowly must not hold up what can go out. */
  function startLookup(uncertain: UncertainMessage): void {
    const { id } = uncertain.message
    const lookUp = async () => {
      const verdict = await settleUncertain(uncertain, clock.now())
      log.info({ messageId: id, verdict: verdict.kind }, 'message.looked_up')
    }
    const work = runBeside(id, lookUp()).finally(() => {
      lookingUp.delete(work)
      tendedAt = Number.NEGATIVE_INFINITY
      loop.wake()
    })
    lookingUp.add(work)
  }

  function runBeside(messageId: string, work: Promise<void>): Promise<void> {
    return activity
      .track(work)
      .catch((error: unknown) => log.error({ messageId, ...forLog(error) }, 'message.work_failed'))
  }

  return {
    start: loop.start,
    wake: loop.wake,
    async stop() {
      await loop.stop()
      await Promise.all([...underWay, ...lookingUp])
    },
  }
}
