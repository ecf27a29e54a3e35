import { codesIn, hashCode, hashSecret } from '../claim-code.ts'
import { type Clock, SECOND } from '../clock.ts'
import type { Config, ShopConfig } from '../config/types.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Claim, InboundMessage, Locale, Order, Reading } from '../order.ts'
import type { CompiledRule } from '../rules/match.ts'
import type { ReadOptions, ShopPlatform } from '../shops/platform.ts'
import { asToldBy } from '../shops/test-account.ts'
import type { NewClaimLink } from '../store/claim-links.ts'
import type { Step } from '../store/intake.ts'
import type { Contact, Gap } from '../store/words.ts'
import { decideInbound } from './decide-inbound.ts'
import { decideOrder } from './decide-order.ts'
import type { KaribuInbound, KeptDelivery } from './deliveries.ts'
import { privacyStep } from './privacy-step.ts'

export interface StepDeps {
  config: Config
  platformNamed(name: string): ShopPlatform | undefined
  rules: CompiledRule[]
  localeOf(order: Order, shop: ShopConfig): Locale
  clock: Clock
  ids: Ids
  /** Times the store knows nothing of. */
  gaps(): readonly Gap[]
}

/** The event a step is of. */
interface OfEvent {
  eventId: string
  /** What followed `?` in the delivery's address. */
  query?: string
  first?: KeptDelivery['first']
  /** True when it was read in the shop, and not told by it. */
  asRead?: boolean
}

export interface Steps {
  find(shop: string): { shop: ShopConfig; platform: ShopPlatform } | undefined
  ofReading(reading: Reading, shop: ShopConfig, event: OfEvent): Step
  ofInbound(inbound: Pick<KaribuInbound, 'contact' | 'message' | 'history'>, eventId: string): Step
  /** What an API's answer says: the end of asking. */
  ofAnswer(readings: Reading[], shop: ShopConfig, eventId: string): Step[]
  /** Nothing is verified again: it was when it came. */
  ofKept(kept: KeptDelivery): Step[]
}

/** Notifications of one payment come in bursts, some four at once: asked after that, they are one question. */
const ASK_AFTER_MS = SECOND

