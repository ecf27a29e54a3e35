import { Hono } from 'hono'
import { type Clock, DAY } from '../clock.ts'
import { AppError } from '../errors.ts'
import { readBody } from '../http/body.ts'
import { parseJson } from '../karibu/answers.ts'
import { prefixed } from '../karibu/codes.ts'
import { verifyKaribuSignature } from '../karibu/webhook.ts'
import { webhookEvent } from '../karibu/wire.ts'
import type { ReportedStatus } from '../store/words.ts'
import type { RecordReport } from './reports.ts'

export interface KaribuWebhookDeps {
  /** Null: no secret is configured, and every call is refused. */
  secret: string | null
  recordReport: RecordReport
  /** `whatsapp.received` has no documented body: whatever it holds, it only makes us ask. */
  nudgeInbound(): void
  clock: Clock
}

const STATUS_OF: Record<string, ReportedStatus> = {
  'whatsapp.sent': 'sent',
  'whatsapp.delivered': 'delivered',
  'whatsapp.read': 'read',
  'whatsapp.failed': 'failed',
}

/** `POST /webhooks/karibu`. Unknown events are answered 2xx, or Briq would repeat them. */
export function karibuWebhookRoutes({ secret, recordReport, nudgeInbound, clock }: KaribuWebhookDeps): Hono {
  return new Hono().post('/', async (c) => {
    const body = await readBody(c)
    if (secret === null) {
      throw new AppError('karibu.webhook_not_configured', 'set karibu.webhook_secret to take Briq’s webhooks')
    }
    if (!verifyKaribuSignature(body, c.req.header('x-briq-signature') ?? null, secret)) {
      throw new AppError('signature.invalid', 'X-Briq-Signature does not match the body')
    }
    const raw = parseJson(Buffer.from(body).toString('utf8'))
    const name = typeof raw === 'object' && raw !== null && 'event' in raw ? raw.event : undefined
    if (name === 'whatsapp.received') nudgeInbound()
    const event = webhookEvent.safeParse(raw)
    const status = event.success ? STATUS_OF[event.data.event] : undefined
    if (!event.success || status === undefined || event.data.data.message_id === null) {
      return c.json({ accepted: true, used: name === 'whatsapp.received' })
    }
    const { event_id: eventId, data, timestamp } = event.data
    const outcome = await recordReport({
      eventId,
      messageId: data.message_id ?? '',
      status,
      errorCode: data.error_code === null ? null : prefixed(data.error_code),
      errorDetail: data.error_message?.slice(0, 500) ?? null,
      providerMessageId: data.provider_message_id,
      occurredAt: parseTimestamp(timestamp, clock.now()) ?? clock.now(),
      source: 'webhook',
    })
    return c.json({ accepted: true, used: outcome !== 'duplicate' })
  })
}

/** A report older than this, or from the future, has a broken clock or none. */
const BELIEVED_MS = 40 * DAY

/** ISO text (with or without zone), or Unix seconds or milliseconds: the form is not documented. Undefined when implausible. */
export function parseTimestamp(value: string | number | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined || String(value).trim() === '') return undefined
  const number = Number(value)
  const text = String(value)
  const at = Number.isNaN(number)
    ? Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
    : Math.round(number > 1e11 ? number : number * 1000)
  return at > now - BELIEVED_MS && at < now + DAY ? at : undefined
}
