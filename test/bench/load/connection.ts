import { connect } from 'node:net'

export interface Answer {
  status: number
  body: Buffer
}

/** One kept-alive connection that asks one thing at a time: a client library would cost more than the service does. */
export interface Connection {
  /** Status 0 when the connection broke. */
  ask(request: Buffer, done: (answer: Answer) => void): void
  close(): void
}

const NOTHING = Buffer.alloc(0)
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

export function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let waiting: ((answer: Answer) => void) | null = null
  let read: Buffer = NOTHING

  function tell(answer: Answer): void {
    const done = waiting
    waiting = null
    read = NOTHING
    done?.(answer)
  }
  socket.on('data', (chunk) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    const answer = readAnswer(read)
    if (answer) tell(answer)
  })
  const broke = () => tell({ status: 0, body: NOTHING })
  socket.on('close', broke)
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject).on('error', broke)
      resolve({
        ask(request, done) {
          if (socket.destroyed) return done({ status: 0, body: NOTHING })
          waiting = done
          socket.write(request)
        },
        close: () => socket.destroy(),
      })
    })
  })
}

/** Undefined until it is all there. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end).toLowerCase()
  const status = Number(head.slice(9, 12))
  const body = bytes.subarray(end + 4)
  if (/\r\ntransfer-encoding: chunked/.test(head)) {
    const whole = body.length >= 5 && bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
    return whole ? { status, body: joinChunks(body) } : undefined
  }
  const length = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0)
  return body.length >= length ? { status, body } : undefined
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (!(size > 0)) return Buffer.concat(chunks)
    chunks.push(bytes.subarray(line + 2, line + 2 + size))
    at = line + 2 + size + 2
  }
}
