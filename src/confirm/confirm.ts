import type { Activity } from '../activity.ts'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import { forLog } from '../errors.ts'
import type { Believed } from '../intake/deliveries.ts'
import type { Intake } from '../intake/intake.ts'
import { createLoop, type Loop, type LoopOptions } from '../loop.ts'
import type { ConfirmationStore, Question } from '../store/confirmations.ts'
import { confirmedKey } from '../store/questions.ts'
import type { ConfirmationRow } from '../store/records.ts'
import { type AskDeps, type Asked, createAsk, MISMATCH } from './ask.ts'
import { type AskOutcome, decide } from './decide.ts'
import { API_TIMEOUT_MS, MOST_CALLS } from './platform-api.ts'

export interface ConfirmDeps extends Omit<AskDeps, 'now'> {
  store: ConfirmationStore
  /** What is believed goes on like a delivery of its own. */
  prepare: Intake['prepare']
  taken: Intake['taken']
  clock: Clock
  activity: Activity
  passed?: LoopOptions['passed']
  /** 0 ≤ random < 1 */
  random(): number
}

/** The longest sleep: a net under the wake-up calls. */
const LOOK_EVERY_MS = 5 * MINUTE
const AT_ONCE = 16
/** Polite to the API, and one shop's slow platform leaves room for the others. */
const PER_SHOP = 2
/** Longer than the slowest honest asking. */
const LEASE_MS = MOST_CALLS * API_TIMEOUT_MS + 10 * SECOND

/** Asks platforms' APIs what notifications only claim. Woken by intake; never polls while idle. */
export function createConfirmations(deps: ConfirmDeps): Loop {
  const { store, clock, activity, log } = deps
  const ask = createAsk({ ...deps, now: clock.now })
  const underWay = new Set<Promise<void>>()
  let recovered = false
  const loop = createLoop({ ...deps, name: 'confirmations', retryMs: 5 * SECOND, pass })

  async function pass(): Promise<number> {
    if (!recovered) found(await store.recoverQuestions(clock.now()))
    recovered = true
    const dueAt = await store.nextQuestionAt(PER_SHOP)
    const now = clock.now()
    if (dueAt === undefined || dueAt > now) return Math.min(LOOK_EVERY_MS, (dueAt ?? Infinity) - now)
    found(await store.reapQuestions(now))
    const free = AT_ONCE - underWay.size
    if (free === 0) return LOOK_EVERY_MS
    const claimed = await store.claimQuestions({ now, leaseMs: LEASE_MS, limit: free, perShop: PER_SHOP })
    for (const row of claimed) start(row)
    return claimed.length === free ? LOOK_EVERY_MS : 0
  }

  function found(interrupted: number): void {
    if (interrupted > 0) log.warn({ confirmations: interrupted }, 'confirmations.interrupted_found')
  }

  function start(row: ConfirmationRow): void {
    const work = activity
      .track(settleOne(row))
      .catch((error: unknown) => log.error({ confirmationId: row.id, ...forLog(error) }, 'confirmation.work_failed'))
      .finally(() => {
        underWay.delete(work)
        loop.wake()
      })
    underWay.add(work)
  }

  async function settleOne({ id, attempts }: ConfirmationRow): Promise<void> {
    const question = await store.loadQuestion(id)
    if (!question) return
    const startedAt = clock.now()
    const asked = await ask(question)
    const { outcome } = asked
    const now = clock.now()
    const believed = outcome.kind === 'confirmed' ? deps.prepare(believedFrom(question, asked)) : null
    const eventId = believed?.delivery.id ?? null
    const settled = await store.settleQuestion({
      id,
      attempt: attempts,
      now,
      decide: (row) => decide(row, outcome, { now, random: deps.random(), eventId }),
      believed,
    })
    if (!settled) return
    const ended = settled.change.row.status === 'given_up' ? 'given_up' : outcome.kind
    tell(question.row, outcome, { outcome: ended, attempt: attempts, durationMs: now - startedAt })
    if (believed && settled.recorded) deps.taken(believed.delivery, settled.recorded)
  }

  /** The platform's own words may quote a customer: they stand in the event, not in the log. */
  function tell({ id, shop, eventId }: ConfirmationRow, outcome: AskOutcome, facts: Record<string, unknown>): void {
    const which = { shop, confirmationId: id, eventId }
    const code = 'code' in outcome ? outcome.code : null
    log.info({ ...which, ...facts, code }, 'confirmation.asked')
    if (outcome.kind === 'denied' && code === MISMATCH)
      log.error({ ...which, reason: outcome.reason }, 'claim.mismatch')
    else if (outcome.kind === 'blocked') log.error({ ...which, code }, 'platform_api.refuses_key')
    else if (facts.outcome === 'given_up') log.error({ ...which, code }, 'confirmation.given_up')
    else if (outcome.kind === 'later' || outcome.kind === 'refused')
      log.warn({ ...which, code }, 'platform_api.no_answer')
  }

  return {
    start: loop.start,
    wake: loop.wake,
    async stop() {
      await loop.stop()
      await Promise.all(underWay)
    },
  }
}

/** Kept whole: what was claimed, what the API answered, and what was made of it, for a person to see. */
function believedFrom({ row }: Question, { readings, answers }: Asked): Believed {
  const { id, shop, eventId, claim, attempts } = row
  return {
    shop,
    deliveryKey: confirmedKey(id, attempts),
    claimedBy: eventId,
    readings,
    body: Buffer.from(JSON.stringify({ confirmation: id, claimed_by: eventId, claim, answers, readings })),
  }
}
