import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { ask } from '../support/api.ts'
import { keptLines } from '../support/kept-lines.ts'
import { paidOrder, START, testWorld, type World } from '../support/world.ts'

interface Told {
  shops: { shop: string; last_event_at: string | null; alarm_after_seconds: number | null; silent: boolean }[]
}

const stateOf = async (world: World, path: string) =>
  (await ask<Told>(world, path)).body.shops.find(({ shop }) => shop === 'duka')

async function silentWorld() {
  const { log, lines } = keptLines()
  const world = await testWorld({
    log,
    rules: ' []',
    karibu: '  poll_inbound_every: 1h',
    change({ config }) {
      if (config.shops.duka) config.shops.duka.silenceAlarm = 2 * HOUR
    },
  })
  const told = (name: string) => lines.filter((line) => line.name === name).map(({ fields }) => fields['shop'])
  return { world, told }
}

test('a shop that falls silent is told of once, everywhere, and makes the service neither down nor degraded', async () => {
  const { world, told } = await silentWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(2 * HOUR - MINUTE)
  expect(await stateOf(world, '/v1/stats')).toEqual({
    shop: 'duka',
    last_event_at: new Date(START).toISOString(),
    alarm_after_seconds: 7200,
    silent: false,
  })
  await world.run(30 * MINUTE)
  expect(await stateOf(world, '/v1/stats')).toMatchObject({ silent: true })
  expect(await stateOf(world, '/v1/stats')).toMatchObject({ silent: true, alarm_after_seconds: 7200 })
  const ready = await ask(world, '/readyz')
  expect(ready.body).toMatchObject({ status: 'ok', silent_shops: [{ shop: 'duka', silent: true }] })
  const { text } = await ask(world, '/metrics')
  expect(text).toContain('risiti_shop_silent{shop="duka"} 1')
  expect(text).toContain(`risiti_shop_last_event_age_seconds{shop="duka"} ${(149 * MINUTE) / 1000}`)
  expect(text).toContain('risiti_shop_silent{shop="soko"} 0')
  expect(told('shop.silent')).toEqual(['duka'])

  await world.restart()
  await world.run(90 * MINUTE)
  expect(await stateOf(world, '/v1/stats')).toMatchObject({ silent: true })
  expect(told('shop.silent')).toEqual(['duka'])

  await world.shopSends('woocommerce', paidOrder({ updatedAt: START + 4 * HOUR }))
  await world.run(6 * MINUTE)
  expect(await stateOf(world, '/v1/stats')).toMatchObject({ silent: false })
  expect(told('shop.heard_again')).toEqual(['duka'])
  await world.run(3 * HOUR)
  expect(told('shop.silent')).toEqual(['duka', 'duka'])
})

test('what we asked for ourselves is no sign of life', async () => {
  const { world } = await silentWorld()
  await world.shopSends('woocommerce', paidOrder())
  const body = Buffer.from('{}')
  for (const [topic, deliveryKey] of [
    ['backfill', 'backfill:1'],
    ['confirmed', 'confirmed:1'],
    ['order.updated', 'replay:evt_1:1'],
  ] as const) {
    const event = { id: `evt_${topic}`, source: 'duka', deliveryKey, topic, contentType: null, body }
    await world.app.store.recordDelivery({ ...event, receivedAt: START + HOUR }, [
      { kind: 'ignored', reason: 'a test' },
    ])
  }
  await world.run(2 * HOUR + 10 * MINUTE)
  expect(await stateOf(world, '/v1/stats')).toMatchObject({
    last_event_at: new Date(START).toISOString(),
    silent: true,
  })
})

test('after a start a shop gets an hour to be heard before it counts as silent', async () => {
  const { world } = await silentWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(90 * MINUTE)
  await world.restart()
  await world.run(50 * MINUTE)
  expect(await stateOf(world, '/v1/stats')).toMatchObject({ silent: false })
  await world.run(15 * MINUTE)
  expect(await stateOf(world, '/v1/stats')).toMatchObject({ silent: true })
})
