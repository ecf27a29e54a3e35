import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runEvent, runEvents } from '../../src/commands/events.ts'
import { chooseEvents, replayAll, tellChosen, tellReplayed } from '../../src/commands/replay.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createIds } from '../../src/ids.ts'
import { localeFor } from '../../src/receipts/draw.ts'
import { replayByHand } from '../../src/replay/by-hand.ts'
import { postToy, toyMessage } from '../../src/sandbox/toy-shop.ts'
import { platformNamed } from '../../src/shops/registry.ts'
import { type ApiEvent, type ApiPage, type ApiProblem, ask } from '../support/api.ts'
import { ASHA, paidOrder, SECRETS, SEND_TOKEN, START, testWorld, type World } from '../support/world.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const RECEIPT = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante" }
`
const WRONG = RECEIPT.replace('    send:', '    if: order.total > 999999999\n    send:')

async function openWorld(rules = RECEIPT): Promise<World> {
  const world = await testWorld({ rules })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  return world
}

async function replay(world: World, id: string) {
  const answer = await ask<ApiEvent & ApiProblem>(world, `/v1/events/${id}/replay`, { method: 'POST' })
  await world.run(MINUTE)
  return answer
}

async function eventsOf(world: World, query = 'source=duka'): Promise<ApiEvent[]> {
  return (await ask<ApiPage<ApiEvent>>(world, `/v1/events?${query}&limit=200`)).body.items.toReversed()
}

/** The command's way: another process with a mended file, on the database of the running service. */
function byHand(world: World, rules: string) {
  const text = `
public_url: https://risiti.example
karibu: { api_key: "\${NOT_SET}", sender: "255700000001" }
shops:
  duka: { platform: woocommerce, secrets: ["\${NOT_SET}"], country: TZ, brand: { name: Duka } }
  mtandao: { platform: standard, secrets: ["\${NOT_SET}"], country: TZ, brand: { name: Mtandao } }
rules:${rules}`
  const { config } = loadConfig({ file: join(world.folder, 'new.yaml'), text, env: {}, secretsOptional: true })
  const { store } = world.app
  return replayByHand({
    config,
    platformNamed,
    store,
    localeOf: localeFor,
    clock: world.clock,
    ids: createIds(world.clock),
  })
}

describe('an event taken once more', () => {
  test('sends nothing again, however often, and is an event of its own that names the first', async () => {
    const world = await openWorld()
    await world.shopSends('woocommerce', paidOrder())
    await world.run(MINUTE)
    const [first] = await eventsOf(world)
    for (const time of [1, 2, 3]) {
      const { status, body } = await replay(world, first?.id ?? '')
      expect(status).toBe(202)
      expect(body).toMatchObject({ source: 'duka', type: 'order.paid', outcome: 'handled', order_number: 'DUKA-0107' })
      expect(body.id).not.toBe(first?.id)
      expect(body.trace[0]?.text).toMatch(new RegExp(`^event ${first?.id} of 2026-11-20T.*, taken once more$`))
      expect(body.trace.map(({ text }) => text)).toContain('this message was made already; no second one is made')
      expect(await eventsOf(world)).toHaveLength(1 + time)
    }
    const last = (await eventsOf(world)).at(-1)
    expect((await replay(world, last?.id ?? '')).body.trace[0]?.text).toContain(first?.id)
    expect(await world.messages()).toHaveLength(1)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('makes by a mended rule what was never made, once, and the running service sends it', async () => {
    const world = await openWorld(WRONG)
    await world.shopSends('woocommerce', paidOrder())
    await world.shopSends('woocommerce', paidOrder({ id: '2', number: 'A2' }))
    await world.run(MINUTE)
    expect(await world.messages()).toEqual([])
    const { replay: one } = await byHand(world, RECEIPT)
    for (let time = 0; time < 2; time++) for (const { id } of await eventsOf(world)) await one(id)
    await world.run(2 * MINUTE)
    expect(await world.messages()).toMatchObject([{ order_number: 'DUKA-0107' }, { order_number: 'A2' }])
    expect(world.karibu.images()).toHaveLength(2)
  })

  test('too old an order still messages nobody', async () => {
    const world = await openWorld(WRONG)
    await world.shopSends('woocommerce', paidOrder())
    await world.leap(3 * DAY)
    const [event] = await eventsOf(world)
    await (await byHand(world, RECEIPT)).replay(event?.id ?? '')
    await world.run(2 * MINUTE)
    expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'too_old' } }])
    expect(world.karibu.images()).toEqual([])
  })

  test('the order’s newer state does not go back, and what no longer holds is not told', async () => {
    const world = await openWorld(WRONG)
    await world.shopSends('woocommerce', paidOrder({ cancelledAt: START - 500 }))
    const reopened = paidOrder({ updatedAt: START, customer: { name: 'Asha Mpya', phone: '0712 345 678' } })
    await world.shopSends('woocommerce', reopened)
    const [first] = await eventsOf(world)
    const cancelled = RECEIPT.replace('order.paid', 'order.cancelled').replace('receipt\n', 'gone\n')
    await (await byHand(world, `${RECEIPT.trimEnd()}${cancelled}`)).replay(first?.id ?? '')
    await world.run(2 * MINUTE)
    expect(await world.app.store.findOrder('duka', '4522')).toMatchObject({
      cancelledAt: null,
      customer: { name: 'Asha Mpya' },
    })
    expect(await world.messages()).toMatchObject([{ caption: 'Asante', status: 'read' }])
  })

  test('one that led to nothing is asked about all it says', async () => {
    const world = await openWorld(WRONG)
    await world.shopSends('woocommerce', paidOrder({ updatedAt: START }))
    await world.shopSends('woocommerce', paidOrder({ updatedAt: START, payment: { method: 'Tigo', reference: '1' } }))
    const [ignored] = await eventsOf(world, 'outcome=ignored')
    expect(ignored?.reason).toMatch(/^nothing new/)
    await (await byHand(world, RECEIPT)).replay(ignored?.id ?? '')
    await world.run(2 * MINUTE)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('a customer’s message without an id is not answered twice', async () => {
    const rules = `
  - name: price-list
    on: message.received
    send: { image: { url: "https://duka.example/bei.png" }, caption: "Bei" }
