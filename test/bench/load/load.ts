import type { Answer } from './connection.ts'
import { type Connection, openConnection } from './connection.ts'

export interface LoadOptions {
  port: number
  connections: number
  /** The next request; undefined ends the run. */
  next(): Buffer | undefined
  ms: number
  /** Told of each answer. */
  answered?(answer: Answer, request: Buffer): void
}

export interface Load {
  /** Milliseconds of each answer. */
  latencies: number[]
  statuses: Record<number, number>
  seconds: number
}

/** Any answer will do: a connection counts only once the server has taken it in. */
const HELLO = Buffer.from('GET /livez HTTP/1.1\r\nhost: bench\r\n\r\n')

async function openConnections(port: number, count: number): Promise<Connection[]> {
  const opened = await Promise.all(Array.from({ length: count }, () => openConnection(port)))
  await Promise.all(opened.map((one) => new Promise((resolve) => one.ask(HELLO, resolve))))
  return opened
}

/** Every connection asks anew as soon as it has its answer. */
export async function closedLoop({ port, connections, next, ms, answered }: LoadOptions): Promise<Load> {
  const opened = await openConnections(port, connections)
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const startedAt = performance.now()
  const until = startedAt + ms
  await Promise.all(
    opened.map(
      (connection) =>
        new Promise<void>((resolve) => {
          const again = (): void => {
            const askedAt = performance.now()
            const request = askedAt < until ? next() : undefined
            if (request === undefined) return resolve()
            connection.ask(request, (answer) => {
              latencies.push(performance.now() - askedAt)
              statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
              answered?.(answer, request)
              if (answer.status === 0) return resolve()
              again()
            })
          }
          again()
        }),
    ),
  )
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of opened) connection.close()
  return { latencies, statuses, seconds }
}

/**
 * So many a second, whatever becomes of the answers. Each is timed from when it was to be sent: what waits behind a
 * slow one is slow too.
 */
export async function openLoop({
  port,
  connections,
  next,
  ms,
  answered,
  rate,
}: LoadOptions & { rate: number }): Promise<Load> {
  const free = await openConnections(port, connections)
  const all = [...free]
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const waiting: { request: Buffer; at: number }[] = []
  const count = Math.floor((rate * ms) / 1000)
  const startedAt = performance.now()
  let sent = 0

  await new Promise<void>((resolve) => {
    function use(connection: Connection): void {
      const due = waiting.shift()
      if (due === undefined) return void free.push(connection)
      connection.ask(due.request, (answer) => {
        latencies.push(performance.now() - due.at)
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
        answered?.(answer, due.request)
        if (latencies.length === sent && sent === count) return resolve()
        use(connection)
      })
    }
    function tick(): void {
      for (; sent < count; sent++) {
        const at = startedAt + (sent * 1000) / rate
        if (at > performance.now()) break
        const request = next()
        if (request === undefined) throw new Error('there are too few requests for this open loop')
        waiting.push({ request, at })
      }
      while (waiting.length > 0) {
        const connection = free.pop()
        if (!connection) break
        use(connection)
      }
      if (sent < count) setTimeout(tick, 1)
    }
    tick()
  })
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of all) connection.close()
  return { latencies, statuses, seconds }
}
