import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { createActivity } from '../../src/activity.ts'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createIds } from '../../src/ids.ts'
import { silentLog } from '../../src/log.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { SwitchesChange } from '../../src/sandbox/switches.ts'
import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { postToy, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { freePort } from '../support/free-port.ts'
import type { ApiMessage } from '../support/world.ts'
import { createFaultProxy, type FaultProxy, type Head } from './proxy.ts'
import type { Stage } from './stages.ts'

export const START = Date.parse('2026-11-20T09:00:00Z')
const TOKEN = 'test-token-of-full-scope'
const KARIBU_SECRET = 'whsec_karibu_test_secret'
const SHOP_SECRET = 'duka-secret-1'
const SENDS = ['/v1/whatsapp/messages/image', '/v1/whatsapp/messages/template']

export interface TownOptions {
  switches?: SwitchesChange
  /** Whether the proxy keeps connections open between requests (default: no). */
  keepAlive?: boolean
  /** Who has written before the service starts. */
  customers?: string[]
}

export interface Attempt {
  number: number
  result: string | null
  code: string | null
  detail: string | null
  message_id: string | null
}

export interface Story extends ApiMessage {
  attempts_made: Attempt[]
  conversation: unknown
}

/** The whole service with the fault proxy between it and a sandbox Karibu; needs no test runner. */
export interface Town {
  clock: ReturnType<typeof createFakeClock>
  karibu: Sandbox
  proxy: FaultProxy
  run(ms: number): Promise<void>
  settle(): Promise<void>
  order(order: ToyOrder): Promise<number>
  messages(): Promise<ApiMessage[]>
  story(id: string): Promise<Story>
  post(path: string, body?: unknown): Promise<number>
  stop(): Promise<void>
}

const yaml = (port: number, karibuUrl: string) => `
listen: { host: 127.0.0.1, port: ${port} }
public_url: http://127.0.0.1:${port}
data_dir: data
timezone: Africa/Dar_es_Salaam
karibu:
  base_url: ${karibuUrl}
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
  timeout: 1s
  absent_after: 1m
  poll_inbound_every: 1m
shops:
  duka: { platform: woocommerce, secrets: ["\${WOO}"], country: TZ, brand: { name: Duka } }
rules:
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Risiti ya oda {{ order.number }}." }
    when_closed: invite
    invite: { template: receipt_ready, variables: { "1": "{{ order.number }}" } }
`

export async function createTown({ switches, keepAlive = false, customers = [] }: TownOptions = {}): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-faults-'))
  const clock = createFakeClock(START)
  const activity = createActivity()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const webhook = { url: `${url}/webhooks/karibu`, secret: KARIBU_SECRET }
  const karibu = createSandbox({ clock, ids: createIds(clock), activity, webhook, ...(switches && { switches }) })
  const { url: target } = await karibu.start()
  const proxy = await createFaultProxy({ target, activity, keepAlive })
  for (const phone of customers) karibu.customerWrites(phone)
  const { config, secrets } = loadConfig({
    file: join(folder, 'risiti.yaml'),
    text: yaml(port, proxy.url),
    env: {
      BRIQ_API_KEY: karibu.apiKey,
      BRIQ_WEBHOOK_SECRET: KARIBU_SECRET,
      WOO: SHOP_SECRET,
      RISITI_API_TOKEN: TOKEN,
    },
  })
  const app = createApp(config, secrets, { clock, activity, random: () => 0.5, log: silentLog })
  await app.start()

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
  async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await request(url + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return { status: answer.statusCode, body: (await answer.body.json()) as T }
  }
  await settle()
  return {
    clock,
    karibu,
    proxy,
    run,
    settle,
    async order(order) {
      const delivery = toyWebhook('woocommerce', SHOP_SECRET, order, 'order.updated', clock.now())
      return (await postToy(`${url}/webhooks/duka`, delivery)).status
    },
    async messages() {
      const all: ApiMessage[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { body: { items: ApiMessage[]; next_cursor: string | null } } = await call(
          'GET',
          `/v1/messages?limit=200${cursor && `&cursor=${cursor}`}`,
        )
        all.push(...page.body.items)
        cursor = page.body.next_cursor
      }
      return all.toReversed()
    },
    story: async (id) => (await call<Story>('GET', `/v1/messages/${id}`)).body,
    post: async (path, body) => (await call('POST', path, body)).status,
    async stop() {
      await app.stop()
      await proxy.stop()
      await karibu.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function isSend({ method, path }: Head): boolean {
  return method === 'POST' && SENDS.includes(path)
}

/**
 * The stage strikes the next send, once; one at the listener strikes whoever connects, one at the connection the one
 * after `spared` others (each request has its own).
 */
export async function strikeNext({ proxy }: Town, stage: Stage, spared = 0): Promise<void> {
  let count = 0
  if (stage.at === 'listener') await proxy.refuse()
  else if (stage.at === 'connection') proxy.plan({ connection: () => (count++ === spared ? stage.how : null) })
  else proxy.plan({ head: (head) => (isSend(head) && count++ === 0 ? stage.strike : null) })
}

export async function allWell({ proxy }: Town): Promise<void> {
  proxy.plan({})
  await proxy.restore()
}

export function anOrder(number: number, phone: string, at = START): ToyOrder {
  return {
    id: String(10_000 + number),
    number: `N-${number}`,
    customer: { name: 'Asha Mwinyi', phone: `+${phone}` },
    country: 'TZ',
    currency: 'TZS',
    items: [{ name: 'Khanga', quantity: 1, price: 18_000_00 }],
    createdAt: at - 60_000,
    updatedAt: at - 1000,
    paidAt: at - 1000,
  }
}

/** A Tanzanian mobile number of its own for each customer. */
export function phoneOf(index: number): string {
  return `25571${2_000_000 + index}`
}

/** What the stage says of its attempt, or what else it may have come to. */
export function fateOf(stage: Stage, code: string | null | undefined): Pick<Stage, 'result' | 'code'> {
  const { result, code: expected } = stage.also !== null && stage.also.code === code ? stage.also : stage
  return { result, code: expected }
}
