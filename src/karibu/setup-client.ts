import { isObject } from './answers.ts'
import { createTransport, KaribuUnavailable, readGood, type TransportOptions, unreachable } from './transport.ts'
import * as wire from './wire.ts'

/** What of Karibu is looked at and changed when Risiti is set up, never while it runs. */
export interface KaribuSetup {
  /** Those of this name, in any language; null when Karibu shows no templates. */
  findTemplates(name: string): Promise<wire.Template[] | null>
  /** All the key may see; null when Karibu knows no such list. */
  listWebhooks(): Promise<wire.Webhook[] | null>
  /** Undefined when it cannot be told, null when it has none. */
  secretOf(webhookId: string): Promise<string | null | undefined>
  /** How often each outcome of a delivery was, by Karibu's word for it, within the last week; null when it does not say. */
  deliveriesOf(webhookId: string): Promise<Record<string, number> | null>
  addWebhook(webhook: { appId: string; serviceType: string; url: string; secret: string }): Promise<void>
  changeWebhook(webhookId: string, change: WebhookChange): Promise<void>
  removeWebhook(webhookId: string): Promise<void>
  close(): Promise<void>
}

export interface WebhookChange {
  serviceType?: string
  url?: string
  secret?: string
}

const PAGES_AT_MOST = 5
const ids = encodeURIComponent

export function createKaribuSetup(options: TransportOptions): KaribuSetup {
  const { call, read, close } = createTransport(options)

  async function change(method: 'POST' | 'PATCH' | 'DELETE', path: string, payload?: unknown): Promise<void> {
    const answer = await call(method, path, payload).catch((error: unknown) => {
      throw unreachable(error)
    })
    // A removal is answered without a body.
    if (answer.status >= 200 && answer.status < 300 && answer.body === '') return
    readGood(answer)
  }

  return {
    async findTemplates(name) {
      const found: wire.Template[] = []
      let cursor: string | undefined
      for (let pages = 0; pages < PAGES_AT_MOST; pages++) {
        const body = await read('/v1/whatsapp/templates', { name_or_content: name.slice(0, 200), limit: '200', cursor })
        if (body === null) return null
        const page = wire.page.safeParse(body)
        if (!page.success) throw new KaribuUnavailable('karibu.unreadable', 'Karibu’s list of templates has no items')
        found.push(...page.data.items.flatMap((item) => wire.template.safeParse(item).data ?? []))
        cursor = isObject(body) && typeof body.cursor_next === 'string' ? body.cursor_next : undefined
        if (cursor === undefined) break
      }
      return found.filter((one) => one.name === name && one.is_deleted !== true)
    },

    async listWebhooks() {
      const body = await read('/v1/webhooks/all')
      if (body === null) return null
      const items = Array.isArray(body) ? body : (wire.page.safeParse(body).data?.items ?? [])
      return items.flatMap((item) => wire.webhook.safeParse(item).data ?? [])
    },

    async secretOf(webhookId) {
      const body = await read(`/v1/webhooks/${ids(webhookId)}/secret`)
      return secretIn(body)
    },

    async deliveriesOf(webhookId) {
      const body = await read(`/v1/webhooks/${ids(webhookId)}/stats`)
      if (!isObject(body) || !isObject(body.by_status)) return null
      return Object.fromEntries(
        Object.entries(body.by_status).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
      )
    },

    addWebhook: ({ appId, serviceType, url, secret }) =>
      change('POST', '/v1/webhooks/', { app_id: appId, service_type: serviceType, url, secret_token: secret }),
    changeWebhook: (webhookId, { serviceType, url, secret }) =>
      change('PATCH', `/v1/webhooks/${ids(webhookId)}`, { service_type: serviceType, url, secret_token: secret }),
    removeWebhook: (webhookId) => change('DELETE', `/v1/webhooks/${ids(webhookId)}`),
    close,
  }
}

/** The field that holds it is not documented: every likely one is looked at. */
function secretIn(body: unknown): string | null | undefined {
  if (!isObject(body)) return undefined
  const given = ['secret_token', 'secret', 'signing_secret', 'plaintext', 'value']
    .map((name) => body[name])
    .find((value) => value !== undefined)
  return typeof given === 'string' || given === null ? given : undefined
}
