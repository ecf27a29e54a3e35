import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import type { SwitchesChange } from '../../src/sandbox/switches.ts'
import { paidOrder, testWorld, type World } from '../support/world.ts'

const PHONES = Array.from({ length: 12 }, (_, index) => `2557140000${String(index).padStart(2, '0')}`)
const CALLS = 'GET /v1/whatsapp/messages/:id'

/** A dozen receipts, sent at once; every third phone is off, every third sends no read receipts. */
async function town(switches: SwitchesChange): Promise<World> {
  const world = await testWorld({ karibu: '  poll_inbound_every: 1h', sandbox: { switches } })
  for (const [index, phone] of PHONES.entries()) {
    if (index % 3 === 1) world.karibu.phone(phone).off()
    if (index % 3 === 2) world.karibu.phone(phone).reads(false)
    world.karibu.customerWrites(phone)
    const customer = { name: 'A', phone: `+${phone}` }
    await world.shopSends('woocommerce', paidOrder({ id: phone, number: phone, customer }))
  }
  await world.run(5_000)
  return world
}

/** Each message's status, here and at Karibu, in one order. */
async function statuses(world: World): Promise<{ shown: string[]; truth: string[] }> {
  const messages = await world.messages()
  const truth = new Map<string | null, string>(world.karibu.images().map(({ id, status }) => [id, status]))
  return {
    shown: messages.map(({ status }) => status),
    truth: messages.map(({ message_id }) => truth.get(message_id) ?? 'not there'),
  }
}

test.each<[string, SwitchesChange]>([
  ['dropped, every one', { webhookDropAll: true }],
  ['told five times over', { webhookCopies: 5 }],
  ['out of order', { webhookReorder: true, statusJitter: 1 }],
  ['an hour late', { webhookDelayMs: HOUR }],
  ['an hour late, out of order and told three times', { webhookDelayMs: HOUR, webhookReorder: true, webhookCopies: 3 }],
])('webhooks that are %s: all statuses become Karibu’s own', async (_name, switches) => {
  const world = await town(switches)
  await world.run(20 * MINUTE)
  const before = await statuses(world)
  expect(before.shown).toEqual(before.truth)
  for (const phone of PHONES) world.karibu.phone(phone).on()
  await world.run(2 * HOUR)
  const after = await statuses(world)
  expect(after.shown).toEqual(after.truth)
  expect(new Set(after.shown)).toEqual(new Set(['read', 'delivered']))
})

/** Without any webhook: how often Karibu is asked after one message, over so long. */
async function callsFor(outcome: 'read' | 'never read' | 'never delivered', days: number): Promise<number> {
  const world = await testWorld({ webhooks: false, karibu: '  poll_inbound_every: 1h' })
  const [phone = ''] = PHONES
  if (outcome === 'never read') world.karibu.phone(phone).reads(false)
  if (outcome === 'never delivered') world.karibu.phone(phone).off()
  world.karibu.customerWrites(phone)
  await world.shopSends('woocommerce', paidOrder({ customer: { name: 'A', phone: `+${phone}` } }))
  await world.run(10 * MINUTE)
  for (let at = 0; at < days * DAY; at += 3 * HOUR) {
    world.clock.moveTo(world.clock.now() + 3 * HOUR)
    await world.settle()
  }
  return world.karibu.requests()[CALLS] ?? 0
}

test('a message that is read is asked after once', async () => {
  expect(await callsFor('read', 1)).toBe(1)
})

test('one delivered and never read, at most nineteen times in three days and never again', async () => {
  const calls = await callsFor('never read', 6)
  expect(calls).toBeGreaterThan(10)
  expect(calls).toBeLessThanOrEqual(19)
})

test('one never delivered, at most 127 times in thirty days and never again', async () => {
  const calls = await callsFor('never delivered', 36)
  expect(calls).toBeGreaterThan(100)
  expect(calls).toBeLessThanOrEqual(127)
})
