import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'

export interface Told {
  id: string
  type: string
  timestamp: string
  data: Record<string, unknown>
  /** Which of the receiver's secrets each signature was made with; -1 for none. */
  signedWith: number[]
  /** Epoch seconds of the try. */
  at: number
  answered: number
}

export type Reply = { status: number; headers?: Record<string, string> } | Promise<{ status: number }>

export interface Receiver {
  url: string
  /** Every request, in the order they came, whatever was answered. */
  all: Told[]
  /** What was answered 2xx. */
  taken(): Told[]
  /** Decides the answer to one request, before it is added to `all`. */
  answer(decide: (told: Told) => Reply): void
  /** The order of types told about a message. */
  story(messageId: string): string[]
}

const OK = { status: 204 }

/** A shop's own endpoint over real HTTP, which checks signatures by what the specification says alone. */
export async function receiver(secrets: string[]): Promise<Receiver> {
  const all: Told[] = []
  let decide: (told: Told) => Reply = () => OK
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const told = read(incoming, await bodyOf(incoming), secrets)
      const reply = await Promise.resolve(decide(told)).catch(() => ({ status: 500 }))
      told.answered = reply.status
      all.push(told)
      outgoing.writeHead(reply.status, 'headers' in reply ? reply.headers : {}).end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/risiti?shop=1`,
    all,
    taken: () => all.filter(({ answered }) => answered >= 200 && answered < 300),
    answer(next) {
      decide = next
    },
    story: (messageId) => all.filter(({ data }) => data['id'] === messageId).map(({ type }) => type),
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function read({ headers }: IncomingMessage, body: Buffer, secrets: string[]): Told {
  const id = String(headers['webhook-id'])
  const timestamp = String(headers['webhook-timestamp'])
  const signedWith = String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => secrets.findIndex((secret) => isRight(signature, secret, `${id}.${timestamp}.`, body)))
  const parsed = JSON.parse(body.toString('utf8')) as Pick<Told, 'type' | 'timestamp' | 'data'>
  return { ...parsed, id, signedWith, at: Number(timestamp), answered: 0 }
}

function isRight(signature: string, secret: string, before: string, body: Buffer): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const right = Buffer.from(`v1,${createHmac('sha256', key).update(before).update(body).digest('base64')}`)
  const given = Buffer.from(signature)
  return given.length === right.length && timingSafeEqual(given, right)
}
