import { SECOND } from '../clock.ts'
import { lastDigits } from '../log.ts'
import { takeToken } from './bucket.ts'
import { append, remember } from './capped.ts'
import { statusEvent } from './events.ts'
import { gateAt } from './gates.ts'
import type { FetchMedia } from './media.ts'
import type { StatusDelays } from './options.ts'
import type { Sim } from './sim.ts'
import { snapshotOf } from './snapshot.ts'
import { type Outbound, type Phone, pairKey, phoneOf, type Status } from './state.ts'
import type { Webhooks } from './webhooks.ts'

export interface Lifecycle {
  /** Lets an accepted message live on: to WhatsApp, to the phone, read or failed. */
  begin(message: Outbound): void
  /** Delivers what waited for this phone. */
  phoneCameOn(phone: Phone): void
  /** False when the message cannot go there (any more). */
  report(message: Outbound, status: Status, failure?: Failure): boolean
}

export interface Failure {
  code: string
  message: string
}

const RANK: Record<Status, number> = { pending: 0, sent: 1, delivered: 2, read: 3, failed: 1.5 }

export function createLifecycle({
  sim,
  webhooks,
  fetchMedia,
}: {
  sim: Sim
  webhooks: Webhooks
  fetchMedia: FetchMedia
}): Lifecycle {
  /** Delays count from acceptance, so that a slow step does not push the next one further away. */
  function at(stage: keyof StatusDelays, message: Outbound, work: () => void | Promise<void>): void {
    const { statusJitter } = sim.switches
    const factor = statusJitter > 0 ? 1 + statusJitter * (2 * sim.random() - 1) : 1
    sim.later(message.createdAt + Math.round(sim.statusDelays[stage] * factor) - sim.clock.now(), work)
  }

  function report(message: Outbound, status: Status, failure?: Failure): boolean {
    if (!canMove(message.status, status)) return false
    note(sim, message, status, failure)
    webhooks.emit(statusEvent(sim, message))
    return true
  }

  function atProvider(message: Outbound): void {
    const failure = forced(message, 'accepted') ?? refusalOfWhatsApp(sim, message)
    if (failure) return void report(message, 'failed', failure)
    report(message, 'sent')
    at('fetch', message, () => atFetch(message))
  }

  async function atFetch(message: Outbound): Promise<void> {
    const failure = forced(message, 'sent') ?? (await fetchInto(message))
    if (failure) return void report(message, 'failed', failure)
    at('delivered', message, () => atPhone(message))
  }

  async function fetchInto(message: Outbound): Promise<Failure | null> {
    if (message.mediaUrl === null) return null
    const fetched = await fetchMedia(message.mediaUrl)
    if (fetched.ok) {
      message.image = fetched.image
      return null
    }
    const isDownload = (fetched.fault === 'download') !== sim.switches.mediaCodesSwapped
    return { code: isDownload ? '131052' : '131053', message: fetched.detail }
  }

  function atPhone(message: Outbound): void {
    const phone = phoneOf(sim.state, message.conversation.phone)
    if (!phone.on) return void append(phone.waiting, message, sim.state.keep)
    report(message, 'delivered')
    const readAfter = sim.statusDelays.read - sim.statusDelays.delivered
    sim.later(Math.max(0, readAfter), () => {
      const byItself = sim.switches.readsByItself && !phone.inHand
      if (byItself && phone.reads && phone.on) report(message, 'read')
    })
  }

  return {
    begin(message) {
      sim.watch(snapshotOf(message))
      if (message.status === 'sent') webhooks.emit(statusEvent(sim, message))
      at('sent', message, () => atProvider(message))
    },
    phoneCameOn(phone) {
      for (const message of phone.waiting.splice(0)) atPhone(message)
    },
    report,
  }
}

/** Only upwards; what failed stays failed, and what reached the phone no longer fails. */
function canMove(from: Status, to: Status): boolean {
  return from !== 'failed' && RANK[to] > RANK[from]
}

/** Moves the message without telling anybody. */
export function note(sim: Sim, message: Outbound, status: Status, failure?: Failure): void {
  const now = sim.clock.now()
  message.status = status
  switch (status) {
    case 'pending':
      break
    case 'sent':
      message.sentAt = now
      message.wamid = sim.newWamid()
      break
    case 'delivered':
      message.deliveredAt = now
      break
    case 'read':
      message.readAt = now
      break
    case 'failed':
      message.failedAt = now
      message.errorCode = failure?.code ?? '131000'
      message.errorMessage = failure?.message ?? 'Something went wrong'
      break
  }
  const to = lastDigits(message.conversation.phone)
  sim.log.info({ messageId: message.id, to, status, code: message.errorCode }, 'sandbox.status')
  sim.watch(snapshotOf(message))
}

function forced({ fault }: Outbound, after: 'accepted' | 'sent'): Failure | null {
  if (fault?.failAsync === undefined || (fault.failAfter ?? 'accepted') !== after) return null
  return { code: String(fault.failAsync), message: fault.failMessage ?? `Simulated failure ${fault.failAsync}` }
}

/** Why WhatsApp does not take on what Briq accepted. */
function refusalOfWhatsApp(sim: Sim, message: Outbound): Failure | null {
  const { state, switches } = sim
  const { sender, phone } = message.conversation
  const now = sim.clock.now()
  const key = pairKey(sender, phone)
  if (switches.failRate > 0 && sim.random() < switches.failRate) return failing('131000', 'Something went wrong')
  if (sender.number === phone) return failing('131021', 'Recipient cannot be sender')
  if (!phoneOf(state, phone).registered) return failing('131026', 'Message undeliverable')
  if (message.kind !== 'template' && !gateAt(state.lastInbound.get(key) ?? null, now).open) {
    return failing('131047', 'Re-engagement message: more than 24 hours since the customer last replied')
  }
  const template = message.template && state.templates.find((one) => one.name === message.template?.name)
  if (template && template.params.some((name) => message.template?.variables[name] === undefined)) {
    return failing('132000', 'Number of parameters does not match the expected number of params')
  }
  if (template) template.lastSentAt = now
  if (switches.pairLimit && !take(sim, key, switches.pairLimit)) {
    return failing('131056', '(Business Account, Consumer Account) pair rate limit hit')
  }
  const perSecond = switches.throughputPerSecond
  if (perSecond !== null && !take(sim, sender.id, { burst: perSecond, everyMs: SECOND / perSecond })) {
    return failing('130429', 'Rate limit hit')
  }
  return null
}

function take({ state, clock }: Sim, key: string, limit: { burst: number; everyMs: number }): boolean {
  const { bucket, taken } = takeToken(state.buckets.get(key), limit, clock.now())
  remember(state.buckets, key, bucket, state.keep)
  return taken
}

function failing(code: string, message: string): Failure {
  return { code, message }
}
