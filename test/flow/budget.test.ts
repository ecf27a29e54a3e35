import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { ask } from '../support/api.ts'
import { paidOrder, testWorld, type World } from '../support/world.ts'

const SENDER = '255700000001'
const NEXT_MONTH = Date.parse('2026-12-01T00:00:00Z')
const budgetOf = (messages: number, warnAt = 80) => ({ sender: SENDER, messagesPerMonth: messages, warnAt })
const phoneOf = (index: number) => `2557120000${String(index).padStart(2, '0')}`

function recorder() {
  const names: string[] = []
  const note = (_: unknown, name: string) => void names.push(name)
  const log: Log = { info: note, warn: note, error: note }
  return { log, times: (name: string) => names.filter((one) => one === name).length }
}

async function budgetWorld(messages: number, log: Log, karibu = '') {
  const settings = `budgets: [{ sender: "${SENDER}", messages_per_month: ${messages} }]`
  return testWorld({ settings, log, karibu: `  poll_inbound_every: 1h\n${karibu}` })
}

/** Orders of as many customers who have just written, all posted at once. */
async function orders(world: World, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index)
  for (const number of numbers) world.karibu.customerWrites(phoneOf(number))
  const now = world.clock.now()
  await Promise.all(
    numbers.map((number) =>
      world.shopSends(
        'woocommerce',
        paidOrder({
          id: String(number),
          number: String(number),
          customer: { name: 'A', phone: `+${phoneOf(number)}` },
          paidAt: now,
          updatedAt: now,
        }),
      ),
    ),
  )
  await world.run(1000)
}

async function statuses(world: World): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status } of await world.messages()) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

test('a budget is never overshot, not by many sends at once; the rest waits unharmed for the next month', async () => {
  const { log, times } = recorder()
  const world = await budgetWorld(5, log)
  world.clock.moveTo(NEXT_MONTH - 30 * HOUR)
  await orders(world, 0, 12)
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(5)
  expect(await statuses(world)).toEqual({ read: 5, queued: 7 })
  expect((await world.messages()).every(({ attempts, status }) => attempts === (status === 'read' ? 1 : 0))).toBe(true)
  expect((await world.get('/readyz')).body).toMatchObject({
    status: 'degraded',
    paused_senders: [{ sender: SENDER, code: 'risiti.budget_spent', until: '2026-12-01T00:00:00.000Z' }],
    budgets: [{ sender: SENDER, month: '2026-11', sent: 5, messages: 5, state: 'spent' }],
  })
  expect(times('sender.budget_spent')).toBe(1)
  expect(times('sender.budget_near')).toBe(1)

  world.clock.moveTo(NEXT_MONTH - 90 * MINUTE)
  await world.run(MINUTE)
  expect(await statuses(world)).toEqual({ read: 5, held: 7 })
  for (let number = 0; number < 12; number++) world.karibu.customerWrites(phoneOf(number))
  await world.run(NEXT_MONTH - 1 - world.clock.now())
  expect(await statuses(world)).toEqual({ read: 5, queued: 7 })
  await world.run(2 * MINUTE)
  expect(world.karibu.images()).toHaveLength(10)
})

test('a window that closes before the month ends leads to the rule’s policy, not to a try that comes too late', async () => {
  const world = await budgetWorld(1, recorder().log)
  await orders(world, 0, 2)
  expect(await statuses(world)).toMatchObject({ queued: 1 })
  world.clock.moveTo(world.clock.now() + 23 * HOUR + 50 * MINUTE)
  await world.run(MINUTE)
  expect(await statuses(world)).toEqual({ read: 1, held: 1 })
  world.clock.moveTo(world.clock.now() + 49 * HOUR)
  await world.run(MINUTE)
  expect((await world.messages()).find(({ status }) => status !== 'read')).toMatchObject({
    status: 'expired',
    reason: { code: 'held_too_long' },
    attempts: 0,
  })
})

test('an answer that was lost may have been taken on: its place in the budget is kept', async () => {
  const world = await budgetWorld(1, recorder().log, '  absent_after: 30m')
  world.karibu.nextSend({ http: 502, accepted: true, shape: 'html' })
  for (const number of [0, 1]) world.karibu.customerWrites(phoneOf(number))
  world.karibu.set({ listLagMs: 10 * MINUTE })
  await orders(world, 0, 2)
  expect(world.karibu.images()).toHaveLength(1)
  await world.run(30 * MINUTE)
  expect(world.karibu.images()).toHaveLength(1)
  expect((await world.get('/readyz')).body).toMatchObject({ budgets: [{ sent: 1, state: 'spent' }] })
})

test('a raised budget counts from the next start; the warning comes once a month, also over a restart', async () => {
  const { log, times } = recorder()
  const world = await budgetWorld(4, log)
  await orders(world, 0, 3)
  expect(times('sender.budget_near')).toBe(0)
  await orders(world, 3, 6)
  expect(times('sender.budget_near')).toBe(1)
  expect(world.karibu.images()).toHaveLength(4)
  await world.restart({ budgets: [budgetOf(5)] })
  await world.run(1000)
  expect(world.karibu.images()).toHaveLength(5)
  expect(times('sender.budget_near')).toBe(1)
  await world.restart({ budgets: [] })
  await world.run(MINUTE)
  expect(world.karibu.images()).toHaveLength(6)
  expect((await world.get('/readyz')).body).toMatchObject({ status: 'ok', paused_senders: [], budgets: [] })
})

test('/metrics tells how much was sent this month and how much may be', async () => {
  const world = await budgetWorld(5, recorder().log)
  await orders(world, 0, 2)
  const { text } = await ask(world, '/metrics')
  expect(text).toContain(`risiti_sender_month_sends{sender="${SENDER}"} 2\n`)
  expect(text).toContain(`risiti_sender_month_budget{sender="${SENDER}"} 5\n`)
})
