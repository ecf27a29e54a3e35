import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { createRehearse } from '../../src/api/rehearse.ts'
import type { rehearsal } from '../../src/api/schemas/rehearsals.ts'
import { nextTurn } from '../../src/clock.ts'
import { runRehearse } from '../../src/commands/rehearse.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createReceiptDrawer, localeFor } from '../../src/receipts/draw.ts'
import { rehearse as play } from '../../src/rehearsal/rehearse.ts'
import { platformNamed } from '../../src/shops/registry.ts'
import { databaseFile, openReadStore } from '../../src/store/store.ts'
import { type ApiPage, type ApiProblem, ask } from '../support/api.ts'
import { ASHA, paidOrder, READ_TOKEN, SEND_TOKEN, START, testWorld, type World } from '../support/world.ts'

type Rehearsal = z.infer<typeof rehearsal>

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const JUMA = '255754000123'

const RECEIPT = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante {{ customer.first_name }}! {{ order.total | money }}." }
`
const REFUND = `
  - name: refund
    on: order.refunded
    send: { image: receipt, caption: "Tumerejesha {{ order.refund_amount | money }}." }
`
const RULES = `${RECEIPT.trimEnd()}${REFUND}`

/** A file of its own beside the running one, without any secret set. */
function configOf(world: World, rules: string) {
  const shop = (id: string, platform: string, country: string, rest = '') =>
    `  ${id}: { platform: ${platform}, secrets: ["\${NOT_SET}"], country: ${country}, brand: { name: Duka }${rest} }`
  const text = [
    'public_url: https://risiti.example',
    'data_dir: data',
    'karibu: { api_key: "${NOT_SET}", sender: "255700000001" }',
    'shops:',
    shop('duka', 'woocommerce', 'TZ'),
    shop('soko', 'shopify', 'KE', ', locale: en'),
    shop('mtandao', 'standard', 'TZ'),
    `rules:${rules}`,
  ].join('\n')
  const file = join(world.folder, 'new.yaml')
  return loadConfig({ file, text, env: {}, secretsOptional: true })
}

async function rehearse(world: World, request: object = {}) {
  const { status, body } = await ask<Rehearsal & ApiProblem>(world, '/v1/rehearsals', {
    method: 'POST',
    body: { since: '7d', ...request },
  })
  return { status, body }
}

const verdicts = ({ items }: Rehearsal) =>
  items.map(({ order_number, rule, outcome, comparison, differs }) =>
    [order_number, rule, outcome, comparison, ...differs].join(' '),
  )

/** Sent, held and let go, held and expired, held and cancelled, without a phone, of a test, refunded twice. */
async function aDay(world: World): Promise<void> {
  const juma = { name: 'Juma', phone: '0754 000 123' }
  const at = () => ({ paidAt: world.clock.now() - 1_000, updatedAt: world.clock.now() - 1_000 })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder({ number: 'A1', ...at() }))
  await world.shopSends('woocommerce', paidOrder({ number: 'A1', ...at() }))
  await world.shopSends('shopify', paidOrder({ id: '2', number: 'A2', customer: juma, country: 'TZ', ...at() }))
  await world.shopSends('standard', paidOrder({ id: '3', number: 'A3', customer: juma, ...at() }))
  await world.shopSends(
    'woocommerce',
    paidOrder({ id: '4', number: 'A4', customer: { ...juma, phone: null }, ...at() }),
  )
  await world.shopSends('standard', paidOrder({ id: '5', number: 'A5', test: true, ...at() }))
  await world.run(2 * MINUTE)
  const refunds = [{ id: '1', amount: 48_000_00 }]
  await world.shopSends(
    'standard',
    paidOrder({ id: '3', number: 'A3', customer: juma, refunds, ...at() }),
    'order.refunded',
  )
  await world.run(2 * MINUTE)
  world.karibu.customerWrites(JUMA)
  await world.run(2 * MINUTE)
  await world.shopSends('woocommerce', paidOrder({ number: 'A1', refunds: [{ id: '7', amount: 9_000_00 }], ...at() }))
  await world.run(2 * MINUTE)
  const late = { name: 'Neema', phone: '0767 111 222' }
  await world.shopSends('woocommerce', paidOrder({ id: '6', number: 'A6', customer: late, ...at() }))
  await world.leap(73 * HOUR)
}

async function allStored(world: World): Promise<unknown> {
  const messages = await ask<ApiPage<unknown>>(world, '/v1/messages?limit=200')
  const events = await ask<ApiPage<unknown>>(world, '/v1/events?limit=200')
  return { messages: messages.body, events: events.body, images: world.karibu.images().length }
}

describe('the rules that run', () => {
  test('rehearse to what was really sent, held, skipped, cancelled and expired; nothing is stored or sent', async () => {
    const world = await testWorld({ rules: RULES })
    await aDay(world)
    const before = await allStored(world)
    const { status, body } = await rehearse(world)
    await world.run(2 * MINUTE)
    expect(status).toBe(200)
    expect(verdicts(body)).toEqual([
      'A1 receipt sent same',
      'A2 receipt sent same',
      'A3 receipt cancelled same',
      'A4 receipt skipped same',
      'A5 receipt skipped same',
      'A3 refund sent same',
      'A1 refund sent same',
      'A6 receipt expired same',
    ])
    expect(body.items.map(({ really }) => really?.status)).toEqual(
      (await world.messages()).map((message) => message.status),
    )
    expect(body.rules).toEqual([
      {
        rule: 'receipt',
        outcomes: { sent: 2, cancelled: 1, skipped: 2, expired: 1 },
        comparisons: { same: 6 },
        not_matched: [],
      },
      { rule: 'refund', outcomes: { sent: 2 }, comparisons: { same: 2 }, not_matched: [] },
    ])
    expect(body).toMatchObject({ cut_at: null, left_off: 0, orders_without_start: 0, messages_not_rehearsed: 0 })
    expect(await allStored(world)).toEqual(before)

    // Of each message whether the window was open, and when it would have gone.
    const [sent, held] = body.items
    expect(sent?.window).toMatchObject({ open: true, closes_at: '2026-11-21T09:00:00.000Z' })
    expect(sent?.goes_at).toBe(sent?.at)
    expect(held?.window).toMatchObject({
      open: false,
      closes_at: null,
      why: 'the customer has never written to this number',
    })
    expect(Date.parse(held?.goes_at ?? '') - Date.parse(held?.at ?? '')).toBeGreaterThan(3 * MINUTE)
  })
})

describe('changed rules', () => {
  test('show the other caption, the new message and the one that is gone with its reason', async () => {
    const world = await testWorld({ rules: RULES })
    await aDay(world)
    const { body } = await rehearse(world, {
      rules: [
        {
          name: 'receipt',
          on: 'order.paid',
          when: { shop: ['duka', 'soko'] },
          if: 'order.number != "A2"',
          send: { image: 'receipt', caption: 'Karibu tena, {{ customer.first_name }}.' },
        },
        { name: 'created', on: 'order.created', send: { image: 'receipt', caption: '' }, when_closed: 'skip' },
      ],
    })
    expect(verdicts(body).filter((line) => line.includes('receipt'))).toEqual([
      'A1 receipt sent different caption',
      'A2 receipt  gone',
      'A3 receipt  gone',
      'A4 receipt skipped different caption',
      'A5 receipt  gone',
      'A6 receipt expired different caption',
    ])
    const find = (number: string, rule: string) =>
      body.items.find((item) => item.order_number === number && item.rule === rule)
    expect(find('A1', 'receipt')).toMatchObject({
      caption: 'Karibu tena, Asha.',
      really: { caption: 'Asante Asha! TSh 48,000.', status: 'read' },
    })
    expect(find('A2', 'receipt')?.why).toEqual(['did not match: if is false: order.number != "A2"'])
    expect(find('A3', 'receipt')?.why).toEqual(['did not match: the shop is mtandao, the rule is for duka, soko'])
    expect(find('A1', 'refund')).toMatchObject({ comparison: 'gone', why: ['no rule of this name is on this event'] })
    expect(find('A1', 'created')).toMatchObject({ comparison: 'new', outcome: 'sent', really: null })
    expect(find('A2', 'created')).toMatchObject({
      comparison: 'new',
      outcome: 'skipped',
      reason: { code: 'window_closed' },
    })
    expect(body.rules.find(({ rule }) => rule === 'receipt')?.not_matched).toEqual([
      { why: 'the shop is mtandao, the rule is for duka, soko', count: 2 },
      { why: 'if is false: order.number != "A2"', count: 1 },
    ])
    expect(world.karibu.images()).toHaveLength(4)
  })

  test('one that waits no longer shows another outcome', async () => {
    const world = await testWorld({ rules: RECEIPT })
    await world.shopSends('woocommerce', paidOrder())
    await world.run(10 * MINUTE)
    world.karibu.customerWrites(ASHA)
    await world.run(MINUTE)
    const { body } = await rehearse(world, { rules: `${RECEIPT.trimEnd()}\n    when_closed: skip\n` })
    expect(verdicts(body)).toEqual(['DUKA-0107 receipt skipped different outcome'])
  })

  test('as text with or without their key; a fault is named with its place in what was sent', async () => {
    const world = await testWorld({ rules: RECEIPT })
    await world.shopSends('woocommerce', paidOrder())
    await world.run(MINUTE)
    for (const rules of [`rules:${RECEIPT}`, RECEIPT, RECEIPT.replaceAll('\n  ', '\n')]) {
      expect(verdicts((await rehearse(world, { rules })).body)).toEqual(['DUKA-0107 receipt held same'])
    }
    for (const rules of [`rules:${RECEIPT}`, RECEIPT, RECEIPT.replaceAll('\n  ', '\n')]) {
      const { status, body } = await rehearse(world, { rules: rules.replace('first_name', 'frist_name') })
      expect(status).toBe(400)
      expect(body.error).toMatchObject({
        code: 'config.invalid',
        message: expect.stringMatching(/^rules:4:\d+ {2}rules\[0\]\.send\.caption: .*frist_name/),
      })
    }
  })

  test.each([
    ['other settings', 'rules: []\nshops: {}'],
    ['another document', '---\nrules: []'],
    ['the end of the document', 'rules: []\n...\n'],
    [
      'a secret of the environment',
      '- { name: a, on: order.paid, send: { image: receipt, caption: "${RISITI_API_TOKEN}" } }',
    ],
    ['a shop nobody has', [{ name: 'a', on: 'order.paid', when: { shop: 'nobody' }, send: { image: 'receipt' } }]],
    ['a rule that is none', [{ name: 'a' }]],
  ])('with %s are refused', async (_name, rules) => {
    const world = await testWorld({ rules: RECEIPT })
    const { status, body } = await rehearse(world, { rules })
    expect(status).toBe(400)
    expect(body.error.code).toBe('config.invalid')
    expect(JSON.stringify(body)).not.toContain('test-token')
  })
})

describe('where it begins', () => {
  test('what came before is the beginning: an order placed before is not new, and a window opened before is open', async () => {
    const world = await testWorld({
      rules: `${RECEIPT.trimEnd()}
  - name: created
    on: order.created
    send: { image: receipt, caption: "Mpya" }
