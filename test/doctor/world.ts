import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request } from 'undici'
import { onTestFinished } from 'vitest'
import type { Config, Secrets } from '../../src/config/types.ts'
import type { Check } from '../../src/doctor/check.ts'
import { examine } from '../../src/doctor/examine.ts'
import { testWorld, type World, type WorldOptions } from '../support/world.ts'

export interface DoctorWorld {
  world: World
  config: Config
  secrets: Secrets
  look(change?: { config?: Partial<Config>; secrets?: Partial<Secrets>; timeoutMs?: number }): Promise<Check[]>
}

/** Everything any check of this file said. */
export const said: Check[] = []

export async function doctorWorld(options: WorldOptions = {}): Promise<DoctorWorld> {
  let settings: { config: Config; secrets: Secrets } | undefined
  const world = await testWorld({ ...options, change: (made) => void (settings = made) })
  if (!settings) throw new Error('the world has no settings')
  const { config, secrets } = settings
  return {
    world,
    config,
    secrets,
    async look(change = {}) {
      const loaded = { config: { ...config, ...change.config }, secrets: { ...secrets, ...change.secrets } }
      const ports = { clock: world.clock, timeoutMs: change.timeoutMs ?? 5_000 }
      const checks = await examine({ file: 'risiti.yaml', faults: [], loaded }, ports)
      said.push(...checks)
      return checks
    },
  }
}

/** The checks that are not well, as `status check`. */
export function unwell(checks: readonly Check[]): string[] {
  return checks.filter(({ status }) => status !== 'ok').map(({ status, check }) => `${status} ${check}`)
}

export function find(checks: readonly Check[], name: string): Check {
  const found = checks.find(({ check }) => check === name)
  if (!found) throw new Error(`there is no check ${name}`)
  return found
}

export interface Proxy {
  url: string
  /** Where what it is asked goes on to. */
  lead(to: string): void
}

/** Stands where a reverse proxy stands; `spoil` may answer by itself, or change what comes back. */
export async function proxy(
  spoil: (incoming: IncomingMessage, outgoing: ServerResponse, headers: Record<string, string>) => boolean,
): Promise<Proxy> {
  let target = ''
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const headers: Record<string, string> = {}
      if (spoil(incoming, outgoing, headers)) return
      const body: Buffer[] = []
      for await (const chunk of incoming as AsyncIterable<Buffer>) body.push(chunk)
      const { host: _host, connection: _connection, 'content-length': _length, ...given } = incoming.headers
      const answer = await request(target + incoming.url, {
        method: incoming.method as 'GET',
        headers: given,
        body: body.length > 0 ? Buffer.concat(body) : null,
      })
      outgoing.writeHead(answer.statusCode, { ...(answer.headers as Record<string, string>), ...headers })
      outgoing.end(Buffer.from(await answer.body.arrayBuffer()))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    lead(to) {
      target = to
    },
  }
}
