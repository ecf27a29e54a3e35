import { createHmac } from 'node:crypto'
import { present } from './present.ts'
import type { Sim } from './sim.ts'
import type { Inbound, Outbound, WebhookTarget } from './state.ts'
import type { Switches } from './switches.ts'

export interface SandboxEvent {
  event: string
  event_id: string
  service_type: 'whatsapp'
  timestamp: string
  data: Record<string, unknown>
}

/** Of `data` only `message_id`, `error_code` and `error_message` are documented; the rest is our guess. */
export function statusEvent(sim: Sim, message: Outbound): SandboxEvent {
  return newEvent(sim, `whatsapp.${message.status}`, {
    message_id: message.id,
    conversation_id: message.conversation.id,
    provider_message_id: message.wamid,
    recipient: message.conversation.phone,
    status: message.status,
    ...(message.status === 'failed' && {
      error_code: present.errorCode(message, sim.switches),
      error_message: message.errorMessage,
    }),
  })
}

/** Briq lists no inbound event yet: this one is no more than a reason to poll. */
export function receivedEvent(sim: Sim, message: Inbound): SandboxEvent {
  return newEvent(sim, 'whatsapp.received', { message_id: message.id, conversation_id: message.conversation.id })
}

export function newEvent(sim: Sim, event: string, data: Record<string, unknown>): SandboxEvent {
  return {
    event,
    event_id: `wa_${sim.newHex()}`,
    service_type: 'whatsapp',
    timestamp: new Date(sim.clock.now()).toISOString(),
    data,
  }
}

/** Compact JSON, signed exactly as sent. */
export function eventBody({ event, event_id, ...rest }: SandboxEvent, appId: string): string {
  return JSON.stringify({ event, event_id, app_id: appId, ...rest })
}

/** The headers are those of Briq's SMS webhooks: for WhatsApp only the signature's name is documented, not its form. */
export function eventHeaders(
  body: string,
  target: WebhookTarget,
  form: Switches['webhookSignature'],
): Record<string, string> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Briq-Webhook/1.0',
    'x-briq-app-id': target.appId,
    'x-briq-service-type': 'whatsapp',
  }
  if (target.secret === null || form === 'missing') return headers
  const key = form === 'wrong' ? `not ${target.secret}` : target.secret
  const hex = createHmac('sha256', key).update(body).digest('hex')
  return { ...headers, 'x-briq-signature': form === 'bare' ? hex : `sha256=${hex}` }
}
