import { createHmac } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { rehearsal } from '../../src/api/schemas/rehearsals.ts'
import { makeBackup } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { chooseEvents, tellChosen } from '../../src/commands/replay.ts'
import type { Config } from '../../src/config/types.ts'
import { personTarget } from '../../src/privacy/erase.ts'
import { postToy } from '../../src/sandbox/toy-shop.ts'
import { type ApiEvent, type ApiPage, type ApiProblem, ask } from '../support/api.ts'
import { gatewayWorld, notify, PATH_SECRET, PAYMENT } from '../support/toy-gateway.ts'
import { ASHA, paidOrder, SECRETS, testWorld, type World } from '../support/world.ts'

type Rehearsal = z.infer<typeof rehearsal>

async function events(world: World, source = 'malipo'): Promise<ApiEvent[]> {
  return (await ask<ApiPage<ApiEvent>>(world, `/v1/events?source=${source}&limit=200`)).body.items.toReversed()
}

async function replay(world: World, event: ApiEvent | undefined) {
  const answer = await ask<ApiEvent & ApiProblem>(world, `/v1/events/${event?.id}/replay`, { method: 'POST' })
  await world.run(MINUTE)
  return answer
}

async function rehearse(world: World, wanted: object = {}): Promise<Rehearsal> {
  const question = { method: 'POST' as const, body: { since: '7d', ...wanted } }
  return (await ask<Rehearsal>(world, '/v1/rehearsals', question)).body
}

const verdicts = ({ items }: Rehearsal) =>
  items.map(({ order_number: number, outcome, comparison }) => `${number} ${outcome} ${comparison}`)

