import { type Clock, SECOND } from '../clock.ts'
import type { Config, ShopConfig, ShopSecrets } from '../config/types.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Claim, InboundMessage, Locale, Order, Reading } from '../order.ts'
import type { CompiledRule } from '../rules/match.ts'
import { verifyPath } from '../shops/path-secret.ts'
import type { DeliveryHeaders, ShopPlatform } from '../shops/platform.ts'
import { bodyHash } from '../shops/signature.ts'
import type { Delivery, IntakeStore, Recorded, Step } from '../store/intake.ts'
import type { OrderReadStore, ReadOutcome } from '../store/order-reads.ts'
import { BACKFILL_TOPIC, type Contact, type Gap } from '../store/words.ts'
import { decideInbound } from './decide-inbound.ts'
import { decideOrder } from './decide-order.ts'
import { privacyStep } from './privacy-step.ts'

export interface IntakeDeps {
  config: Config
  secrets: Record<string, ShopSecrets>
  platformNamed(name: string): ShopPlatform | undefined
  rules: CompiledRule[]
  store: IntakeStore & OrderReadStore
  localeOf(order: Order, shop: ShopConfig): Locale
  clock: Clock
  ids: Ids
  log: Log
  /** Times the store knows nothing of. */
  gaps(): readonly Gap[]
  /** Something is due. */
  wakeOutbox(): void
  /** Somebody is to be forgotten. */
  wakeHousekeeping(): void
  /** Something was claimed that has to be confirmed. */
  wakeConfirmations(): void
}

export interface ShopDelivery {
  shop: string
  /** What followed the shop's name in the address; null when nothing did. */
  pathSecret: string | null
  query: string
  headers: DeliveryHeaders
  body: Uint8Array
}

/** A customer's message as Karibu's list showed it. */
export interface KaribuInbound {
  /** Karibu's id: a message seen twice is one event. */
  id: string
  contact: Contact
  message: InboundMessage
  /** Found by the very first look into the list: it opens the window, but nobody waits for an answer to it. */
  history: boolean
  body: Uint8Array
}

/** What a platform's API confirmed of a claim. */
export interface Believed {
  shop: string
  deliveryKey: string
  /** The event that claimed it. */
  claimedBy: string
  readings: Reading[]
  /** For a person to see what was believed, and on what answers. */
  body: Uint8Array
}

/** One order as the shop's own API listed it. */
export interface ReadOrder {
  shop: string
  body: Uint8Array
  /** Decides all, and keeps nothing. */
  trial: boolean
}

export interface Taken {
  /** Null for a platform's set-up call, which leaves no trace. */
  recorded: Recorded | null
  /** The body the platform wants as an answer, where it wants a certain one. */
  answer: unknown
}

export interface Intake {
  /** Whether this shop's platform notifies by GET too. */
  takesGet(shop: string): boolean
  fromShop(delivery: ShopDelivery): Promise<Taken>
  fromKaribu(inbound: KaribuInbound): Promise<Recorded>
  /** Null when it is no order that could be read: nothing is kept of that. */
  fromBackfill(read: ReadOrder): Promise<ReadOutcome | null>
  /** A delivery of what was confirmed, for the store to keep together with the end of its question. */
  prepare(believed: Believed): { delivery: Delivery; steps: Step[] }
  /** Has to follow whenever the store kept a delivery. */
  taken(delivery: Delivery, recorded: Recorded): void
}

/** Notifications of one payment come in bursts, some four at once: asked after that, they are one question. */
const ASK_AFTER_MS = SECOND

