import { setMaxListeners } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Agent } from 'undici'
import { SECOND } from '../clock.ts'
import { AppError } from '../errors.ts'
import { createSandboxApp } from './app.ts'
import { type Controls, createControls } from './controls.ts'
import { createFaults } from './faults.ts'
import { createLifecycle } from './lifecycle.ts'
import { createMediaFetcher } from './media.ts'
import { resolveOptions, type SandboxOptions } from './options.ts'
import { createTill, type Till } from './phone/till.ts'
import { createSim } from './sim.ts'
import { createWebhooks } from './webhooks.ts'

/** A Karibu of our own: the API by HTTP, and beside it whatever the customers' phones do. */
export interface Sandbox extends Controls {
  readonly apiKey: string
  /** The app that webhooks are registered for. */
  readonly appId: string
  /** The toy shop’s, where one is set up. */
  readonly till: Till | null
  /** Once started. */
  readonly url: string
  /** Port 0 takes a free one. */
  start(listen?: { host?: string; port?: number }): Promise<{ url: string }>
  /** Ends everything under way, for good. */
  stop(): Promise<void>
  /** Refuses connections until `comeBack`; what was accepted lives on. */
  goDown(): Promise<void>
  /** Listens again where it did before. */
  comeBack(): Promise<void>
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const resolved = resolveOptions(options)
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  const sim = createSim(resolved, stopping.signal)
  // A connection each: one kept alive could turn out closed by a program that a test has restarted.
  const pipelining = resolved.keepAlive ? 1 : 0
  const dispatcher = new Agent({ pipelining, connect: { timeout: 5 * SECOND } })
  const fetchMedia = createMediaFetcher({
    dispatcher,
    now: () => sim.clock.now(),
    allowLoopback: resolved.allowLoopbackMedia,
  })
  const faults = createFaults()
  const webhooks = createWebhooks(sim, dispatcher)
  const lifecycle = createLifecycle({ sim, webhooks, fetchMedia })
  const controls = createControls({ sim, faults, lifecycle, webhooks })
  const { phone } = resolved
  const till = phone.shop ? createTill(sim, phone.shop) : null
  const app = createSandboxApp({ sim, faults, lifecycle, webhooks, controls, phone, till })

  const listener = getRequestListener(app.fetch)
  let server: Server | null = null
  let listening = { host: '127.0.0.1', port: 0 }
  let url = ''

  async function listen(): Promise<void> {
    const created = createServer((incoming, outgoing) => void listener(incoming, outgoing))
    await new Promise<void>((resolve, reject) => {
      created.once('error', reject)
      created.listen(listening.port, listening.host, resolve)
    })
    server = created
    const address = created.address()
    if (typeof address === 'object' && address) listening = { host: listening.host, port: address.port }
    url = `http://${listening.host.includes(':') ? `[${listening.host}]` : listening.host}:${listening.port}`
  }

  async function close(): Promise<void> {
    const closing = server
    server = null
    if (!closing) return
    await new Promise<void>((resolve) => {
      closing.close(() => resolve())
      closing.closeAllConnections()
    })
  }

  return {
    ...controls,
    apiKey: resolved.apiKey,
    appId: resolved.appId,
    till,
    get url() {
      return url
    },
    async start({ host = '127.0.0.1', port = 0 } = {}) {
      if (server || stopping.signal.aborted) throw new AppError('sandbox.started', 'a sandbox starts once')
      listening = { host, port }
      await listen()
      sim.log.info({ host: listening.host, port: listening.port }, 'sandbox.started')
      return { url }
    },
    async stop() {
      stopping.abort()
      await close()
      await dispatcher.destroy()
    },
    goDown: close,
    async comeBack() {
      if (!server) await listen()
    },
  }
}
