import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { ask } from '../support/api.ts'
import { ASHA, paidOrder, testWorld, type World } from '../support/world.ts'

async function scrape(world: World): Promise<Map<string, number>> {
  const { text, status } = await ask(world, '/metrics')
  expect(status).toBe(200)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

test('/metrics tells of a receipt that was held and then sent, and names nobody', async () => {
  const world = await testWorld({ freeDisk: async () => 5e9 })
  await world.shopSends('woocommerce', paidOrder())
  await world.shopSends('woocommerce', paidOrder())
  await world.run(HOUR)
  const before = await scrape(world)
  expect(Object.fromEntries(before)).toMatchObject({
    'risiti_deliveries_total{source="duka",outcome="handled"}': 1,
    'risiti_deliveries_total{source="duka",outcome="duplicate"}': 1,
    'risiti_messages{status="held"}': 1,
    'risiti_oldest_message_age_seconds{status="held"}': 3600,
    'risiti_not_sent_total{outcome="held",reason="window_closed"}': 1,
    'risiti_window_lookups_total{outcome="asked"}': 1,
    'risiti_http_requests_total{method="POST",route="/webhooks/:shop/:secret?",status="200"}': 2,
    risiti_disk_free_bytes: 5e9,
  })
  expect(before.get('risiti_loop_age_seconds{loop="inbound-poller"}')).toBeLessThanOrEqual(15)
  expect(before.get('risiti_database_bytes{file="main"}')).toBeGreaterThan(4096)
  expect(before.get('risiti_memory_bytes')).toBeGreaterThan(1e6)
  for (const loop of ['outbox', 'confirmations', 'status-poller', 'housekeeping'])
    expect(before.has(`risiti_loop_age_seconds{loop="${loop}"}`)).toBe(true)

  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  const after = await scrape(world)
  expect(Object.fromEntries(after)).toMatchObject({
    'risiti_attempts_total{result="accepted",code="none"}': 1,
    'risiti_status_reports_total{status="read",source="webhook",outcome="applied"}': 1,
    'risiti_deliveries_total{source="karibu",outcome="handled"}': 1,
  })
  expect(after.has('risiti_messages{status="held"}')).toBe(false)
  expect((await ask(world, '/metrics')).text).not.toContain(ASHA)
})

test('a stranger is told nothing, and cannot make up routes', async () => {
  const world = await testWorld()
  expect((await ask(world, '/metrics', { token: null })).status).toBe(401)
  for (const path of ['/a/b', '/webhooks/nobody/else', '/v1/what', '/media/zz']) await ask(world, path)
  const routes = [...(await scrape(world)).keys()].flatMap((key) => /_total\{.*route="([^"]*)"/.exec(key)?.[1] ?? [])
  expect(new Set(routes)).toEqual(new Set(['none', '/metrics', '/media/:file', '/webhooks/:shop/:secret?']))
})

test('a paused sender shows, with the reason', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ http: 401, code: 'UNAUTHORIZED', message: 'the key is not known' })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(1000)
  const paused = [...(await scrape(world)).keys()].filter((key) => key.startsWith('risiti_sender_paused'))
  expect(paused).toHaveLength(1)
  expect(paused[0]).toContain('sender="255700000001"')
})
