import { createServer } from 'node:net'

/** Below what Linux hands out by itself (32768 and up): a port found free here is not taken by a connection meanwhile. */
const FIRST = 15_000
const LAST = 32_000
let next = FIRST + ((process.pid * 97) % (LAST - FIRST))

/** A port of 127.0.0.1 that nobody listens on; each call gives another one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next
    next = next + 1 >= LAST ? FIRST : next + 1
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
