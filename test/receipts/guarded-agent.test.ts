import { request } from 'undici'
import { expect, test, vi } from 'vitest'
import { BlockedAddressError, guardedAgent } from '../../src/receipts/guarded-agent.ts'

const lookups = vi.hoisted((): { address: string; family: number }[][] => [])

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_host: string, _options: object, done: (error: null, addresses: unknown) => void) =>
    queueMicrotask(() => done(null, lookups.shift() ?? [])),
}))

test.each([
  ['only private', ['10.0.0.7']],
  ['a public beside a private one', ['93.184.215.14', '127.0.0.1']],
  ['a mapped private one', ['::ffff:192.168.0.1']],
])('a name whose answer is %s is blocked', async (_name, addresses) => {
  lookups.push(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  const dispatcher = guardedAgent({ allow: [], timeoutMs: 500 })
  await expect(request('http://shop.example/x.png', { dispatcher })).rejects.toThrow(BlockedAddressError)
})

test('a name without an address is an error, not a connection', async () => {
  const dispatcher = guardedAgent({ allow: [], timeoutMs: 500 })
  await expect(request('http://shop.example/x.png', { dispatcher })).rejects.toThrow('no address')
})
