import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { systemClock } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { ToyOrder } from '../../src/sandbox/toy-order.ts'
import { postToy, type ToyPlatform, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import type { Health } from './service.ts'

export const SECRETS: Record<ToyPlatform | 'karibu', string> = {
  woocommerce: 'duka-secret-1',
  shopify: 'soko-secret-1',
  standard: `whsec_${Buffer.from('a standard secret of 24+ bytes').toString('base64')}`,
  karibu: 'whsec_karibu_test_secret',
}
export const SHOPS: Record<ToyPlatform, string> = { woocommerce: 'duka', shopify: 'soko', standard: 'mtandao' }
export const API_TOKEN = 'test-token-of-full-scope'

/** Rows that only a webhook or the API may leave; what the pollers find for themselves is not among them. */
const COUNTED = {
  events: "select count(*) from events where source <> 'karibu'",
  orders: 'select count(*) from orders',
  messages: 'select count(*) from messages',
  conversations: 'select count(*) from conversations',
  reports: "select count(*) from status_reports where source = 'webhook'",
}
export type Rows = Record<keyof typeof COUNTED, number>

export interface Target {
  port: number
  karibu: Sandbox
  rows(): Rows
  health(): Promise<Health>
  /** How the process ended by itself; null while it runs. */
  crash(): string | null
  /** A customer writes, pays and gets the image: milliseconds it took, or null when nothing came within `withinMs`. */
  mainJob(phone: string, withinMs: number): Promise<number | null>
  stop(): Promise<void>
}

const yaml = (karibuUrl: string) => `
listen: { host: 127.0.0.1, port: 0 }
public_url: http://127.0.0.1:1
data_dir: data
karibu:
  base_url: ${karibuUrl}
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
  poll_inbound_every: 1s
  per_contact_every: 0s
shops:
  duka: { platform: woocommerce, secrets: ["\${WOO}"], country: TZ, brand: { name: Duka } }
  soko: { platform: shopify, secrets: ["\${SHOPIFY}"], country: KE, brand: { name: Soko } }
  mtandao: { platform: standard, secrets: ["\${STANDARD}"], country: TZ, brand: { name: Mtandao } }
rules:
  - name: receipt
    on: order.paid
    if: order.total > 0.0
    send: { image: receipt, caption: "Asante {{ customer.first_name }}! Risiti ya oda {{ order.number }}." }
  - name: refund
    on: order.refunded
    send: { image: receipt, caption: "Tumerudisha {{ order.number }}." }
  - name: answer
    on: message.received
    when: { text: [bei, price] }
    send: { image: { url: "http://127.0.0.1:1/{{ customer.first_name | url_encode }}.png" }, caption: "Bei" }
`

export async function startTarget(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-fuzz-'))
  const karibu = createSandbox({ clock: systemClock, ids: createIds(systemClock) })
  const { url } = await karibu.start()
  const env = {
    ...process.env,
    BRIQ_API_KEY: karibu.apiKey,
    BRIQ_WEBHOOK_SECRET: SECRETS.karibu,
    WOO: SECRETS.woocommerce,
    SHOPIFY: SECRETS.shopify,
    STANDARD: SECRETS.standard,
    RISITI_API_TOKEN: API_TOKEN,
  }
  const child = fork(fileURLToPath(new URL('service.ts', import.meta.url)), [join(folder, 'risiti.yaml'), yaml(url)], {
    env,
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })
  let crash: string | null = null
  let stopping = false
  child.once('exit', (code, signal) => {
    if (!stopping) crash = `exit ${code} ${signal ?? ''}`
  })
  const { port } = await answerOf<{ port: number }>(child)
  const database = new Database(join(folder, 'data', 'risiti.db'), { readonly: true })
  const counts = Object.entries(COUNTED).map(([name, sql]) => [name, database.prepare(sql).pluck()] as const)
  const base = `http://127.0.0.1:${port}`

  return {
    port,
    karibu,
    rows: () => Object.fromEntries(counts.map(([name, count]) => [name, Number(count.get())])) as Rows,
    health() {
      const answer = answerOf<Health>(child)
      child.send('health')
      return answer
    },
    crash: () => crash,
    async mainJob(phone, withinMs) {
      const startedAt = performance.now()
      karibu.customerWrites(phone)
      const now = Date.now()
      await postToy(
        `${base}/webhooks/duka`,
        toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(phone, now), 'order.updated', now),
      )
      while (performance.now() - startedAt < withinMs) {
        if (karibu.images().some(({ to }) => to === phone)) return Math.round(performance.now() - startedAt)
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      return null
    },
    async stop() {
      stopping = true
      database.close()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.connected) child.send('stop')
      if (child.exitCode === null && child.signalCode === null) await ended
      await karibu.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the service has ended'))
    child.once('exit', gone)
    child.once('message', (answer) => {
      child.off('exit', gone)
      resolve(answer as T)
    })
  })
}

export function paidOrder(phone: string, now: number, id = phone): ToyOrder {
  return {
    id: String(Number(id) % 1_000_000_000),
    number: `F-${id}`,
    customer: { name: 'Asha Mwinyi', phone: `+${phone}`, locale: 'sw' },
    country: 'TZ',
    currency: 'TZS',
    items: [
      { name: 'Khanga ya pamba – Kilimanjaro', detail: 'bluu', quantity: 2, price: 18_000_00 },
      { name: 'Sabuni & mafuta', quantity: 1, price: 9_000_00 },
    ],
    shipping: { label: 'Bodaboda', amount: 3_000_00 },
    payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
    createdAt: now - 60_000,
    updatedAt: now - 1000,
    paidAt: now - 1000,
  }
}
