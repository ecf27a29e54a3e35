import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { mismatch } from '../../src/confirm/hold-against.ts'
import { createPlatformApis } from '../../src/confirm/platform-api.ts'
import type { Claim, Reading } from '../../src/order.ts'
import type { Confirmation, PlatformApi, ReadOptions, ShopPlatform } from '../../src/shops/platform.ts'
import { asToldBy } from '../../src/shops/test-account.ts'
import { bytes } from './bodies.ts'

export const NOW = Date.UTC(2026, 10, 20, 9)

export interface Asked {
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

/**
 * A platform's API over real HTTP, by `GET /path`, asked by the service's own client; what it was not taught is 404, null
 * is 204, and `refuse(status)` that status. Whom it does not allow in gets 401.
 */
export async function simulatedApi(
  answers: Record<string, unknown>,
  allows: (headers: Asked['headers']) => boolean = () => true,
): Promise<{ url: string; api: PlatformApi; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      asked.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') })
      const answer = answers[`${method} ${path}`]
      const status = allows(headers) ? statusOf(answer) : 401
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(status === 204 ? undefined : JSON.stringify(answer ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const apis = createPlatformApis({ now: () => NOW })
  onTestFinished(async () => {
    await apis.cut()
    await new Promise<void>((resolve) => void server.close(() => resolve()))
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: baseUrl, api: apis.open({ baseUrl, title: 'The gateway', credentials: {} }).api, asked }
}

/** Answers to GET by path alone. */
export function byGet(answers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answers).map(([path, answer]) => [`GET ${path}`, answer]))
}

export function refuse(status: number): { refused: number } {
  return { refused: status }
}

function statusOf(answer: unknown): number {
  if (answer === undefined) return 404
  if (isRefusal(answer)) return answer.refused
  return answer === null ? 204 : 200
}

function isRefusal(answer: unknown): answer is { refused: number } {
  return typeof answer === 'object' && answer !== null && 'refused' in answer
}

export function claimIn(readings: readonly Reading[]): Claim {
  const [reading] = readings
  if (readings.length !== 1 || reading?.kind !== 'claim') throw new Error(`no claim: ${JSON.stringify(readings)}`)
  return reading.claim
}

/**
 * Reads the notification and lets its claim be confirmed; what is confirmed is held against it, and is a test order where
 * `apiUrl` or the credentials are those of a test account, as in the service.
 */
export async function confirm(
  platform: ShopPlatform,
  notification: unknown,
  api: PlatformApi,
  given: Record<string, string>,
  { apiUrl, ...options }: Partial<ReadOptions & { apiUrl: string }> = {},
): Promise<Confirmation> {
  const body = bytes(notification)
  const read = { topic: null, country: 'TZ', credentials: Object.keys(given), ...options }
  const claim = claimIn(platform.read(body, read))
  if (!platform.confirmer) throw new Error(`${platform.name} has no API`)
  const asked = { claim, body, options: read, credentials: given, api, now: NOW }
  const confirmation = await platform.confirmer.confirm(asked)
  if (confirmation.kind !== 'confirmed') return confirmation
  expect(mismatch(claim, confirmation.readings)).toBeNull()
  const account = { apiUrl: apiUrl ?? platform.confirmer.apiUrl, credentials: given, subject: claim.subject }
  return { ...confirmation, readings: asToldBy(platform.confirmer, account, confirmation.readings) }
}

/** The hosts that are asked where the API's address in force is `apiUrl`; every one answers the same. */
export async function hostsAsked(
  platform: ShopPlatform,
  notification: unknown,
  { apiUrl, answer, given }: { apiUrl: string; answer: unknown; given: Record<string, string> },
): Promise<string[]> {
  const hosts: string[] = []
  const api: PlatformApi = {
    request({ path, base }) {
      hosts.push(new URL(path, base?.(apiUrl) ?? apiUrl).host)
      return Promise.resolve(answer)
    },
  }
  await confirm(platform, notification, api, given)
  return hosts
}
