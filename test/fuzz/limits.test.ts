import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendRaw } from './raw.ts'
import { slowHead } from './slow.ts'
import { API_TOKEN, startTarget, type Target } from './target.ts'

let target: Target
beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

const HOST = 'host: 127.0.0.1\r\nconnection: close\r\n'
const AUTHORIZED = `${HOST}authorization: Bearer ${API_TOKEN}\r\n`

async function statusOf(text: string): Promise<number> {
  return (await sendRaw(target.port, Buffer.from(text), 5000)).status
}

// In a process without the sandbox, whose listener replaces the global Request for all.
describe('a body without a declared length', () => {
  test('is no fault of ours under /v1: curl -X POST …/retry sends none', async () => {
    expect(await statusOf(`POST /v1/messages/msg_x/retry HTTP/1.1\r\n${AUTHORIZED}\r\n`)).toBe(404)
  })

  test('is none without a token either', async () => {
    expect(await statusOf(`OPTIONS /v1/messages HTTP/1.1\r\n${HOST}\r\n`)).toBeLessThan(500)
    expect(await statusOf(`DELETE /v1/messages HTTP/1.1\r\n${HOST}\r\n`)).toBeLessThan(500)
  })

  test('is read when it comes in chunks', async () => {
    const body = '2\r\n{}\r\n0\r\n\r\n'
    const head = `content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`
    expect(await statusOf(`POST /v1/messages HTTP/1.1\r\n${AUTHORIZED}${head}${body}`)).toBe(400)
  })
})

test('a client that leaves in the middle of its body leaves no row', async () => {
  const before = target.rows()
  const head = 'content-type: application/json\r\ncontent-length: 500\r\nx-wc-webhook-signature: x\r\n\r\n'
  await statusOf(`POST /webhooks/duka HTTP/1.1\r\n${HOST}${head}{"id":`)
  expect(target.rows()).toEqual(before)
})

test('a client that leaves in the middle of its body is no error line: nobody has to look', async () => {
  const before = await target.health()
  await statusOf(`POST /webhooks/duka HTTP/1.1\r\n${HOST}content-length: 500\r\n\r\n{"id":`)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await target.health()).errorCount).toBe(before.errorCount)
})

describe('two hundred clients that send their headers a byte at a time', () => {
  test('hold up nobody: a paid order gets its image', { timeout: 20_000 }, async () => {
    const slow = Array.from({ length: 200 }, () => slowHead(target.port, 4000))
    expect(await target.mainJob('255754999002', 4000)).not.toBeNull()
    await Promise.all(slow)
  })

  test('are cut within the ten seconds server.ts names', { timeout: 20_000 }, async () => {
    const { cutAfterMs } = await slowHead(target.port, 12_500)
    expect(cutAfterMs).not.toBeNull()
  })
})
