import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createImageProbe, PROBE_HEADER } from '../../src/receipts/probe.ts'

type Answer = { status: number; type: string; afterMs?: number } | 'never'

const PICTURE: Answer = { status: 200, type: 'image/png' }
const TIMEOUT_MS = 200
const NOBODY = 'http://127.0.0.1:9'

/** Gives the address of a server that answers so, and the probe headers it was shown. */
async function serverThat(answer: Answer): Promise<{ url: string; seen: unknown[] }> {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers[PROBE_HEADER])
    if (answer === 'never') return
    setTimeout(() => response.writeHead(answer.status, { 'content-type': answer.type }).end('x'), answer.afterMs ?? 0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, seen }
}

describe('what a look at our own picture over public_url shows', () => {
  test.each<[string, Answer, Answer, unknown]>([
    ['the picture', PICTURE, 'never', { kind: 'reachable' }],
    [
      'another page',
      { status: 200, type: 'text/html' },
      PICTURE,
      { kind: 'broken', problem: 'it answers with text/html' },
    ],
    ['an error', { status: 404, type: 'image/png' }, 'never', { kind: 'broken', problem: 'it answers 404' }],
    ['nothing, while we answer at once', 'never', PICTURE, { kind: 'broken' }],
    ['nothing, while we answer nobody', 'never', 'never', { kind: 'busy' }],
    ['nothing, while we answer late', 'never', { ...PICTURE, afterMs: TIMEOUT_MS / 2 }, { kind: 'busy' }],
  ])('%s', async (_, around, direct, expected) => {
    const there = await serverThat(around)
    const here = await serverThat(direct)
    const ownAddressOf = (url: string) => url.replace(there.url, here.url)
    const probe = createImageProbe({ secret: 'the-secret', ownAddressOf, timeoutMs: TIMEOUT_MS })
    expect(await probe(`${there.url}/media/a.png`)).toMatchObject(expected as object)
    expect(there.seen).toEqual(['the-secret'])
  })

  test('a refused connection is broken while we answer at once, and nobody’s fault while we are ending', async () => {
    const here = await serverThat(PICTURE)
    const looking = (own: string) =>
      createImageProbe({ secret: 'the-secret', ownAddressOf: () => own, timeoutMs: TIMEOUT_MS })(
        `${NOBODY}/media/a.png`,
      )
    expect(await looking(`${here.url}/media/a.png`)).toMatchObject({ kind: 'broken' })
    expect(await looking(`${NOBODY}/media/a.png`)).toEqual({ kind: 'busy' })
  })
})
