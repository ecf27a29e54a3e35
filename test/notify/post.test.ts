import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { createPoster } from '../../src/notify/post.ts'
import { privateOrigins } from '../../src/notify/targets.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')

async function answers(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

async function posted(url: string, { allow = [new URL(url).origin], timeoutMs = 5000 } = {}) {
  const poster = createPoster({ allow, timeoutMs, now: () => NOW })
  onTestFinished(() => poster.close())
  return poster.post({ url, headers: { 'webhook-id': 'ntf_1' }, body: '{}' })
}

test.each([
  [200, {}, { kind: 'told' }],
  [204, {}, { kind: 'told' }],
  [301, { location: '/elsewhere' }, { kind: 'failed', code: 'http_301' }],
  [307, { location: '/elsewhere' }, { kind: 'failed', code: 'http_307' }],
  [400, {}, { kind: 'failed', code: 'http_400' }],
  [410, {}, { kind: 'gone' }],
  [429, { 'retry-after': '7' }, { kind: 'slow', code: 'http_429', retryAfterMs: 7000 }],
  [429, { 'retry-after': 'soon' }, { kind: 'slow', code: 'http_429', retryAfterMs: null }],
  [500, {}, { kind: 'failed', code: 'http_500' }],
  [502, {}, { kind: 'slow', code: 'http_502', retryAfterMs: null }],
  [503, { 'retry-after': 'Fri, 20 Nov 2026 09:01:00 GMT' }, { kind: 'slow', code: 'http_503', retryAfterMs: 60_000 }],
  [504, { 'retry-after': '99999' }, { kind: 'slow', code: 'http_504', retryAfterMs: 900_000 }],
])('%i %o is %o, and no redirect is followed', async (status, headers, outcome) => {
  let requests = 0
  const url = await answers((_, answer) => {
    requests++
    answer.writeHead(status, headers as Record<string, string>).end('x'.repeat(100))
  })
  expect(await posted(url)).toEqual(outcome)
  expect(requests).toBe(1)
})

test('a target that answers nothing, or ends the connection, has failed', async () => {
  const silent = await answers(() => {})
  expect(await posted(silent, { timeoutMs: 50 })).toMatchObject({ kind: 'failed', code: 'timeout' })
  const rude = await answers((request) => request.socket.destroy())
  expect(await posted(rude)).toMatchObject({ kind: 'failed', code: 'UND_ERR_SOCKET' })
})

test('a target that took it is believed, however long or endless the body of its answer', async () => {
  const endless = await answers((_, answer) => {
    answer.writeHead(200).write('x')
  })
  expect(await posted(endless, { timeoutMs: 100 })).toEqual({ kind: 'told' })
  const long = await answers((_, answer) => void answer.writeHead(200).end('x'.repeat(5e6)))
  expect(await posted(long)).toEqual({ kind: 'told' })
})

test('nothing reaches a private address that is not among the allowed origins', async () => {
  let requests = 0
  const url = await answers((_, answer) => {
    requests++
    answer.end()
  })
  const other = url.replace('127.0.0.1', 'localhost')
  for (const address of [url, other, url.replace('127.0.0.1', '[::ffff:127.0.0.1]'), 'https://192.168.1.1/'])
    expect(await posted(address, { allow: ['http://127.0.0.1:1'] })).toMatchObject({
      kind: 'failed',
      code: 'blocked_address',
    })
  expect(requests).toBe(0)
})

test('targets on this machine are allowed only while we are, too', () => {
  const target = (url: string) => ({ name: 'a', url, events: [], shops: null })
  const targets = [target('http://127.0.0.1:9000/hook'), target('https://duka.example/hook')]
  expect(privateOrigins('http://localhost:8787', targets)).toEqual(['http://localhost:8787', 'http://127.0.0.1:9000'])
  expect(privateOrigins('https://risiti.example', targets)).toEqual(['https://risiti.example'])
})
