import { join } from 'node:path'
import Database from 'better-sqlite3'
import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import { personTarget } from '../../src/privacy/erase.ts'
import { postToy, toyMessage } from '../../src/sandbox/toy-shop.ts'
import { type ApiEvent, ask } from '../support/api.ts'
import { ASHA, paidOrder, READ_TOKEN, SECRETS, SEND_TOKEN, testWorld, type World } from '../support/world.ts'

const KEY = 'wc_order_Ab12Cd34Ef56G'
const JUMA = '255754000222'
const HOUR = 3_600_000
const DAY = 24 * HOUR
const NO_PHONE = { name: 'Asha Mwinyi', phone: null }
const SLOW_POLL = '  poll_inbound_every: 1h'

interface Claim {
  code: string
  link: string
  expires_at: string
  claimed_at: string | null
  qr_svg: string
  qr_png: string
}

async function linkOf(world: World, order = '4522', shop = 'duka') {
  const { status, body } = await ask<Claim>(world, `/v1/orders/${shop}/${order}/claim`)
  expect(status).toBe(200)
  return body
}

/** As a browser on the thank-you page. */
async function open(world: World, path: string, headers: Record<string, string> = {}) {
  const answer = await request(world.url + path, { headers })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString('utf8') }
}

async function told(world: World): Promise<string[]> {
  const { body } = await world.get<{ items: ApiEvent[] }>('/v1/events?type=message.received')
  return body.items.flatMap(({ trace }) => trace.filter(({ step }) => step === 'claim').map(({ text }) => text))
}

/** The buyer taps the link and sends what is written there already. */
async function taps(world: World, link: string, phone: string): Promise<void> {
  world.karibu.customerWrites(phone, { text: new URL(link).searchParams.get('text') ?? '' })
  await world.run(40_000)
}

