import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { eventually, startNode } from '../commands/program.ts'
import { createKillable, type Killable, type KillableOptions } from '../crash/killable.ts'
import { SECRETS } from '../crash/orders.ts'
import { type SandboxOptions, type SandboxProcess, startSandbox } from '../crash/sandbox.ts'
import { freePort } from '../support/free-port.ts'
import type { Bench } from './bench.ts'
import type { Cores } from './cores.ts'

/** One service with its sandbox, in a folder of its own. */
export interface Town {
  service: Killable
  port: number
  folder: string
  sandbox: SandboxProcess
  end(): Promise<void>
}

export interface TownOptions extends Partial<Pick<KillableOptions, 'karibu' | 'rule' | 'settings' | 'send'>> {
  bench: Pick<Bench, 'cores' | 'profile'>
  /** Its drawing threads have a core of their own (else the service has one core for all). */
  drawing?: boolean
  /** The folder that holds `data` (default: a new one, removed at the end). */
  folder?: string
  webhooks?: boolean
  senders?: SandboxOptions['senders']
}

/** The built service with the settings it is shipped with, and a sandbox Karibu; the service is not started yet. */
export async function buildTown(options: TownOptions): Promise<Town> {
  const { cores, profile } = options.bench
  const { karibu = [], rule = [], settings = [], senders = [], webhooks = true } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'risiti-bench-'))
  mkdirSync(folder, { recursive: true })
  const [port, karibuPort] = [await freePort(), await freePort()]
  const service = createKillable({
    folder,
    port,
    karibuUrl: `http://127.0.0.1:${karibuPort}`,
    karibu,
    rule,
    settings,
    ...(options.send !== undefined && { send: options.send }),
    log: openSync(join(folder, 'service.log'), 'w'),
    cores: options.drawing ? cores.both : cores.service,
    node: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  })
  const serviceUrl = webhooks ? service.url : null
  const sandbox = await startSandbox({ folder, port: karibuPort, serviceUrl, senders, cores: cores.load })
  return {
    service,
    port,
    folder,
    sandbox,
    async end() {
      await service.stopService()
      await sandbox.end()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Servers that do a part of the service's work, to measure it against. */
export async function startReference(folder: string, cores: Cores): Promise<{ port: number; pid: number }> {
  const port = await freePort()
  const script = fileURLToPath(new URL('reference.ts', import.meta.url))
  const args = ['--import', 'tsx', script, String(port), join(folder, 'reference.db'), SECRETS.woocommerce]
  const { pid, stderr } = startNode(args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    cores: cores.service,
  })
  await eventually(`the reference answers ${stderr()}`, () =>
    request(`http://127.0.0.1:${port}/`).then(
      ({ body }) => body.dump().then(() => true),
      () => undefined,
    ),
  )
  return { port, pid: pid ?? 0 }
}
