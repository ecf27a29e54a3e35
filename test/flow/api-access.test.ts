import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runTokenCreate } from '../../src/commands/token.ts'
import type { Scope } from '../../src/config/types.ts'
import { createIds } from '../../src/ids.ts'
import { type ApiProblem, ask } from '../support/api.ts'
import { API_TOKEN, READ_TOKEN, SEND_TOKEN, testWorld, type World } from '../support/world.ts'

const SETTINGS = `
api:
  tokens:
    - { name: screen, token: "\${READ_TOKEN}", scopes: [read] }
    - { name: till, token: "\${SEND_TOKEN}", scopes: [send] }
`
const READS = [
  '/v1/messages',
  '/v1/messages/export',
  '/v1/messages/msg_1',
  '/v1/conversations',
  '/v1/conversations/255712345678',
  '/v1/events',
  '/v1/events/evt_1',
  '/v1/stats',
]
const SENDS = ['/v1/messages', '/v1/messages/msg_1/retry', '/v1/messages/msg_1/cancel']

async function createToken(world: World, scopes: Scope[]): Promise<string> {
  const { clock, app } = world
  const output = await runTokenCreate(
    { name: 'till', scopes, json: true },
    { store: app.store, clock, ids: createIds(clock) },
  )
  return (JSON.parse(output) as { token: string }).token
}

test('without a good token nothing is told: 401, and the same for what exists and what does not', async () => {
  const world = await testWorld()
  for (const path of READS) {
    for (const token of [null, 'nobody-s-token-at-all', '']) {
      const { status, body } = await ask<ApiProblem>(world, path, { token })
      expect([path, status, body.error.code]).toEqual([path, 401, token ? 'auth.invalid' : 'auth.missing'])
    }
  }
  for (const path of SENDS) {
    const { status } = await ask(world, path, { method: 'POST', token: null, body: {} })
    expect([path, status]).toEqual([path, 401])
  }
})

test('a token counts only as the whole of a Bearer header', async () => {
  const world = await testWorld()
  const statuses = async (authorization: string) =>
    (await ask(world, '/v1/stats', { token: null, headers: { authorization } })).status
  expect(await statuses(`Bearer ${API_TOKEN}`)).toBe(200)
  expect(await statuses(`bearer ${API_TOKEN}`)).toBe(200)
  for (const odd of [API_TOKEN, `Basic ${API_TOKEN}`, `Bearer ${API_TOKEN} x`, `Bearer ${API_TOKEN.slice(0, -1)}`]) {
    expect([odd, await statuses(odd)]).toEqual([odd, 401])
  }
  expect((await ask(world, `/v1/stats?token=${API_TOKEN}`, { token: null })).status).toBe(401)
})

test('a token does what its scopes say and nothing else', async () => {
  const world = await testWorld({ settings: SETTINGS })
  for (const path of READS) {
    expect([200, 404]).toContain((await ask(world, path, { token: READ_TOKEN })).status)
    const { status, body } = await ask<ApiProblem>(world, path, { token: SEND_TOKEN })
    expect([path, status, body.error.code]).toEqual([path, 403, 'auth.scope'])
  }
  for (const path of SENDS) {
    const { status, body } = await ask<ApiProblem>(world, path, { method: 'POST', token: READ_TOKEN, body: {} })
    expect([path, status, body.error.code]).toEqual([path, 403, 'auth.scope'])
    expect(body.error.message).toContain('send')
    expect([400, 404]).toContain((await ask(world, path, { method: 'POST', token: SEND_TOKEN, body: {} })).status)
  }
})

test('a created token works at once and after a restart, with its scopes, and only its hash is on disk', async () => {
  const world = await testWorld()
  const token = await createToken(world, ['read'])
  expect((await ask(world, '/v1/messages', { token })).status).toBe(200)
  const refused = await ask<ApiProblem>(world, '/v1/messages', { method: 'POST', token, body: {} })
  expect([refused.status, refused.body.error.code]).toEqual([403, 'auth.scope'])
  await world.restart()
  expect((await ask(world, '/v1/messages', { token })).status).toBe(200)
  const folder = join(world.folder, 'data')
  const files = readdirSync(folder).filter((name) => name.startsWith('risiti.db'))
  expect(files).toContain('risiti.db')
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(folder, name))))
  expect(bytes.includes('till')).toBe(true)
  for (const secret of [token, token.replace('rst_', ''), API_TOKEN]) expect(bytes.includes(secret)).toBe(false)
})

