import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { rgbPng } from '../sandbox/world.ts'

/** Origins of the image servers that stand at this time: a world's fetcher takes these and no other private address. */
export const imageServers: string[] = []

/** A shop's own image server, on this machine. */
export async function imageServer(
  bytes: Uint8Array = rgbPng(),
  type = 'image/png',
): Promise<{ url: string; hits(): number }> {
  let hits = 0
  const server = createServer((_, answer) => {
    hits++
    answer.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  imageServers.push(origin)
  onTestFinished(() => {
    imageServers.splice(imageServers.indexOf(origin), 1)
    server.close()
    server.closeAllConnections()
  })
  return { url: `${origin}/bei.png`, hits: () => hits }
}