`,
    })
    const { paidAt: _paidAt, ...unpaid } = paidOrder({ updatedAt: START - 2_000 })
    world.karibu.customerWrites(ASHA)
    await world.run(15_000)
    await world.shopSends('woocommerce', unpaid)
    await world.run(HOUR)
    const since = new Date(world.clock.now()).toISOString()
    await world.run(MINUTE)
    await world.shopSends('woocommerce', paidOrder({ paidAt: world.clock.now(), updatedAt: world.clock.now() }))
    await world.run(MINUTE)
    const { body } = await rehearse(world, { since })
    expect(verdicts(body)).toEqual(['DUKA-0107 receipt sent same'])
    expect(body.items[0]?.window?.open).toBe(true)
    expect(body.events).toMatchObject({ rehearsed: 1, before: 2 })
  })

  test('bodies that are gone are counted; what hangs on them is neither new nor gone', async () => {
    const world = await testWorld({ rules: RECEIPT })
    await world.shopSends('woocommerce', paidOrder())
    await world.shopSends('woocommerce', paidOrder({ id: '2', number: 'A2' }))
    await world.run(HOUR)
    const since = new Date(world.clock.now()).toISOString()
    const soon = { updatedAt: world.clock.now(), fulfilledAt: world.clock.now() }
    await world.app.store.removeBodies(world.clock.now(), 1)
    await world.shopSends('woocommerce', paidOrder(soon))
    await world.shopSends('woocommerce', paidOrder({ id: '3', number: 'A3', ...soon, paidAt: world.clock.now() }))
    await world.run(MINUTE)
    const whole = await rehearse(world)
    expect(whole.body.events.bodies_gone).toBe(1)
    expect(verdicts(whole.body).toSorted()).toEqual([
      'A2 receipt held same',
      'A3 receipt held same',
      'DUKA-0107 receipt held same',
    ])
    const rules = RECEIPT.replace('name: receipt', 'name: other')
    const late = await rehearse(world, { since, rules })
    expect(late.body.orders_without_start).toBe(1)
    expect(verdicts(late.body).toSorted()).toEqual([
      'A3 other held new',
      'A3 receipt  gone',
      'DUKA-0107 other held unsure',
    ])
    const all = await rehearse(world, { rules })
    expect(all.body.messages_not_rehearsed).toBe(1)
  })

  test('a code that was written sends the order’s receipt to whoever wrote it, before and after it was paid', async () => {
    const world = await testWorld({ rules: RECEIPT })
    const other = { name: 'Neema', phone: '0767 111 222' }
    const codeOf = async (id: string) => (await ask<{ code: string }>(world, `/v1/orders/duka/${id}/claim`)).body.code
    await world.shopSends('woocommerce', paidOrder({ id: '1', number: 'C1', customer: other }))
    const { paidAt: _unpaid, ...unpaid } = paidOrder({ id: '2', number: 'C2', customer: other })
    await world.shopSends('woocommerce', unpaid)
    world.karibu.customerWrites(JUMA, { text: `Risiti ${await codeOf('1')}` })
    world.karibu.customerWrites(ASHA, { text: `Risiti ${await codeOf('2')}` })
    await world.run(MINUTE)
    const now = world.clock.now()
    await world.shopSends(
      'woocommerce',
      paidOrder({ id: '2', number: 'C2', customer: other, paidAt: now, updatedAt: now }),
    )
    await world.run(2 * MINUTE)
    expect(world.karibu.images().map(({ to }) => to)).toEqual([JUMA, ASHA])
    const { body } = await rehearse(world)
    expect(verdicts(body)).toEqual(['C1 receipt sent same', 'C2 receipt sent same'])
    expect(body.items.map(({ to }) => to)).toEqual([JUMA, ASHA])
    expect(body.items[0]?.why.at(-1)).toBe('the code of its order was written: it goes to whoever wrote it')
  })

  test('a code that was written in a message that is not rehearsed is named where it makes the difference', async () => {
    const world = await testWorld({ rules: RECEIPT })
    await world.shopSends('woocommerce', paidOrder({ customer: { name: 'X', phone: null } }))
    const { body: claim } = await ask<{ code: string }>(world, '/v1/orders/duka/4522/claim')
    await world.run(MINUTE)
    const until = new Date(world.clock.now()).toISOString()
    await world.run(MINUTE)
    world.karibu.customerWrites(JUMA, { text: `Risiti ${claim.code}` })
    await world.run(2 * MINUTE)
    const { body } = await rehearse(world, { until })
    expect(verdicts(body)).toEqual(['DUKA-0107 receipt skipped different outcome recipient'])
    expect(body.items[0]?.why.at(-1)).toBe('its order’s code was really written, in a message that was not rehearsed')
  })

  test('STOP before the beginning still holds', async () => {
    const world = await testWorld({ rules: RECEIPT })
    world.karibu.customerWrites(ASHA, { text: 'STOP' })
    await world.leap(2 * DAY)
    world.karibu.customerWrites(ASHA)
    await world.run(15_000)
    await world.shopSends('woocommerce', paidOrder({ paidAt: world.clock.now(), updatedAt: world.clock.now() }))
    await world.run(MINUTE)
    const { body } = await rehearse(world, { since: '1h' })
    expect(verdicts(body)).toEqual(['DUKA-0107 receipt skipped same'])
    expect(body.items[0]?.reason?.code).toBe('opted_out')
  })
})

test('an answer to a customer is rehearsed from Karibu’s list and from a relay alike', async () => {
  const rules = `
  - name: price-list
    on: message.received
    when: { text: bei }
    send: { image: { url: "https://duka.example/bei.png" }, caption: "Bei zetu, {{ message.name }}." }
