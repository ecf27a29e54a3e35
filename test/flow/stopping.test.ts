import { expect, test } from 'vitest'
import { HOUR, SECOND } from '../../src/clock.ts'
import { postToy, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { ASHA, paidOrder, SECRETS, testWorld } from '../support/world.ts'

test('a stop waits seven seconds for an answer and no longer; the lost one is looked up after the next start', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ delayMs: 60 * SECOND })
  const webhook = toyWebhook('woocommerce', SECRETS.woocommerce, paidOrder(), 'order.updated', world.clock.now())
  await postToy(`${world.url}/webhooks/duka`, webhook)
  const sending = async () => (await world.app.store.countWaiting()).some(({ status }) => status === 'sending')
  while (!(await sending())) await new Promise((resolve) => setImmediate(resolve))

  let stopped = false
  const stop = world.app.stop().then(() => {
    stopped = true
  })
  world.clock.moveTo(world.clock.now() + 6 * SECOND)
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(stopped).toBe(false)
  world.clock.moveTo(world.clock.now() + SECOND)
  // The toy Karibu lives in this process too: what it still does counts as under way.
  world.clock.moveTo(world.clock.now() + 60 * SECOND)
  await stop

  await world.restart()
  await world.run(HOUR)
  // The first could not be fetched while we were away, so it reached nobody.
  expect(world.karibu.images().map(({ status }) => status)).toEqual(['failed', 'read'])
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
})
