import type { ShopSecrets } from '../config/types.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { verifyPath } from '../shops/path-secret.ts'
import type { Delivery, IntakeStore, Recorded, Step } from '../store/intake.ts'
import type { Believed, KaribuInbound, KeptDelivery, ShopDelivery, Taken } from './deliveries.ts'
import { createSteps, readDelivery, type StepDeps, unknownShop } from './steps.ts'

export interface IntakeDeps extends StepDeps {
  secrets: Record<string, ShopSecrets>
  store: IntakeStore
  log: Log
  /** Something is due. */
  wakeOutbox(): void
  /** Something was claimed that has to be confirmed. */
  wakeConfirmations(): void
  /** Somebody is to be forgotten. */
  wakeHousekeeping(): void
}

export interface Intake {
  /** Whether this shop's platform notifies by GET too. */
  takesGet(shop: string): boolean
  fromShop(delivery: ShopDelivery): Promise<Taken>
  fromKaribu(inbound: KaribuInbound): Promise<Recorded>
  /** A delivery of what was confirmed, for the store to keep together with the end of its question. */
  prepare(believed: Believed): { delivery: Delivery; steps: Step[] }
  /** Has to follow whenever the store kept a delivery. */
  taken(delivery: Delivery, recorded: Recorded): void
  /** Takes in anew what is kept. */
  again(kept: KeptDelivery): Promise<Recorded>
}

export function createIntake(deps: IntakeDeps): Intake {
  const { secrets, store, clock, ids, log } = deps
  const steps = createSteps(deps)

  function taken({ source, topic }: Delivery, recorded: Recorded): void {
    const { eventId, duplicate, type, due, claims, erasures } = recorded
    if (due > 0) deps.wakeOutbox()
    if (claims > 0) deps.wakeConfirmations()
    if (erasures > 0) deps.wakeHousekeeping()
    log.info({ source, topic, eventId, duplicate, type }, 'delivery.taken')
    if (type === 'privacy.data_request' && !duplicate) log.warn({ source, eventId }, 'privacy.data_requested')
  }

  async function record(delivery: Delivery, made: Step[]): Promise<Recorded> {
    const recorded = await store.recordDelivery(delivery, made)
    taken(delivery, recorded)
    return recorded
  }

  return {
    takesGet: (shop) => steps.find(shop)?.platform.takesGet ?? false,

    async fromShop({ shop: id, pathSecret, query, headers, body }) {
      const known = steps.find(id)
      if (!known) throw unknownShop()
      const { shop, platform } = known
      const { signing = [], path = [], credentials = {} } = secrets[id] ?? {}
      const delivery = { headers, body, query, url: shop.notificationUrl }
      const verdict = verifyPath(pathSecret, path) ?? platform.verify(delivery, signing, clock.now())
      if (verdict.ok === 'ping') return { recorded: null, answer: { ping: true } }
      if (!verdict.ok) throw new AppError(verdict.code, verdict.detail, { details: { shop: id } })
      const eventId = ids.next('evt')
      const topic = platform.topic(headers)
      const receivedAt = clock.now()
      const readings = readDelivery(known, body, {
        topic,
        country: shop.country,
        whatsappField: shop.whatsappField,
        query,
        headers,
        receivedAt,
        credentials: Object.keys(credentials),
      })
      const recorded = await record(
        {
          id: eventId,
          source: id,
          deliveryKey: platform.deliveryKey(delivery),
          topic,
          receivedAt,
          contentType: headers.get('content-type'),
          body,
        },
        readings.map((reading) => steps.ofReading(reading, shop, { eventId, query })),
      )
      return { recorded, answer: platform.answer?.(delivery) ?? null }
    },

    prepare({ shop: id, deliveryKey, claimedBy, readings, body }) {
      const known = steps.find(id)
      if (!known) throw unknownShop()
      const eventId = ids.next('evt')
      const delivery: Delivery = {
        id: eventId,
        source: id,
        deliveryKey,
        topic: 'confirmed',
        receivedAt: clock.now(),
        contentType: 'application/json',
        body,
        origin: { step: 'confirmed', text: `the platform’s API confirmed what event ${claimedBy} claims` },
      }
      return { delivery, steps: steps.ofAnswer(readings, known.shop, eventId) }
    },

    taken,

    fromKaribu({ id, body, ...inbound }) {
      const eventId = ids.next('evt')
      return record(
        {
          id: eventId,
          source: 'karibu',
          deliveryKey: `inbound:${id}`,
          topic: 'inbound',
          receivedAt: clock.now(),
          contentType: 'application/json',
          body,
        },
        [steps.ofInbound(inbound, eventId)],
      )
    },

    again: async (kept) => record(kept, steps.ofKept(kept)),
  }
}
