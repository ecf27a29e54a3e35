import { connect } from 'node:net'

export interface SlowEnd {
  /** When the server answered or closed; null when it had not by the end. */
  cutAfterMs: number | null
  status: number
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const HEAD = 'POST /webhooks/duka HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n'

/** A client that sends `start` and then a byte every now and then, for as long as it is let. */
export function dribble(port: number, start: string, everyMs: number, withinMs: number): Promise<SlowEnd> {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    let sent = 0
    const end = (cut: boolean) => {
      clearInterval(drip)
      clearTimeout(timer)
      socket.destroy()
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
      resolve({ cutAfterMs: cut ? Math.round(performance.now() - startedAt) : null, status })
    }
    const drip = setInterval(() => socket.write(LETTERS[sent++ % LETTERS.length] ?? 'x'), everyMs)
    const timer = setTimeout(() => end(false), withinMs)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.once('close', () => end(true))
    socket.on('error', () => {})
    socket.write(start)
  })
}

/** The head never ends. */
export function slowHead(port: number, withinMs: number): Promise<SlowEnd> {
  return dribble(port, `${HEAD}x-slow: `, 250, withinMs)
}

/** The head is whole, the body does not come to an end. */
export function slowBody(port: number, withinMs: number): Promise<SlowEnd> {
  return dribble(port, `${HEAD}content-length: 5000\r\n\r\n{`, 250, withinMs)
}

/** Connects and says nothing. */
export function silent(port: number, withinMs: number): Promise<SlowEnd> {
  return dribble(port, '', 1_000_000, withinMs)
}
