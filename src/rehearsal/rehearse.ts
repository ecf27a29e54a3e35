import type { Clock } from '../clock.ts'
import { DAY } from '../clock.ts'
import type { Config, ShopConfig } from '../config/types.ts'
import type { KeptDelivery } from '../intake/deliveries.ts'
import { createIntake } from '../intake/intake.ts'
import { silentLog } from '../log.ts'
import type { Locale, Order } from '../order.ts'
import { quietUntilOf } from '../quiet-hours.ts'
import { readKept } from '../replay/kept-delivery.ts'
import { firstOf } from '../replay/replay.ts'
import { compileRules } from '../rules/match.ts'
import type { ShopPlatform } from '../shops/platform.ts'
import type { KeptEvent, KeptStore } from '../store/kept.ts'
import type { ConversationRow } from '../store/records.ts'
import type { Contact, TraceLine } from '../store/words.ts'
import { type Compared, compareActs } from './compare.ts'
import { planRehearsal, type Scope } from './plan.ts'
import { createStage } from './stage.ts'

export interface RehearsalInput extends Scope {
  /** Only messages of this rule are told. */
  rule: string | undefined
  /** The rehearsal ends after so long, and says how far it came. */
  maxMs: number
}

export interface RehearsalDeps {
  config: Config
  platformNamed(name: string): ShopPlatform | undefined
  localeOf(order: Order, shop: ShopConfig): Locale
  store: KeptStore
  clock: Pick<Clock, 'now'>
  /** Lets others have their turn. */
  breathe(): Promise<void>
  progress?(done: number, total: number): void
}

export interface Rehearsal {
  since: number
  until: number
  /** How far it came when it was cut short; null when all was rehearsed. */
  reachedAt: number | null
  counts: {
    rehearsed: number
    /** What leads to nothing. */
    ignored: number
    /** Erased, or kept no longer. */
    bodiesGone: number
    /** Of shops this configuration does not have. */
    notConfigured: number
    /** Set the scene: from before `since`. */
    before: number
  }
  compared: Compared
  /** Of each rule, how often and why it did not match. */
  unmatched: Map<string, Map<string, number>>
}

/** Events read between two breaths: about ten milliseconds. */
const BITE = 10
/** So long may pass before others have their turn. */
const TURN_MS = 20

