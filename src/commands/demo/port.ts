import { createServer } from 'node:net'

/** The port of 127.0.0.1 if nobody listens there, else a free one. */
export async function portOr(wanted: number): Promise<number> {
  return (await listenOn(wanted)) ?? (await freePort())
}

export async function freePort(): Promise<number> {
  const port = await listenOn(0)
  if (port === null) throw new Error('no free port')
  return port
}

function listenOn(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })
}
