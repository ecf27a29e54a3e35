import { and, eq } from 'drizzle-orm'
import type { Db } from './db.ts'
import { type Delivery, type OrderDecision, type OrderSnapshot, type Recorded, recordIn, type Step } from './intake.ts'
import type { OpenDatabase } from './open.ts'
import type { MessageRow } from './records.ts'
import { messages } from './schema.ts'

/** What one order that was read in the shop led to. */
export interface ReadOutcome {
  /** Null when it told nothing new, or when it was only a trial. */
  recorded: Recorded | null
  /** `unchanged`: as it was known, so nothing of it is kept. */
  kind: 'new' | 'changed' | 'unchanged'
  /** Messages it made, or would make. */
  messages: Pick<MessageRow, 'status' | 'reason'>[]
}

type OrderStep = Extract<Step, { kind: 'order' }>

export interface OrderReadStore {
  /** Keeps an order that was read in the shop like a delivery, if it tells anything new; a trial keeps nothing at all. */
  recordRead(delivery: Delivery, step: OrderStep, trial: boolean): Promise<ReadOutcome>
}

/** Thrown in a step whose doing is to be undone, to bring out what it would have led to. */
class TakenBack extends Error {
  readonly outcome: ReadOutcome

  constructor(outcome: ReadOutcome) {
    super('taken back')
    this.outcome = outcome
  }
}

export function createOrderReadStore({ writer }: OpenDatabase, newConversationId: () => string): OrderReadStore {
  return {
    recordRead: (delivery, step, trial) =>
      writer
        .run(async (db) => {
          const outcome = await readIn(db, delivery, step, newConversationId)
          if (trial || outcome.kind === 'unchanged') throw new TakenBack({ ...outcome, recorded: null })
          return outcome
        })
        .catch((error: unknown) => {
          if (error instanceof TakenBack) return error.outcome
          throw error
        }),
  }
}

async function readIn(db: Db, delivery: Delivery, step: OrderStep, newId: () => string): Promise<ReadOutcome> {
  let kind: ReadOutcome['kind'] = 'unchanged'
  const decide = (snapshot: OrderSnapshot): OrderDecision => {
    const decision = step.decide(snapshot)
    const changes = [decision.enqueue, decision.cancel, decision.redraft].flat().length
    if (decision.reason === null || changes > 0) kind = snapshot.order === null ? 'new' : 'changed'
    return decision
  }
  const recorded = await recordIn(db, delivery, [{ ...step, decide }], newId)
  const made = await db
    .select({ status: messages.status, reason: messages.reason })
    .from(messages)
    .where(
      and(eq(messages.shop, step.shop), eq(messages.orderId, step.orderId), eq(messages.eventId, recorded.eventId)),
    )
  return { recorded, kind, messages: recorded.duplicate ? [] : made }
}