describe('what a platform’s API confirmed', () => {
  test('is replayed as it was confirmed: nobody is asked, and nothing is sent twice', async () => {
    const { world, gateway } = await gatewayWorld()
    world.karibu.customerWrites(ASHA)
    gateway.payments.set('P1', PAYMENT)
    await notify(world, { id: 'P1' })
    await world.run(MINUTE)
    const [, confirmed] = await events(world)
    gateway.payments.clear()
    const { asked } = gateway
    const { status, body } = await replay(world, confirmed)
    expect([status, body.type, body.order_id]).toEqual([202, 'order.paid', 'P1'])
    expect(body.trace.map(({ text }) => text)).toContain('this message was made already; no second one is made')
    expect(gateway.asked).toBe(asked)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('is rehearsed once, and what only claims it not at all', async () => {
    const { world, gateway } = await gatewayWorld()
    world.karibu.customerWrites(ASHA)
    gateway.payments.set('P1', PAYMENT)
    gateway.payments.set('P2', { ...PAYMENT, status: 'failed' })
    for (const id of ['P1', 'P2']) await notify(world, { id })
    await world.run(MINUTE)
    const { asked } = gateway
    const body = await rehearse(world)
    expect(verdicts(body)).toEqual(['INV-7 sent same'])
    expect(gateway.asked).toBe(asked)
    expect(await events(world)).toHaveLength(3)
  })
})

describe('a claim taken once more', () => {
  test('is asked about again, also where it came by GET; nothing is believed of it before', async () => {
    const { world, gateway } = await gatewayWorld()
    world.karibu.customerWrites(ASHA)
    await world.run(15 * SECOND)
    const answer = await request(`${world.url}/webhooks/malipo/${PATH_SECRET}?id=P1`)
    await answer.body.dump()
    await world.run(MINUTE)
    const [denied] = await events(world)
    expect(denied).toMatchObject({
      type: 'claim.received',
      outcome: 'ignored',
      reason: expect.stringContaining('no such'),
    })

    gateway.payments.set('P1', PAYMENT)
    const { status, body } = await replay(world, denied)
    expect([status, body.type, body.outcome]).toEqual([202, 'claim.received', 'handled'])
    expect((await events(world)).map(({ type }) => type)).toEqual(['claim.received', 'claim.received', 'order.paid'])
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('is left out of a replay of many, unless claims are what is asked for', async () => {
    const { world, gateway } = await gatewayWorld()
    gateway.payments.set('P1', PAYMENT)
    await notify(world, { id: 'P1' })
    await world.run(MINUTE)
    const [claim, confirmed] = await events(world)
    const choose = (filter: Record<string, string>, named: string[] = []) =>
      chooseEvents({ events: named, filter, now: world.clock.now() + 1 }, world.app.store)
    const chosen = await choose({ source: 'malipo' })
    expect([chosen.ids, chosen.leftOut]).toEqual([[confirmed?.id], 1])
    expect(tellChosen(chosen)).toContain('1 more are left out: claims (--type claim.received')
    expect((await choose({ type: 'claim.received' })).ids).toEqual([claim?.id])
    expect((await choose({}, [claim?.id ?? ''])).ids).toEqual([claim?.id])
  })
})

test('a request about people is never replayed, whoever asks', async () => {
  const world = await testWorld()
  const redact = {
    shop_id: 1,
    shop_domain: 'soko.myshopify.com',
    customer: { phone: '0712345678' },
    orders_to_redact: [1],
  }
  const body = JSON.stringify(redact)
  const hmac = createHmac('sha256', SECRETS.shopify).update(body).digest('base64')
  const headers = { 'x-shopify-hmac-sha256': hmac, 'x-shopify-topic': 'customers/redact' }
  expect(await postToy(`${world.url}/webhooks/soko`, { headers, body })).toMatchObject({ status: 200 })
  const [event] = await events(world, 'soko')
  const answer = await replay(world, event)
  expect([answer.status, answer.body.error.code]).toEqual([409, 'event.not_possible'])
  const filter = { source: 'soko' }
  const chosen = await chooseEvents({ events: [], filter, now: world.clock.now() + 1 }, world.app.store)
  expect([chosen.ids, chosen.leftOut]).toEqual([[], 1])
  expect(await world.app.store.openErasures()).toEqual([])
})

test('who was erased leaves nothing to rehearse, and their receipts are not called new', async () => {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1m' })
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  await world.app.store.requestErasure('ers_1', personTarget(ASHA), world.clock.now())
  await world.run(2 * MINUTE)
  expect((await rehearse(world)).items).toEqual([])
  // The shop tells of the order anew: its receipt went out already.
  await world.shopSends('woocommerce', paidOrder({ updatedAt: world.clock.now() }))
  await world.run(MINUTE)
  expect((await rehearse(world)).items.map(({ comparison }) => comparison)).toEqual(['same'])
})

test('quiet hours hold in a rehearsal as they held', async () => {
  // The shop's clocks show 12:00 when the world begins.
  const world = await testWorld({ quietHours: '12:30-13:30' })
  world.karibu.customerWrites(ASHA)
  await world.run(HOUR)
  const at = { updatedAt: world.clock.now(), paidAt: world.clock.now() }
  await world.shopSends('woocommerce', paidOrder({ number: 'QUIET', ...at }))
  await world.run(MINUTE)
  expect(verdicts(await rehearse(world))).toEqual(['QUIET queued same'])
  await world.run(HOUR)
  const body = await rehearse(world)
  expect(verdicts(body)).toEqual(['QUIET sent same'])
  expect(body.items[0]?.goes_at).toBe('2026-11-20T10:30:00.000Z')
})

test('a replay after a restore doubts what may have gone out in the time nobody remembers', async () => {
  const rules = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante" }
`
  let later: Config['rules'] = []
  const world = await testWorld({
    rules,
    change({ config }) {
      later = config.rules
      config.rules = []
    },
  })
  world.karibu.customerWrites(ASHA)
  await world.run(15 * SECOND)
  const at = world.clock.now()
  await world.shopSends('woocommerce', paidOrder({ updatedAt: at, paidAt: at }))
  const dataDir = join(world.folder, 'data')
  const ports = { clock: world.clock, progress: () => {} }
  const { folder } = await makeBackup({ dataDir, to: null, minFreeBytes: 0 }, ports)
  const safe = join(world.folder, 'safe')
  cpSync(folder, safe, { recursive: true })
  await world.run(HOUR)
  await world.app.stop()
  rmSync(dataDir, { recursive: true })
  await restoreBackup({ from: safe, dataDir, publicUrl: world.url }, ports)
  await world.restart({ rules: later })
  const [event] = await events(world, 'duka')
  await ask(world, `/v1/events/${event?.id}/replay`, { method: 'POST' })
  expect(await world.messages()).toMatchObject([{ status: 'uncertain', reason: { code: 'restored' } }])
})
