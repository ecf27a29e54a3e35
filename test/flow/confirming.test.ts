import { request } from 'undici'
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { type ApiEvent, ask } from '../support/api.ts'
import { keptLines } from '../support/kept-lines.ts'
import { gatewayWorld, notify, PATH_SECRET, PAYMENT, type ToyGateway } from '../support/toy-gateway.ts'
import { ASHA, paidOrder, type World } from '../support/world.ts'

async function customerIsThere(world: World): Promise<void> {
  world.karibu.customerWrites(ASHA)
  await world.run(15 * SECOND)
}

/** The shop's events by the API, oldest first. */
async function events(world: World): Promise<ApiEvent[]> {
  const { body } = await ask<{ items: ApiEvent[] }>(world, '/v1/events?source=malipo&limit=200')
  return body.items.toReversed()
}

async function metric(world: World, name: string): Promise<number | undefined> {
  const { text } = await ask(world, '/metrics')
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}

test('what is only claimed becomes a receipt when the platform’s API says so, and both events tell how', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  const answer = await notify(world, { id: 'P1', amount: '18000', reference: 'INV-7' })
  expect(answer).toMatchObject({ status: 200, body: { received: true } })
  expect(await events(world)).toMatchObject([
    { type: 'claim.received', outcome: 'handled', reason: null, trace: [{ text: expect.stringMatching(/^waits/) }] },
  ])
  expect(gateway.asked).toBe(0)

  await world.run(10 * SECOND)
  expect(gateway.asked).toBe(1)
  expect(world.karibu.images()).toHaveLength(1)
  const [claimed, believed] = await events(world)
  expect(claimed?.trace).toMatchObject([
    { step: 'confirm payment:P1', text: `confirmed by the platform’s API: event ${believed?.id}` },
  ])
  expect(believed).toMatchObject({ type: 'order.paid', topic: 'confirmed', order_id: 'P1', order_number: 'INV-7' })
  expect(believed?.trace[0]?.text).toContain(claimed?.id)
  expect(await metric(world, 'risiti_confirmations_total{shop="malipo",outcome="confirmed"}')).toBe(1)
})

test('the confirmed event keeps what was believed and on what answers, without any credential', async () => {
  const { world, gateway } = await gatewayWorld()
  gateway.payments.set('P1', PAYMENT)
  await notify(world, { id: 'P1' })
  await world.run(10 * SECOND)
  const believed = (await events(world))[1]
  const { body } = (await ask<{ body: string }>(world, `/v1/events/${believed?.id}`)).body
  expect(body).not.toMatch(/session-token|gateway-key/)
  expect(JSON.parse(body)).toMatchObject({
    claim: { subject: 'payment:P1', amount: null },
    answers: [
      { method: 'POST', path: '/session', status: 200, body: { token: '[left out]' } },
      { method: 'GET', path: '/payments/P1', status: 200, body: { status: 'paid', amount: '18000' } },
    ],
    readings: [{ kind: 'order', order: { id: 'P1', total: 1_800_000 } }],
  })
})

test('a pending payment is asked about again, and its receipt goes out when it is paid', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', { ...PAYMENT, status: 'pending' })
  await notify(world, { id: 'P1' })
  await world.run(5 * MINUTE)
  const [waiting] = await events(world)
  expect(waiting?.trace[0]?.text).toMatch(/^asked \d+ times; not decided yet: the customer has not entered the PIN$/)
  expect(world.karibu.images()).toHaveLength(0)
  gateway.payments.set('P1', PAYMENT)
  await world.run(10 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
  expect(gateway.asked).toBeLessThan(15)
})

test('a payment that stays pending is given up after three days, with the reason', async () => {
  const { world, gateway } = await gatewayWorld()
  gateway.payments.set('P1', { ...PAYMENT, status: 'pending' })
  await notify(world, { id: 'P1' })
  for (let hours = 0; hours < 76; hours += 4) await world.leap(4 * HOUR)
  expect(await events(world)).toMatchObject([
    {
      outcome: 'ignored',
      reason:
        'given up, and nothing believed: it is still undecided after three days (the customer has not entered the PIN)',
    },
  ])
  const before = gateway.asked
  await world.leap(DAY)
  expect(gateway.asked).toBe(before)
  expect(await metric(world, 'risiti_confirmations_total{shop="malipo",outcome="given_up"}')).toBe(1)
})

