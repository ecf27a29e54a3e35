import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { eventually, type Running, start } from '../commands/program.ts'
import { SECRETS } from './orders.ts'

export const TOKEN = 'crash-token-of-full-scope'
/** A machine that does other work besides takes its time; how long it took is in the report. */
const START_PATIENCE_MS = 90_000
export const ENV = {
  BRIQ_API_KEY: 'sandbox-key',
  BRIQ_WEBHOOK_SECRET: 'whsec_crash_karibu_secret',
  WOO: SECRETS.woocommerce,
  SHOPIFY: SECRETS.shopify,
  STANDARD: SECRETS.standard,
  RISITI_API_TOKEN: TOKEN,
}

export interface KillableOptions {
  folder: string
  port: number
  karibuUrl: string
  /** Lines under `karibu:` of the configuration. */
  karibu: string[]
  /** What its rule sends (default: the receipt). */
  send?: string
  /** Lines under the rule. */
  rule?: string[]
  /** Lines at the end of the configuration, at its top level. */
  settings?: string[]
  /** File descriptor for its log; else it is kept in memory. */
  log?: number
  /** The processor cores it may run on (default: any). */
  cores?: string | undefined
  /** Options of Node itself. */
  node?: string[] | undefined
}

/** The built service as a process of its own that may die at any moment. */
export interface Killable {
  url: string
  /** Milliseconds from each start to the first healthy answer. */
  recoveries: number[]
  /** Of the process that runs now, or ran last. */
  pid(): number | undefined
  startService(): Promise<void>
  /** Starts it without waiting. */
  launch(): Running
  /** `kill -9`, whatever it is doing; resolves when the process is gone. */
  kill(): Promise<void>
  /** Asks it to stop; gives its exit code. */
  stopService(): Promise<number | null>
  /** Starts it without waiting, and kills it after so long: in the middle of opening and migrating. */
  killWhileStarting(afterMs: number): Promise<void>
  /** Undefined for any answer but 200. */
  api<T>(path: string): Promise<T | undefined>
  /** What it measures, in Prometheus' text. */
  metrics(): Promise<string>
}

const RECEIPT = '{ image: receipt, caption: "Oda {{ order.number }}." }'

function yaml({ port, karibuUrl, karibu, send = RECEIPT, rule = [], settings = [] }: KillableOptions): string {
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
${karibu.map((line) => `  ${line}\n`).join('')}shops:
  duka: { platform: woocommerce, secrets: ["\${WOO}"], country: TZ, brand: ${brand} }
  soko: { platform: shopify, secrets: ["\${SHOPIFY}"], country: TZ, brand: ${brand} }
  mtandao: { platform: standard, secrets: ["\${STANDARD}"], country: TZ, brand: ${brand} }
rules:
  - name: receipt
    on: order.paid
    send: ${send}
${rule.map((line) => `    ${line}\n`).join('')}${settings.join('\n')}
`
}

export function createKillable(options: KillableOptions): Killable {
  const { folder, log, cores, node } = options
  const url = `http://127.0.0.1:${options.port}`
  writeFileSync(join(folder, 'risiti.yaml'), yaml(options))
  const recoveries: number[] = []
  let service: Running | undefined
  function launch(): Running {
    service = start(['serve'], { cwd: folder, env: ENV, log, cores, node })
    return service
  }

  async function get(path: string): Promise<string | undefined> {
    const answer = await request(url + path, { headers: { authorization: `Bearer ${TOKEN}` } })
    const body = await answer.body.text()
    return answer.statusCode === 200 ? body : undefined
  }

  return {
    url,
    recoveries,
    pid: () => service?.pid,
    launch,
    async startService() {
      const startedAt = Date.now()
      const running = launch()
      await eventually(
        'the service is healthy',
        async () => {
          if (running.code() !== null) throw new Error(`it ended by itself: ${running.stderr().slice(-2000)}`)
          return get('/healthz').catch(() => undefined)
        },
        START_PATIENCE_MS,
      )
      recoveries.push(Date.now() - startedAt)
    },
    async kill() {
      service?.signal('SIGKILL')
      await service?.ended
    },
    async stopService() {
      service?.signal('SIGTERM')
      return (await service?.ended)?.code ?? null
    },
    async killWhileStarting(afterMs) {
      const running = start(['serve'], { cwd: folder, env: ENV, log, cores, node })
      await sleep(afterMs)
      running.signal('SIGKILL')
      await running.ended
    },
    async api<T>(path: string) {
      const body = await get(path)
      return body === undefined ? undefined : (JSON.parse(body) as T)
    },
    metrics: async () => (await get('/metrics')) ?? '',
  }
}
