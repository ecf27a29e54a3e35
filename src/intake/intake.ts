import type { Clock } from '../clock.ts'
import type { Config, ShopConfig, ShopSecrets } from '../config/types.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Log } from '../log.ts'
import type { InboundMessage, Locale, Order, OrderEventType, Reading } from '../order.ts'
import type { CompiledRule } from '../rules/match.ts'
import { verifyPath } from '../shops/path-secret.ts'
import type { DeliveryHeaders, ShopPlatform } from '../shops/platform.ts'
import type { Delivery, IntakeStore, Recorded, Step } from '../store/intake.ts'
import type { Contact } from '../store/words.ts'
import { decideInbound } from './decide-inbound.ts'
import { decideOrder } from './decide-order.ts'

export interface IntakeDeps {
  config: Config
  secrets: Record<string, ShopSecrets>
  platformNamed(name: string): ShopPlatform | undefined
  rules: CompiledRule[]
  store: IntakeStore
  localeOf(order: Order, shop: ShopConfig): Locale
  clock: Clock
  ids: Ids
  log: Log
  /** Something is due. */
  wakeOutbox(): void
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

/** A delivery that is kept, to be read anew by today's code and rules. */
export interface KeptDelivery extends Delivery {
  /** When it was first received: stands in for a time its body leaves out. */
  toldAt: number
  /** The event that first told it, and what; null to take it as it came, in a world that does not know it yet. */
  first: { id: string; told: OrderEventType[] } | null
  /** What a platform's API confirmed then; null when the body itself is to be read. */
  readings: Reading[] | null
  /** Of Karibu's messages: who wrote what. */
  inbound: Pick<KaribuInbound, 'contact' | 'message' | 'history'> | null
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
  /** Nothing is verified again: it was when it came. */
  again(kept: KeptDelivery): Promise<Recorded>
}

export function createIntake(deps: IntakeDeps): Intake {
  const { config, secrets, rules, store, clock, ids, log } = deps
  const shops = Object.values(config.shops)

  function inboundStep(
    contact: Contact,
    message: InboundMessage,
    asked: ShopConfig[],
    source: string,
    { eventId, firstEventId = eventId, history = false }: { eventId: string; firstEventId?: string; history?: boolean },
  ): Step {
    const now = clock.now()
    const marginMs = config.window.marginMs
    const input = { shops: asked, rules, message, source, eventId, firstEventId, history, marginMs, now, ids }
    const witness = source === 'karibu' ? 'karibu' : 'relay'
    return { kind: 'inbound', contact, witness, decide: (snapshot) => decideInbound(snapshot, input) }
  }

  function stepOf(reading: Reading, shop: ShopConfig, eventId: string, first: KeptDelivery['first'] = null): Step {
    switch (reading.kind) {
      case 'ignored':
        return reading
      case 'claim':
        return { kind: 'ignored', reason: 'only a claim, which its platform’s API was not asked about' }
      case 'order': {
        const { order: seen, occurredAt } = reading
        const locale = deps.localeOf(seen, shop)
        const again = first === null ? {} : { again: first.told }
        const input = { shop, rules, seen, occurredAt, eventId, now: clock.now(), ids, locale, ...again }
        return { kind: 'order', shop: shop.id, orderId: seen.id, decide: (snapshot) => decideOrder(snapshot, input) }
      }
      case 'message': {
        const { message } = reading
        const phone = message.from?.e164 ?? null
        if (phone === null && message.conversationId === null) {
          return { kind: 'ignored', reason: 'the message names no contact we can trust (from is not a valid phone)' }
        }
        const sender = senderFor(message.to, shop, shops)
        const contact = { sender, phone, karibuId: message.conversationId, name: message.name }
        return inboundStep(contact, message, [shop], shop.id, { eventId, ...(first && { firstEventId: first.id }) })
      }
    }
  }

  async function record(delivery: Delivery, steps: Step[]): Promise<Recorded> {
    const recorded = await store.recordDelivery(delivery, steps)
    if (recorded.due > 0) deps.wakeOutbox()
    const { eventId, duplicate, type } = recorded
    log.info({ source: delivery.source, topic: delivery.topic, eventId, duplicate, type }, 'delivery.taken')
    return recorded
  }

  function stepsAgain({ id, source, topic, body, toldAt, first, readings, inbound }: KeptDelivery): Step[] {
    if (source === 'karibu') {
      if (!inbound) return [{ kind: 'ignored', reason: 'whose message this was is not known any more' }]
      const { contact, message, history } = inbound
      const ofEvent = { eventId: id, firstEventId: first?.id ?? id, history }
      return [inboundStep(contact, message, sharing(contact), 'karibu', ofEvent)]
    }
    const { shop, platform } = find(source)
    if (!shop || !platform) throw new AppError('shop.unknown', 'no shop of this name is configured')
    const { country, whatsappField } = shop
    const read = readings ?? platform.read(body, { topic, country, whatsappField, receivedAt: toldAt })
    return read.map((reading) => stepOf(reading, shop, id, first))
  }

  /** The shops whose rules may answer what a contact wrote to this number. */
  function sharing({ sender }: Contact): ShopConfig[] {
    return shops.filter((shop) => shop.sender === sender)
  }

  function find(id: string) {
    const shop = Object.hasOwn(config.shops, id) ? config.shops[id] : undefined
    return { shop, platform: shop && deps.platformNamed(shop.platform) }
  }

  return {
    takesGet: (shop) => find(shop).platform?.takesGet ?? false,

    async fromShop({ shop: id, pathSecret, query, headers, body }) {
      const { shop, platform } = find(id)
      if (!shop || !platform) throw new AppError('shop.unknown', 'no shop of this name is configured')
      const { signing = [], path = [] } = secrets[id] ?? {}
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
        readings.map((reading) => stepOf(reading, shop, eventId)),
      )
      return { recorded, answer: platform.answer?.(delivery) ?? null }
    },

    fromKaribu({ id, contact, message, history, body }) {
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
        [inboundStep(contact, message, sharing(contact), 'karibu', { eventId, history })],
      )
    },

    again: async (kept) => record(kept, stepsAgain(kept)),
  }
}

/** Our number as the configuration writes it; the shop's own when the relay does not say which was written to. */
function senderFor(to: string | null, shop: ShopConfig, shops: ShopConfig[]): string {
  if (to === null) return shop.sender
  const digits = to.replace(/\D/g, '')
  return shops.find(({ sender }) => sender.replace(/\D/g, '') === digits)?.sender ?? digits
}
