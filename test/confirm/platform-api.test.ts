import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ApiTrouble } from '../../src/confirm/api-trouble.ts'
import { createPlatformApis, MOST_CALLS } from '../../src/confirm/platform-api.ts'

const KEY = 'the-key-of-the-shop'

async function opened(answer: RequestListener, timeoutMs = 5000) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const apis = createPlatformApis({ now: () => 0, timeoutMs })
  onTestFinished(async () => {
    await apis.cut()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}/v3`
  return apis.open({ baseUrl, title: 'Pay', credentials: { key: KEY, consumer: 'a b&c/d e' } })
}

async function trouble(work: Promise<unknown>): Promise<ApiTrouble['outcome']> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiTrouble)) throw new Error('it was answered', { cause: error })
  return error.outcome
}

test('a request goes out as the platform’s code asks, and integers beyond 2^53 come back exact', async () => {
  const seen: unknown[] = []
  const { api } = await opened((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const { 'content-type': type, authorization } = req.headers
      seen.push([req.method, req.url, type, authorization, Buffer.concat(chunks).toString()])
      res.end('{"id":820982911946154509}')
    })
  })
  const authorization = `Bearer ${KEY}`
  expect(await api.request({ method: 'GET', path: '/a?b=c', headers: { Authorization: authorization } })).toEqual({
    id: '820982911946154509',
  })
  await api.request({ method: 'POST', path: '/a', body: { b: 1 } })
  await api.request({ method: 'POST', path: '/a', body: 'b=1', headers: { 'Content-Type': 'text/form' } })
  expect(seen).toEqual([
    ['GET', '/v3/a?b=c', undefined, authorization, ''],
    ['POST', '/v3/a', 'application/json', undefined, '{"b":1}'],
    ['POST', '/v3/a', 'text/form', undefined, 'b=1'],
  ])
})

test('a platform may have its tokens made at another address of its own', async () => {
  const seen: unknown[] = []
  const { api } = await opened((req, res) => {
    seen.push(req.url)
    res.end('{}')
  })
  const base = (apiUrl: string) => apiUrl.replace(/\/v3$/, '/login')
  await api.request({ method: 'POST', base, path: '/token' })
  await api.request({ method: 'GET', path: '/payments' })
  expect(seen).toEqual(['/login/token', '/v3/payments'])
})

test.each<[number, Record<string, string>, Partial<ApiTrouble['outcome']>]>([
  [400, {}, { kind: 'refused', code: 'api.http_400' }],
  [401, {}, { kind: 'blocked', code: 'api.key_refused' }],
  [402, {}, { kind: 'blocked' }],
  [403, {}, { kind: 'blocked' }],
  [408, {}, { kind: 'later', code: 'api.http_408', everyone: false }],
  [410, {}, { kind: 'refused' }],
  [429, { 'retry-after': '30' }, { kind: 'later', code: 'api.throttled', retryAfterMs: 30_000, everyone: true }],
  [429, {}, { kind: 'later', retryAfterMs: null, everyone: true }],
  [500, {}, { kind: 'later', everyone: false }],
  [503, { 'retry-after': '60' }, { kind: 'later', retryAfterMs: 60_000, everyone: false }],
  [301, { location: 'http://127.0.0.1:1/' }, { kind: 'refused', code: 'api.redirected' }],
  [200, {}, { kind: 'refused', code: 'api.unreadable' }],
])('%i %o', async (status, headers, expected) => {
  const { api } = await opened((_, res) => res.writeHead(status, headers).end('no JSON'))
  expect(await trouble(api.request({ method: 'GET', path: '/' }))).toMatchObject(expected)
})

test('404 is null, and a bare null is not taken for one', async () => {
  const { api } = await opened((req, res) => res.writeHead(req.url === '/v3/none' ? 404 : 200).end('null'))
  expect(await api.request({ method: 'GET', path: '/none' })).toBeNull()
  expect(await trouble(api.request({ method: 'GET', path: '/' }))).toMatchObject({ code: 'api.unreadable' })
})

test('an answer that never comes, or breaks off, is asked for later', async () => {
  const { api } = await opened((req, res) => {
    if (req.url === '/v3/cut') res.destroy()
    if (req.url === '/v3/half') res.writeHead(200, { 'content-length': '100' }).write('{"a":')
  }, 300)
  for (const path of ['/silent', '/cut', '/half']) {
    const found = await trouble(api.request({ method: 'GET', path }))
    expect(found, path).toMatchObject({ kind: 'later', code: 'api.unreachable', everyone: false })
  }
})

test('a platform’s code that asks without end is stopped', async () => {
  const { api } = await opened((_, res) => res.end('{}'))
  for (let calls = 0; calls < MOST_CALLS; calls++) await api.request({ method: 'GET', path: '/' })
  expect(await trouble(api.request({ method: 'GET', path: '/' }))).toMatchObject({ code: 'api.unreadable' })
})

test('what is kept of the answers holds no credential, no token and no mountain', async () => {
  const bodies: unknown[] = [
    { access_token: 'abc', nested: [{ client_secret: 'x', echo: `key=${KEY}` }], session: 'ses-12345678' },
    { echo: 'ses-12345678', id: 7, status: 'paid' },
    { all: 'x'.repeat(70_000) },
  ]
  const { api, answers } = await opened((_, res) => res.end(JSON.stringify(bodies.shift())))
  await api.request({ method: 'GET', path: `/login?c=${encodeURIComponent('a b&c/d e')}` })
  await api.request({ method: 'GET', path: '/p', headers: { Authorization: 'Bearer ses-12345678' } })
  await api.request({ method: 'GET', path: '/q' })
  expect(answers()).toEqual([
    {
      method: 'GET',
      path: '/login?c=[left out]',
      status: 200,
      body: {
        access_token: '[left out]',
        nested: [{ client_secret: '[left out]', echo: 'key=[left out]' }],
        session: '[left out]',
      },
    },
    { method: 'GET', path: '/p', status: 200, body: { echo: '[left out]', id: 7, status: 'paid' } },
    { method: 'GET', path: '/q', status: 200, body: '[too large to be kept]' },
  ])
})

test.each<[unknown, string]>([
  [
    { message: `the key ${KEY} is not known to 0712 345 678` },
    'Pay’s API answered 400: the key [left out] is not known to …',
  ],
  [{ error: { message: 'bad\nrequest' } }, 'Pay’s API answered 400: bad request'],
  [{ errors: [{ code: 1, detail: 'no such order' }] }, 'Pay’s API answered 400: no such order'],
  [{ message: '' }, 'Pay’s API answered 400'],
  ['text', 'Pay’s API answered 400'],
])('of %o people read what helps them, without a key or a phone', async (body, detail) => {
  const { api } = await opened((_, res) => res.writeHead(400).end(JSON.stringify(body)))
  expect(await trouble(api.request({ method: 'GET', path: '/' }))).toMatchObject({ detail })
})
