import { expect, test } from 'vitest'
import { SECOND } from '../../src/clock.ts'
import { type ApiProblem, ask } from '../support/api.ts'
import { ASHA, paidOrder, testWorld } from '../support/world.ts'

const MB = 1e6

test('an almost full disk refuses what would be kept, sends on what it has, and recovers by itself', async () => {
  let free = 500 * MB
  const world = await testWorld({ freeDisk: async () => free })
  expect((await world.shopSends('woocommerce', paidOrder())).status).toBe(200)
  free = 199 * MB
  await world.run(SECOND)
  expect((await world.get('/readyz')).status).toBe(503)

  const refused = await world.shopSends('woocommerce', paidOrder({ id: '4523', number: 'DUKA-0108' }))
  expect([refused.status, refused.body]).toMatchObject([503, { error: { code: 'disk.full' } }])
  const byHand = await ask<ApiProblem>(world, '/v1/messages', {
    method: 'POST',
    body: { shop: 'duka', order: '4522', to: ASHA },
  })
  expect([byHand.status, byHand.headers['retry-after'], byHand.body.error.code]).toEqual([503, '60', 'disk.full'])
  expect((await ask(world, '/webhooks/karibu', { method: 'POST', body: {} })).status).toBe(503)
  expect(await world.get('/readyz')).toMatchObject({ status: 503, body: { status: 'down', disk: 'almost full' } })
  expect((await world.get('/healthz')).status).toBe(200)
  // What was taken in before still goes out.
  world.karibu.customerWrites(ASHA)
  await world.run(60 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toHaveLength(1)

  free = 200 * MB
  await world.run(SECOND)
  expect((await world.get('/readyz')).body).toMatchObject({ disk: 'ok' })
  const taken = await world.shopSends('woocommerce', paidOrder({ id: '4523', number: 'DUKA-0108' }))
  expect(taken.status).toBe(200)
  expect(await world.messages()).toHaveLength(2)
})

test('a disk that cannot be asked refuses nothing', async () => {
  const world = await testWorld({ freeDisk: () => Promise.reject(new Error('no such file system')) })
  expect((await world.shopSends('woocommerce', paidOrder())).status).toBe(200)
  expect((await world.get('/readyz')).status).toBe(200)
})
