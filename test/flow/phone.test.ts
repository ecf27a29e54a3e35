import { expect, test } from 'vitest'
import { SECOND } from '../../src/clock.ts'
import { visit, wordsOf } from '../sandbox/phone-pages.ts'
import { type ApiMessage, ASHA, testWorld } from '../support/world.ts'

const BASKET = { khanga: '1', phone: ASHA, payment: 'M-Pesa', paid: 'yes' }

async function phoneWorld() {
  const world = await testWorld({ toyShop: true })
  const at = (path: string, form?: Record<string, string>) => visit(world.karibu.url, path, form ? { form } : {})
  return {
    ...world,
    at,
    chat: async () => wordsOf((await at(`/phone/${ASHA}/thread`)).text),
    orders: async () => wordsOf((await at('/phone/shop/orders')).text),
  }
}

const statusesOf = (messages: ApiMessage[]) => messages.map((one) => one.status)

test('what is bought in the toy shop is held while the window is closed, and arrives when the customer writes', async () => {
  const world = await phoneWorld()
  await world.at('/phone/shop/orders', BASKET)
  await world.run(10 * SECOND)
  expect(statusesOf(await world.messages())).toEqual(['held'])
  expect(await world.orders()).toMatch(/order\.updated : Risiti answered 200 evt_\w+ Asha Mwinyi’s window is closed/)

  await world.at(`/phone/${ASHA}/messages`, { text: 'Habari' })
  await world.run(20 * SECOND)
  expect(await world.chat()).toMatch(
    /You wrote: Habari .* You received: Asante Asha! Risiti ya oda T\d{6}: TSh 18,000\. (Delivered|Read)/,
  )
  await world.run(10 * SECOND)
  expect(statusesOf(await world.messages())).toEqual(['read'])
  const [image] = world.karibu.images()
  const picture = await world.at(`/phone/pictures/${image?.id}`)
  expect([picture.status, picture.headers['content-type'], Number(picture.headers['content-length']) > 5000]).toEqual([
    200,
    'image/png',
    true,
  ])
})

test('a webhook sent again is known already: the customer has one receipt', async () => {
  const world = await phoneWorld()
  await world.at(`/phone/${ASHA}/messages`, { text: 'Habari' })
  await world.at('/phone/shop/orders', BASKET)
  await world.run(20 * SECOND)
  const id = /id="o-(\d+)"/.exec((await world.at('/phone/shop/orders')).text)?.[1] ?? ''
  await world.at(`/phone/shop/orders/${id}`, { do: 'repeat' })
  expect(await world.orders()).toContain('Risiti answered 200, known already, nothing is sent twice')
  await world.run(20 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
})

test('an order to be paid later sends nothing until it is paid', async () => {
  const world = await phoneWorld()
  await world.at(`/phone/${ASHA}/messages`, { text: 'Habari' })
  await world.at('/phone/shop/orders', { ...BASKET, paid: 'no' })
  await world.run(20 * SECOND)
  expect(world.karibu.images()).toEqual([])
  const id = /id="o-(\d+)"/.exec((await world.at('/phone/shop/orders')).text)?.[1] ?? ''
  await world.at(`/phone/shop/orders/${id}`, { do: 'pay' })
  await world.run(20 * SECOND)
  expect(world.karibu.images().map((one) => one.to)).toEqual([ASHA])
})

test('STOP written on the phone keeps later receipts from it, until START', async () => {
  const world = await phoneWorld()
  for (const text of ['Habari', 'STOP']) await world.at(`/phone/${ASHA}/messages`, { text })
  await world.run(20 * SECOND)
  await world.at('/phone/shop/orders', BASKET)
  await world.run(20 * SECOND)
  expect((await world.messages()).map((one) => one.reason?.code)).toEqual(['opted_out'])
  const said = 'This customer wrote STOP: Risiti sends them nothing until they write START.'
  expect((await world.at(`/phone/${ASHA}/thread`)).text).toContain(said)
  await world.at(`/phone/${ASHA}/messages`, { text: 'START' })
  expect((await world.at(`/phone/${ASHA}/thread`)).text).not.toContain(said)
  await world.run(20 * SECOND)
  await world.at('/phone/shop/orders', BASKET)
  await world.run(20 * SECOND)
  expect(world.karibu.images()).toHaveLength(1)
})