describe('the link', () => {
  test('a web buyer who never wrote taps the link of the thank-you page and has the receipt', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ key: KEY }))
    expect(await world.messages()).toMatchObject([{ status: 'held' }])
    const { status, headers } = await open(world, `/claim/duka/4522?key=${KEY}`)
    expect({ status, cache: headers['cache-control'] }).toEqual({ status: 302, cache: 'no-store' })
    const { link } = await linkOf(world)
    expect(headers['location']).toBe(link)
    expect(link).toMatch(/^https:\/\/wa\.me\/255700000001\?text=Risiti%20[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    await taps(world, link, ASHA)
    expect(world.karibu.images()).toMatchObject([{ to: ASHA }])
    expect(await world.messages()).toMatchObject([{ to: ASHA, attempts: 1 }])
    expect((await linkOf(world)).claimed_at).not.toBeNull()
  })

  test.each(['shopify', 'standard'] as const)('the key of a %s order opens it too', async (platform) => {
    const world = await testWorld()
    const shop = platform === 'shopify' ? 'soko' : 'mtandao'
    await world.shopSends(platform, paidOrder({ key: KEY, id: '5678901234567890123' }))
    const { status, headers } = await open(world, `/claim/${shop}/5678901234567890123?key=${KEY}`)
    expect({ status, to: headers['location'] }).toEqual({
      status: 302,
      to: (await linkOf(world, '5678901234567890123', shop)).link,
    })
  })

  test('is the same at each look, another for each order, and may be asked for by readers and senders', async () => {
    const world = await testWorld({
      settings: `api: { tokens: [{ name: r, token: "\${READ_TOKEN}", scopes: [read] }, { name: s, token: "\${SEND_TOKEN}", scopes: [send] }] }`,
    })
    await world.shopSends('woocommerce', paidOrder({ id: '1', number: '2' }))
    await world.shopSends('woocommerce', paidOrder({ id: '2', number: '3' }))
    const [one, two] = [await linkOf(world, '1'), await linkOf(world, '2')]
    expect(one.code).not.toBe(two.code)
    expect((await linkOf(world, '3')).code).toBe(two.code)
    await world.restart()
    for (const token of [READ_TOKEN, SEND_TOKEN]) {
      expect((await ask<Claim>(world, '/v1/orders/duka/1/claim', { token })).body.code).toBe(one.code)
    }
    expect(one.expires_at).toBe('2026-11-27T09:00:00.000Z')
  })

  test('comes as a QR code, drawn as SVG and as a sound PNG', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ key: KEY }))
    const bearer = { authorization: `Bearer test-token-of-full-scope` }
    const { qr_svg: svg, qr_png: png } = await linkOf(world)
    const [drawn, pixels] = [
      await open(world, svg.slice(world.url.length), bearer),
      await open(world, png.slice(world.url.length), bearer),
    ]
    expect(drawn.headers['content-type']).toContain('image/svg+xml')
    expect(drawn.text).toMatch(/^<svg/)
    expect(pixels.headers['content-type']).toBe('image/png')
    expect(pixels.bytes.subarray(1, 4).toString()).toBe('PNG')
    const shown = await open(world, `/claim/duka/4522?key=${KEY}&qr=png`)
    expect(shown.bytes.equals(pixels.bytes)).toBe(true)
    expect(shown.headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect((await open(world, `/claim/duka/4522?key=${KEY}&qr=svg`)).text).toBe(drawn.text)
  })

  test('gives nothing away: a wrong key, an unknown order and an unknown shop are answered alike, and slowed down', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ key: KEY }))
    const wrong = [
      '/claim/duka/4522?key=wc_order_wrong',
      '/claim/duka/4522',
      '/claim/duka/4523?key=wc_order_wrong',
      '/claim/nobody/4522?key=wc_order_wrong',
      `/claim/constructor/4522?key=${KEY}`,
    ]
    const answers = []
    for (const path of wrong) answers.push(await open(world, path))
    const [first] = answers
    expect(first).toMatchObject({ status: 404, text: expect.stringContaining('Kiungo hiki') as string })
    for (const { status, text, headers } of answers) {
      expect({ status, text }).toEqual({ status: first?.status, text: first?.text })
      expect({ ...headers, date: '' }).toEqual({ ...first?.headers, date: '' })
    }
    for (let tried = answers.length; tried < 60; tried++) await open(world, `/claim/duka/4522?key=wrong-${tried}`)
    const limited = await open(world, '/claim/duka/4522?key=wrong')
    expect(limited.status).toBe(429)
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
    // Customers of one mobile network share an address.
    expect((await open(world, `/claim/duka/4522?key=${KEY}`)).status).toBe(302)
  })

  test('there is none for a test order, and none any more for a refunded one', async () => {
    const world = await testWorld()
    await world.shopSends('standard', paidOrder({ key: KEY, test: true }))
    expect(await ask(world, '/v1/orders/mtandao/4522/claim')).toMatchObject({ status: 409 })
    expect((await open(world, `/claim/mtandao/4522?key=${KEY}`)).status).toBe(404)
    await world.shopSends('woocommerce', paidOrder({ key: KEY }))
    const { link } = await linkOf(world)
    const refunds = [{ id: '9', amount: 48_000_00 }]
    await world.shopSends('woocommerce', paidOrder({ key: KEY, refunds, updatedAt: world.clock.now() }))
    expect(await ask(world, '/v1/orders/duka/4522/claim')).toMatchObject({
      status: 409,
      body: { error: { code: 'claim.not_possible' } },
    })
    const gone = await open(world, `/claim/duka/4522?key=${KEY}`)
    expect([gone.status, gone.text]).toEqual([410, expect.stringContaining('refunded in full')])
    expect(gone.text).toContain('Hakuna risiti ya kutuma')
    await taps(world, link, ASHA)
    expect(world.karibu.images()).toEqual([])
    expect(await told(world)).toEqual(['the code of an order was written, but the order was refunded in full'])
  })

  test('neither the key nor the code lies readable in the database, outside the bodies as they came', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ key: KEY }))
    const { code, link } = await linkOf(world)
    await taps(world, link, ASHA)
    const database = new Database(join(world.folder, 'data', 'risiti.db'), { readonly: true })
    const tables = database.prepare<[], { name: string }>("select name from sqlite_master where type = 'table'").all()
    const kept = tables
      .filter(({ name }) => name !== 'event_bodies')
      .map(({ name }) => JSON.stringify(database.prepare(`select * from "${name}"`).all()))
      .join('\n')
    database.close()
    expect(kept).toContain('4522')
    for (const secret of [KEY, code, code.replaceAll('-', '')]) expect(kept).not.toContain(secret)
  })
})

