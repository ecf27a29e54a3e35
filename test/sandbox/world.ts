import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { crc32, deflateSync } from 'node:zlib'
import { request } from 'undici'
import { afterEach } from 'vitest'
import { createActivity } from '../../src/activity.ts'
import { createIds } from '../../src/ids.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { createFakeClock } from '../support/fake-clock.ts'

export const START = Date.UTC(2026, 5, 24, 9, 0, 0)
export const CUSTOMER = '255712345678'
export const SENDER = '255700000001'
export const SECRET = 'whsec_0123456789abcdef0123456789abcdef'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A sandbox on a clock that the test moves, asked by real HTTP. */
export async function sandboxWorld(options: Partial<SandboxOptions> = {}) {
  const clock = createFakeClock(START)
  const activity = createActivity()
  const karibu = createSandbox({ clock, ids: createIds(clock), activity, ...options })
  await karibu.start()
  closers.push(() => karibu.stop())

  async function settle(): Promise<void> {
    do {
      await activity.idle()
      await new Promise((resolve) => setImmediate(resolve))
    } while (activity.count > 0)
  }

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await request(karibu.url + path, {
      method,
      headers: {
        'x-api-key': karibu.apiKey,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      headersTimeout: 5000,
      bodyTimeout: 5000,
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, headers: answer.headers, text, json: parse(text) }
  }

  return {
    clock,
    activity,
    karibu,
    call,
    get: (path: string) => call('GET', path),
    post: (path: string, body?: unknown) => call('POST', path, body),
    text: (fields: object = {}) =>
      call('POST', '/v1/whatsapp/messages/text', { to: CUSTOMER, sender: SENDER, body: 'Asante', ...fields }),
    image: (mediaUrl: string, fields: object = {}) =>
      call('POST', '/v1/whatsapp/messages/image', { to: CUSTOMER, sender: SENDER, media_url: mediaUrl, ...fields }),
    template: (fields: object = {}) =>
      call('POST', '/v1/whatsapp/messages/template', {
        to: CUSTOMER,
        sender: SENDER,
        template_name: 'receipt_ready',
        variables: { '1': 'A1234' },
        ...fields,
      }),
    /** What GET says of a message now. */
    detail: async (id: string) => (await call('GET', `/v1/whatsapp/messages/${id}`)).json.data,
    settle,
    /** Lets `ms` pass, stopping wherever something wakes, until all is still. */
    async run(ms: number): Promise<void> {
      const until = clock.now() + ms
      await settle()
      for (let next = clock.nextWakeAt(); next !== undefined && next <= until; next = clock.nextWakeAt()) {
        clock.moveTo(next)
        await settle()
      }
      clock.moveTo(until)
      await settle()
    },
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever shape it expects
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface Served {
  status?: number
  headers?: Record<string, string>
  body?: Uint8Array | string
}

/** A place images are fetched from; `hits` are the paths asked for. */
export async function imageHost(serve: (path: string) => Served) {
  const hits: string[] = []
  const server = createServer((incoming, outgoing) => {
    hits.push(incoming.url ?? '')
    const { status = 200, headers = { 'content-type': 'image/png' }, body = rgbPng() } = serve(incoming.url ?? '')
    outgoing.writeHead(status, headers).end(body)
  })
  return { url: await listen(server), hits }
}

export interface Received {
  headers: IncomingHttpHeaders
  body: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever shape it expects
  json: any
}

/** A place webhooks arrive at; answers with what `answer` says for the n-th post (from 0). */
export async function webhookReceiver(answer: (nth: number) => number = () => 200) {
  const received: Received[] = []
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const status = answer(received.length)
      received.push({ headers: incoming.headers, body, json: parse(body) })
      outgoing.writeHead(status).end()
    })
  })
  const url = `${await listen(server)}/webhooks/karibu`
  return { url, received, events: () => received.map((one) => String(one.json.event)) }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the server is not listening')
  return `http://127.0.0.1:${address.port}`
}

export function hmac(body: string, secret = SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

export const rgbPng = () => png(8, 2)

/** A 1 × 1 PNG of the given depth and colour type. */
export function png(depth: number, colour: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(1, 0)
  header.writeUInt32BE(1, 4)
  header[8] = depth
  header[9] = colour
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(9))), chunk('IEND')])
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([head, body, sum])
}

/** The start of a JPEG, up to its frame header. */
export function jpeg(depth: number, components: number): Buffer {
  const app0 = Buffer.from('ffe000104a46494600010100000100010000', 'hex')
  const frame = Buffer.from([0xff, 0xc0, 0, 8 + 3 * components, depth, 0, 1, 0, 1, components])
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    app0,
    frame,
    Buffer.alloc(3 * components),
    Buffer.from('ffd9', 'hex'),
  ])
}
