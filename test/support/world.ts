import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { onTestFinished } from 'vitest'
import { createActivity } from '../../src/activity.ts'
import { type App, createApp, type Ports } from '../../src/app.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config, Secrets } from '../../src/config/types.ts'
import { createIds } from '../../src/ids.ts'
import { type Log, silentLog } from '../../src/log.ts'
import { createImageFetcher } from '../../src/receipts/fetch-image.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { postToy, type ToyPlatform, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { createFakeClock } from './fake-clock.ts'
import { freePort } from './free-port.ts'
import { imageServers } from './image-server.ts'

export const START = Date.parse('2026-11-20T09:00:00Z')
export const ASHA = '255712345678'
export const API_TOKEN = 'test-token-of-full-scope'
/** Known to the configuration only where `settings` names them. */
export const READ_TOKEN = 'test-token-of-read-scope'
export const SEND_TOKEN = 'test-token-of-send-scope'
export const KARIBU_SECRET = 'whsec_karibu_test_secret'
export const SECRETS: Record<ToyPlatform, string> = {
  woocommerce: 'duka-secret-1',
  shopify: 'soko-secret-1',
  standard: `whsec_${Buffer.from('a standard secret of 24+ bytes').toString('base64')}`,
}
/** Shop id by platform in the world's configuration. */
export const SHOPS: Record<ToyPlatform, string> = { woocommerce: 'duka', shopify: 'soko', standard: 'mtandao' }

export interface WorldOptions {
  /** Replaces the rules of the standard configuration. */
  rules?: string
  /** Lines added under `karibu:`. */
  karibu?: string
  /** Of the shop `duka`. */
  quietHours?: string
  /** Lines added under `shops:`, and what their `${NAME}`s stand for. */
  shops?: string
  env?: Record<string, string>
  /** Lines added at the end of the file, at its top level. */
  settings?: string
  /** Keys added to the shop `soko`. */
  sokoSettings?: string
  /** What the service logs to (default: nowhere). */
  log?: Log
  sandbox?: Partial<SandboxOptions>
  /** Gives the sandbox a toy shop that posts to `duka`. */
  toyShop?: boolean
  /** Where the outside is told to find us, if not where we are. */
  publicUrl?: string
  /** Fetches pictures as the service does by itself; else the test's image servers are known to it. */
  strangeImages?: boolean
  /** Free bytes on the disk (default: those there are). */
  freeDisk?: () => Promise<number>
  /** Tells the sandbox where to post its webhooks (default true). */
  webhooks?: boolean
  /** A change to what the file says, for what no file can say. */
  change?(settings: { config: Config; secrets: Secrets }): void
  platformNamed?: Ports['platformNamed']
  /** Looks at our own pictures over public_url (default: as the service does). */
  probeImage?: Ports['probeImage']
}

export interface World {
  clock: ReturnType<typeof createFakeClock>
  karibu: Sandbox
  url: string
  /** Holds the configuration's `data` folder. */
  folder: string
  readonly app: App
  /** Moves the clock on, waking whoever is due, until all is still. */
  run(ms: number): Promise<void>
  /** The time passes at once, as for a machine that slept: whoever was due wakes at its end. */
  leap(ms: number): Promise<void>
  /** Waits until nothing is under way; the clock stands. */
  settle(): Promise<void>
  /** Ends the service and starts another on the same data, with other settings if the test says so. */
  restart(change?: Partial<Config>): Promise<void>
  shopSends(platform: ToyPlatform, order: ToyOrder, topic?: string): Promise<{ status: number; body: unknown }>
  get<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }>
  post<T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T }>
  /** All messages by the API, oldest first. */
  messages(): Promise<ApiMessage[]>
}

export interface ApiMessage {
  id: string
  message_id: string | null
  status: string
  reason: { code: string; text: string } | null
  kind: string
  shop: string | null
  order_id: string | null
  order_number: string | null
  to: string | null
  caption: string
  media_url: string | null
  error_code: string | null
  attempts: number
  [time: `${string}_at`]: string | null
}

const brand = (name: string) =>
  `{ name: ${name}, color: "#0f766e", address: "Kariakoo, Dar es Salaam", phone: "+255712000111" }`

const RULES = `
  - name: receipt
    on: order.paid
    send:
      image: receipt
      caption: "Asante {{ customer.first_name }}! Risiti ya oda {{ order.number }}: {{ order.total | money }}."
    when_closed: hold
`

