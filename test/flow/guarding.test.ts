import { get } from 'node:http'
import { expect, test } from 'vitest'
import { runTokenCreate, runTokenList, runTokenRevoke } from '../../src/commands/token.ts'
import { createIds } from '../../src/ids.ts'
import { type ApiProblem, ask } from '../support/api.ts'
import { paidOrder, testWorld, type World } from '../support/world.ts'

const forged = (world: World, address: string) =>
  ask<ApiProblem>(world, '/webhooks/duka', {
    method: 'POST',
    token: null,
    body: { id: 1 },
    headers: { 'x-wc-webhook-signature': 'bm90IG91cnM=', 'x-forwarded-for': address },
  })

test('an address of many bad signatures is told to stay away; a good signature from it is taken', async () => {
  const lines: string[] = []
  const log = { info() {}, warn: (_: unknown, name: string) => void lines.push(name), error() {} }
  const world = await testWorld({ log })
  for (let count = 0; count < 60; count++) expect((await forged(world, '203.0.113.9')).status).toBe(401)
  const limited = await forged(world, '203.0.113.9')
  expect([limited.status, limited.body.error.code]).toEqual([429, 'signature.too_many'])
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
  expect(lines.filter((name) => name === 'request.refused')).toHaveLength(60)
  expect((await forged(world, '203.0.113.10')).status).toBe(401)
  expect((await forged(world, '')).status).toBe(401)
  // The toy shop sends from the same machine without a proxy: use up its own address too.
  for (let count = 0; count < 60; count++) await forged(world, '')
  expect((await forged(world, '')).status).toBe(429)
  expect((await world.shopSends('woocommerce', paidOrder())).status).toBe(200)
})

test('every answer carries the headers that keep browsers from doing anything with it', async () => {
  const world = await testWorld()
  const paths = ['/v1/messages', '/v1/none', '/nowhere', '/healthz', '/openapi.json', '/media/x.png', '/webhooks/duka']
  for (const path of paths) {
    const { headers } = await ask(world, path)
    expect([path, headers]).toMatchObject([
      path,
      {
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      },
    ])
  }
  expect((await ask(world, '/v1/messages')).headers['cache-control']).toBe('no-store')
})

/** Asked for letter by letter, as no client that reads URLs would. */
function asks(world: World, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(world.url)
  return new Promise((resolve, reject) => {
    get({ hostname, port, path }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
}

test('no address leads out of the folder that it names, so a proxy may let some through and not others', async () => {
  const world = await testWorld()
  const out = ['/media/../healthz', '/webhooks/duka/%2e%2E/../healthz', '/claim/.%2e/healthz', '/./healthz']
  for (const path of out) expect([path, await asks(world, path)]).toEqual([path, 404])
  for (const path of ['/healthz', '/healthz?of=/../', '/healthz#/../'])
    expect([path, await asks(world, path)]).toEqual([path, 200])
})

test('a token that was revoked opens nothing from then on', async () => {
  const world = await testWorld()
  const { store } = world.app
  const create = async (name: string) => {
    const made = await runTokenCreate(
      { name, scopes: ['read'], json: true },
      { store, clock: world.clock, ids: createIds(world.clock) },
    )
    return JSON.parse(made) as { id: string; token: string }
  }
  const till = await create('till')
  const screen = await create('screen')
  expect((await ask(world, '/v1/stats', { token: till.token })).status).toBe(200)
  const list = await runTokenList({ json: false, timezone: 'UTC', now: 0 }, store)
  expect(list).toContain('till')
  expect(list).not.toContain(till.token)
  expect(await runTokenRevoke('till', store)).toContain(till.id)
  expect((await ask(world, '/v1/stats', { token: till.token })).status).toBe(401)
  expect((await ask(world, '/v1/stats', { token: screen.token })).status).toBe(200)
  expect(JSON.parse(await runTokenList({ json: true, timezone: 'UTC', now: 0 }, store))).toMatchObject({
    items: [{ name: 'screen', scopes: ['read'] }],
  })

  // Two of one name could not be told apart at the counter; an older version let them be made.
  await expect(create('screen')).rejects.toThrow(
    `there is a token named screen already: take another name, or end that one first: risiti token revoke ${screen.id}`,
  )
  await store.addToken({ id: 'tok_2', name: 'screen', scopes: ['read'], hash: 'h', createdAt: world.clock.now() })
  await expect(runTokenRevoke('screen', store)).rejects.toMatchObject({ code: 'token.ambiguous' })
  await expect(runTokenRevoke('nobody', store)).rejects.toMatchObject({ code: 'token.unknown' })
  await runTokenRevoke(screen.id, store)
  expect((await ask(world, '/v1/stats', { token: screen.token })).status).toBe(401)
})