describe('whoever writes the code gets the receipt', () => {
  test('of an order without a phone', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ customer: NO_PHONE }))
    expect(await world.messages()).toMatchObject([{ status: 'skipped', reason: { code: 'no_phone' } }])
    await taps(world, (await linkOf(world)).link, JUMA)
    expect(world.karibu.images()).toMatchObject([{ to: JUMA }])
  })

  test('by their conversation, when no phone number is known of them at all', async () => {
    const world = await testWorld({ karibu: SLOW_POLL })
    await world.shopSends('woocommerce', paidOrder({ customer: NO_PHONE }))
    const { code } = await linkOf(world)
    await world.run(60_000)
    const { conversationId } = world.karibu.customerWrites(JUMA)
    const message = { from: '', conversation_id: conversationId, text: `Risiti ${code}`, at: world.clock.now() }
    await postToy(`${world.url}/webhooks/mtandao`, toyMessage(SECRETS.standard, message))
    await world.run(1_000)
    expect(world.karibu.images()).toMatchObject([{ to: JUMA }])
    expect(await world.messages()).toMatchObject([{ to: null, attempts: 1 }])
  })

  test('although the order names somebody else’s phone, and that one gets no second', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder())
    await taps(world, (await linkOf(world)).link, JUMA)
    expect(world.karibu.images()).toMatchObject([{ to: JUMA }])
    await taps(world, 'https://wa.me/?text=Habari', ASHA)
    await world.shopSends('woocommerce', paidOrder({ updatedAt: world.clock.now() }))
    await world.run(60_000)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('in a longer text, with what a hand did to it', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder())
    const { code } = await linkOf(world)
    const text = `Habari dada, naomba risiti ${code.toLowerCase().replaceAll('-', ' ')} ya jana, asante`
    world.karibu.customerWrites(JUMA, { text })
    await world.run(40_000)
    expect(world.karibu.images()).toMatchObject([{ to: JUMA }])
  })

  test('without the consent box of the order: writing in is their yes to this message', async () => {
    const world = await testWorld({
      change: ({ config }) => {
        const shop = config.shops['duka']
        if (shop) shop.consent = { field: 'whatsapp_opt_in', values: ['yes'], required: true }
      },
    })
    await world.shopSends('woocommerce', paidOrder())
    expect(await world.messages()).toMatchObject([{ reason: { code: 'no_consent' } }])
    await taps(world, (await linkOf(world)).link, ASHA)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('of an order that is paid after they wrote', async () => {
    const world = await testWorld()
    const { paidAt: _unpaid, ...unpaid } = paidOrder({ customer: NO_PHONE })
    await world.shopSends('woocommerce', unpaid)
    await taps(world, (await linkOf(world)).link, JUMA)
    expect(world.karibu.images()).toEqual([])
    const now = world.clock.now()
    await world.shopSends('woocommerce', paidOrder({ customer: NO_PHONE, paidAt: now, updatedAt: now }))
    await world.run(5_000)
    expect(world.karibu.images()).toMatchObject([{ to: JUMA }])
  })
})

