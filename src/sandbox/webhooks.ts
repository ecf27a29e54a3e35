import { type Dispatcher, request } from 'undici'
import { SECOND } from '../clock.ts'
import { messageOf } from '../errors.ts'
import { append } from './capped.ts'
import { eventBody, eventHeaders, type SandboxEvent } from './events.ts'
import type { Sim } from './sim.ts'
import type { WebhookTarget } from './state.ts'

/** One event on its way to one webhook. */
export interface Delivery {
  webhookId: string
  url: string
  eventId: string
  event: string
  messageId: string | null
  createdAt: number
  /** `lost` ones were never posted. */
  status: 'pending' | 'delivered' | 'failed' | 'lost'
  attempts: number
  /** HTTP status of the last answer; null when none came. */
  lastStatus: number | null
}

export interface Webhooks {
  emit(event: SandboxEvent): void
  /** Oldest first. */
  deliveries(): readonly Delivery[]
}

interface Sending {
  delivery: Delivery
  target: WebhookTarget
  body: string
}

const TIMEOUT_MS = 10 * SECOND
const HOLD_MS = 30 * SECOND

export function createWebhooks(sim: Sim, dispatcher: Dispatcher): Webhooks {
  const deliveries: Delivery[] = []
  const held = new Map<string, Sending>()

  async function attempt(sending: Sending): Promise<void> {
    const { delivery, target } = sending
    if (!isCurrent(sim, target)) {
      delivery.status = 'failed'
      return
    }
    delivery.attempts++
    delivery.lastStatus = await post(sending)
    if (delivery.lastStatus !== null && delivery.lastStatus >= 200 && delivery.lastStatus < 300) {
      delivery.status = 'delivered'
      return
    }
    const waitMs = sim.switches.webhookRetryMs[delivery.attempts - 1]
    if (waitMs === undefined) delivery.status = 'failed'
    else sim.later(waitMs, () => attempt(sending))
  }

  async function post({ target, body, delivery }: Sending): Promise<number | null> {
    try {
      const { statusCode, body: answer } = await request(target.url, {
        method: 'POST',
        dispatcher,
        headers: eventHeaders(body, target, sim.switches.webhookSignature),
        body,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await answer.dump()
      return statusCode
    } catch (error) {
      sim.log.warn({ event: delivery.event, error: messageOf(error) }, 'sandbox.webhook_unanswered')
      return null
    }
  }

  /** All copies at once: what is delivered twice may well arrive together. */
  async function firstAttempts(sending: Sending): Promise<void> {
    const copies = Array.from({ length: sim.switches.webhookCopies - 1 }, () => {
      const copy = { ...sending, delivery: { ...sending.delivery } }
      append(deliveries, copy.delivery, sim.state.keep)
      return copy
    })
    await Promise.all([sending, ...copies].map(attempt))
  }

  function start(sending: Sending): void {
    if (!sim.switches.webhookReorder) return sim.run(() => firstAttempts(sending))
    const key = `${sending.target.id} ${sending.delivery.messageId}`
    const earlier = held.get(key)
    if (earlier) {
      held.delete(key)
      sim.run(async () => {
        await firstAttempts(sending)
        await firstAttempts(earlier)
      })
      return
    }
    held.set(key, sending)
    sim.later(HOLD_MS, async () => {
      if (held.get(key) !== sending) return
      held.delete(key)
      await firstAttempts(sending)
    })
  }

  return {
    emit(event) {
      const lost = isLost(sim)
      for (const target of targetsOf(sim)) {
        const delivery: Delivery = {
          webhookId: target.id,
          url: target.url,
          eventId: event.event_id,
          event: event.event,
          messageId: typeof event.data.message_id === 'string' ? event.data.message_id : null,
          createdAt: sim.clock.now(),
          status: lost ? 'lost' : 'pending',
          attempts: 0,
          lastStatus: null,
        }
        append(deliveries, delivery, sim.state.keep)
        if (lost) continue
        const sending = { delivery, target, body: eventBody(event, target.appId) }
        if (sim.switches.webhookDelayMs > 0) sim.later(sim.switches.webhookDelayMs, () => start(sending))
        else start(sending)
      }
    },
    deliveries: () => deliveries,
  }
}

function isLost(sim: Sim): boolean {
  const { switches } = sim
  if (switches.webhookDropAll) return true
  if (switches.webhookDropNext > 0) {
    switches.webhookDropNext--
    return true
  }
  return switches.webhookLoseRate > 0 && sim.random() < switches.webhookLoseRate
}

/** The sandbox's own webhook and the registered ones; a URL that is both gets each event once. */
function targetsOf({ state }: Sim): WebhookTarget[] {
  const registered = [...state.webhooks.values()].filter((one) => one.serviceType === 'whatsapp')
  const own = state.ownWebhook
  return own && !registered.some((one) => one.url === own.url) ? [own, ...registered] : registered
}

function isCurrent({ state }: Sim, target: WebhookTarget): boolean {
  return state.ownWebhook === target || state.webhooks.has(target.id)
}