/** What a delivery makes the store do: readings become decisions about orders, contacts, claims and people. */
export function createSteps(deps: StepDeps): Steps {
  const { config, rules, clock, ids } = deps
  const shops = Object.values(config.shops)

  function inboundStep(
    contact: Contact,
    message: InboundMessage,
    asked: ShopConfig[],
    source: string,
    { eventId, firstEventId = eventId, history = false }: { eventId: string; firstEventId?: string; history?: boolean },
  ): Step {
    const known = { source, eventId, firstEventId, history, now: clock.now(), gaps: deps.gaps() }
    const codes = codesIn(message.text).map(hashCode)
    const input = { ...known, shops: asked, rules, message, codes, marginMs: config.window.marginMs, ids }
    const witness = source === 'karibu' ? 'karibu' : 'relay'
    return { kind: 'inbound', contact, witness, codes, decide: (snapshot) => decideInbound(snapshot, input) }
  }

  function linkFor(claimKeys: string[], shop: ShopConfig): NewClaimLink {
    const expiresAt = clock.now() + shop.claimExpiresAfterMs
    return { expiresAt, keyHashes: claimKeys.map(hashSecret), newKey: ids.token }
  }

  function claimStep(claim: Claim, shop: ShopConfig, query: string): Step {
    if (!deps.platformNamed(shop.platform)?.confirmer)
      return { kind: 'ignored', reason: 'only a claim, and its platform has no API that could be asked' }
    if (!isAskable(claim))
      return { kind: 'ignored', reason: 'it names nothing its platform’s API could be asked about' }
    const askAt = clock.now() + ASK_AFTER_MS
    return { kind: 'claim', question: { id: ids.next('cnf'), shop: shop.id, claim, query, askAt } }
  }

  function ofReading(
    reading: Reading,
    shop: ShopConfig,
    { eventId, query = '', first = null, asRead = false }: OfEvent,
  ): Step {
    switch (reading.kind) {
      case 'ignored':
        return reading
      case 'claim':
        return claimStep(reading.claim, shop, query)
      case 'order': {
        const { order: seen, occurredAt } = reading
        const locale = deps.localeOf(seen, shop)
        const known = { seen, occurredAt, eventId, asRead, now: clock.now(), gaps: deps.gaps() }
        const input = { ...known, shop, rules, ids, locale, ...(first && { again: first.told }) }
        const ofOrder = { shop: shop.id, orderId: seen.id }
        const step: Step = { kind: 'order', ...ofOrder, decide: (snapshot) => decideOrder(snapshot, input) }
        return seen.test ? step : { ...step, link: linkFor(reading.claimKeys ?? [], shop) }
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
        return inboundStep(contact, message, [shop], shop.id, { eventId, ...(first && { firstEventId: first.id }) })
      }
    }
  }

  function find(id: string) {
    const shop = Object.hasOwn(config.shops, id) ? config.shops[id] : undefined
    const platform = shop && deps.platformNamed(shop.platform)
    return platform && { shop, platform }
  }

  /** The shops whose rules may answer what a contact wrote to this number. */
  function sharing({ sender }: Contact): ShopConfig[] {
    return shops.filter((shop) => shop.sender === sender)
  }

  function readAgain({ source, topic, body, query, toldAt, claimed, readings }: KeptDelivery) {
    const known = find(source)
    if (!known) throw unknownShop()
    const { shop, platform } = known
    const { country, whatsappField } = shop
    // What was believed then by its signature alone is so again; what was claimed then is a claim again.
    const credentials = claimed ? (platform.confirmer?.credentials ?? []).map(({ name }) => name) : []
    const options = { topic, country, whatsappField, query, credentials, receivedAt: toldAt }
    return { shop, readings: readings ?? readDelivery({ shop, platform }, body, options) }
  }

  return {
    find,
    ofReading,
    ofInbound: ({ contact, message, history }, eventId) =>
      inboundStep(contact, message, sharing(contact), 'karibu', { eventId, history }),

    // What an answer only claims is not asked about in turn.
    ofAnswer: (readings, shop, eventId) =>
      readings.map((reading) => ofReading(reading.kind === 'claim' ? UNPROVEN : reading, shop, { eventId })),

    ofKept(kept) {
      const { id: eventId, source, query, claimed, first, inbound } = kept
      if (source === 'karibu') {
        if (!inbound) return [{ kind: 'ignored', reason: 'whose message this was is not known any more' }]
        const { contact, message, history } = inbound
        const ofEvent = { eventId, firstEventId: first?.id ?? eventId, history }
        return [inboundStep(contact, message, sharing(contact), 'karibu', ofEvent)]
      }
      const { shop, readings } = readAgain(kept)
      return readings.map((reading) => ofReading(asTold(reading, { claimed, kept }), shop, { eventId, query, first }))
    },
  }
}

/** What a delivery says by itself, before any API is asked. */
export function readDelivery(
  { shop, platform }: { shop: ShopConfig; platform: ShopPlatform },
  body: Uint8Array,
  options: ReadOptions,
): Reading[] {
  const account = { apiUrl: shop.apiUrl ?? '', credentials: {}, subject: null }
  return asToldBy(platform.confirmer, account, platform.read(body, options))
}

/** What may be made of a kept reading: nobody is forgotten twice, and nothing believed that was not. */
function asTold(reading: Reading, { claimed, kept }: { claimed: boolean; kept: KeptDelivery }): Reading {
  if (reading.kind === 'privacy') return NOT_AGAIN
  if (reading.kind === 'claim') return kept.readings === null ? reading : UNPROVEN
  return claimed && reading.kind !== 'ignored' ? STILL_CLAIMED : reading
}

export function unknownShop(): AppError {
  return new AppError('shop.unknown', 'no shop of this name is configured')
}

/** No platform's ids are as long; the store looks questions up by them. */
function isAskable({ subject, reference, currency }: Claim): boolean {
  return subject !== '' && [subject, reference ?? '', currency ?? ''].every((text) => text.length <= 500)
}

const UNPROVEN: Reading = { kind: 'ignored', reason: 'the platform’s API only claims it too' }
const STILL_CLAIMED: Reading = {
  kind: 'ignored',
  reason: 'it was only a claim when it came, and is none to be asked about now',
}
const NOT_AGAIN: Reading = {
  kind: 'ignored',
  reason: 'what a shop asks about people is done once: risiti person and risiti erase do it by hand',
}

/** Our number as the configuration writes it; the shop's own when the relay does not say which was written to. */
function senderFor(to: string | null, shop: ShopConfig, shops: ShopConfig[]): string {
  if (to === null) return shop.sender
  const digits = to.replace(/\D/g, '')
  return shops.find(({ sender }) => sender.replace(/\D/g, '') === digits)?.sender ?? digits
}