describe('nothing goes twice, and nothing goes that should not', () => {
  test('relay and poll tell of the same message: one receipt', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ customer: NO_PHONE }))
    const text = `Risiti ${(await linkOf(world)).code}`
    world.karibu.customerWrites(JUMA, { text })
    const relayed = toyMessage(SECRETS.standard, { from: `+${JUMA}`, text, at: world.clock.now() })
    await postToy(`${world.url}/webhooks/mtandao`, relayed)
    await world.run(90_000)
    expect(world.karibu.images()).toHaveLength(1)
    expect((await told(world)).toSorted()).toEqual([
      'the code of its order was written: it goes to whoever wrote it',
      'this contact wrote the code before; nothing is sent again for it',
    ])
  })

  test('a code is good once: neither the same contact nor another gets it again', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ key: KEY }))
    const { link } = await linkOf(world)
    await taps(world, link, ASHA)
    await taps(world, link, ASHA)
    await taps(world, link, JUMA)
    expect(world.karibu.images()).toMatchObject([{ to: ASHA }])
    expect(world.karibu.messages()).toHaveLength(1)
    expect((await told(world)).at(0)).toBe('a code was written that was used before')
    const spent = await open(world, `/claim/duka/4522?key=${KEY}`)
    expect([spent.status, spent.text]).toEqual([410, expect.stringContaining('This link has been used')])
    expect(spent.text).toContain('Kiungo hiki kimeshatumika')
    expect(spent.text).not.toMatch(/again|tena/)
    expect((await open(world, '/claim/duka/4522?key=wrong')).text).not.toContain('used')
    expect(await linkOf(world)).toMatchObject({ usable: false, why_not: 'it was used: a code is good once' })
  })

  test('a receipt that went out by itself is not sent to whoever comes with the code', async () => {
    const world = await testWorld()
    world.karibu.customerWrites(ASHA)
    await world.run(40_000)
    await world.shopSends('woocommerce', paidOrder())
    await world.run(10_000)
    const claim = await linkOf(world)
    expect(claim).toMatchObject({ usable: false, why_not: 'the receipt has gone out, and nothing is sent twice' })
    await taps(world, claim.link, JUMA)
    expect(world.karibu.images()).toMatchObject([{ to: ASHA }])
  })

  test('a receipt that was on its way to the order’s phone and came back goes to whoever wrote its code and writes it again', async () => {
    const world = await testWorld({ karibu: SLOW_POLL })
    world.karibu.customerWrites(ASHA)
    await world.run(HOUR)
    const writes = async () => {
      const text = `Risiti ${(await linkOf(world)).code}`
      const message = { from: `+${JUMA}`, text, at: world.clock.now() }
      await postToy(`${world.url}/webhooks/mtandao`, toyMessage(SECRETS.standard, message))
      world.karibu.customerWrites(JUMA)
      await world.settle()
    }
    world.karibu.nextSend({ failAsync: 131047 })
    await world.shopSends('woocommerce', paidOrder())
    await world.run(0)
    expect(await world.messages()).toMatchObject([{ status: 'pending', to: ASHA }])
    await writes()
    await world.run(30_000)
    expect(await world.messages()).toMatchObject([{ status: 'held', to: ASHA }])
    await writes()
    await world.run(10_000)
    await writes()
    await world.run(40_000)
    expect(world.karibu.images().map(({ to, status }) => [to, status])).toEqual([
      [ASHA, 'failed'],
      [JUMA, 'read'],
    ])
  })

  test('an expired code gets no answer', async () => {
    const world = await testWorld({ karibu: SLOW_POLL })
    await world.shopSends('woocommerce', paidOrder({ key: KEY, customer: NO_PHONE }))
    const { link } = await linkOf(world)
    expect(await linkOf(world)).toMatchObject({ usable: true, why_not: null })
    await world.leap(7 * DAY)
    const late = await open(world, `/claim/duka/4522?key=${KEY}`)
    expect([late.status, late.text]).toEqual([410, expect.stringContaining('This link has expired')])
    expect(await linkOf(world)).toMatchObject({ usable: false, why_not: 'it has expired' })
    world.karibu.customerWrites(ASHA, { text: new URL(link).searchParams.get('text') ?? '' })
    await world.run(HOUR + 100_000)
    expect(world.karibu.messages()).toEqual([])
    expect(await told(world)).toEqual(['a code was written that had expired'])
  })

  test('a receipt that was held too long goes to whoever comes with a code that is still good', async () => {
    const world = await testWorld({ karibu: SLOW_POLL })
    await world.shopSends('woocommerce', paidOrder())
    const { link } = await linkOf(world)
    await world.leap(3 * DAY - HOUR)
    await world.leap(HOUR)
    expect(await world.messages()).toMatchObject([{ status: 'expired' }])
    world.karibu.customerWrites(ASHA, { text: new URL(link).searchParams.get('text') ?? '' })
    await world.run(HOUR + 100_000)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('whoever said STOP gets nothing for a code, and may use it after START', async () => {
    const world = await testWorld()
    world.karibu.customerWrites(ASHA, { text: 'STOP' })
    await world.run(40_000)
    await world.shopSends('woocommerce', paidOrder({ customer: NO_PHONE }))
    const { link } = await linkOf(world)
    await taps(world, link, ASHA)
    expect(world.karibu.messages()).toEqual([])
    expect(await told(world)).toEqual(['a code was not looked at: nothing may be sent to this contact'])
    world.karibu.customerWrites(ASHA, { text: 'START' })
    await world.run(40_000)
    await taps(world, link, ASHA)
    expect(world.karibu.images()).toHaveLength(1)
  })

  test('who tries out codes gets no answer, and soon not even for a right one; others are not held up', async () => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder({ id: '1', number: '1', customer: NO_PHONE }))
    await world.shopSends('woocommerce', paidOrder({ id: '2', number: '2', customer: NO_PHONE }))
    const [one, two] = [await linkOf(world, '1'), await linkOf(world, '2')]
    const strangers = await testWorld()
    for (let id = 10; id < 15; id++) {
      await strangers.shopSends('woocommerce', paidOrder({ id: String(id), number: String(id) }))
      world.karibu.customerWrites(JUMA, { text: (await linkOf(strangers, String(id))).code })
    }
    await world.run(40_000)
    await taps(world, one.link, JUMA)
    expect(world.karibu.messages()).toEqual([])
    expect((await told(world)).toSorted()).toEqual([
      'a code was not looked at: this contact wrote too many of no use',
      ...Array.from({ length: 5 }, () => 'a code was written that nobody was given'),
    ])
    await taps(world, two.link, ASHA)
    expect(world.karibu.images()).toMatchObject([{ to: ASHA }])
  })
})

