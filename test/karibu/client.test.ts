import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createKaribuClient, type KaribuClient, KaribuUnavailable } from '../../src/karibu/client.ts'
import { NOW } from '../support/rows.ts'

interface Seen {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: unknown
}
type Answer = (response: ServerResponse, request: IncomingMessage) => void

const TARGET = { to: '255712345678', sender: '255700000001' }
const IMAGE = { target: TARGET, mediaUrl: 'https://risiti.example/media/a.png', caption: 'Asante' }
const ACCEPTED = { success: true, data: { message_id: 'm1', status: 'pending' }, errors: null, request_id: 'req_1' }

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

/** A Karibu that answers as told, on a real socket, and the client that talks to it. */
async function karibuThat(answer: Answer, options: { timeoutMs?: number; path?: string; protocol?: string } = {}) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const { method = '', url = '', headers } = request
      seen.push({ method, path: url, headers, body: text === '' ? undefined : JSON.parse(text) })
      answer(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createKaribuClient({
    baseUrl: `${options.protocol ?? 'http'}://127.0.0.1:${port}${options.path ?? ''}`,
    apiKey: 'key-1',
    timeoutMs: options.timeoutMs ?? 5_000,
    concurrency: 4,
    now: () => NOW,
  })
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(async () => {
    await close()
    await client.close()
  })
  return { client, seen, close }
}

describe('what is sent', () => {
  test('an image goes to a number with the sender named, the key in its header and no other field', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED))
    await client.sendImage(IMAGE)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/v1/whatsapp/messages/image',
      headers: { 'x-api-key': 'key-1', 'content-type': 'application/json' },
    })
    expect(seen[0]?.body).toEqual({ ...TARGET, media_url: IMAGE.mediaUrl, caption: 'Asante' })
  })

  test('an image goes to a conversation without number or sender: never both targets', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED))
    await client.sendImage({ ...IMAGE, target: { conversationId: 'thread-1' } })
    await client.sendImage({ ...IMAGE, target: { ...TARGET, conversationId: 'thread-1' } })
    for (const { body } of seen) {
      expect(body).toEqual({ conversation_id: 'thread-1', media_url: IMAGE.mediaUrl, caption: 'Asante' })
    }
    expect(seen).toHaveLength(2)
  })

  test('an empty caption is left out', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED))
    await client.sendImage({ ...IMAGE, caption: '' })
    expect(seen[0]?.body).not.toHaveProperty('caption')
  })

  test('captions in any script arrive as they are', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED))
    const caption = 'Asante “Bw. Müller” 🙏 شكرا \u0000 \n'
    await client.sendImage({ ...IMAGE, caption })
    expect(seen[0]?.body).toMatchObject({ caption })
  })

  test('a template goes with its name and variables, and no picture', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED))
    await client.sendTemplate({ target: TARGET, name: 'karibu_tena', variables: { 1: 'Asha' } })
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/v1/whatsapp/messages/template' })
    expect(seen[0]?.body).toEqual({ ...TARGET, template_name: 'karibu_tena', variables: { 1: 'Asha' } })
  })

  test('a base address with a path is kept', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED), { path: '/briq/' })
    await client.sendImage(IMAGE)
    expect(seen[0]?.path).toBe('/briq/v1/whatsapp/messages/image')
  })

  test('a redirect is not followed: the key and the send go nowhere else', async () => {
    const { client, seen } = await karibuThat(json(307, {}, { location: '/elsewhere' }))
    expect((await client.sendImage(IMAGE)).result.kind).not.toBe('accepted')
    expect(seen).toHaveLength(1)
  })
})

