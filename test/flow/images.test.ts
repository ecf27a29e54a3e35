import { expect, test } from 'vitest'
import { fakeJpeg, fakePng } from '../receipts/png-facts.ts'
import { rgbPng } from '../sandbox/world.ts'
import { imageServer } from '../support/image-server.ts'
import { ASHA, testWorld } from '../support/world.ts'

const rulesFor = (url: string) => `
  - name: price-list
    on: message.received
    send: { image: { url: "${url}" }, caption: "Bei" }
`
const byHand = (url: string) => ({ shop: 'duka', to: ASHA, image_url: url, caption: 'Bei' })

const twice = <T>(one: T) => [one, one]

/** Asked for by a rule and by hand alike; gives what both messages came to. */
async function sendBoth(url: string, options: { strangeImages?: boolean } = {}) {
  const world = await testWorld({ rules: rulesFor(url), karibu: '  per_contact_every: 0s', ...options })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.post('/v1/messages', byHand(url))
  await world.run(15_000)
  return { world, messages: await world.messages() }
}

test('the service by itself fetches from no port of this machine, by a rule or by hand', async () => {
  const host = await imageServer()
  const { world, messages } = await sendBoth(host.url, { strangeImages: true })
  expect(messages).toMatchObject(twice({ status: 'failed', error_code: 'risiti.image.blocked_address' }))
  expect(host.hits()).toBe(0)
  expect(world.karibu.images()).toEqual([])
})

test('nor from the address of Karibu', async () => {
  const world = await testWorld({ strangeImages: true })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.post('/v1/messages', byHand(`${world.karibu.url}/v1/whatsapp/senders`))
  await world.run(5_000)
  expect(await world.messages()).toMatchObject([{ status: 'failed', error_code: 'risiti.image.blocked_address' }])
})

test('the address of public_url is allowed, as it stands there: its own pictures can be sent on', async () => {
  const world = await testWorld({ strangeImages: true, karibu: '  per_contact_every: 0s' })
  const host = await imageServer()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  const wrongName = world.url.replace('127.0.0.1', 'localhost')
  for (const url of [`${world.url}/readyz`, `${wrongName}/readyz`, host.url])
    await world.post('/v1/messages', byHand(url))
  await world.run(5_000)
  expect((await world.messages()).map(({ error_code }) => error_code)).toEqual([
    'risiti.image.not_an_image',
    'risiti.image.blocked_address',
    'risiti.image.blocked_address',
  ])
})

test.each<[string, Uint8Array, string]>([
  ['a palette PNG', fakePng({ colorType: 3 }), 'risiti.image.not_an_image'],
  ['a 16-bit PNG', fakePng({ bitDepth: 16 }), 'risiti.image.not_an_image'],
  ['a CMYK JPEG', fakeJpeg({ components: 4 }), 'risiti.image.not_an_image'],
  ['a picture of 900 million points', fakePng({ width: 30_000, height: 30_000 }), 'risiti.image.not_an_image'],
  ['a page that says it is a PNG', Buffer.from('<html>'), 'risiti.image.not_an_image'],
  ['more than 5 MB', fakePng({ data: new Uint8Array(5_000_001) }), 'risiti.image.too_large'],
])('%s is refused by a rule and by hand, and reaches nobody', async (_name, bytes, code) => {
  const { world, messages } = await sendBoth((await imageServer(bytes)).url)
  expect(messages).toMatchObject(twice({ status: 'failed', error_code: code }))
  expect(world.karibu.images()).toEqual([])
})

test('a good picture is served from our address under the type of its bytes, whatever its server said', async () => {
  const { world, messages } = await sendBoth((await imageServer(rgbPng(), 'text/html')).url)
  expect(messages).toMatchObject(twice({ status: 'read' }))
  for (const { id, mediaUrl } of world.karibu.images()) {
    expect(mediaUrl?.startsWith(`${world.url}/media/`)).toBe(true)
    expect(world.karibu.imageOf(id)?.contentType).toBe('image/png')
  }
})
