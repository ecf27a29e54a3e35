import { expect, test } from 'vitest'
import type { ToyPlatform } from '../../src/sandbox/toy-shop.ts'
import { postToy, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { MESSAGE_STATUSES } from '../../src/store/words.ts'
import { type ApiPage, type ApiProblem, type ApiRow, allPages, ask } from '../support/api.ts'
import { ASHA, paidOrder, SECRETS, SHOPS, START, testWorld, type World } from '../support/world.ts'

const WANJIRU = '254712000345'
const NEEMA = '255754000123'
const MINUTE = 60_000
const RULES = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante" }
  - name: shipped
    on: order.fulfilled
    when_closed: skip
    send: { image: receipt, caption: "Iko njiani" }
`

/** Six messages, a minute apart: held · read · skipped (odd name) · skipped (no phone) · failed · skipped by the other rule. */
async function variedWorld(): Promise<World> {
  const world = await testWorld({ rules: RULES })
  world.karibu.customerWrites(WANJIRU)
  await world.run(15_000)
  const post = async (platform: ToyPlatform, order: Parameters<typeof paidOrder>[0], topic?: string) => {
    await world.shopSends(platform, paidOrder({ updatedAt: world.clock.now(), ...order }), topic)
    await world.run(MINUTE)
  }
  await post('woocommerce', {})
  const wanjiru = { name: 'Wanjirũ Kamau', phone: `+${WANJIRU}` }
  await post('shopify', { id: '990', number: '#1042', country: 'KE', currency: 'KES', customer: wanjiru })
  await post('standard', {
    id: 'order/7 & 8',
    number: '50%_A\\',
    test: true,
    customer: { name: '100% Neema_Said', phone: '0754000123' },
  })
  await post('woocommerce', { id: '77', number: 'DUKA-0199', customer: { name: "O'Brien", phone: null } })
  world.karibu.nextSend({ http: 422, code: 'VALIDATION_ERROR', message: 'caption is odd' })
  await post('shopify', { id: '991', number: '#1043', country: 'KE', currency: 'KES', customer: wanjiru })
  await post('woocommerce', { fulfilledAt: world.clock.now() })
  return world
}

const N = { held: 'DUKA-0107', read: '#1042', odd: '50%_A\\', phoneless: 'DUKA-0199', failed: '#1043' }

test('every filter of the list names exactly its messages, newest first', async () => {
  const world = await variedWorld()
  const list = async (query: string) => {
    const { status, body } = await ask<ApiPage<ApiRow>>(world, `/v1/messages?${query}`)
    expect([query, status]).toEqual([query, 200])
    expect(body.next_cursor).toBeNull()
    return body.items.map((item) => (item.rule === 'shipped' ? 'shipped' : item.order_number))
  }
  const all = ['shipped', N.failed, N.phoneless, N.odd, N.read, N.held]
  expect(await list('')).toEqual(all)
  const cases: [query: string, numbers: (string | null)[]][] = [
    ['status=held', [N.held]],
    ['status=held,read', [N.read, N.held]],
    ['status=failed,%20skipped', ['shipped', N.failed, N.phoneless, N.odd]],
    [`status=${MESSAGE_STATUSES.join(',')}`, all],
    ['status=uncertain', []],
    ['shop=soko', [N.failed, N.read]],
    ['shop=nobody', []],
    ['order=990', [N.read]],
    ['order=%231042', [N.read]],
    ['order=DUKA-0107', ['shipped', N.held]],
    ['order=4522', ['shipped', N.held]],
    [`order=${encodeURIComponent(N.odd)}`, [N.odd]],
    [`order=${encodeURIComponent('order/7 & 8')}`, [N.odd]],
    ['order=1042', []],
    [`to=${ASHA}`, ['shipped', N.held]],
    [`to=%2B${ASHA}`, ['shipped', N.held]],
    [`to=+${ASHA}`, ['shipped', N.held]],
    ['to=%2B255%20712%20345%20678', ['shipped', N.held]],
    ['to=+254+712+000+345', [N.failed, N.read]],
    ['to=254-712-000345', [N.failed, N.read]],
    ['to=255712345679', []],
    ['rule=shipped', ['shipped']],
    ['rule=receipt', [N.failed, N.phoneless, N.odd, N.read, N.held]],
    ['error_code=karibu.VALIDATION_ERROR', [N.failed]],
    ['error_code=whatsapp.131047', []],
    ['status=skipped&shop=duka', ['shipped', N.phoneless]],
    ['q=UKA-01', ['shipped', N.phoneless, N.held]],
    ['q=uka-019', [N.phoneless]],
    ['q=%23104', [N.failed, N.read]],
    ['q=12000345', [N.failed, N.read]],
    ['q=wanji', [N.failed, N.read]],
    ['q=Wanjir%C5%A9', [N.failed, N.read]],
    ['q=Asha%20Mwi', ['shipped', N.held]],
    ["q=O'Brien", [N.phoneless]],
    ['q=%25', [N.odd]],
    ['q=_', [N.odd]],
    ['q=0%25_A', [N.odd]],
    ['q=%25%25', []],
    ['q=%5C', [N.odd]],
    [`q=${NEEMA}`, [N.odd]],
    ['q=255799', []],
    ["q='%20or%201=1--", []],
  ]
  for (const [query, numbers] of cases) expect([query, await list(query)]).toEqual([query, numbers])
})

test('a phone is found as the customer writes it, too', async () => {
  const world = await variedWorld()
  const { body } = await ask<ApiPage<ApiRow>>(world, '/v1/messages?q=%2B255%20712%20345')
  expect(body.items).toHaveLength(2)
})

test('since takes in its own moment and until does not; zones and bare days are understood', async () => {
  const world = await variedWorld()
  const { body } = await ask<ApiPage<ApiRow>>(world, '/v1/messages')
  const times = body.items.map((item) => item.created_at)
  const [, , third = ''] = times
  const count = async (query: string) => {
    const answer = await ask<ApiPage<ApiRow>>(world, `/v1/messages?${query}`)
    expect([query, answer.status]).toEqual([query, 200])
    return answer.body.items.length
  }
  const shifted = new Date(Date.parse(third) + 3 * 3_600_000).toISOString().replace('Z', '')
  expect(await count(`since=${third}`)).toBe(3)
  expect(await count(`until=${third}`)).toBe(3)
  expect(await count(`since=${third}&until=${times[0]}`)).toBe(2)
  expect(await count(`since=${encodeURIComponent(`${shifted}+03:00`)}`)).toBe(3)
  expect(await count(`since=${shifted}+03:00`)).toBe(3)
  expect(await count(`since=${encodeURIComponent(`${shifted}+0300`)}`)).toBe(3)
  expect(await count(`since=${third.slice(0, -1)}`)).toBe(3)
  expect(await count('since=2026-11-20&until=2026-11-21')).toBe(6)
  expect(await count('until=2026-11-20')).toBe(0)
  expect(await count('since=2026-11-21')).toBe(0)
  expect(await count('since=2026-11-20T09:00')).toBe(6)
})

test('a bad filter is 400 and is named', async () => {
  const world = await testWorld()
  const bad: [name: string, query: string][] = [
    ['status', 'status=delayed'],
    ['status', 'status='],
    ['status', 'status=held,,read'],
    ['status', 'status=HELD'],
    ['shop', 'shop='],
    ['order', 'order=%20'],
    ['rule', `rule=${'x'.repeat(201)}`],
    ['to', 'to='],
    ['to', 'to=0712345678'],
    ['to', 'to=asha'],
    ['to', 'to=25571234567812345678'],
    ['since', 'since=yesterday'],
    ['since', 'since=2026-13-45'],
    ['since', 'since=1700000000'],
    ['until', 'until=2026-11-20T25:00:00Z'],
    ['until', 'until='],
    ['q', 'q='],
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=-1'],
    ['limit', 'limit=1.5'],
    ['limit', 'limit=ten'],
    ['limit', 'limit='],
    ['cursor', 'cursor=x'],
    ['cursor', 'cursor='],
    ['cursor', `cursor=${Buffer.from("msg_' or 1=1 --").toString('base64url')}`],
    ['phone', 'phone=255712345678'],
    ['Status', 'Status=held'],
    ['offset', 'offset=50'],
    ['format', 'format=csv'],
    ['__proto__', '__proto__=1'],
  ]
  for (const [name, query] of bad) {
    const { status, body } = await ask<ApiProblem>(world, `/v1/messages?${query}`)
    expect([query, status, body.error?.code]).toEqual([query, 400, 'filter.invalid'])
    expect(body.error.message).toContain(name)
    expect(body.error.details).toEqual({ filter: name })
  }
  for (const path of ['/v1/events?status=held', '/v1/events?since=x', '/v1/conversations?to=255712345678']) {
    expect([path, (await ask(world, path)).status]).toEqual([path, 400])
  }
  for (const path of [
    '/v1/messages/export?limit=5',
    '/v1/messages/export?status=x',
    '/v1/messages/export?format=xml',
  ]) {
    const { status, body } = await ask<ApiProblem>(world, path)
    expect([path, status]).toEqual([path, 400])
    expect(body.error.message).toContain(/\?(\w+)/.exec(path)?.[1])
  }
})

test('a filter given twice is refused: one of its values is never silently dropped', async () => {
  const world = await testWorld()
  const { status, body } = await ask<ApiProblem>(world, '/v1/messages?status=held&status=read')
  expect(status).toBe(400)
  expect(body.error.message).toContain('status')
})

test('/v1/stats refuses filters nobody knows', async () => {
  const world = await testWorld()
  expect((await ask(world, '/v1/stats?since=2026-11-20')).status).toBe(200)
  expect((await ask(world, '/v1/stats?since=x')).status).toBe(400)
  expect((await ask(world, '/v1/stats?from=2026-11-20')).status).toBe(400)
})

const PHONELESS = { name: 'Walk-in', phone: null }

async function fill(world: World, from: number, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const id = String(from + index)
      const order = paidOrder({ id, number: `N-${id}`, customer: PHONELESS })
      return postToy(
        `${world.url}/webhooks/${SHOPS.standard}`,
        toyWebhook('standard', SECRETS.standard, order, 'order.paid', START),
      )
    }),
  )
  await world.settle()
}

test('pages visit every message exactly once, newest first, while new ones arrive', async () => {
  const world = await testWorld()
  await fill(world, 1000, 230)
  let arrived = 5000
  const { items, pages } = await allPages<ApiRow>(world, '/v1/messages?limit=40', async () => {
    await fill(world, arrived++, 1)
  })
  expect(pages).toBe(6)
  const ids = items.map((item) => item.id)
  expect(new Set(ids).size).toBe(230)
  expect(ids).toEqual(ids.toSorted().toReversed())
  expect(new Set(items.map((item) => item.order_number))).toEqual(
    new Set(Array.from({ length: 230 }, (_, index) => `N-${1000 + index}`)),
  )
  const again = await allPages<ApiRow>(world, '/v1/messages?limit=200&status=skipped')
  expect([again.items.length, again.pages]).toEqual([235, 2])
})

test('a page is 50 unless told otherwise, 200 at most, and a full last page has no next', async () => {
  const world = await testWorld()
  await fill(world, 1, 51)
  const page = async (query: string) => (await ask<ApiPage<ApiRow>>(world, `/v1/messages${query}`)).body
  expect((await page('')).items).toHaveLength(50)
  expect((await page('')).next_cursor).not.toBeNull()
  expect((await page('?limit=1')).items).toHaveLength(1)
  expect((await page('?limit=200')).items).toHaveLength(51)
  expect(await page('?limit=51')).toMatchObject({ next_cursor: null })
  const last = await page(`?limit=1&cursor=${(await page('?limit=50')).next_cursor}`)
  expect([last.items.length, last.next_cursor]).toEqual([1, null])
})

test('conversations and events are paged the same way', async () => {
  const world = await testWorld()
  for (const last of ['001', '002', '003', '004', '005']) world.karibu.customerWrites(`255713000${last}`)
  await world.run(20_000)
  for (const path of ['/v1/conversations', '/v1/events']) {
    const { items, pages } = await allPages<{ id: string }>(world, `${path}?limit=2`)
    expect([path, pages, new Set(items.map(({ id }) => id)).size]).toEqual([path, 3, 5])
    expect((await ask(world, `${path}?limit=201`)).status).toBe(400)
    expect((await ask(world, `${path}?cursor=!`)).status).toBe(400)
  }
})

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

test('the export holds every message that fits, as CSV or NDJSON', async () => {
  const world = await testWorld()
  await fill(world, 1, 405)
  await world.shopSends('woocommerce', paidOrder({ customer: { name: '=cmd|" /C calc"!A0, Jr', phone: '0712345678' } }))
  const csv = await ask<string>(world, '/v1/messages/export')
  expect(csv.status).toBe(200)
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(csv.headers['content-disposition']).toBe('attachment; filename="messages.csv"')
  const [head = [], ...rows] = parseCsv(csv.text)
  expect(head).toEqual(
    expect.arrayContaining(['id', 'message_id', 'status', 'reason_code', 'order_number', 'to', 'caption', 'read_at']),
  )
  expect(rows).toHaveLength(406)
  expect(rows.every((row) => row.length === head.length)).toBe(true)
  const cell = (row: string[] | undefined, name: string) => row?.[head.indexOf(name)]
  expect(new Set(rows.map((row) => cell(row, 'id'))).size).toBe(406)
  // A spreadsheet must not run a customer's name.
  expect(cell(rows[0], 'customer_name')).toBe('\'=cmd|" /C calc"!A0, Jr')
  expect(cell(rows[0], 'status')).toBe('held')
  expect(cell(rows.at(-1), 'reason_code')).toBe('no_phone')

  const lines = await ask<string>(world, '/v1/messages/export?format=ndjson')
  expect(lines.headers['content-type']).toMatch(/^application\/x-ndjson/)
  expect(lines.headers['content-disposition']).toBe('attachment; filename="messages.ndjson"')
  const messages = lines.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ApiRow)
  expect(messages).toHaveLength(406)
  const listed = await ask<ApiPage<ApiRow>>(world, '/v1/messages?limit=200')
  expect(messages.slice(0, 200)).toEqual(listed.body.items)

  const few = await ask<string>(world, '/v1/messages/export?format=ndjson&status=held')
  expect(few.text.trimEnd().split('\n')).toHaveLength(1)
  const none = await ask<string>(world, '/v1/messages/export?status=read')
  expect(parseCsv(none.text)).toEqual([head])
})
