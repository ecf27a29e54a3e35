import { request } from 'undici'
import { expect, test } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import { visit, wordsOf } from './phone-pages.ts'
import { CUSTOMER, imageHost, rgbPng, SENDER, sandboxWorld } from './world.ts'

const CHAT = `/phone/${CUSTOMER}`

async function phoneWorld(options: Parameters<typeof sandboxWorld>[0] = {}) {
  const world = await sandboxWorld(options)
  const { url } = world.karibu
  const statuses = () => world.karibu.messages().map((one) => one.status)
  return {
    ...world,
    statuses,
    visit: (path: string, how?: Parameters<typeof visit>[2]) => visit(url, path, how),
    /** What the open chat shows. */
    chat: async () => wordsOf((await visit(url, `${CHAT}/thread`)).text),
    write: (text: string, headers = {}) => visit(url, `${CHAT}/messages`, { form: { text }, headers }),
  }
}

test('what is typed on the phone is an inbound message by the API and opens the window', async () => {
  const world = await phoneWorld()
  expect(await world.chat()).toContain('This customer has never written')
  const answer = await world.write('  Habari, nimelipa  ', { referer: `${world.karibu.url}${CHAT}` })
  expect([answer.status, answer.headers.location]).toEqual([303, CHAT])
  const { json } = await world.get('/v1/whatsapp/messages?direction=inbound')
  expect(json.data.items.map((one: { content: unknown }) => one.content)).toEqual([{ body: 'Habari, nimelipa' }])
  const conversations = await world.get(`/v1/whatsapp/conversations?recipient=${CUSTOMER}`)
  expect(conversations.json.data.items[0]).toMatchObject({
    contact_profile_name: 'Asha Mwinyi',
    window: { open: true },
  })
  // 9:00 UTC is noon in Dar es Salaam.
  expect(await world.chat()).toBe(
    'today You wrote: Habari, nimelipa 12:00 Window open until tomorrow 12:00: WhatsApp takes receipts.',
  )
  await world.run(25 * HOUR)
  expect(await world.chat()).toContain('Window closed since 12:00. A receipt is held until this customer writes.')
})

test('an empty message is none', async () => {
  const world = await phoneWorld()
  await world.write('   ')
  expect(world.karibu.inbound()).toEqual([])
})

test('ticks turn: under way without its picture, then delivered, and read once it was shown', async () => {
  const world = await phoneWorld({ switches: { readsByItself: false } })
  const host = await imageHost(() => ({}))
  await world.write('Habari')
  await world.image(`${host.url}/r.png`, { caption: 'Risiti ya oda 7' })
  await world.run(400)
  const underWay = await world.chat()
  expect(underWay).toContain('A message is on its way to this phone Sent 12:00')
  expect(underWay).not.toContain('Risiti ya oda 7')
  await world.run(HOUR)
  expect(world.statuses()).toEqual(['delivered'])
  const { text } = await world.visit(CHAT)
  expect(wordsOf(text)).toContain('You received: Risiti ya oda 7 Delivered 12:00')
  expect(world.statuses()).toEqual(['read'])
  expect(await world.chat()).toContain('Risiti ya oda 7 Read 12:00')
  const [image] = world.karibu.images()
  const picture = `/phone/pictures/${image?.id}`
  expect(text).toContain(`<img src="${picture}"`)
  const answer = await request(world.karibu.url + picture)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png'])
  expect(Buffer.from(await answer.body.arrayBuffer())).toEqual(rgbPng())
})

test('a phone whose chat somebody opened reads nothing by itself any more; the others do', async () => {
  const world = await phoneWorld()
  const other = '255754000123'
  for (const phone of [CUSTOMER, other]) world.karibu.customerWrites(phone)
  await world.visit(CHAT)
  await world.text()
  await world.text({ to: other })
  await world.run(HOUR)
  expect(world.karibu.messages().map(({ to, status }) => [to, status])).toEqual([
    [CUSTOMER, 'delivered'],
    [other, 'read'],
  ])
})

test('a phone that is off takes nothing and reads nothing until it is switched on', async () => {
  const world = await phoneWorld()
  await world.write('Habari')
  await world.text()
  await world.run(2000)
  expect(world.statuses()).toEqual(['delivered'])
  await world.visit(`${CHAT}/power`, { form: { on: 'no' } })
  await world.text({ body: 'ya pili' })
  await world.run(HOUR)
  const off = await world.chat()
  expect(off).toContain('The phone is off: what is sent waits with one tick.')
  expect(off).not.toContain('ya pili')
  expect(world.statuses()).toEqual(['delivered', 'sent'])
  expect((await world.visit(CHAT)).text).toMatch(/role="switch" aria-checked="false"/)
  await world.visit(`${CHAT}/power`, { form: { on: 'yes' } })
  expect(await world.chat()).toContain('ya pili Delivered')
  expect(world.statuses()).toEqual(['read', 'read'])
})

test('a failed message says why, and a template reads as its text', async () => {
  const world = await phoneWorld()
  await world.template()
  world.karibu.nextSend({ failAsync: 131026, failMessage: 'Message undeliverable' })
  await world.template()
  await world.run(2000)
  const chat = await world.chat()
  expect(chat).toContain('Template Habari! Risiti yako ya oda A1234 iko tayari.')
  expect(chat).toContain('Could not be delivered 131026: Message undeliverable Failed')
  // The template opened no window of WhatsApp’s.
  expect(chat).toContain('This customer has never written')
})