`
    const world = await openWorld(rules)
    const before = (await world.messages()).length
    const relayed = toyMessage(SECRETS.standard, { from: '+255754000123', text: 'Bei?', at: world.clock.now() })
    await postToy(`${world.url}/webhooks/mtandao`, relayed)
    await world.settle()
    const [event] = await eventsOf(world, 'source=mtandao')
    expect((await replay(world, event?.id ?? '')).status).toBe(202)
    expect((await replay(world, event?.id ?? '')).body.type).toBe('message.received')
    const [listed] = await eventsOf(world, 'source=karibu')
    expect((await replay(world, listed?.id ?? '')).body).toMatchObject({ type: 'message.received', outcome: 'handled' })
    expect(await world.messages()).toHaveLength(before + 1)
  })
})

test('what cannot be read again, is not there, or may not be asked for is refused', async () => {
  const settings = `api: { tokens: [{ name: read, token: "\${READ_TOKEN}", scopes: [read] }, { name: send, token: "\${SEND_TOKEN}", scopes: [send] }] }`
  const world = await testWorld({ rules: RECEIPT, settings })
  await world.shopSends('woocommerce', paidOrder())
  const [event] = await eventsOf(world)
  const path = `/v1/events/${event?.id}/replay`
  expect((await ask(world, path, { method: 'POST', token: 'test-token-of-read-scope' })).status).toBe(403)
  expect((await ask(world, path, { method: 'POST', token: SEND_TOKEN })).status).toBe(202)
  expect((await ask(world, '/v1/events/evt_none/replay', { method: 'POST' })).status).toBe(404)
  await world.run(MINUTE)
  await world.app.store.removeBodies(world.clock.now(), 100)
  const gone = await ask<ApiProblem>(world, path, { method: 'POST' })
  expect([gone.status, gone.body.error.code]).toEqual([409, 'event.not_possible'])
})

describe('by hand', () => {
  test('events are counted first, by filter or by id; replays and bodies that are gone are not among them', async () => {
    const world = await openWorld(WRONG)
    await world.shopSends('woocommerce', paidOrder())
    await world.run(MINUTE)
    await world.app.store.removeBodies(world.clock.now() - 1, 1)
    const store = world.app.store
    const { ids: noBody, bodiesGone } = await chooseEvents(
      { events: [], filter: { source: 'karibu' }, now: world.clock.now() },
      store,
    )
    expect([noBody.length, bodiesGone]).toEqual([0, 1])
    await world.shopSends(
      'woocommerce',
      paidOrder({ id: '2', number: 'A2', paidAt: world.clock.now(), updatedAt: world.clock.now() }),
    )
    const choose = (filter: Record<string, string>, events: string[] = []) =>
      chooseEvents({ events, filter, now: world.clock.now() + 1 }, store)
    const [, second] = await eventsOf(world)
    const chosen = await choose({ since: '1h' })
    expect(tellChosen(chosen)).toBe(
      'EVENTS  FROM  TYPE\n------  ----  ----------\n2       duka  order.paid\n\n2 events to replay.\n1 more cannot be read again: their bodies are erased or kept no longer.',
    )
    expect((await choose({ order: 'A2' })).ids).toEqual([second?.id])
    expect((await choose({}, [second?.id ?? ''])).ids).toEqual([second?.id])
    expect((await choose({ outcome: 'ignored' })).ids).toEqual([])
    expect((await choose({ type: 'order.refunded', source: 'duka' })).ids).toEqual([])
    await expect(choose({})).rejects.toThrow('say which events')
    await expect(choose({}, ['evt_none'])).rejects.toThrow('there is no event evt_none')

    const { replay: one } = await byHand(world, RECEIPT)
    const replayed = await replayAll(chosen.ids, one, undefined)
    expect(tellReplayed(replayed)).toMatch(/^2 events replayed; 2 messages due because of it\./)
    await world.run(2 * MINUTE)
    expect(world.karibu.images()).toHaveLength(2)
    expect((await choose({ source: 'duka' })).ids).toEqual(chosen.ids)
    expect(tellReplayed(await replayAll(chosen.ids, one, undefined))).toMatch(/^2 events replayed; 0 messages due/)
  })

  test('signs in a body that would steer the terminal or turn its lines round are shown spelled out', async () => {
    const world = await openWorld()
    const customer = { name: 'Asha\u009b31m \u202eMwinyi é', phone: '0712 345 678' }
    const sent = await world.shopSends('standard', paidOrder({ customer }))
    await world.run(MINUTE)
    const { event_id: id } = sent.body as { event_id: string }
    const shown = await runEvent(id, { json: false, timezone: 'UTC' }, world.app.store)
    expect(shown).toContain(String.raw`Asha\u009b31m`)
    expect(shown).toContain('Mwinyi é')
    expect(shown).not.toMatch(/[\u007f-\u009f\u202e]/)
  })

  test('events are listed and shown as the API does', async () => {
    const world = await openWorld()
    await world.shopSends('woocommerce', paidOrder())
    await world.run(MINUTE)
    const store = world.app.store
    const list = {
      limit: undefined,
      cursor: undefined,
      timezone: 'Africa/Dar_es_Salaam',
      now: world.clock.now(),
      columns: 200,
    }
    const filter = { source: 'duka' }
    const asJson: unknown = JSON.parse(await runEvents({ ...list, filter, json: true }, store))
    expect(asJson).toEqual((await ask(world, '/v1/events?source=duka')).body)
    const table = await runEvents({ ...list, filter, json: false }, store)
    expect(table).toMatch(/20 Nov 12:00 +duka {2}order\.paid {2}DUKA-0107 {2}handled/)
    expect(await runEvents({ ...list, filter: { source: 'none' }, json: false }, store)).toBe('No event fits.')
    const [event] = await eventsOf(world)
    const shown = await runEvent(event?.id ?? '', { json: false, timezone: 'UTC' }, store)
    expect(shown).toContain('receipt: matched: the event is order.paid')
    expect(shown).toContain('"number":"DUKA-0107"')
    expect(JSON.parse(await runEvent(event?.id ?? '', { json: true, timezone: 'UTC' }, store))).toEqual(
      (await ask(world, `/v1/events/${event?.id}`)).body,
    )
  })
})