test('an API that is down, out of order or throttling costs time and nothing else', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  await gateway.stop()
  await notify(world, { id: 'P1' })
  await world.run(3 * MINUTE)
  expect((await events(world))[0]?.trace[0]?.text).toMatch(/^asked \d+ times; no answer yet: .*ECONNREFUSED/)
  const { body } = await world.get('/readyz')
  expect(body).toMatchObject({ waiting_confirmations: [{ shop: 'malipo', count: 1 }] })
  expect(await metric(world, 'risiti_oldest_confirmation_age_seconds{shop="malipo"}')).toBe(180)

  await gateway.start()
  gateway.next({ status: 503, body: 'not even JSON' })
  gateway.next({ status: 429, headers: { 'retry-after': '600' } })
  for (let minutes = 0; gateway.asked < 2 && minutes < 30; minutes++) await world.run(MINUTE)
  expect((await world.get('/readyz')).body).toMatchObject({ paused_shops: [{ code: 'api.throttled' }] })
  await world.run(9 * MINUTE)
  expect(gateway.asked).toBe(2)
  await world.run(6 * MINUTE)
  expect(gateway.asked).toBe(3)
  expect(world.karibu.images()).toHaveLength(1)
})

test('refused credentials pause the shop, loudly, and what waited is confirmed when they work again', async () => {
  const { log, lines } = keptLines()
  const { world, gateway } = await gatewayWorld({ log })
  await customerIsThere(world)
  gateway.keyWorks = false
  for (const id of ['P1', 'P2', 'P3']) {
    gateway.payments.set(id, { ...PAYMENT, reference: id })
    await notify(world, { id })
  }
  await world.run(25 * MINUTE)
  expect(gateway.asked).toBe(0)
  const refusals = lines.filter(({ name }) => name === 'platform_api.refuses_key')
  expect(refusals[0]).toMatchObject({ level: 'error', fields: { shop: 'malipo', code: 'api.key_refused' } })
  // Two were under way at first; then one question tries the key each time.
  expect(refusals.length).toBeLessThanOrEqual(2 + 5)
  expect(JSON.stringify(lines)).not.toMatch(/255712345678|gateway-key|unguessable-part/)
  expect((await world.get('/readyz')).body).toMatchObject({
    status: 'degraded',
    paused_shops: [{ shop: 'malipo', code: 'api.key_refused' }],
  })
  expect(await metric(world, 'risiti_platform_api_paused{shop="malipo",code="api.key_refused"}')).toBe(1)
  expect(await metric(world, 'risiti_confirmations_waiting{shop="malipo"}')).toBe(3)

  gateway.keyWorks = true
  await world.run(20 * MINUTE)
  expect(world.karibu.images()).toHaveLength(3)
  expect((await world.get('/readyz')).body).toMatchObject({ status: 'ok', paused_shops: [], waiting_confirmations: [] })
})

test('a key mended in the settings is tried at once after the restart', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.keyWorks = false
  gateway.payments.set('P1', PAYMENT)
  await notify(world, { id: 'P1' })
  await world.run(2 * SECOND)
  gateway.keyWorks = true
  await world.restart()
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
})

test('claims of a shop the settings do not name wait for it, and are asked about when they do', async () => {
  const { world, gateway, settings } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  await notify(world, { id: 'P1' })
  const { malipo } = settings.config.shops
  delete settings.config.shops.malipo
  await world.run(5 * MINUTE)
  expect((await events(world))[0]?.trace[0]?.text).toContain('the configuration does not name this shop')
  if (malipo) settings.config.shops.malipo = malipo
  await world.restart()
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
})