test('/healthz and /readyz need no token', async () => {
  const world = await testWorld()
  const health = await ask(world, '/healthz', { token: null })
  expect([health.status, health.body]).toEqual([200, { status: 'ok' }])
  const ready = await ask(world, '/readyz', { token: null })
  const idle = {
    paused_senders: [],
    inbound_refused: null,
    budgets: [],
    notify: [],
    paused_shops: [],
    waiting_confirmations: [],
    waiting_for_a_person: 0,
    silent_shops: [],
  }
  expect([ready.status, ready.body]).toEqual([200, { status: 'ok', disk: 'ok', database: 'ok', ...idle }])
})

test('/readyz says 503 when the database does not answer; /healthz still answers', async () => {
  const world = await testWorld()
  await world.app.store.close()
  expect((await ask(world, '/readyz', { token: null })).status).toBe(503)
  expect((await ask(world, '/healthz', { token: null })).status).toBe(200)
})

test('unknown addresses are 404 in the form of every error', async () => {
  const world = await testWorld()
  for (const path of ['/v1/nothing', '/v1', '/v2/messages', '/']) {
    const { status, body } = await ask<ApiProblem>(world, path)
    expect([path, status, body.error.code]).toEqual([path, 404, 'not_found'])
  }
})

interface Doc {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}
interface Operation {
  summary?: string
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[]
  requestBody?: { content: Record<string, { schema: unknown }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>
}

test('/openapi.json is OpenAPI 3.1: every route of ours, every reference found, every path parameter declared', async () => {
  const world = await testWorld()
  const { status, body: doc, text } = await ask<Doc>(world, '/openapi.json', { token: null })
  expect(status).toBe(200)
  expect(doc.openapi).toMatch(/^3\.1\.\d$/)
  expect(doc.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
  const operations = Object.entries(doc.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  )
  expect(operations.map(({ name }) => name).toSorted()).toEqual(
    [
      'GET /v1/conversations',
      'GET /v1/conversations/{phone}',
      'GET /v1/events',
      'GET /v1/events/{id}',
      'GET /v1/messages',
      'GET /v1/messages/export',
      'GET /v1/messages/{id}',
      'GET /v1/orders/{shop}/{order}/claim',
      'GET /v1/orders/{shop}/{order}/claim.png',
      'GET /v1/orders/{shop}/{order}/claim.svg',
      'GET /v1/stats',
      'POST /v1/events/{id}/replay',
      'POST /v1/messages',
      'POST /v1/messages/{id}/cancel',
      'POST /v1/messages/{id}/retry',
      'POST /v1/messages/{id}/settle',
      'POST /v1/rehearsals',
    ].toSorted(),
  )
  for (const { name, path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    expect([name, declared.map((parameter) => parameter.name)]).toEqual([name, inPath])
    expect(declared.every((parameter) => parameter.required === true)).toBe(true)
    expect((operation.parameters ?? []).every((parameter) => typeof parameter.schema === 'object')).toBe(true)
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '401', '403']))
    expect(Object.values(operation.responses).every((answer) => answer.description !== '')).toBe(true)
    for (const requirement of operation.security ?? []) {
      expect(doc.components.securitySchemes).toHaveProperty(Object.keys(requirement)[0] ?? '')
    }
    expect(operation.security).toHaveLength(1)
  }
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? '')
  expect(references.length).toBeGreaterThan(10)
  for (const name of references) expect(doc.components.schemas).toHaveProperty(name)
  // Words of OpenAPI 3.0 that 3.1 no longer knows.
  expect(text).not.toMatch(/"nullable":|"exclusiveMinimum":true|"exclusiveMaximum":true/)
})

test('/openapi.json declares the body that lets an uncertain message be sent again', async () => {
  const world = await testWorld()
  const { body: doc } = await ask<Doc>(world, '/openapi.json', { token: null })
  expect(JSON.stringify(doc.paths['/v1/messages/{id}/retry']?.post?.requestBody)).toMatch(/accept_duplicate/)
})