function yaml(
  port: number,
  karibuUrl: string,
  { rules, karibu, shops, settings, publicUrl, quietHours, sokoSettings }: WorldOptions,
): string {
  return `
listen: { host: 127.0.0.1, port: ${port} }
public_url: ${publicUrl ?? `http://127.0.0.1:${port}`}
data_dir: data
timezone: Africa/Dar_es_Salaam
karibu:
  base_url: ${karibuUrl}
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
${karibu ?? ''}
shops:
  duka: { platform: woocommerce, secrets: ["\${WOO}", "\${WOO_OLD}"], country: TZ, brand: ${brand('Duka la Asha')}${quietHours ? `, quiet_hours: "${quietHours}"` : ''} }
  soko: { platform: shopify, secrets: ["\${SHOPIFY}"], country: KE, timezone: Africa/Nairobi, locale: en, brand: ${brand('Soko')}${sokoSettings ? `, ${sokoSettings}` : ''} }
  mtandao: { platform: standard, secrets: ["\${STANDARD}"], country: TZ, brand: ${brand('Mtandao')} }
${shops ?? ''}
rules:${rules ?? RULES}
${settings ?? ''}
`
}

/** Rules that invite a customer whose window is closed. */
export const INVITING = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante" }
    when_closed: invite
    invite: { template: receipt_ready, variables: { "1": "{{ order.number }}" } }
`

/** The real app on a real SQLite file, a sandbox Karibu behind real HTTP, and a clock that only the test moves. */
export async function testWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-test-'))
  const clock = createFakeClock(START)
  const activity = createActivity()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const webhook = options.webhooks === false ? null : { url: `${url}/webhooks/karibu`, secret: KARIBU_SECRET }
  const shop = {
    platform: 'woocommerce',
    name: 'Duka la Asha',
    url: `${url}/webhooks/${SHOPS.woocommerce}`,
    secret: SECRETS.woocommerce,
  } as const
  const phone = options.toyShop ? { shop } : {}
  const karibu = createSandbox({ clock, ids: createIds(clock), activity, webhook, phone, ...options.sandbox })
  const { url: karibuUrl } = await karibu.start()
  const env = {
    BRIQ_API_KEY: karibu.apiKey,
    BRIQ_WEBHOOK_SECRET: KARIBU_SECRET,
    WOO: SECRETS.woocommerce,
    WOO_OLD: 'an-older-secret',
    SHOPIFY: SECRETS.shopify,
    STANDARD: SECRETS.standard,
    RISITI_API_TOKEN: API_TOKEN,
    READ_TOKEN,
    SEND_TOKEN,
    ...options.env,
  }
  const { config, secrets } = loadConfig({
    file: join(folder, 'risiti.yaml'),
    text: yaml(port, karibuUrl, options),
    env,
  })
  options.change?.({ config, secrets })
  const start = async (change: Partial<Config> = {}) => {
    const made = createApp({ ...config, ...change }, secrets, {
      clock,
      activity,
      random: () => 0.5,
      log: options.log ?? silentLog,
      ...(!options.strangeImages && { fetchImage: createImageFetcher({ allow: imageServers, timeoutMs: 15_000 }) }),
      ...(options.platformNamed && { platformNamed: options.platformNamed }),
      ...(options.probeImage && { probeImage: options.probeImage }),
      ...(options.freeDisk && { freeDisk: options.freeDisk }),
    })
    await made.start()
    return made
  }
  let app = await start()

  async function settle(): Promise<void> {
    for (let still = 0; still < 8; ) {
      await activity.idle()
      await new Promise((resolve) => setImmediate(resolve))
      still = activity.count === 0 ? still + 1 : 0
    }
  }
  async function run(ms: number): Promise<void> {
    const until = clock.now() + ms
    await settle()
    for (let next = clock.nextWakeAt(); next !== undefined && next <= until; next = clock.nextWakeAt()) {
      clock.moveTo(next)
      await settle()
    }
    clock.moveTo(until)
    await settle()
  }
  async function leap(ms: number): Promise<void> {
    await settle()
    clock.moveTo(clock.now() + ms)
    await run(0)
  }
  async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown, extra: Record<string, string> = {}) {
    const answer = await request(url + path, {
      method,
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', ...extra },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.body.text()
    const isJson = String(answer.headers['content-type']).includes('json')
    return { status: answer.statusCode, body: (isJson ? JSON.parse(text) : text) as T }
  }
  await settle()
  onTestFinished(async () => {
    await app.stop()
    await karibu.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    clock,
    karibu,
    url,
    folder,
    get app() {
      return app
    },
    run,
    leap,
    settle,
    async restart(change) {
      await app.stop()
      app = await start(change)
      await settle()
    },
    async shopSends(
      platform,
      order,
      topic = platform === 'shopify' ? 'orders/paid' : platform === 'standard' ? 'order.paid' : 'order.updated',
    ) {
      const answer = await postToy(
        `${url}/webhooks/${SHOPS[platform]}`,
        toyWebhook(platform, SECRETS[platform], order, topic, clock.now()),
      )
      await settle()
      return answer
    },
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    async messages() {
      const { body } = await call<{ items: ApiMessage[] }>('GET', '/v1/messages?limit=200')
      return body.items.toReversed()
    },
  }
}

export function paidOrder(change: Partial<ToyOrder> = {}): ToyOrder {
  return {
    id: '4522',
    number: 'DUKA-0107',
    customer: { name: 'Asha Mwinyi', phone: '0712 345 678' },
    country: 'TZ',
    currency: 'TZS',
    items: [
      { name: 'Khanga ya pamba – Kilimanjaro', detail: 'bluu', quantity: 2, price: 18_000_00 },
      { name: 'Sabuni & mafuta', quantity: 1, price: 9_000_00 },
    ],
    shipping: { label: 'Bodaboda', amount: 3_000_00 },
    payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
    createdAt: START - 60_000,
    updatedAt: START - 1_000,
    paidAt: START - 1_000,
    ...change,
  }
}