test('another amount than was claimed messages nobody and is said loudly', async () => {
  const { log, lines } = keptLines()
  const { world, gateway } = await gatewayWorld({ log })
  await customerIsThere(world)
  gateway.payments.set('P1', { ...PAYMENT, amount: '180' })
  await notify(world, { id: 'P1', amount: '18000' })
  gateway.payments.set('P2', PAYMENT)
  await notify(world, { id: 'P2', reference: 'INV-8' })
  gateway.payments.set('P3', { ...PAYMENT, currency: 'KES' })
  await notify(world, { id: 'P3', currency: 'TZS' })
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toEqual([])
  expect(await world.messages()).toEqual([])
  expect((await events(world)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['ignored', 'not confirmed: the notification speaks of TSh 18,000, the platform’s API of TSh 180'],
    ['ignored', 'not confirmed: the notification names another reference than the platform’s API'],
    ['ignored', 'not confirmed: the notification speaks of TZS, the platform’s API of KES'],
  ])
  const loud = lines.filter(({ level, name }) => level === 'error' && name === 'claim.mismatch')
  expect(loud).toHaveLength(3)
  expect(await metric(world, 'risiti_confirmations_total{shop="malipo",outcome="denied"}')).toBe(3)
})

test('a false claim beside a true one of the same payment neither spoils nor spares it', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  await notify(world, { id: 'P1', amount: '18000' })
  await notify(world, { id: 'P1', amount: '1' })
  await world.run(10 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
  expect((await events(world)).map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
    'claim.received handled',
    'claim.received ignored',
    'order.paid handled',
  ])
})

test('a failed payment and an unknown one are denied with their reason', async () => {
  const { world, gateway } = await gatewayWorld()
  gateway.payments.set('P1', { ...PAYMENT, status: 'failed' })
  await notify(world, { id: 'P1' })
  await notify(world, { id: 'P2' })
  await world.run(10 * SECOND)
  expect((await events(world)).map(({ reason }) => reason)).toEqual([
    'not confirmed: the payment failed',
    'not confirmed: Toy Pay knows no such payment',
  ])
  expect(await world.messages()).toEqual([])
})

test('an API that calls the question wrong, or answers what cannot be read, is given up after a few tries', async () => {
  const { world, gateway } = await gatewayWorld()
  const answers = [
    { status: 400, body: '{"message":"payment 255712345678 is not valid"}' },
    { status: 302, headers: { location: 'https://elsewhere.example/' } },
    { status: 200, body: '<html>' },
    { status: 200, body: 'null' },
    { status: 409 },
    { status: 422 },
    { status: 200, body: `"${'x'.repeat(3 * 1024 * 1024)}"` },
    { status: 400, body: '{"errors":[{"detail":"no such thing"}]}' },
  ]
  for (const answer of answers) gateway.next(answer)
  await notify(world, { id: 'P1' })
  await world.run(2 * SECOND)
  expect((await events(world))[0]?.trace[0]?.text).toBe(
    'asked once; no usable answer: Toy Pay’s API answered 400: payment … is not valid',
  )
  for (let tries = 1; tries < 8; tries++) await world.leap(10 * MINUTE)
  expect(gateway.asked).toBe(8)
  expect((await events(world))[0]).toMatchObject({
    outcome: 'ignored',
    reason: 'given up, and nothing believed: asked 8 times: Toy Pay’s API answered 400: no such thing',
  })
})

test('four notifications at once are one question and one receipt', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  const same = { settle: false }
  const four = [{ id: 'P1' }, { id: 'P1' }, { id: 'P1' }, { id: 'P1' }]
  const answers = await Promise.all(four.map((one) => notify(world, one, same)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const get = await request(`${world.url}/webhooks/malipo/${PATH_SECRET}?id=P1`)
  await get.body.dump()
  expect(get.statusCode).toBe(200)
  await world.run(MINUTE)
  expect(gateway.asked).toBe(1)
  expect(world.karibu.images()).toHaveLength(1)
  // By POST and by GET: two events of one question.
  const told = (await events(world)).filter(({ type }) => type === 'claim.received').map(({ trace }) => trace[0]?.text)
  expect(told).toHaveLength(2)
  expect(new Set(told).size).toBe(1)
})

test('a notification alike to the byte is asked about again: a refund after the payment stops what is held', async () => {
  const { world, gateway } = await gatewayWorld()
  gateway.payments.set('P1', PAYMENT)
  await notify(world, { id: 'P1' })
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'held' }])
  gateway.payments.set('P1', { ...PAYMENT, status: 'refunded' })
  expect((await notify(world, { id: 'P1' })).status).toBe(200)
  await world.run(MINUTE)
  expect(gateway.asked).toBe(2)
  expect(await world.messages()).toMatchObject([{ status: 'cancelled', reason: { code: 'order_refunded' } }])
  expect((await events(world)).map(({ type }) => type)).toEqual(['claim.received', 'order.paid', 'order.refunded'])
})