test('a link is forgotten with its order, and after a clock that ran ahead it ends as soon as it should', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder({ customer: NO_PHONE }))
  const { expires_at: ends } = await linkOf(world)
  await world.app.store.pullBack(DAY, world.clock.now())
  expect(Date.parse((await linkOf(world)).expires_at)).toBe(Date.parse(ends) - DAY)
  await world.app.store.removeOrders(world.clock.now() + 1, 20)
  expect(await world.app.store.findClaimLink('duka', '4522')).toBeUndefined()
  expect((await ask(world, '/v1/orders/duka/4522/claim')).status).toBe(404)
})

test('neither log nor API, but for the link itself, says a code or a key', async () => {
  const said: string[] = []
  const keep = (fields: object, name: string) => void said.push(JSON.stringify({ name, ...fields }))
  const world = await testWorld({ log: { info: keep, warn: keep, error: keep } })
  await world.shopSends('woocommerce', paidOrder({ key: KEY }))
  const { code, link } = await linkOf(world)
  await open(world, `/claim/duka/4522?key=${KEY}`)
  for (let tried = 0; tried < 62; tried++) await open(world, `/claim/Mwinyi/4522?key=${KEY}`)
  await taps(world, link, ASHA)
  await taps(world, link, JUMA)
  expect(said.filter((line) => line.includes('/claim')).length).toBeGreaterThan(60)
  const [message] = await world.messages()
  for (const path of ['/v1/messages', `/v1/messages/${message?.id}`, '/v1/events', '/v1/conversations'])
    said.push((await ask(world, path)).text)
  for (const secret of [KEY, code, code.replaceAll('-', ''), 'claim/Mwinyi'])
    expect(said.filter((line) => line.includes(secret))).toEqual([])
})

test('an order that is forgotten takes its link along, and a person what they claimed', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder({ key: KEY }))
  await taps(world, (await linkOf(world)).link, JUMA)
  await world.run(60_000)
  const links = () => {
    const database = new Database(join(world.folder, 'data', 'risiti.db'), { readonly: true })
    const rows = database.prepare('select claimed_by as by, claimed_at is not null as spent from claim_links').all()
    database.close()
    return rows
  }
  expect(links()).toMatchObject([{ by: expect.stringMatching(/^cnv_/) as string, spent: 1 }])
  const erase = async (phone: string) => {
    await world.app.store.requestErasure(`ers_${phone}`, personTarget(phone), world.clock.now())
    await world.run(HOUR + 100_000)
  }
  await erase(JUMA)
  expect(links()).toMatchObject([{ by: null, spent: 1 }])
  await erase(ASHA)
  expect(links()).toEqual([])
})
