import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PlatformApi } from '../../src/shops/platform.ts'

export interface Asked {
  method: string
  path: string
  headers: Record<string, string>
}

export interface SimulatedApi {
  api: PlatformApi
  /** Every request so far, in order. */
  asked: Asked[]
  close(): Promise<void>
}

/**
 * A platform's API on this machine: `answers` by path, a query counting as part of it; any other path is 404. The client
 * beside it speaks real HTTP, as `PlatformApi` promises: the JSON of a 2xx, null for 404 and for no content.
 */
export async function simulatedApi(
  answers: Record<string, unknown>,
  allows: (headers: Record<string, string>) => boolean = () => true,
): Promise<SimulatedApi> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const path = request.url ?? ''
    asked.push({ method: request.method ?? '', path, headers })
    const status = !allows(headers) ? 401 : !Object.hasOwn(answers, path) ? 404 : answers[path] === null ? 204 : 200
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(status === 204 ? undefined : JSON.stringify(status === 200 ? answers[path] : { error: { status } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const api: PlatformApi = {
    async request({ method, path, headers = {} }) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers })
      if (response.status === 404 || response.status === 204) return null
      if (!response.ok) throw new Error(`the API answered ${response.status}`)
      return await response.json()
    },
  }
  const close = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { api, asked, close }
}