/** Plays what is stored through these rules from an empty beginning, and compares with what was sent. Writes nothing. */
export async function rehearse(input: RehearsalInput, deps: RehearsalDeps): Promise<Rehearsal> {
  const { config, store, clock, breathe } = deps
  const startedAt = clock.now()
  const { events, cut } = await planRehearsal(input, store)
  let at = input.since
  let made = 0
  const stage = createStage({
    marginMs: config.window.marginMs,
    consentOf: (shop) => (shop === null ? null : (config.shops[shop]?.consent ?? null)),
    quietUntil: (shop, now) => quietUntilOf(shop === null ? undefined : config.shops[shop], now),
    findBefore: (contact) => findBefore(contact, input.since, store),
    findLinks: store.findLinks,
  })
  const intake = createIntake({
    ...deps,
    rules: compileRules(config.rules),
    secrets: {},
    store: stage,
    clock: { now: () => at, sleep: () => Promise.resolve() },
    ids: { next: (kind) => `${kind}_${++made}`, token: () => '' },
    log: silentLog,
    // Nothing was sent in a time this world knows nothing of: it begins empty.
    gaps: () => [],
    wakeOutbox() {},
    wakeConfirmations() {},
    wakeHousekeeping() {},
  })
  const counts = { rehearsed: 0, ignored: 0, bodiesGone: 0, notConfigured: 0, before: 0 }
  const unmatched: Rehearsal['unmatched'] = new Map()
  const traces = new Map<string, TraceLine[]>()
  const ordersWithoutStart = new Set<string>()
  let reachedAt: number | null = null

  async function play({ event, body, contentType }: KeptEvent): Promise<void> {
    const isBefore = event.receivedAt < input.since
    if (body === null) {
      if (isBefore) ordersWithoutStart.add(JSON.stringify([event.source, event.orderId]))
      else counts.bodiesGone++
      return
    }
    if (event.source !== 'karibu' && !Object.hasOwn(config.shops, event.source)) {
      counts.notConfigured++
      traces.set(event.id, [{ step: 'shop', text: `this configuration has no shop ${event.source}` }])
      return
    }
    at = event.receivedAt
    const { id, deliveryKey, receivedAt } = event
    const delivery: KeptDelivery = {
      ...(await readKept(event, body, store)),
      id,
      deliveryKey,
      receivedAt,
      contentType,
      first: null,
    }
    const { type } = await intake.again(delivery)
    if (isBefore) {
      counts.before++
      return
    }
    counts.rehearsed++
    if (type === 'ignored') counts.ignored++
    const trace = stage.lastTrace()
    countUnmatched(trace, unmatched)
    // What a replay made is of the event it repeats.
    if (firstOf(deliveryKey) === null) traces.set(id, trace)
  }

  let turnAt = startedAt
  for (let done = 0; done < events.length && reachedAt === null; done += BITE) {
    const bite = events.slice(done, done + BITE)
    for (const kept of await store.loadKept(bite.map(({ id }) => id))) {
      if (clock.now() - startedAt > input.maxMs) {
        reachedAt = kept.event.receivedAt
        break
      }
      await play(kept)
      // One slow caption must not hold up shops for all ten.
      if (clock.now() - turnAt > TURN_MS) {
        await breathe()
        turnAt = clock.now()
      }
    }
    deps.progress?.(Math.min(done + BITE, events.length), events.length)
    await breathe()
    turnAt = clock.now()
  }
  if (cut && reachedAt === null) reachedAt = (events.at(-1)?.receivedAt ?? input.since) + 1
  const until = Math.max(input.since, reachedAt ?? input.until)
  stage.end(until)
  const compared = await compareActs(stage.acts(), { ...input, until, traces, ordersWithoutStart }, { store, breathe })
  return { since: input.since, until: input.until, reachedAt, counts, compared, unmatched }
}

/** Of what is stored about a contact, only what was so before the rehearsal begins. */
async function findBefore(
  contact: Contact,
  since: number,
  store: Pick<KeptStore, 'findContact'>,
): Promise<ConversationRow | undefined> {
  const rows = await store.findContact(contact)
  const row = rows.find(({ phone }) => phone === contact.phone) ?? rows[0]
  if (!row) return undefined
  const wasSo = (at: number | null) => (at !== null && at < since ? at : null)
  return {
    ...row,
    // Windows are told by the messages themselves, and Karibu's verdicts are known of the last time only.
    lastInboundAt: null,
    evidence: null,
    closedVerdictAt: null,
    closedVerdictCode: null,
    codesForgivenAt: 0,
    optedOutAt: wasSo(row.optedOutAt),
    optWordAt: wasSo(row.optWordAt),
    lastInvitedAt: row.lastInvitedAt !== null && row.lastInvitedAt > since - DAY ? wasSo(row.lastInvitedAt) : null,
  }
}

const NO_MATCH = 'did not match: '

function countUnmatched(trace: TraceLine[], unmatched: Rehearsal['unmatched']): void {
  for (const { step, text } of trace) {
    if (!text.startsWith(NO_MATCH)) continue
    const reasons = unmatched.get(step) ?? new Map<string, number>()
    const why = text.slice(NO_MATCH.length)
    // Each order's own amount is a reason of its own: the first few tell enough.
    if (reasons.has(why) || reasons.size < MOST_REASONS) reasons.set(why, (reasons.get(why) ?? 0) + 1)
    else reasons.set(OTHER, (reasons.get(OTHER) ?? 0) + 1)
    unmatched.set(step, reasons)
  }
}

const MOST_REASONS = 20
const OTHER = 'other reasons'