describe('what comes of it', () => {
  test.each([200, 202])('%i with a message id is accepted', async (status) => {
    const { client } = await karibuThat(json(status, ACCEPTED))
    expect(await client.sendImage(IMAGE)).toMatchObject({
      httpStatus: status,
      requestId: 'req_1',
      result: { kind: 'accepted', messageId: 'm1' },
    })
  })

  test('429 carries its Retry-After', async () => {
    const { client } = await karibuThat(json(429, {}, { 'retry-after': '9' }))
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'later', retryAfterMs: 9000, burns: false })
  })

  test('a refused connection is certainly not sent: later', async () => {
    const { client, close } = await karibuThat(json(202, ACCEPTED))
    await close()
    expect(await client.sendImage(IMAGE)).toMatchObject({
      httpStatus: null,
      result: { kind: 'later', code: 'karibu.unreachable', burns: false, everyone: true },
    })
  })

  test('a host without an address is certainly not sent to: later', async () => {
    const options = { apiKey: 'k', timeoutMs: 5_000, concurrency: 1, now: () => NOW }
    const client = createKaribuClient({ ...options, baseUrl: `http://${'x'.repeat(64)}.invalid` })
    onTestFinished(() => client.close())
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'later', code: 'karibu.unreachable' })
  })

  test('a TLS handshake that fails is certainly not sent: later', async () => {
    const { client, seen } = await karibuThat(json(202, ACCEPTED), { protocol: 'https' })
    const { result } = await client.sendImage(IMAGE)
    expect(seen).toEqual([])
    expect(result).toMatchObject({ kind: 'later', code: 'karibu.unreachable' })
  })

  test('a connection reset after the body was read is unknown, and not tried again underneath', async () => {
    const { client, seen } = await karibuThat((_response, request) => request.socket.resetAndDestroy())
    expect(await client.sendImage(IMAGE)).toMatchObject({ httpStatus: null, result: { kind: 'unknown' } })
    expect(seen).toHaveLength(1)
  })

  test('a connection closed without an answer is unknown, and not tried again underneath', async () => {
    const { client, seen } = await karibuThat((_response, request) => request.socket.end())
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'unknown', code: 'karibu.no_answer' })
    expect(seen).toHaveLength(1)
  })

  test('no answer in time is unknown, and not tried again underneath', async () => {
    const { client, seen } = await karibuThat(() => undefined, { timeoutMs: 100 })
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'unknown', code: 'karibu.no_answer' })
    expect(seen).toHaveLength(1)
  })

  test('an answer that stops halfway is unknown', async () => {
    const { client } = await karibuThat(
      (response) => {
        response.writeHead(202, { 'content-type': 'application/json', 'content-length': '500' })
        response.write('{"success":true,"data":{"message_id":"m1"')
      },
      { timeoutMs: 100 },
    )
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'unknown' })
  })

  test('an answer that breaks off halfway is unknown', async () => {
    const { client } = await karibuThat((response, request) => {
      response.writeHead(202, { 'content-length': '500' })
      response.write('{"success":true,"data":{"message_id":"m1"', () => request.socket.resetAndDestroy())
    })
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'unknown' })
  })

  test('an answer without end is let go of after a few megabytes and is unknown', async () => {
    let written = 0
    const { client } = await karibuThat((response) => {
      const chunk = Buffer.alloc(256 * 1024, 32)
      const pour = () => {
        while (!response.destroyed) {
          written += chunk.length
          if (!response.write(chunk)) return void response.once('drain', pour)
        }
      }
      response.writeHead(202, { 'content-type': 'application/json' })
      pour()
    })
    expect((await client.sendImage(IMAGE)).result).toMatchObject({ kind: 'unknown' })
    expect(written).toBeGreaterThan(4 * 1024 * 1024)
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  test('the next send works after one whose connection broke', async () => {
    let first = true
    const { client } = await karibuThat((response, request) => {
      if (!first) return json(202, ACCEPTED)(response, request)
      first = false
      request.socket.resetAndDestroy()
    })
    expect((await client.sendImage(IMAGE)).result.kind).toBe('unknown')
    expect((await client.sendImage(IMAGE)).result.kind).toBe('accepted')
  })

  test('the key and the caption never stand in what is kept of an error', async () => {
    const { client } = await karibuThat((_response, request) => request.socket.resetAndDestroy())
    const { result } = await client.sendImage(IMAGE)
    expect(JSON.stringify(result)).not.toMatch(/key-1|Asante|255712345678/)
  })
})

const page = (...items: unknown[]) => ({ success: true, data: { items, total: items.length }, errors: null })

