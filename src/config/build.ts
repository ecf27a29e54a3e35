import { dirname, resolve } from 'node:path'
import type { Locale } from '../order.ts'
import { parseQuietHours } from '../quiet-hours.ts'
import { ENV_TOKEN_NAME } from './cross-checks.ts'
import { parseDuration } from './duration.ts'
import { type Env, envValue, secretName, secretValue } from './references.ts'
import type { FileConfig } from './schema.ts'
import { parseSize } from './size.ts'
import type { Config, Rule, Secrets, ShopConfig } from './types.ts'
import { plainUrl, senderDigits } from './values.ts'

type FileShop = FileConfig['shops'][string]
type FileRule = FileConfig['rules'][number]

/** The program's settings from a checked file; `file` is its path, which relative paths start from. */
export function buildConfig(read: FileConfig, file: string): Config {
  const folder = dirname(resolve(file))
  const { karibu } = read
  const sender = karibu.sender === undefined ? null : senderDigits(karibu.sender)
  const shop = (id: string, from: FileShop): ShopConfig => ({
    id,
    platform: from.platform,
    notificationUrl: from.notification_url ?? `${plainUrl(read.public_url)}/webhooks/${id}`,
    apiUrl: from.api_url === undefined ? null : plainUrl(from.api_url),
    backfillEveryMs: from.backfill ? ms(from.backfill.every) : null,
    silenceAlarm: from.silence_alarm === 'auto' ? 'auto' : (parseDuration(from.silence_alarm) ?? null),
    sender: from.sender === undefined ? (sender ?? '') : senderDigits(from.sender),
    country: from.country,
    timezone: from.timezone ?? read.timezone,
    locale: from.locale ?? read.locale,
    secretNames: {
      signing: from.secrets.map(secretName),
      path: from.path_secrets.map(secretName),
      credentials: Object.fromEntries(
        Object.entries(from.credentials).map(([name, reference]) => [name, secretName(reference)]),
      ),
    },
    domain: from.domain?.toLowerCase() ?? null,
    brand: {
      name: from.brand.name,
      color: from.brand.color,
      logo: from.brand.logo === undefined ? null : resolve(folder, from.brand.logo),
      address: from.brand.address ?? null,
      phone: from.brand.phone ?? null,
      tin: from.brand.tin ?? null,
    },
    consent: from.consent ? { ...from.consent, values: from.consent.values.map((v) => String(v).toLowerCase()) } : null,
    whatsappField: from.whatsapp_field ?? null,
    claimExpiresAfterMs: ms(from.claim_expires_after),
    claimNumber: from.claim_number === undefined ? null : senderDigits(from.claim_number),
    ignoreOlderThanMs: ms(from.ignore_older_than),
    quietHours: (from.quiet_hours === undefined ? undefined : parseQuietHours(from.quiet_hours)) ?? null,
  })
  return {
    listen: read.listen,
    publicUrl: plainUrl(read.public_url),
    dataDir: resolve(folder, read.data_dir),
    timezone: read.timezone,
    locale: read.locale,
    karibu: {
      baseUrl: plainUrl(karibu.base_url),
      sender,
      pollInboundEveryMs: ms(karibu.poll_inbound_every),
      pollStatusAfterMs: ms(karibu.poll_status_after),
      absentAfterMs: ms(karibu.absent_after),
      timeoutMs: ms(karibu.timeout),
      concurrency: karibu.concurrency,
      perSenderPerSecond: karibu.per_sender_per_second,
      perContactEveryMs: ms(karibu.per_contact_every),
      perContactBurst: karibu.per_contact_burst,
    },
    shops: byId(read.shops, shop),
    rules: read.rules.map(buildRule),
    budgets: read.budgets.map((from) => ({
      sender: senderDigits(from.sender),
      messagesPerMonth: from.messages_per_month,
      warnAt: from.warn_at,
    })),
    notify: read.notify.map(({ name, url, events, shops }) => ({ name, url, events, shops: shops ?? null })),
    window: { marginMs: ms(read.window.margin) },
    retention: {
      bodiesMs: keepMs(read.retention.bodies),
      imagesMs: keepMs(read.retention.images),
      reportsMs: keepMs(read.retention.reports),
      messagesMs: keepMs(read.retention.messages),
      eventsMs: keepMs(read.retention.events),
      ordersMs: keepMs(read.retention.orders),
    },
    disk: { minFreeBytes: parseSize(read.disk.min_free) ?? 0 },
  }
}

function buildRule(from: FileRule): Rule {
  const { when, send } = from
  return {
    name: from.name,
    on: from.on,
    when: {
      shops: oneOrMore(when.shop),
      currency: when.currency ?? null,
      minTotal: when.min_total === undefined ? null : String(when.min_total),
      text: oneOrMore(when.text),
    },
    if: from.if ?? null,
    send: {
      image: send.image === 'receipt' ? { kind: 'receipt' } : { kind: 'url', url: send.image.url },
      caption: captions(send.caption),
    },
    whenClosed: from.when_closed,
    expiresAfterMs: ms(from.expires_after),
    invite: from.invite ? { template: from.invite.template, variables: { ...from.invite.variables } } : null,
  }
}

/** The values behind the file's `${NAME}`s, and the token the environment alone can give. */
export function buildSecrets(read: FileConfig, env: Env): Secrets {
  const { api_key: apiKey, webhook_secret: webhookSecret } = read.karibu
  const apiTokens: Secrets['apiTokens'] = read.api.tokens.map(({ name, scopes, token }) => ({
    name,
    scopes: [...new Set(scopes)],
    token: secretValue(env, token),
  }))
  const envToken = envValue(env, ENV_TOKEN_NAME)
  if (envToken) apiTokens.push({ name: ENV_TOKEN_NAME, scopes: ['read', 'send', 'admin'], token: envToken })
  return {
    karibuApiKey: secretValue(env, apiKey),
    karibuWebhookSecret: webhookSecret === undefined ? null : secretValue(env, webhookSecret),
    shops: byId(read.shops, (_, { secrets, path_secrets: paths, credentials }) => ({
      signing: secrets.map((secret) => secretValue(env, secret)),
      path: paths.map((secret) => secretValue(env, secret)),
      credentials: Object.fromEntries(
        Object.entries(credentials).map(([name, value]) => [name, secretValue(env, value)]),
      ),
    })),
    notify: Object.fromEntries(
      read.notify.map(({ name, secret }) => [name, [secret].flat().map((one) => secretValue(env, one))]),
    ),
    apiTokens,
  }
}

/** Without a prototype, so that a shop nobody configured (`/webhooks/constructor`) is never found. */
function byId<T>(shops: FileConfig['shops'], build: (id: string, shop: FileShop) => T): Record<string, T> {
  const record: Record<string, T> = Object.create(null)
  for (const [id, shop] of Object.entries(shops)) record[id] = build(id, shop)
  return record
}

function captions(caption: FileRule['send']['caption']): Record<Locale, string> {
  return typeof caption === 'string' ? { sw: caption, en: caption } : caption
}

function oneOrMore(value: string | string[] | undefined): string[] | null {
  if (value === undefined) return null
  return typeof value === 'string' ? [value] : value
}

function keepMs(duration: string): number | null {
  return duration === 'forever' ? null : ms(duration)
}

function ms(duration: string): number {
  return parseDuration(duration) ?? 0
}
