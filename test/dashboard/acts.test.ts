import { expect, test } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import type { ApiStory } from '../support/api.ts'
import { ASHA, paidOrder, READ_TOKEN, testWorld, type World } from '../support/world.ts'
import { signedIn } from './site.ts'

const READER = 'api: { tokens: [{ name: screen, token: "${READ_TOKEN}", scopes: [read] }] }'

async function theOnly(world: World) {
  const [message] = await world.messages()
  if (!message) throw new Error('there is no message')
  return message
}

const storyOf = async (world: World, id: string) => (await world.get<ApiStory>(`/v1/messages/${id}`)).body
const timelineIn = (text: string) => (/<ol class="timeline">.*<\/ol>/s.exec(text)?.[0] ?? '').replace(/<[^>]+>/g, ' ')

/** A receipt that went out, and was read. */
async function readReceipt(world: World) {
  world.karibu.customerWrites(ASHA)
  await world.run(20_000)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(2 * 60_000)
  return theOnly(world)
}

test('a held message is cancelled once that was asked and answered, and the story says who did it and why', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await theOnly(world)
  const one = await signedIn(world)
  const page = `/dashboard/messages/${id}`
  expect((await one.get(page)).text).toContain(`href="${page}/cancel"`)
  const question = await one.get(`${page}/cancel`)
  expect(question.text).toContain('<h1>Cancel this message?</h1>')
  expect((await theOnly(world)).status).toBe('held')
  const done = await one.post(`${page}/cancel`, { reason: '  ordered\ttwice  ' })
  expect([done.status, done.headers.location]).toEqual([303, `${page}?done=cancel`])
  expect((await theOnly(world)).status).toBe('cancelled')
  const { text } = await one.get(`${page}?done=cancel`)
  expect(text).toContain('It is cancelled.')
  expect(timelineIn(text)).toContain('cancelled, by the token RISITI_API_TOKEN on the dashboard: “ordered twice”')
})

test('what ended is sent again, with a reason only, and the gate decides', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await theOnly(world)
  await world.post(`/v1/messages/${id}/cancel`)
  const one = await signedIn(world)
  const page = `/dashboard/messages/${id}/retry`
  const without = await one.post(page, { reason: ' ' })
  expect([without.status, without.text.includes('Say why; it stays in the story.')]).toEqual([400, true])
  expect((await theOnly(world)).status).toBe('cancelled')
  expect((await one.post(page, { reason: 'they asked' })).status).toBe(303)
  await world.run(1000)
  expect((await theOnly(world)).status).toBe('held')
  expect(JSON.stringify((await storyOf(world, id)).timeline)).toContain('they asked')
})

test('an uncertain message is sent again only by whoever says that it may arrive twice', async () => {
  const world = await testWorld({
    karibu: '  poll_inbound_every: 10m',
    sandbox: { switches: { listEchoesMediaUrl: false, webhookDropAll: true } },
  })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  const { id, status } = await theOnly(world)
  expect(status).toBe('uncertain')
  const one = await signedIn(world)
  const page = `/dashboard/messages/${id}`
  expect((await one.get(page)).text).toContain('It arrived')
  expect((await one.get(`${page}/retry`)).text).toContain('It may be on the phone already')
  const refused = await one.post(`${page}/retry`, { reason: 'lost' })
  expect([refused.status, refused.text.includes('This is not possible now')]).toEqual([409, true])
  expect((await theOnly(world)).status).toBe('uncertain')
  expect((await one.post(`${page}/arrived`, {})).headers.location).toBe(`${page}?done=arrived`)
  expect((await theOnly(world)).status).toBe('delivered')
})

test('a receipt that was read goes out once more as a message of its own, whose story and the first one’s hold the reason', async () => {
  const world = await testWorld()
  const first = await readReceipt(world)
  const one = await signedIn(world)
  const page = `/dashboard/messages/${first.id}/again`
  const once = /name="once" value="([\w-]+)"/.exec((await one.get(page)).text)?.[1] ?? ''
  const sent = await one.post(page, { reason: 'lost her phone', once })
  const twice = await one.post(page, { reason: 'lost her phone', once })
  expect([sent.status, twice.headers.location]).toEqual([303, sent.headers.location])
  await world.run(HOUR)
  const [, second, ...more] = await world.messages()
  expect([second?.status, second?.order_number, more]).toEqual(['read', 'DUKA-0107', []])
  expect(sent.headers.location).toBe(`/dashboard/messages/${second?.id}?done=again`)
  expect(world.karibu.images()).toHaveLength(2)
  for (const id of [first.id, second?.id ?? '']) {
    const told = timelineIn((await one.get(`/dashboard/messages/${id}`)).text)
    expect(told).toContain('sent once more, by the token RISITI_API_TOKEN on the dashboard: “lost her phone”')
  }
})

