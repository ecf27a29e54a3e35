import { request } from 'undici'
import { expect } from 'vitest'
import type { z } from 'zod'
import { claimLink } from '../../src/api/schemas/claims.ts'
import { problem } from '../../src/api/schemas/common.ts'
import { type conversation, conversationPage, conversationsOfOne } from '../../src/api/schemas/conversations.ts'
import { event, eventPage, eventWithBody } from '../../src/api/schemas/events.ts'
import { message, messagePage } from '../../src/api/schemas/messages.ts'
import { rehearsal } from '../../src/api/schemas/rehearsals.ts'
import { stats } from '../../src/api/schemas/stats.ts'
import { story } from '../../src/api/schemas/story.ts'
import { API_TOKEN, type World } from './world.ts'

export type ApiStory = z.infer<typeof story>
export type ApiConversation = z.infer<typeof conversation>
export type ApiEvent = z.infer<typeof event>
export type ApiRow = z.infer<typeof message>
export interface ApiPage<T> {
  items: T[]
  next_cursor: string | null
}
export interface ApiProblem {
  error: { code: string; message: string; details?: Record<string, unknown> }
}

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE'
  /** Null sends no Authorization at all. */
  token?: string | null
  body?: unknown
  /** In place of `body`, as it is. */
  raw?: string | Uint8Array
  headers?: Record<string, string>
}

export interface Answer<T> {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  body: T
}

const ANSWERS: [method: string, path: RegExp, schema: z.ZodType][] = [
  ['GET', /^\/v1\/messages$/, messagePage],
  ['POST', /^\/v1\/messages$/, message],
  ['GET', /^\/v1\/messages\/(?!export$)[^/]+$/, story],
  ['POST', /^\/v1\/messages\/[^/]+\/(retry|cancel|settle)$/, message],
  ['GET', /^\/v1\/conversations$/, conversationPage],
  ['GET', /^\/v1\/conversations\/[^/]+$/, conversationsOfOne],
  ['GET', /^\/v1\/events$/, eventPage],
  ['GET', /^\/v1\/events\/[^/]+$/, eventWithBody],
  ['POST', /^\/v1\/events\/[^/]+\/replay$/, event],
  ['POST', /^\/v1\/rehearsals$/, rehearsal],
  ['GET', /^\/v1\/orders\/[^/]+\/[^/]+\/claim$/, claimLink],
  ['GET', /^\/v1\/stats$/, stats],
]

/** Asks as a user does; a /v1 answer must hold what its schema declares, nothing else, and times in ISO 8601 UTC. */
export async function ask<T = Record<string, unknown>>(
  world: Pick<World, 'url'>,
  path: string,
  { method = 'GET', token = API_TOKEN, body, raw, headers = {} }: Question = {},
): Promise<Answer<T>> {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const answer = await request(world.url + path, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: content === undefined ? null : Buffer.from(content),
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
  })
  const text = await answer.body.text()
  const isJson = /^application\/json\b/.test(String(answer.headers['content-type']))
  const parsed = isJson ? (JSON.parse(text) as unknown) : text
  const route = path.replace(/\?.*/s, '')
  if (route.startsWith('/v1/') && isJson) check(method, route, answer.statusCode, parsed)
  return { status: answer.statusCode, headers: answer.headers, text, body: parsed as T }
}

function check(method: string, route: string, status: number, body: unknown): void {
  const known = ANSWERS.find(([verb, path]) => verb === method && path.test(route))?.[2]
  const declared = status >= 400 ? problem : known
  if (!declared) throw new Error(`${method} ${route} has no schema here`)
  // zod drops what is not declared: so an undeclared property makes a difference, however deep it lies.
  expect(declared.parse(body), `${method} ${route}`).toStrictEqual(body)
  if (status < 400) expect(oddTimes(body), `${method} ${route}`).toEqual([])
}

function oddTimes(value: unknown, name = ''): string[] {
  if (typeof value === 'string') {
    const isTime = /(^|_)(at|since|until)$/.test(name)
    return isTime && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? [`${name}: ${value}`] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => oddTimes(part, Array.isArray(value) ? name : key))
}

/** All pages of a list from its first, with `between` before each further one. */
export async function allPages<T>(
  world: Pick<World, 'url'>,
  path: string,
  between: () => Promise<unknown> = async () => {},
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = []
  let cursor: string | null = null
  for (let pages = 1; pages <= 500; pages++) {
    const next: string = cursor === null ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`
    const { status, body }: Answer<ApiPage<T>> = await ask<ApiPage<T>>(world, next)
    expect(status).toBe(200)
    items.push(...body.items)
    cursor = body.next_cursor
    if (cursor === null) return { items, pages }
    await between()
  }
  throw new Error('the pages never end')
}
