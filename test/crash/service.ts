import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { endAll, eventually, freePort, type Running, start } from '../commands/program.ts'
import { SECRETS } from './orders.ts'

/** A machine that does other work besides takes its time; how long it took is in the report. */
const START_PATIENCE_MS = 90_000
const TOKEN = 'crash-token-of-full-scope'
const ENV = {
  BRIQ_API_KEY: 'sandbox-key',
  BRIQ_WEBHOOK_SECRET: 'whsec_crash_karibu_secret',
  WOO: SECRETS.woocommerce,
  SHOPIFY: SECRETS.shopify,
  STANDARD: SECRETS.standard,
  RISITI_API_TOKEN: TOKEN,
}

/** A service that may die at any moment, and a sandbox Karibu that does not; both processes of their own. */
export interface Town {
  url: string
  karibuUrl: string
  folder: string
  /** Milliseconds from each start to the first healthy answer. */
  recoveries: number[]
  startService(): Promise<void>
  /** `kill -9`, whatever it is doing; resolves when the process is gone. */
  kill(): Promise<void>
  /** Starts `risiti backup` beside it, without waiting. */
  startBackup(): Running
  /** The database's file. */
  database: string
  /** Starts it without waiting, and kills it after so long: in the middle of opening and migrating. */
  killWhileStarting(afterMs: number): Promise<void>
  /** Takes the database away, so that the next start makes it anew. Only before the first order. */
  forget(): void
  api<T>(path: string): Promise<T | undefined>
  sandbox<T>(path: string, body?: unknown): Promise<T>
  end(keepFolder: boolean): Promise<void>
}

function yaml(port: number, karibuUrl: string): string {
  const brand = '{ name: Duka la Majaribio, color: "#0f766e" }'
  return `
listen: { host: 127.0.0.1, port: ${port} }
public_url: http://127.0.0.1:${port}
data_dir: data
karibu:
  base_url: ${karibuUrl}
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
  poll_inbound_every: 1s
  poll_status_after: 10s
  absent_after: 5s
  timeout: 5s
shops:
  duka: { platform: woocommerce, secrets: ["\${WOO}"], country: TZ, brand: ${brand} }
  soko: { platform: shopify, secrets: ["\${SHOPIFY}"], country: TZ, brand: ${brand} }
  mtandao: { platform: standard, secrets: ["\${STANDARD}"], country: TZ, brand: ${brand} }
rules:
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Oda {{ order.number }}." }
`
}

export async function buildTown(): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-crash-'))
  const [port, karibuPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const karibuUrl = `http://127.0.0.1:${karibuPort}`
  writeFileSync(join(folder, 'risiti.yaml'), yaml(port, karibuUrl))
  const webhook = ['--webhook-url', `${url}/webhooks/karibu`, '--webhook-secret-env', 'BRIQ_WEBHOOK_SECRET']
  start(['sandbox', '--port', String(karibuPort), ...webhook], { cwd: folder, env: ENV })
  const recoveries: number[] = []
  let service: Running | undefined

  const spawn = () => start(['serve'], { cwd: folder, env: ENV })
  async function get<T>(address: string, headers: Record<string, string> = {}): Promise<T | undefined> {
    const answer = await request(address, { headers })
    const body = await answer.body.text()
    return answer.statusCode === 200 ? (JSON.parse(body) as T) : undefined
  }
  await eventually('the sandbox answers', () => get(`${karibuUrl}/sandbox/state`).then(Boolean, () => undefined))

  return {
    url,
    karibuUrl,
    folder,
    recoveries,
    async startService() {
      const startedAt = Date.now()
      const running = spawn()
      service = running
      await eventually(
        'the service is healthy',
        async () => {
          if (running.code() !== null) throw new Error(`it ended by itself: ${running.stderr().slice(-2000)}`)
          return get(`${url}/healthz`).catch(() => undefined)
        },
        START_PATIENCE_MS,
      )
      recoveries.push(Date.now() - startedAt)
    },
    startBackup: () => start(['backup'], { cwd: folder, env: ENV }),
    database: join(folder, 'data/risiti.db'),
    async kill() {
      service?.signal('SIGKILL')
      await service?.ended
    },
    async killWhileStarting(afterMs) {
      const running = spawn()
      await sleep(afterMs)
      running.signal('SIGKILL')
      await running.ended
    },
    forget: () => rmSync(join(folder, 'data'), { recursive: true, force: true }),
    api: (path) => get(url + path, { authorization: `Bearer ${TOKEN}` }),
    async sandbox<T>(path: string, body?: unknown): Promise<T> {
      const answer = await request(`${karibuUrl}/sandbox${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      })
      const text = await answer.body.text()
      if (answer.statusCode >= 300) throw new Error(`the sandbox answered ${answer.statusCode}: ${text}`)
      return (text === '' ? null : JSON.parse(text)) as T
    },
    async end(keepFolder) {
      await endAll()
      if (!keepFolder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
