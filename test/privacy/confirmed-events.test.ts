import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../src/clock.ts'
import { personTarget } from '../../src/privacy/erase.ts'
import { findPerson } from '../../src/privacy/person.ts'
import { type ApiEvent, ask } from '../support/api.ts'
import { filesHolding } from '../support/files.ts'
import { gatewayWorld, notify, PAYMENT } from '../support/toy-gateway.ts'
import { ASHA, type World } from '../support/world.ts'

const dataOf = (world: World) => join(world.folder, 'data')

async function events(world: World): Promise<ApiEvent[]> {
  const { body } = await ask<{ items: ApiEvent[] }>(world, '/v1/events?source=malipo&limit=200')
  return body.items.toReversed()
}

function questions(world: World): { asked: unknown[]; linked: unknown[] } {
  const database = new Database(join(dataOf(world), 'risiti.db'), { readonly: true })
  const asked = database.prepare('select subject, status from confirmations order by id').all()
  const linked = database.prepare('select event from confirmation_events order by event').all()
  database.close()
  return { asked, linked }
}

async function erase(world: World): Promise<void> {
  await world.app.store.requestErasure(`ers_${world.clock.now()}`, personTarget(ASHA), world.clock.now())
  await world.run(2 * MINUTE)
}

/** She has paid; and of a payment of somebody else nothing is known yet. */
async function paidWorld() {
  const made = await gatewayWorld()
  const { world, gateway } = made
  world.karibu.customerWrites(ASHA)
  await world.run(15 * SECOND)
  gateway.payments.set('PAY-OF-HERS', { ...PAYMENT, reference: 'INV-OF-HERS' })
  gateway.payments.set('PAY-OF-OTHERS', { ...PAYMENT, status: 'pending' })
  // Forged, then right, then thin: three questions about one payment.
  await notify(world, { id: 'PAY-OF-HERS', amount: '1', reference: 'INV-OF-HERS' })
  await notify(world, { id: 'PAY-OF-HERS', amount: '18000', reference: 'INV-OF-HERS' })
  await notify(world, { id: 'PAY-OF-HERS' })
  await notify(world, { id: 'PAY-OF-OTHERS' })
  await world.run(MINUTE)
  return made
}

test('what was claimed and confirmed of who is erased goes with them: bodies, answers and questions', async () => {
  const { world } = await paidWorld()
  expect(world.karibu.images()).toHaveLength(1)
  expect(questions(world).asked).toHaveLength(4)
  const before = await events(world)
  expect(before.map(({ topic }) => topic).filter((topic) => topic === 'confirmed')).toHaveLength(2)
  expect(filesHolding(dataOf(world), ['PAY-OF-HERS']).length).toBeGreaterThan(0)

  await erase(world)
  expect(filesHolding(dataOf(world), [ASHA, '0712 345 678', 'PAY-OF-HERS', 'INV-OF-HERS'])).toEqual([])
  expect(await events(world)).toHaveLength(before.length)
  expect(questions(world).asked).toEqual([{ subject: 'payment:PAY-OF-OTHERS', status: 'waiting' }])
  expect(questions(world).linked).toHaveLength(1)
  const told = await ask<{ body: string }>(world, `/v1/events/${before[3]?.id}`)
  expect(told.body.body).toContain('PAY-OF-OTHERS')
})

test('a payment of who is erased that was still to be confirmed is not asked about any more', async () => {
  const { world, gateway } = await gatewayWorld()
  gateway.payments.set('P1', { ...PAYMENT, status: 'pending' })
  await notify(world, { id: 'P1', reference: `call 0712 345 678` })
  await world.run(MINUTE)
  await erase(world)
  const asked = gateway.asked
  gateway.payments.set('P1', PAYMENT)
  await world.leap(DAY)
  expect(gateway.asked).toBe(asked)
  expect(questions(world)).toEqual({ asked: [], linked: [] })
  expect(filesHolding(dataOf(world), ['0712 345 678'])).toEqual([])
})

test('who asks what is stored about them is shown what was claimed, too', async () => {
  const { world } = await paidWorld()
  const found = await findPerson(ASHA, world.app.store, world.clock.now())
  const all = await events(world)
  const hers = all.filter(({ trace }) => !trace.some(({ step }) => step.includes('PAY-OF-OTHERS')))
  expect(hers).toHaveLength(5)
  expect(found.eventIds).toEqual(expect.arrayContaining(hers.map(({ id }) => id)))
  expect(found.eventIds).not.toContain(all[3]?.id)
})

test('a notification told again after its body was forgotten is asked about all the same', async () => {
  const { world, gateway } = await paidWorld()
  await erase(world)
  const images = world.karibu.images().length
  gateway.payments.set('PAY-OF-HERS', { ...PAYMENT, status: 'refunded', reference: 'INV-OF-HERS' })
  const answer = await notify(world, { id: 'PAY-OF-HERS' })
  expect(answer.status).toBe(200)
  await world.run(MINUTE)
  expect((await events(world)).at(-1)).toMatchObject({ topic: 'confirmed', order_number: 'INV-OF-HERS' })
  expect(world.karibu.images()).toHaveLength(images)
})