describe('reading', () => {
  const item = { id: 'i1', message_id: 'wamid.1', conversation_id: 't1', is_outbound: true, message_type: 'image' }
  const listed = { ...item, content: {}, created_at: '2026-11-20T09:00:00Z' }
  const asked = { direction: 'outbound', since: NOW } as const

  test('messages are asked for by direction, time, thread and page', async () => {
    const { client, seen } = await karibuThat(json(200, page(listed)))
    expect(await client.listMessages({ ...asked, conversationId: 't 1&x=', offset: 200 })).toMatchObject({
      items: [{ id: 'i1', message_id: 'wamid.1', created_at: NOW }],
      count: 1,
    })
    const url = new URL(seen[0]?.path ?? '', 'http://x')
    expect(url.pathname).toBe('/v1/whatsapp/messages')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      direction: 'outbound',
      since: '2026-11-20T09:00:00.000Z',
      conversation_id: 't 1&x=',
      limit: '200',
      offset: '200',
    })
  })

  test.each([
    ['2026-11-20T09:00:00Z', NOW],
    ['2026-11-20T09:00:00', NOW],
    ['2026-11-20T12:00:00.000000+03:00', NOW],
  ])('a message’s time %s is read as UTC or by its zone', async (created_at, expected) => {
    const { client } = await karibuThat(json(200, page({ ...listed, created_at })))
    expect((await client.listMessages(asked)).items[0]?.created_at).toBe(expected)
  })

  test('a listed message that cannot be read is not passed off as absent', async () => {
    const { client } = await karibuThat(json(200, page({ ...listed, created_at: 1_795_165_200 }, listed, 'text', null)))
    expect(await client.listMessages(asked)).toMatchObject({ items: [{ id: 'i1' }], count: 4 })
  })

  test('a list that is none is an error, not an empty list', async () => {
    for (const body of [{ success: true, data: null }, { success: true, data: {} }, [], {}]) {
      const { client } = await karibuThat(json(200, body))
      await expect(client.listMessages(asked)).rejects.toThrow(KaribuUnavailable)
    }
  })

  test('a conversation is found by its number; the form of the window is kept', async () => {
    const window = { open: true, expires_at: '2026-11-20T09:00:00Z' }
    const thread = { id: 't1', sender_id: 's1', recipient_phone: '+255712345678', window, new_field: 1 }
    const { client, seen } = await karibuThat(json(200, page(thread)))
    expect(await client.findConversations('255712345678')).toMatchObject({
      items: [{ id: 't1', recipient_phone: '+255712345678', window: { open: true, expires_at: NOW } }],
      count: 1,
    })
    expect(seen[0]?.path).toBe('/v1/whatsapp/conversations?recipient=255712345678&limit=100')
  })

  test('what Karibu does not know is null', async () => {
    const { client } = await karibuThat(json(404, { detail: 'Not found' }))
    expect(await client.getMessage('m1')).toBeNull()
    expect(await client.getConversation('t1')).toBeNull()
  })

  test('ids are written into the path safely', async () => {
    const { client, seen } = await karibuThat(json(404, {}))
    await client.getMessage('../senders?x=1')
    expect(seen[0]?.path).toBe('/v1/whatsapp/messages/..%2Fsenders%3Fx%3D1')
  })

  test('senders come bare or in an envelope', async () => {
    const sender = { id: 's1', display_number: '255700000001', is_active: true }
    for (const body of [[sender], { items: [sender] }, { success: true, data: { items: [sender] } }]) {
      const { client } = await karibuThat(json(200, body))
      expect(await client.listSenders()).toMatchObject([{ id: 's1', display_number: '255700000001' }])
    }
  })

  test.each<[string, Answer]>([
    ['401', json(401, { detail: 'x' })],
    ['500', json(500, {})],
    ['429', json(429, {}, { 'retry-after': '5' })],
    ['a page that is not JSON', (response) => void response.writeHead(200).end('<html>')],
    ['success: false', json(200, { success: false, data: null, errors: [{ code: 'A', message: 'b' }] })],
    ['a broken connection', (_response, request) => request.socket.resetAndDestroy()],
  ])('%s is an error that says Karibu could not tell', async (_name, answer) => {
    const { client } = await karibuThat(answer)
    const calls: ((client: KaribuClient) => Promise<unknown>)[] = [
      (one) => one.getMessage('m1'),
      (one) => one.listMessages(asked),
      (one) => one.findConversations('255712345678'),
      (one) => one.listSenders(),
    ]
    for (const call of calls) await expect(call(client)).rejects.toThrow(KaribuUnavailable)
  })
})