test('a claim about what no platform could name is kept for a person, and nobody is asked', async () => {
  const { world, gateway } = await gatewayWorld()
  expect((await notify(world, { id: 'x'.repeat(100_000) })).status).toBe(200)
  await world.run(10 * SECOND)
  expect(await events(world)).toMatchObject([{ outcome: 'ignored', reason: expect.stringMatching(/could be asked/) }])
  expect(gateway.asked).toBe(0)
})

test('without the secret in the address nothing is taken in', async () => {
  const { world, gateway } = await gatewayWorld()
  for (const secret of ['', '/guessed-part-of-the-address']) {
    expect(await notify(world, { id: 'P1' }, { secret })).toMatchObject({
      status: 401,
      body: { error: { code: expect.stringMatching(/^signature\./) } },
    })
  }
  await world.run(MINUTE)
  expect(await events(world)).toEqual([])
  expect(gateway.asked).toBe(0)
  expect((await world.get('/readyz')).body).toMatchObject({ waiting_confirmations: [] })
})

test('while the API is slow, intake and other shops go on; what came meanwhile makes it be asked once more', async () => {
  const { world, gateway } = await gatewayWorld()
  const release = await askedWithoutAnswer(world, gateway)
  const { status } = await notify(world, { id: 'P1' }, { settle: false })
  expect(status).toBe(200)
  const sent = world.shopSends('woocommerce', paidOrder())
  await turnsUntil(() => world.karibu.images().length === 1)
  expect(gateway.asked).toBe(1)
  release()
  await sent
  await world.run(10 * SECOND)
  expect(gateway.asked).toBe(2)
  expect(world.karibu.images()).toHaveLength(2)
})

test('a crash between the answer and its commit is asked again, and makes one receipt', async () => {
  const { world, gateway } = await gatewayWorld()
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  const { store } = world.app
  const settle = store.settleQuestion
  store.settleQuestion = async () => {
    throw new Error('the power went')
  }
  await notify(world, { id: 'P1' })
  await world.run(2 * SECOND)
  expect(gateway.asked).toBe(1)
  expect(await events(world)).toHaveLength(1)
  store.settleQuestion = settle
  await world.restart()
  await world.run(MINUTE)
  expect(gateway.asked).toBe(2)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await events(world)).toHaveLength(2)
})

test('a stop in the middle of asking cuts it after seven seconds; it is asked again after the start', async () => {
  const { world, gateway } = await gatewayWorld()
  const release = await askedWithoutAnswer(world, gateway)
  let stopped = false
  const stop = world.app.stop().then(() => {
    stopped = true
  })
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(stopped).toBe(false)
  world.clock.moveTo(world.clock.now() + 7 * SECOND)
  await stop
  release()
  await world.restart()
  await world.run(MINUTE)
  expect(gateway.asked).toBe(2)
  expect(world.karibu.images()).toHaveLength(1)
})

/** A payment of a customer who is there, being asked about; the API answers when the returned function is called. */
async function askedWithoutAnswer(world: World, gateway: ToyGateway): Promise<() => void> {
  await customerIsThere(world)
  gateway.payments.set('P1', PAYMENT)
  const release = gateway.hold()
  await notify(world, { id: 'P1' })
  world.clock.moveTo(world.clock.now() + SECOND)
  await turnsUntil(() => gateway.asked === 1)
  return release
}

async function turnsUntil(holds: () => boolean): Promise<void> {
  // Pictures are drawn on threads of their own, which a busy machine lets wait.
  const until = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > until) throw new Error('it did not come about')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
