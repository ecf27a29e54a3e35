import { expect, test } from 'vitest'
import { ASHA, paidOrder, testWorld } from '../support/world.ts'

test('a paid order reaches the customer and its record follows it to read', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  const answer = await world.shopSends('woocommerce', paidOrder())
  expect(answer.status).toBe(200)
  await world.run(10_000)
  const [image, ...others] = world.karibu.images()
  expect(others).toEqual([])
  expect(image).toMatchObject({ to: ASHA, sender: '255700000001', status: 'read' })
  expect(image?.caption).toBe('Asante Asha! Risiti ya oda DUKA-0107: TSh 48,000.')
  const [message] = await world.messages()
  expect(message).toMatchObject({
    status: 'read',
    to: ASHA,
    message_id: image?.id,
    order_number: 'DUKA-0107',
    attempts: 1,
    reason: null,
  })
})

test('a closed window holds the receipt until the customer writes', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  await world.run(60_000)
  expect(world.karibu.images()).toEqual([])
  expect(await world.messages()).toMatchObject([{ status: 'held', reason: { code: 'window_closed' }, attempts: 0 }])
  world.karibu.customerWrites(ASHA, { text: 'Habari' })
  await world.run(20_000)
  expect(world.karibu.images()).toHaveLength(1)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 1 }])
})