export function createIntake(deps: IntakeDeps): Intake {
  const { config, secrets, rules, store, clock, ids, log } = deps
  const shops = Object.values(config.shops)

  function inboundStep(
    contact: Contact,
    message: InboundMessage,
    asked: ShopConfig[],
    source: string,
    eventId: string,
    history = false,
  ): Step {
    const now = clock.now()
    const marginMs = config.window.marginMs
    const gaps = deps.gaps()
    const input = { shops: asked, rules, message, source, eventId, history, marginMs, now, ids, gaps }
    const witness = source === 'karibu' ? 'karibu' : 'relay'
    return { kind: 'inbound', contact, witness, decide: (snapshot) => decideInbound(snapshot, input) }
  }

  function stepOf(reading: Reading, shop: ShopConfig, eventId: string, query: string, asRead = false): Step {
    switch (reading.kind) {
      case 'ignored':
        return reading
      case 'claim': {
        if (!deps.platformNamed(shop.platform)?.confirmer) {
          return { kind: 'ignored', reason: 'only a claim, and its platform has no API that could be asked' }
        }
        const { claim } = reading
        if (!isAskable(claim))
          return { kind: 'ignored', reason: 'it names nothing its platform’s API could be asked about' }
        const question = { id: ids.next('cnf'), shop: shop.id, claim, query, askAt: clock.now() + ASK_AFTER_MS }
        return { kind: 'claim', question }
      }
      case 'order': {
        const { order: seen, occurredAt } = reading
        const locale = deps.localeOf(seen, shop)
        const known = { now: clock.now(), ids, gaps: deps.gaps(), asRead }
        const input = { ...known, shop, rules, seen, occurredAt, eventId, locale }
        return { kind: 'order', shop: shop.id, orderId: seen.id, decide: (snapshot) => decideOrder(snapshot, input) }
      }
      case 'privacy':
        return privacyStep(reading.request, { shop, shops, eventId, erasureId: ids.next('ers') })
      case 'message': {
        const { message } = reading
        const phone = message.from?.e164 ?? null
        if (phone === null && message.conversationId === null) {
          return { kind: 'ignored', reason: 'the message names no contact we can trust (from is not a valid phone)' }
        }
        const sender = senderFor(message.to, shop, shops)
        const contact = { sender, phone, karibuId: message.conversationId, name: message.name }
        return inboundStep(contact, message, [shop], shop.id, eventId)
      }
    }
  }

  function taken({ source, topic }: Delivery, recorded: Recorded): void {
    const { eventId, duplicate, type, due, claims, erasures } = recorded
    if (due > 0) deps.wakeOutbox()
    if (claims > 0) deps.wakeConfirmations()
    if (erasures > 0) deps.wakeHousekeeping()
    log.info({ source, topic, eventId, duplicate, type }, 'delivery.taken')
    if (type === 'privacy.data_request' && !duplicate) log.warn({ source, eventId }, 'privacy.data_requested')
  }

  async function record(delivery: Delivery, steps: Step[]): Promise<Recorded> {
    const recorded = await store.recordDelivery(delivery, steps)
    taken(delivery, recorded)
    return recorded
  }

  function find(id: string) {
    const shop = Object.hasOwn(config.shops, id) ? config.shops[id] : undefined
    return { shop, platform: shop && deps.platformNamed(shop.platform) }
  }

  return {
    takesGet: (shop) => find(shop).platform?.takesGet ?? false,

    async fromShop({ shop: id, pathSecret, query, headers, body }) {
      const { shop, platform } = find(id)
      if (!shop || !platform) throw unknownShop()
      const { signing = [], path = [], credentials = {} } = secrets[id] ?? {}
      const delivery = { headers, body, query, url: shop.notificationUrl }
      const verdict = verifyPath(pathSecret, path) ?? platform.verify(delivery, signing, clock.now())
      if (verdict.ok === 'ping') return { recorded: null, answer: { ping: true } }
      if (!verdict.ok) throw new AppError(verdict.code, verdict.detail, { details: { shop: id } })
      const eventId = ids.next('evt')
      const topic = platform.topic(headers)
      const receivedAt = clock.now()
      const readings = platform.read(body, {
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
        readings.map((reading) => stepOf(reading, shop, eventId, query)),
      )
      return { recorded, answer: platform.answer?.(delivery) ?? null }
    },

    prepare({ shop: id, deliveryKey, claimedBy, readings, body }) {
      const { shop } = find(id)
      if (!shop) throw unknownShop()
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
      // An answer is the end of asking: what it only claims is not asked about in turn.
      const proven = readings.map((reading): Reading => (reading.kind === 'claim' ? UNPROVEN : reading))
      return { delivery, steps: proven.map((reading) => stepOf(reading, shop, eventId, '')) }
    },

    async fromBackfill({ shop: id, body, trial }) {
      const { shop, platform } = find(id)
      if (!shop || !platform) throw unknownShop()
      const receivedAt = clock.now()
      const { country, whatsappField } = shop
      const [reading] = platform.read(body, { topic: null, country, whatsappField, receivedAt })
      if (reading?.kind !== 'order') return null
      const eventId = ids.next('evt')
      const step = stepOf(reading, shop, eventId, '', true)
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
    },

    taken,

    fromKaribu({ id, contact, message, history, body }) {
      const eventId = ids.next('evt')
      const asked = shops.filter((shop) => shop.sender === contact.sender)
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
        [inboundStep(contact, message, asked, 'karibu', eventId, history)],
      )
    },
  }
}

function unknownShop(): AppError {
  return new AppError('shop.unknown', 'no shop of this name is configured')
}

/** No platform's ids are as long; the store looks questions up by them. */
function isAskable({ subject, reference, currency }: Claim): boolean {
  return subject !== '' && [subject, reference ?? '', currency ?? ''].every((text) => text.length <= 500)
}

const UNPROVEN: Reading = { kind: 'ignored', reason: 'the platform’s API only claims it too' }

/** Our number as the configuration writes it; the shop's own when the relay does not say which was written to. */
function senderFor(to: string | null, shop: ShopConfig, shops: ShopConfig[]): string {
  if (to === null) return shop.sender
  const digits = to.replace(/\D/g, '')
  return shops.find(({ sender }) => sender.replace(/\D/g, '') === digits)?.sender ?? digits
}
