import { request } from 'undici'
import { expect, test } from 'vitest'
import { API_TOKEN, KARIBU_SECRET, READ_TOKEN, SEND_TOKEN, testWorld } from '../support/world.ts'

/** What needs no token, and why nobody can do harm with it. */
const OPEN: Record<string, string> = {
  'POST /webhooks/karibu': 'signed',
  'POST /webhooks/:shop/:secret?': 'signed, or its address cannot be guessed',
  'GET /webhooks/:shop/:secret?': 'only for platforms that notify so, at an address that cannot be guessed',
  'GET /claim/:shop/:order': 'wants the shop’s own key of the order',
  'GET /media/:file': 'its name cannot be guessed',
  'GET /openapi.json': 'says nothing about anybody',
  'GET /docs': 'says nothing about anybody',
  'GET /docs/:file': 'the files of that page',
  'GET /healthz': 'says nothing about anybody',
  'GET /readyz': 'says nothing about anybody',
}
/** These only say which methods are taken. */
const REFUSING = ['/webhooks/:shop/:secret?', '/media/:file']

/** Where either of two scopes is enough. */
const FOR_TWO: Record<string, string[]> = {
  'POST /v1/events/:id/replay': ['send', 'admin'],
  'POST /v1/rehearsals': ['read', 'admin'],
  'GET /v1/orders/:shop/:order/claim': ['read', 'send'],
  'GET /v1/orders/:shop/:order/claim.svg': ['read', 'send'],
  'GET /v1/orders/:shop/:order/claim.png': ['read', 'send'],
}
const ADMIN_TOKEN = 'test-token-of-admin-scope'
const SCOPES = { read: 'READ_TOKEN', send: 'SEND_TOKEN', admin: 'ADMIN_TOKEN' }

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
}
const CLOSED = "default-src 'none'; frame-ancestors 'none'"

/** Pages bring a policy of their own. */
const PAGES = ['GET /docs', 'GET /docs without token']

const pathOf = (pattern: string) => pattern.replace(/:\w+(\{[^}]*\})?/g, 'unknown')

async function call(url: string, method: string, headers: Record<string, string> = {}, body = '') {
  const answer = await request(url, {
    method: method as 'GET',
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body: body || '{}' }),
  })
  await answer.body.dump()
  return answer
}

test('every route wants a token, or is known to be open; a token without its scope opens none', async () => {
  const tokens = Object.entries(SCOPES).map(
    ([scope, name]) => `{ name: ${scope}, token: "\${${name}}", scopes: [${scope}] }`,
  )
  const world = await testWorld({
    settings: `api: { tokens: [${tokens.join(', ')}] }`,
    env: { ADMIN_TOKEN },
  })
  const routes = world.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !route.endsWith('*'))
  const known = [...new Set(routes)]
  expect(known.length).toBeGreaterThan(15)
  for (const route of known) {
    const [method = '', pattern = ''] = route.split(' ')
    if (route in OPEN) continue
    const url = world.url + pathOf(pattern)
    expect([route, (await call(url, method)).statusCode]).toEqual([route, 401])
    const opened: string[] = []
    for (const [scope, token] of [
      ['read', READ_TOKEN],
      ['send', SEND_TOKEN],
      ['admin', ADMIN_TOKEN],
    ] as const) {
      const { statusCode } = await call(url, method, { authorization: `Bearer ${token}` })
      if (statusCode !== 403) opened.push(scope)
    }
    expect([route, opened]).toEqual([route, FOR_TWO[route] ?? opened.slice(0, 1)])
    expect([route, opened.length > 0]).toEqual([route, true])
  }
  for (const route of Object.keys(OPEN)) expect(known).toContain(route)
  const all = world.app.routes.filter(({ method, path }) => method === 'ALL' && !path.endsWith('*'))
  expect(all.map(({ path }) => path).toSorted()).toEqual(REFUSING.toSorted())
})

test('every answer carries the security headers: of every route, and every kind of error', async () => {
  const world = await testWorld()
  const answers: [string, Awaited<ReturnType<typeof call>>][] = []
  const bearer = { authorization: `Bearer ${API_TOKEN}` }
  for (const { method, path } of world.app.routes.filter((route) => !route.path.endsWith('*'))) {
    const verb = method === 'ALL' ? 'DELETE' : method
    answers.push([`${verb} ${path}`, await call(world.url + pathOf(path), verb, bearer)])
    answers.push([`${verb} ${path} without token`, await call(world.url + pathOf(path), verb)])
  }
  const large = 'x'.repeat(2 * 1024 * 1024 + 1)
  answers.push(['413', await call(`${world.url}/webhooks/duka`, 'POST', {}, large)])
  answers.push(['404', await call(`${world.url}/nowhere`, 'GET')])
  for (let failed = 0; failed < 61; failed++)
    answers.push([
      '401 or 429',
      await call(`${world.url}/webhooks/karibu`, 'POST', { 'x-briq-signature': KARIBU_SECRET }),
    ])
  await world.app.store.close()
  answers.push(['500', await call(`${world.url}/v1/messages`, 'GET', bearer)])
  const statuses = new Set(answers.map(([, answer]) => answer.statusCode))
  for (const status of [200, 400, 401, 404, 405, 413, 429, 500]) expect([...statuses]).toContain(status)
  for (const [what, { headers, statusCode }] of answers) {
    expect([what, statusCode, headers]).toMatchObject([what, statusCode, HEADERS])
    const policy = String(headers['content-security-policy'])
    const due = PAGES.includes(what) ? policy.startsWith("default-src 'none'; script-src 'self';") : policy === CLOSED
    expect([what, policy, due]).toEqual([what, policy, true])
  }
})
