import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { SECOND } from '../clock.ts'
import { AppError, messageOf, systemCodeOf } from '../errors.ts'
import type { ServerEnv } from './address.ts'
import { setSecurityHeaders } from './security-headers.ts'

export interface RunningServer {
  host: string
  port: number
  /** Lets requests under way finish, closes idle connections, and cuts what is left after five seconds. */
  stop(): Promise<void>
}

/** A slow sender is cut: headers within 10 s, the whole request within 30 s. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const STOP_WITHIN_MS = 5_000

const WHY_NOT: Record<string, string> = {
  EADDRINUSE: 'another program listens there: stop it, or set another listen.port in risiti.yaml',
  EACCES: 'ports below 1024 are not for this user: set a higher listen.port in risiti.yaml',
  EADDRNOTAVAIL: 'this machine has no such address: mend listen.host in risiti.yaml',
  ENOTFOUND: 'this name has no address: mend listen.host in risiti.yaml',
}

function whyNot(error: Error): string {
  return WHY_NOT[systemCodeOf(error) ?? ''] ?? messageOf(error)
}

export async function startServer(
  fetch: (request: Request, env: ServerEnv) => Response | Promise<Response>,
  { host, port }: { host: string; port: number },
): Promise<RunningServer> {
  // Its own Response, put in place of Node's, is written in one piece; Node's would be read back as a stream.
  const listener = getRequestListener((request, { incoming }) =>
    fetch(request, { remoteAddress: incoming.socket.remoteAddress ?? null, asked: incoming.url ?? '' }),
  )
  // Node looks at the limits only every half minute unless told otherwise.
  const server = createServer({ connectionsCheckingInterval: SECOND }, (incoming, outgoing) => {
    setSecurityHeaders(outgoing)
    void listener(incoming, outgoing)
  })
  // A client that closes its half after the request still waits for its answer; Node would hang up on it.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      reject(new AppError('listen.failed', `cannot listen on ${host}:${port}: ${whyNot(error)}`, { cause: error }))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
  const address = server.address()
  return {
    host,
    port: typeof address === 'object' && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** Where this machine itself reaches the server, without a slash at its end. */
export function urlHere({ host, port }: Pick<RunningServer, 'host' | 'port'>): string {
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}`
}
