import { request as httpRequest } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import type { Activity } from '../../src/activity.ts'

/** A request as its head tells it. */
export interface Head {
  method: string
  path: string
  headers: Record<string, string>
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** What a fault may do to one exchange: read the client, hand on to Karibu, write back, break off. */
export interface Wire {
  head: Head
  /** All of the request's body, as the client sent it. */
  body(): Promise<Buffer>
  /** Hands the whole request on and gives Karibu's answer. */
  forward(): Promise<Answer>
  /** Hands on the head and half of the body, then breaks off towards Karibu. */
  forwardHalf(): Promise<void>
  /** Bytes of a well-formed answer; `end` is whether the connection is over with it. */
  bytesOf(answer: Answer): { head: Buffer; body: Buffer }
  write(...parts: (Buffer | string)[]): void
  cut(how: 'close' | 'reset'): void
  /** Real time; ends early when the client has gone. */
  wait(ms: number): Promise<void>
  /** Resolves when the client has closed the connection. */
  gone: Promise<void>
}

export type Strike = (wire: Wire) => Promise<void> | void

/** Which fault strikes what; each may be left out. */
export interface Plan {
  /** Asked at every new connection, before a byte is read. */
  connection?: () => 'close' | 'reset' | null
  /** Asked when a request's head has been read, its body perhaps not. */
  head?: (head: Head) => Strike | null
  /** Asked when the whole request has been read. */
  body?: (head: Head, body: Buffer) => Strike | null
}

export interface FaultProxy {
  url: string
  plan(plan: Plan): void
  /** Nobody listens any more: connections are refused until `restore`. */
  refuse(): Promise<void>
  restore(): Promise<void>
  /** Requests seen, faults among them. */
  counts(): { exchanges: number; struck: number }
  stop(): Promise<void>
}

export interface FaultProxyOptions {
  target: string
  activity: Activity
  /** Whether a whole answer leaves the connection open for the next request. */
  keepAlive: boolean
}

/** Stands between the service and Karibu on plain TCP, so that an exchange can be broken at any byte. */
export async function createFaultProxy({ target, activity, keepAlive }: FaultProxyOptions): Promise<FaultProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const sockets = new Set<Socket>()
  const counts = { exchanges: 0, struck: 0 }
  let plan: Plan = {}
  let port = 0
  let server: Server | null = null

  const upstream = (head: Head, body: Buffer) =>
    httpRequest({
      host: hostname,
      port: targetPort,
      method: head.method,
      path: head.path,
      agent: false,
      headers: { ...withoutHopHeaders(head.headers), 'content-length': String(body.length), connection: 'close' },
    })

  function forward(head: Head, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = upstream(head, body)
      outgoing.once('error', reject)
      outgoing.once('response', (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.once('error', reject)
        incoming.once('end', () => {
          const headers = Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
          )
          resolve({ status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks) })
        })
      })
      outgoing.end(body)
    })
  }

  function forwardHalf(head: Head, body: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const outgoing = upstream(head, body)
      outgoing.once('error', () => resolve())
      outgoing.once('close', () => resolve())
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy())
    })
  }

  function bytesOf({ status, headers, body }: Answer) {
    const lines = Object.entries({ ...withoutHopHeaders(headers), 'content-length': String(body.length) })
    const end = keepAlive ? 'keep-alive' : 'close'
    const head = [
      `HTTP/1.1 ${status} Answer`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      `connection: ${end}`,
    ]
    return { head: Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body }
  }

  async function exchange(socket: Socket, input: Input, head: Head, gone: Promise<void>): Promise<void> {
    counts.exchanges++
    let read: Promise<Buffer> | undefined
    const body = () => {
      read ??= input.take(Number(head.headers['content-length'] ?? '0'))
      return read
    }
    const wire: Wire = {
      head,
      body,
      gone,
      bytesOf,
      forward: async () => forward(head, await body()),
      forwardHalf: async () => forwardHalf(head, await body()),
      write: (...parts) => {
        if (!socket.destroyed) socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))))
      },
      cut: (how) => cut(socket, how),
      wait: (ms) => {
        let timer: NodeJS.Timeout | undefined
        const over = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, ms)
        })
        return Promise.race([over, gone]).finally(() => clearTimeout(timer))
      },
    }
    const early = plan.head?.(head)
    const strike = early ?? plan.body?.(head, await body())
    if (strike) {
      counts.struck++
      await strike(wire)
      // What a fault leaves behind is never used again.
      if (!socket.destroyed) socket.end()
      return
    }
    const answer = bytesOf(await wire.forward())
    wire.write(answer.head, answer.body)
    if (!keepAlive) socket.end()
  }

  async function serve(socket: Socket): Promise<void> {
    const input = createInput(socket)
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    for (let head = await input.head(); head && !socket.destroyed; head = await input.head()) {
      await activity.track(exchange(socket, input, head, gone))
    }
  }

  function accept(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    const struck = plan.connection?.()
    if (struck) {
      counts.struck++
      return cut(socket, struck)
    }
    // The client left, or Karibu broke off: either way this connection is over.
    serve(socket).catch(() => socket.destroy())
  }

  async function listen(): Promise<void> {
    const made = createServer(accept)
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject)
      made.listen(port, '127.0.0.1', resolve)
    })
    const address = made.address()
    if (typeof address === 'object' && address) port = address.port
    server = made
  }

  async function close(): Promise<void> {
    const closing = server
    server = null
    if (!closing) return
    await new Promise<void>((resolve) => {
      closing.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  }

  await listen()
  return {
    url: `http://127.0.0.1:${port}`,
    plan(next) {
      plan = next
    },
    refuse: close,
    async restore() {
      if (!server) await listen()
    },
    counts: () => ({ ...counts }),
    stop: close,
  }
}

function cut(socket: Socket, how: 'close' | 'reset'): void {
  if (how === 'reset') socket.resetAndDestroy()
  else socket.end(() => socket.destroy())
}

interface Input {
  /** The next request's head; null when the client has gone. */
  head(): Promise<Head | null>
  take(length: number): Promise<Buffer>
}

function createInput(socket: Socket): Input {
  let held: Buffer = Buffer.alloc(0)
  let ended = false
  let wake = () => {}
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    wake()
  })
  for (const event of ['end', 'close'] as const) {
    socket.once(event, () => {
      ended = true
      wake()
    })
  }
  const more = () =>
    new Promise<void>((resolve) => {
      wake = resolve
      if (ended) resolve()
    })
  return {
    async head() {
      let end = held.indexOf('\r\n\r\n')
      for (; end < 0; end = held.indexOf('\r\n\r\n')) {
        if (ended) return null
        await more()
      }
      const [first = '', ...lines] = held.subarray(0, end).toString('latin1').split('\r\n')
      held = held.subarray(end + 4)
      const [method = '', path = ''] = first.split(' ')
      const headers = lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ])
      return { method, path, headers: Object.fromEntries(headers) }
    },
    async take(length) {
      while (held.length < length) {
        if (ended) throw new Error('the client left in the middle of its request')
        await more()
      }
      const taken = held.subarray(0, length)
      held = held.subarray(length)
      return taken
    },
  }
}

const HOP_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'])

function withoutHopHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)))
}