test('a message’s page tells its whole story, in both languages', async () => {
  const world = await testWorld()
  const { id } = await readReceipt(world)
  const english = (await (await signedIn(world)).get(`/dashboard/messages/${id}`)).text
  const told = timelineIn(english)
  for (const part of [
    'The customer wrote: their 24 hours began',
    'Order paid',
    'Rule “receipt” made this message',
    'Attempt 1: Karibu took it on',
    'the customer’s 24 hours were open until tomorrow 12:00',
    'HTTP 202',
    'The picture was drawn',
    'The picture was fetched',
    'On the phone',
    'Read by the customer',
  ])
    expect(told).toContain(part)
  expect(english).toContain('alt="Picture of the receipt of order DUKA-0107"')
  expect(english).toContain('TSh 48,000')
  const swahili = (await (await signedIn(world, { language: 'sw' })).get(`/dashboard/messages/${id}`)).text
  for (const part of ['Oda imelipwa', 'Kanuni “receipt” ilitengeneza ujumbe huu', 'Mteja ameisoma leo 12:00.'])
    expect(swahili.replace(/<[^>]+>/g, '')).toContain(part)
})

test('looking at the picture here is no evidence that WhatsApp fetched it', async () => {
  const world = await testWorld()
  const { id } = await readReceipt(world)
  const before = (await storyOf(world, id)).images
  const one = await signedIn(world)
  const src = /<img src="([^"]+)"/.exec((await one.get(`/dashboard/messages/${id}`)).text)?.[1] ?? ''
  const picture = await one.get(src)
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png'])
  expect((await storyOf(world, id)).images).toEqual(before)
  expect((await one.get('/dashboard/pictures/nothing')).status).toBe(404)
})

test('a token that may only read is shown no button, and refused by the server', async () => {
  const world = await testWorld({ settings: READER })
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await theOnly(world)
  const screen = await signedIn(world, { token: READ_TOKEN })
  const { text } = await screen.get(`/dashboard/messages/${id}`)
  expect(text).toContain('Your token may only look.')
  expect(text).not.toContain('/cancel"')
  for (const answer of [
    await screen.get(`/dashboard/messages/${id}/cancel`),
    await screen.post(`/dashboard/messages/${id}/cancel`, {}),
  ])
    expect([answer.status, answer.text.includes('Your token may not do this')]).toEqual([403, true])
  expect((await theOnly(world)).status).toBe('held')
})

test('what is not possible any more is said, and changes nothing', async () => {
  const world = await testWorld()
  const { id } = await readReceipt(world)
  const one = await signedIn(world)
  for (const act of ['cancel', 'retry', 'arrived', 'not-arrived']) {
    const page = `/dashboard/messages/${id}/${act}`
    expect([act, (await one.get(page)).status]).toEqual([act, 409])
    expect([act, (await one.post(page, { reason: 'x' })).status]).toEqual([act, 409])
  }
  expect((await one.get(`/dashboard/messages/${id}/explode`)).status).toBe(404)
  expect((await one.get('/dashboard/messages/msg_none')).status).toBe(404)
  expect((await theOnly(world)).status).toBe('read')
})

test('on a full disk nothing is changed, and the page says why', async () => {
  let free = 10 ** 12
  const world = await testWorld({ freeDisk: async () => free })
  await world.shopSends('woocommerce', paidOrder())
  const { id } = await theOnly(world)
  const one = await signedIn(world)
  free = 0
  await world.run(2000)
  await world.get('/readyz')
  const { status, text } = await one.post(`/dashboard/messages/${id}/cancel`, {})
  expect([status, text.includes('The disk is almost full')]).toEqual([503, true])
  expect((await theOnly(world)).status).toBe('held')
})
