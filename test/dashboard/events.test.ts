import { expect, test } from 'vitest'
import { type ApiEvent, type ApiPage, ask } from '../support/api.ts'
import { ASHA, paidOrder, READ_TOKEN, testWorld, type World } from '../support/world.ts'
import { signedIn } from './site.ts'

const LIST = '/dashboard/events'
const SCREEN = `
api:
  tokens: [{ name: screen, token: "\${READ_TOKEN}", scopes: [read] }]
`
const idsIn = (text: string) => [...text.matchAll(/href="\/dashboard\/events\/(evt_\w+)"/g)].map((match) => match[1])

async function newest(world: World): Promise<ApiEvent> {
  const { body } = await ask<ApiPage<ApiEvent>>(world, '/v1/events?limit=1')
  const [event] = body.items
  if (!event) throw new Error('there is no event')
  return event
}

test('events are found by where they came from, their kind, their order and their outcome', async () => {
  const world = await testWorld()
  expect((await (await signedIn(world)).get(LIST)).text).toContain('Nothing has come in yet')
  await world.shopSends('woocommerce', paidOrder())
  await world.shopSends('shopify', paidOrder({ id: '77', number: '#9001', country: 'KE', currency: 'KES' }))
  world.karibu.customerWrites(ASHA)
  await world.run(60_000)
  const one = await signedIn(world)
  const count = async (query: string) => idsIn((await one.get(`${LIST}${query}`)).text).length
  expect(await count('')).toBe(3)
  const { text } = await one.get(LIST)
  for (const name of ['Karibu', 'Duka la Asha', 'Soko']) expect(text).toContain(`from ${name}<`)
  expect(await count('?source=duka')).toBe(1)
  expect(await count('?source=&type=order.paid&order=&outcome=&since=')).toBe(2)
  expect(await count('?order=%239001')).toBe(1)
  expect(await count('?outcome=ignored')).toBe(0)
  expect(await count('?since=2026-11-21')).toBe(0)
  expect((await one.get(`${LIST}?type=order.shipped`)).text).toContain('Nothing found')
  expect((await one.get(`${LIST}?colour=red`)).status).toBe(400)
})

test('before anything has come in the list says so, and asks nobody to take a filter away', async () => {
  const one = await signedIn(await testWorld())
  expect((await one.get(LIST)).text).toContain('Nothing has come in yet')
  expect((await one.get(`${LIST}?type=order.paid`)).text).toContain('Take a filter away')
})

test('an event’s page shows what it led to, leads to its message and holds the body as it came', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder({ customer: { name: '<b>Asha</b>', phone: '0712 345 678' } }))
  const event = await newest(world)
  const [message] = await world.messages()
  const { text } = await (await signedIn(world)).get(`${LIST}/${event.id}`)
  expect(text).toContain(`href="/dashboard/messages/${message?.id}"`)
  expect(text).toContain('&quot;number&quot;: &quot;DUKA-0107&quot;')
  expect(text).not.toContain('<b>Asha')
  expect((await (await signedIn(world)).get(`${LIST}/evt_00000000000000000000000000`)).status).toBe(404)
})

test('an event is taken once more by a form with the session’s key, and then the new event is shown', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const first = await newest(world)
  const one = await signedIn(world)
  const { text } = await one.get(`${LIST}/${first.id}`)
  // It is asked for once more behind a summary, which needs no script.
  expect(text).toMatch(/<details[^>]*><summary>Take it once more…<\/summary>.*<form method="post"/s)
  const forged = await one.post(`${LIST}/${first.id}/replay`, { form_key: 'another' })
  expect([forged.status, (await newest(world)).id]).toEqual([403, first.id])

  const answer = await one.post(`${LIST}/${first.id}/replay`, {})
  expect(answer.status).toBe(303)
  const again = await newest(world)
  expect(again.id).not.toBe(first.id)
  expect(answer.headers['location']).toBe(`${LIST}/${again.id}?replayed`)
  const shown = await one.get(String(answer.headers['location']))
  expect(shown.text).toContain('This is the new event')
  expect(shown.text).toContain(`event ${first.id} of`)
  expect(await world.messages()).toHaveLength(1)
})

test('whoever may only read sees no button, and is refused when they send the form all the same', async () => {
  const world = await testWorld({ settings: SCREEN })
  await world.shopSends('woocommerce', paidOrder())
  const event = await newest(world)
  const screen = await signedIn(world, { token: READ_TOKEN })
  const { text } = await screen.get(`${LIST}/${event.id}`)
  expect(text).toContain('Your token may only read')
  expect(text).not.toContain('/replay"')
  expect((await screen.post(`${LIST}/${event.id}/replay`, {})).status).toBe(403)
  expect((await newest(world)).id).toBe(event.id)
})

test('an event whose body is kept no longer says that it cannot be taken once more', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const event = await newest(world)
  await world.run(1)
  await world.app.store.removeBodies(world.clock.now(), 100)
  const { text } = await (await signedIn(world)).get(`${LIST}/${event.id}`)
  expect(text).toContain('The body is not kept any more')
  expect(text).toContain('It cannot be taken once more')
})
