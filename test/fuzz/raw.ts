import { connect } from 'node:net'

/** What came back on a raw connection; status 0 when it was closed without an answer. */
export interface RawAnswer {
  status: number
  body: string
  ms: number
  /** The server neither answered nor closed in time. */
  stuck: boolean
}

/** Writes the bytes as they are and reads to the end; nothing is normalised on the way. */
export function sendRaw(port: number, bytes: Buffer, withinMs: number): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const chunks: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const end = (stuck: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const text = Buffer.concat(chunks).toString('latin1')
      const split = text.indexOf('\r\n\r\n')
      resolve({
        status: statusOf(text),
        body: split < 0 ? '' : text.slice(split + 4),
        ms: performance.now() - startedAt,
        stuck,
      })
    }
    const timer = setTimeout(() => end(true), withinMs)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.once('end', () => end(false))
    socket.once('close', () => end(false))
    // The server may close while we still write.
    socket.on('error', () => {})
    socket.end(bytes)
  })
}

/** The last status line that is no interim answer. */
function statusOf(text: string): number {
  const [first] = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].filter((match) => !match[1]?.startsWith('1'))
  return Number(first?.[1] ?? 0)
}
