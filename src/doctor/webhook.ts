import { hostOf, type Standing } from '../karibu/registration.ts'
import { signKaribuBody, verifyKaribuSignature } from '../karibu/webhook.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'
import type { Told } from './karibu.ts'

const NAME = 'karibu.webhook'
const REGISTER = 'Run risiti webhook register.'
const POLLED = 'delivery reports are only asked for, and come minutes late'

/** What Briq holds of our webhook, beside how it stands in its list. */
export interface WebhookFacts {
  standing: Standing
  /** Undefined when Briq does not tell it. */
  secret: string | null | undefined
  /** Of the last week, by Briq's words; null when it does not say. */
  deliveries: Record<string, number> | null
}

/** Pure: whether Briq reports to us what becomes of messages, in a way we take. `secret` is ours. */
export function webhookChecks(told: Told<WebhookFacts | null>, secret: string | null): Check[] {
  if (told.kind !== 'told' || told.value === null) {
    const text = 'whether Briq knows our webhook cannot be told: it does not show its list'
    return [warn(NAME, text, 'Look in Briq’s dashboard, under the Developer App of the key.')]
  }
  const { standing, deliveries } = told.value
  switch (standing.kind) {
    case 'none':
      return [warn(NAME, `no webhook is registered at Briq: ${POLLED}`, REGISTER)]
    case 'other-service': {
      const text = `the webhook of our address is for ${standing.webhook.service_type ?? 'nothing'}, not whatsapp: ${POLLED}`
      return [warn(NAME, text, REGISTER)]
    }
    case 'elsewhere': {
      const text = `Briq’s one whatsapp webhook of this app leads to ${hostOf(standing.webhook.url)}, not to us: ${POLLED}`
      return [warn(NAME, text, 'Point it here with risiti webhook register --replace, if nobody else needs it.')]
    }
    case 'right':
      return [secretCheck(told.value, secret), ...deliveryChecks(deliveries)]
  }
}

function secretCheck({ secret: held, standing }: WebhookFacts, secret: string | null): Check {
  if (secret === null || secret === '') {
    const text = 'a webhook is registered at Briq, but karibu.webhook_secret is not set: everything it posts is refused'
    return fail(NAME, text, `Name the secret in risiti.yaml (webhook_secret: \${BRIQ_WEBHOOK_SECRET}). ${REGISTER}`)
  }
  const unsigned = held === null || (held === undefined && masked(standing) === null)
  if (unsigned) return fail(NAME, 'our webhook has no secret at Briq: what it posts is unsigned, and refused', REGISTER)
  if (held === undefined) return ok(NAME, 'our webhook is registered at Briq; its secret cannot be told')
  if (held !== secret) return fail(NAME, 'our webhook has another secret at Briq: what it posts is refused', REGISTER)
  return ok(NAME, 'our webhook is registered at Briq for whatsapp.sent, delivered, read and failed, with our secret')
}

function masked(standing: Standing): string | null | undefined {
  return standing.kind === 'none' ? undefined : standing.webhook.secret_token
}

function deliveryChecks(deliveries: Record<string, number> | null): Check[] {
  if (deliveries === null || Object.keys(deliveries).length === 0) return []
  const failed = Object.entries(deliveries).filter(([status, times]) => /fail|error|dead/i.test(status) && times > 0)
  const said = Object.entries(deliveries).map(([status, times]) => `${times} ${status.slice(0, 40)}`)
  const text = `what Briq posted within a week: ${said.join(', ')}`
  if (failed.length === 0) return [ok('karibu.webhook-deliveries', text)]
  const mend =
    'If it goes on, see below whether our address takes a signed post, and compare the log (request.refused).'
  return [warn('karibu.webhook-deliveries', text, mend)]
}

/** An event of no meaning: whoever knows the secret is answered 2xx, and nothing is kept of it. */
export function signedProbe(secret: string): { body: Buffer; headers: Record<string, string> } {
  const event = { event: 'risiti.doctor', event_id: 'wa_risiti_doctor', service_type: 'whatsapp', data: {} }
  const body = Buffer.from(JSON.stringify(event))
  return {
    body,
    headers: { 'content-type': 'application/json', 'x-briq-signature': signKaribuBody(body, secret) },
  }
}

/** Whether what Briq would sign is taken by the code that judges it, and what it would not sign is not. */
export function signatureCheck(secret: string | null): Check {
  const name = 'karibu.signature'
  if (secret === null) {
    const mend = 'Add webhook_secret: ${BRIQ_WEBHOOK_SECRET} under karibu, and run risiti webhook register.'
    return warn(name, `karibu.webhook_secret is not set, so nothing of Briq’s is taken: ${POLLED}`, mend)
  }
  if (secret === '') return notChecked(name, 'the variable of karibu.webhook_secret is not set')
  const { body, headers } = signedProbe(secret)
  const signature = headers['x-briq-signature'] ?? null
  const sound =
    verifyKaribuSignature(body, signature, secret) &&
    !verifyKaribuSignature(Buffer.concat([body, Buffer.from(' ')]), signature, secret)
  if (sound) return ok(name, 'a body signed with our secret as Briq signs is taken, an altered one is not')
  return fail(name, 'a body signed with our secret is not taken by our own code', 'This is a fault of Risiti: tell us.')
}