test('names, messages and captions are shown as they are written, never as markup', async () => {
  const world = await phoneWorld()
  const nasty = '<img src=x onerror=alert(1)>"\'&'
  await world.visit('/phone/people', { form: { number: '+255 765 000 456', name: nasty } })
  await visit(world.karibu.url, '/phone/255765000456/messages', { form: { text: nasty } })
  await world.text({ to: '255765000456', body: nasty })
  await world.run(2000)
  for (const path of ['/phone', '/phone/people', '/phone/255765000456', '/phone/255765000456/thread']) {
    const { text } = await world.visit(path)
    expect([path, text.includes('<img src=x')]).toEqual([path, false])
    expect([path, text.includes('&lt;img src=x onerror=alert(1)&gt;')]).toEqual([path, true])
  }
})

test('a customer is added by number and name; a bad number is said so', async () => {
  const world = await phoneWorld()
  const added = await world.visit('/phone/people', { form: { number: '0712', name: 'Neema' } })
  expect([added.status, wordsOf(added.text).includes('Write the number with its country code')]).toEqual([400, true])
  const good = await world.visit('/phone/people', { form: { number: '+255 765 000 456', name: 'Neema' } })
  expect([good.status, good.headers.location]).toEqual([303, '/phone/255765000456'])
  expect(wordsOf((await world.visit('/phone')).text)).toContain('Neema Nothing yet')
})

test('with several senders the chat says whom it is with, and a message goes to that one', async () => {
  const world = await phoneWorld({
    senders: [
      { number: SENDER, label: 'Duka' },
      { number: '255700000002', label: 'Soko' },
    ],
  })
  const { text } = await world.visit(`${CHAT}?to=255700000002`)
  expect(wordsOf(text)).toContain('talks to Soko')
  expect(text).toContain(`href="${CHAT}?to=${SENDER}"`)
  await visit(world.karibu.url, `${CHAT}/messages?to=255700000002`, { form: { text: 'Mambo' } })
  expect(world.karibu.inbound().map((one) => one.to)).toEqual(['255700000002'])
  expect((await world.visit(`${CHAT}?to=255799999999`)).status).toBe(404)
})

test('the language is what the browser asks for until one is chosen', async () => {
  const world = await phoneWorld()
  const swahili = await world.visit('/phone', { headers: { 'accept-language': 'fr;q=0.9, sw-TZ;q=0.8, en;q=0.5' } })
  expect(swahili.text).toContain('<html lang="sw">')
  expect(wordsOf(swahili.text)).toContain('Simu ya nani?')
  expect(wordsOf((await world.visit('/phone')).text)).toContain('Whose phone?')
  const chosen = await world.visit('/phone/language', {
    form: { language: 'sw' },
    headers: { referer: `${world.karibu.url}${CHAT}?to=${SENDER}` },
  })
  expect([chosen.status, chosen.headers.location]).toEqual([303, `${CHAT}?to=${SENDER}`])
  const cookie = String(chosen.headers['set-cookie'])
  expect(cookie).toMatch(/^phone_language=sw; .*Path=\/phone; HttpOnly; SameSite=Strict$/)
  const { text } = await world.visit('/phone', { headers: { cookie: 'phone_language=sw', 'accept-language': 'en' } })
  expect(text).toContain('<html lang="sw">')
})

test('no other page can write, switch or look in, and no foreign name leads here', async () => {
  const world = await phoneWorld()
  const { url } = world.karibu
  const form = { text: 'not mine' }
  const strangers: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:1` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { host: 'evil.example' },
  ]
  for (const headers of strangers) {
    expect([headers, (await world.visit(`${CHAT}/messages`, { form, headers })).status]).toEqual([headers, 403])
  }
  const image = await world.visit(CHAT, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } })
  const rebound = await world.visit(CHAT, { headers: { host: 'evil.example:8788' } })
  expect([image.status, rebound.status]).toEqual([403, 403])
  expect(world.karibu.inbound()).toEqual([])
  const link = await world.visit(CHAT, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })
  expect(link.status).toBe(200)
  // A form leads back to a page of ours and nowhere else.
  const away = await world.visit(`${CHAT}/messages`, { form, headers: { referer: `${url}/phone/../sandbox/state` } })
  expect(away.headers.location).toBe('/phone')
})

test('every page has a policy that lets nothing in, and holds no script or style of its own', async () => {
  const world = await phoneWorld()
  await world.write('Habari')
  for (const path of ['/phone', CHAT, '/phone/shop']) {
    const { text, headers } = await world.visit(path)
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect([path, text.match(/ style=| on\w+=|<style|<script>|javascript:/g)]).toEqual([path, null])
    for (const [, asset = ''] of text.matchAll(/(?:src|href)="(\/phone\/assets\/[^"]+)"/g)) {
      expect([asset, (await world.visit(asset)).status]).toEqual([asset, 200])
    }
  }
  expect((await world.visit('/phone/assets/constructor')).status).toBe(404)
  expect((await world.visit(`/phone/pictures/no-such`)).status).toBe(404)
})