`
  const world = await testWorld({ rules })
  world.karibu.customerWrites(ASHA, { text: 'Naomba bei', name: 'Asha' })
  await world.run(MINUTE)
  world.karibu.customerWrites(ASHA, { text: 'Habari', name: 'Asha' })
  await world.run(MINUTE)
  const { body } = await rehearse(world)
  expect(verdicts(body)).toEqual([' price-list sent different outcome'.replace('different outcome', 'same')])
  expect(body.items[0]).toMatchObject({ caption: 'Bei zetu, Asha.', image: 'https://duka.example/bei.png', to: ASHA })
  expect(body.rules[0]?.not_matched).toEqual([{ why: 'the text holds none of "bei"', count: 1 }])
})

test('only who may read or administer may rehearse, within times that make sense, and one at a time', async () => {
  const settings = `api: { tokens: [{ name: read, token: "\${READ_TOKEN}", scopes: [read] }, { name: send, token: "\${SEND_TOKEN}", scopes: [send] }] }`
  const world = await testWorld({ rules: RECEIPT, settings })
  const as = (token: string | null, body: unknown = { since: '1d' }) =>
    ask<ApiProblem>(world, '/v1/rehearsals', { method: 'POST', token, body })
  expect((await as(READ_TOKEN)).status).toBe(200)
  expect((await as(READ_TOKEN, { since: '1d', rules: RECEIPT })).status).toBe(403)
  expect((await as(SEND_TOKEN)).status).toBe(403)
  expect((await as(null)).status).toBe(401)
  for (const body of [
    {},
    { since: 'yesterday' },
    { since: '1d', until: '2d' },
    { since: '1d', shop: 'nobody' },
    { since: '1d', rule: 'x' },
  ])
    expect((await as(READ_TOKEN, body)).status, JSON.stringify(body)).toBe(400)
  const { config } = configOf(world, RULES)
  const run = createRehearse({ config, platformNamed, localeOf: localeFor, store: world.app.store, clock: world.clock })
  const both = await Promise.allSettled([run({ since: '1d', limit: 1 }), run({ since: '1d', limit: 1 })])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(both[1]).toMatchObject({ reason: { code: 'rehearsal.busy' } })
  await expect(run({ since: '1d', limit: 1 })).resolves.toMatchObject({ items: [] })
})

test('rules that take long give the shops their turn after each event, and end in time', async () => {
  const world = await testWorld({ rules: RECEIPT })
  for (let i = 0; i < 9; i++) await world.shopSends('woocommerce', paidOrder({ id: `${i}`, number: `N-${i}` }))
  const { config } = configOf(world, RULES)
  let looks = 0
  let breaths = 0
  // Each look at the clock finds it a second later, as after a caption that took so long.
  const clock = { ...world.clock, now: () => START + 1000 * looks++ }
  const breathe = () => Promise.resolve(void breaths++)
  const scope = { since: START - DAY, until: START + DAY, shop: undefined, rule: undefined, maxEvents: 100 }
  const deps = { config, platformNamed, localeOf: localeFor, store: world.app.store, clock, breathe }
  const whole = await play({ ...scope, maxMs: HOUR }, deps)
  expect(whole.counts.rehearsed).toBe(9)
  expect(breaths).toBeGreaterThanOrEqual(9)
  looks = 0
  const cut = await play({ ...scope, maxMs: 10_000 }, deps)
  expect(cut.counts.rehearsed).toBeLessThan(9)
  expect(cut.reachedAt).not.toBeNull()
})

describe('by hand', () => {
  async function byHand(world: World, input: Partial<Parameters<typeof runRehearse>[0]> = {}, rules = RULES) {
    const { config } = configOf(world, rules)
    const store = openReadStore(databaseFile(config.dataDir))
    try {
      return await runRehearse(
        {
          config,
          since: '7d',
          until: undefined,
          shop: undefined,
          rule: undefined,
          limit: undefined,
          images: undefined,
          json: false,
          ...input,
        },
        {
          store,
          drawer: createReceiptDrawer(config.shops),
          platformNamed,
          localeOf: localeFor,
          clock: world.clock,
          breathe: nextTurn,
          progress: undefined,
        },
      )
    } finally {
      store.close()
    }
  }

  test('beside a running service and without its secrets: what goes, what does not and why, and the pictures', async () => {
    const world = await testWorld({ rules: RULES })
    await aDay(world)
    const images = join(world.folder, 'pictures')
    const said = await byHand(world, { images }, RULES.replace('Asante', 'Karibu'))
    expect(said).toContain(`different caption: sent  receipt → ${ASHA}  order A1`)
    expect(said).toContain('    │ Karibu Asha! TSh 48,000.')
    expect(said).toContain('    really  │ Asante Asha! TSh 48,000.')
    expect(said).toContain('why       the order has no phone number')
    // One that was sent is never called never written to, and times tell the second.
    expect(said).toMatch(
      /sent .+ order A2 {2}20 Nov 2026, 12:\d\d:\d\d\n(.*\n)? {4}window {4}closed when it was made; the customer wrote before it went/,
    )
    expect(said).toMatch(/events rehearsed \(\d+ led to nothing\); nothing was sent or stored\./)
    // What happened nowhere has no column.
    expect(said).toMatch(/^RULE +SENT +SKIPPED +EXPIRED +CANCELLED +SAME +DIFFERENT +DID NOT MATCH$/m)
    expect(said).toMatch(/^receipt +2 +2 +1 +1 +0 +6 +0$/m)
    const files = readdirSync(images).toSorted()
    expect(files).toEqual([
      '0001-duka-A1-receipt.png',
      '0002-soko-A2-receipt.png',
      '0006-mtandao-A3-refund.png',
      '0007-duka-A1-refund.png',
    ])
    const first = files.map((name) => readFileSync(join(images, name)))
    expect(first.every((bytes) => bytes.subarray(1, 4).toString() === 'PNG')).toBe(true)
    await byHand(world, { images }, RULES.replace('Asante', 'Karibu'))
    expect(files.map((name) => readFileSync(join(images, name)))).toEqual(first)
  })

  test('of one shop, of one rule, and the telling ones first when not all are listed', async () => {
    const world = await testWorld({ rules: RULES })
    await aDay(world)
    const json = async (input: object, rules?: string) =>
      JSON.parse(await byHand(world, { ...input, json: true }, rules)) as Rehearsal
    expect(verdicts(await json({ shop: 'mtandao' }))).toEqual([
      'A3 receipt cancelled same',
      'A5 receipt skipped same',
      'A3 refund sent same',
    ])
    expect(verdicts(await json({ rule: 'refund' }))).toEqual(['A3 refund sent same', 'A1 refund sent same'])
    const some = await json({ limit: '1' }, RULES.replace('Tumerejesha', 'Tumerudisha'))
    expect(verdicts(some)).toEqual(['A3 refund sent different caption'])
    expect(some.left_off).toBe(7)
    await expect(byHand(world, { rule: 'recipt' })).rejects.toThrow('there is no rule recipt in this configuration')
    await expect(byHand(world, { shop: 'dukka' })).rejects.toThrow('there is no shop dukka in this configuration')
  })
})
