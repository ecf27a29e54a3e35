import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fillTown } from '../support/full-town.ts'
import { paidOrder, SEND_TOKEN, START, testWorld, type World } from '../support/world.ts'
import { signedIn, visitor } from './site.ts'

const LIST = '/dashboard/messages'

/** Orders as the list shows them, from the top. */
const ordersIn = (text: string) => [...text.matchAll(/<div class="who"><a href="[^"]+">([^<]+)<\/a>/g)].map((m) => m[1])

async function shopWith(world: World): Promise<void> {
  await world.shopSends('woocommerce', paidOrder())
  await world.shopSends(
    'woocommerce',
    paidOrder({ id: '2', number: 'DUKA-0108', customer: { name: 'Juma Bakari', phone: '+255 754 000 111' } }),
  )
  await world.shopSends(
    'shopify',
    paidOrder({
      id: '77',
      number: '#9001',
      country: 'KE',
      currency: 'KES',
      customer: { name: 'Wanjiku', phone: '0722000333' },
    }),
  )
}

test('an empty list says what will stand here, a search that finds nothing says so', async () => {
  const world = await testWorld()
  const one = await signedIn(world)
  expect((await one.get(LIST)).text).toContain('No receipts yet')
  const { text } = await one.get(`${LIST}?q=nobody`)
  expect(text).toContain('Nothing found')
  expect(text).toContain('Show all')
})

test('one box finds an order by its number, its phone however it is typed, and its customer’s name', async () => {
  const world = await testWorld()
  await shopWith(world)
  const one = await signedIn(world)
  const found = async (q: string) => ordersIn((await one.get(`${LIST}?q=${encodeURIComponent(q)}`)).text)
  expect(await found('')).toEqual(['#9001', 'DUKA-0108', 'DUKA-0107'])
  for (const q of [
    'DUKA-0108',
    '0754000111',
    '0754 000 111',
    '+255 754 000 111',
    '255754000111',
    '754-000-111',
    'juma',
    '0754 00',
  ])
    expect([q, await found(q)]).toEqual([q, ['DUKA-0108']])
  for (const q of ['0722 000 333', '+254722000333', '#9001', 'wanji'])
    expect([q, await found(q)]).toEqual([q, ['#9001']])
  expect(await found('DUKA-01')).toEqual(['DUKA-0108', 'DUKA-0107'])
  expect(await found('%')).toEqual([])
})

test('filters narrow the list, alone and together, and days are those of the clocks here', async () => {
  const world = await testWorld()
  await shopWith(world)
  const [first] = await world.messages()
  await world.post(`/v1/messages/${first?.id}/cancel`)
  const one = await signedIn(world)
  const found = async (query: string) => ordersIn((await one.get(`${LIST}?${query}`)).text)
  expect(await found('status=cancelled')).toEqual(['DUKA-0107'])
  expect(await found('status=held,queued')).toEqual(['#9001', 'DUKA-0108'])
  expect(await found('status=held,queued&shop=duka&q=&rule=')).toEqual(['DUKA-0108'])
  expect(await found('rule=receipt&shop=soko')).toEqual(['#9001'])
  expect(await found('since=2026-11-20&until=2026-11-20')).toHaveLength(3)
  expect(await found('since=2026-11-21')).toEqual([])
  expect(await found('until=2026-11-19')).toEqual([])
  expect(await found('q=juma&status=cancelled')).toEqual([])
})

test('a filter nobody understands is a page that names it, in the visitor’s language', async () => {
  const world = await testWorld()
  const english = await signedIn(world)
  for (const query of ['status=nonsense', 'since=yesterdayish', 'colour=red', 'cursor=x']) {
    const { status, text } = await english.get(`${LIST}?${query}`)
    expect([query, status]).toEqual([query, 400])
    expect(text).toContain(query.split('=')[0])
  }
  const { status, text } = await (await signedIn(world, { language: 'sw' })).get(`${LIST}?status=nonsense`)
  expect([status, text.includes('Hili halieleweki')]).toEqual([400, true])
})

test('each row says in both languages what is so and why, in the time of the shop that sold it', async () => {
  const world = await testWorld()
  await shopWith(world)
  const english = (await (await signedIn(world)).get(LIST)).text
  expect(english).toContain(
    'The customer has never written to this number; goes out when they do; expires Monday 12:00.',
  )
  expect(english).toContain('+255 754 000 111 · Duka la Asha')
  expect(english).toMatch(/<span class="badge wait"><svg[^>]*aria-hidden="true".*?<\/svg>Held<\/span>/)
  const swahili = (await (await signedIn(world, { language: 'sw' })).get(LIST)).text
  expect(swahili).toContain('<html lang="sw">')
  expect(swahili).toContain(
    'Mteja hajawahi kuandikia namba hii; itatumwa atakapoandika; muda wake unaisha Jumatatu 12:00.',
  )
})

test('a customer’s name is text, whatever it holds', async () => {
  const world = await testWorld()
  const name = 'Asha "<img src=x onerror=alert(1)>" & <script>alert(1)</script>'
  await world.shopSends('standard', paidOrder({ customer: { name, phone: '0712345678' } }))
  const { messages } = fillTown(join(world.folder, 'data', 'risiti.db'), 1, START, { name })
  const one = await signedIn(world)
  for (const path of [
    LIST,
    `${LIST}?q=${encodeURIComponent(name)}`,
    `${LIST}/${messages[0]?.id}`,
    '/dashboard/conversations',
  ]) {
    const { text, status } = await one.get(path)
    expect([path, status, /<img src=x|<script>/.exec(text)]).toEqual([path, 200, null])
    expect(text).toContain('&lt;script&gt;')
  }
})

test('pages follow one another to the end, and only the first one is live', async () => {
  const world = await testWorld()
  const { messages } = fillTown(join(world.folder, 'data', 'risiti.db'), 70, START)
  const one = await signedIn(world)
  const seen: (string | undefined)[] = []
  let path: string | undefined = LIST
  for (let pages = 0; path !== undefined && pages < 5; pages++) {
    const { text } = await one.get(path)
    seen.push(...ordersIn(text))
    expect([path, text.includes('hx-trigger="every 5s"')]).toEqual([path, path === LIST])
    path = /<a rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  }
  expect(seen).toEqual(messages.map(({ orderNumber }) => orderNumber).toReversed())
})

test('the live part is the list alone, without the page around it', async () => {
  const world = await testWorld()
  await shopWith(world)
  const { text, headers } = await (await signedIn(world)).get(LIST, { 'hx-request': 'true' })
  expect(ordersIn(text)).toHaveLength(3)
  expect(text).not.toMatch(/<html|<h1|<form/)
  expect(headers['cache-control']).toBe('no-store')
})

test('a token that may not read sees no page, and one that may only read no button', async () => {
  const world = await testWorld({
    settings: 'api: { tokens: [{ name: till, token: "${SEND_TOKEN}", scopes: [send] }] }',
  })
  await shopWith(world)
  const till = visitor(world)
  await till.post('/dashboard/sign-in', { token: SEND_TOKEN })
  const { status, text } = await till.get(LIST)
  expect([status, text.includes('Your token may not do this')]).toEqual([403, true])
  expect(text).not.toContain('Asha')
})

test('conversations are found by phone and name, and say whether a picture may go to them and why', async () => {
  const world = await testWorld()
  await shopWith(world)
  world.karibu.customerWrites('255712345678', { text: 'Habari' })
  await world.run(60_000)
  const one = await signedIn(world)
  const all = await one.get('/dashboard/conversations')
  expect(all.text).toContain('Open until tomorrow 11:50: the customer wrote today 12:00.')
  expect(all.text).toContain('The customer has never written to this number.')
  for (const q of ['0712 345 678', '+255712345678', 'asha', '0712 34']) {
    const { text } = await one.get(`/dashboard/conversations?q=${encodeURIComponent(q)}`)
    expect([q, text.match(/class="row"/g)?.length, text.includes('Asha Mwinyi')]).toEqual([q, 1, true])
  }
  const path = /href="(\/dashboard\/conversations\/cnv_\w+)">Asha/.exec(all.text)?.[1] ?? ''
  const { text } = await one.get(path)
  expect(text).toContain('<h1>Asha Mwinyi</h1>')
  expect(text).toContain('<dt>Told by</dt><dd>Karibu</dd>')
  expect(ordersIn(text)).toEqual(['DUKA-0107'])
  expect((await one.get('/dashboard/conversations?q=nobody')).text).toContain('Nobody found')
  expect((await one.get('/dashboard/conversations/cnv_none')).status).toBe(404)
  const swahili = await signedIn(world, { language: 'sw' })
  expect((await swahili.get(path)).text).toContain('Wazi hadi kesho 11:50: mteja aliandika leo 12:00.')
})
