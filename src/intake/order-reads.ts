import { bodyHash } from '../shops/signature.ts'
import type { Delivery, Recorded } from '../store/intake.ts'
import type { OrderReadStore, ReadOutcome } from '../store/order-reads.ts'
import { BACKFILL_TOPIC } from '../store/words.ts'
import { createSteps, type StepDeps, unknownShop } from './steps.ts'

/** One order as the shop's own API listed it. */
export interface ReadOrder {
  shop: string
  body: Uint8Array
  /** Decides all, and keeps nothing. */
  trial: boolean
}

export interface OrderReadsDeps extends StepDeps {
  store: OrderReadStore
  /** Has to follow whenever the store kept a delivery. */
  taken(delivery: Delivery, recorded: Recorded): void
}

/** Null when it is no order that could be read: nothing is kept of that. */
export type TakeRead = (read: ReadOrder) => Promise<ReadOutcome | null>

/** Orders that were read in the shop go the way of its webhooks. */
export function createOrderReads({ store, taken, ...deps }: OrderReadsDeps): TakeRead {
  const { clock, ids } = deps
  const steps = createSteps(deps)
  return async function takeRead({ shop: id, body, trial }) {
    const found = steps.find(id)
    if (!found) throw unknownShop()
    const { shop, platform } = found
    const receivedAt = clock.now()
    const { country, whatsappField } = shop
    const [reading] = platform.read(body, { topic: null, country, whatsappField, receivedAt })
    if (reading?.kind !== 'order') return null
    const eventId = ids.next('evt')
    const step = steps.ofReading(reading, shop, { eventId, asRead: true })
    if (step.kind !== 'order') return null
    const delivery: Delivery = {
      id: eventId,
      source: id,
      deliveryKey: `backfill:${reading.order.id}:${reading.order.updatedAt ?? '-'}:${bodyHash(body, 24)}`,
      topic: BACKFILL_TOPIC,
      receivedAt,
      contentType: 'application/json',
      body,
      origin: { step: BACKFILL_TOPIC, text: 'read in the shop by backfill: no webhook told of this, or none yet' },
    }
    const outcome = await store.recordRead(delivery, step, trial)
    if (outcome.recorded) taken(delivery, outcome.recorded)
    return outcome
  }
}
