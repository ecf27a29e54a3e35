import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { ListItem } from '../../src/karibu/wire.ts'
import { createSetAside } from '../../src/tracking/set-aside.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { NOW } from '../support/rows.ts'

const item = (id: string, change: Partial<ListItem> = {}): ListItem => ({
  id,
  message_id: `wamid.${id}`,
  conversation_id: 'thread-1',
  is_outbound: false,
  message_type: 'text',
  content: { body: 'Habari' },
  created_at: NOW - MINUTE,
  ...change,
})

/** A set-aside on a store that keeps its text as a database would, and what was tried when. */
function aSetAside(refused: (id: string) => boolean = () => true) {
  const clock = createFakeClock(NOW)
  const cursors = new Map<string, string>()
  const saves: string[] = []
  const errors: Record<string, unknown>[] = []
  const store = {
    findCursor: async (name: string) => cursors.get(name),
    saveCursor: async (name: string, value: string) => {
      saves.push(value)
      cursors.set(name, value)
    },
  }
  const log = { info() {}, warn() {}, error: (fields: object, name: string) => void errors.push({ ...fields, name }) }
  const make = () => createSetAside(store, clock, log)
  const tried: { item: ListItem; history: boolean; at: number }[] = []
  let setAside = make()
  return {
    add: (one: ListItem, history = false) => setAside.add(one, history),
    retry: () =>
      setAside.retry(async (one, history) => {
        tried.push({ item: one, history, at: clock.now() - NOW })
        if (refused(one.id)) throw new Error('not now')
      }),
    restart: () => {
      setAside = make()
    },
    clock,
    cursors,
    saves,
    errors,
    tried,
  }
}

test('what was set aside comes back as it was, also after a restart', async () => {
  const { add, retry, restart, clock, tried } = aSetAside()
  await add(item('a', { content: { text: { body: '“Habari” 🙏' } } }), true)
  restart()
  clock.moveTo(NOW + 30 * SECOND)
  await retry()
  expect(tried).toEqual([
    { item: item('a', { content: { text: { body: '“Habari” 🙏' } } }), history: true, at: 30 * SECOND },
  ])
})

test('it is not tried before its time, and nothing is written for that', async () => {
  const { add, retry, clock, tried, saves } = aSetAside()
  await retry()
  expect(saves).toEqual([])
  await add(item('a'))
  clock.moveTo(NOW + 30 * SECOND - 1)
  await retry()
  expect(tried).toEqual([])
  expect(saves).toHaveLength(1)
})

test('what was taken is gone', async () => {
  const { add, retry, clock, tried, cursors } = aSetAside(() => false)
  await add(item('a'))
  clock.moveTo(NOW + HOUR)
  await retry()
  await retry()
  expect(tried).toHaveLength(1)
  expect([...cursors.values()]).toEqual(['[]'])
})

test('one that fails again and again does not keep the others from being taken', async () => {
  const { add, retry, clock, tried, cursors } = aSetAside((id) => id === 'poison')
  for (const id of ['a', 'poison', 'b']) await add(item(id))
  clock.moveTo(NOW + MINUTE)
  await retry()
  expect(tried.map((one) => one.item.id)).toEqual(['a', 'poison', 'b'])
  expect(JSON.parse([...cursors.values()][0] ?? '')).toMatchObject([{ item: { id: 'poison' }, tries: 1 }])
})

test('the same message set aside twice is kept once, with the tries it had', async () => {
  const { add, retry, clock, cursors } = aSetAside()
  await add(item('a'))
  clock.moveTo(NOW + MINUTE)
  await retry()
  await add(item('a'))
  expect(JSON.parse([...cursors.values()][0] ?? '')).toMatchObject([{ item: { id: 'a' }, tries: 1 }])
})

test('the waits double up to an hour, and after a day it is given up loudly', async () => {
  const { add, retry, clock, tried, errors, cursors } = aSetAside()
  await add(item('a'))
  for (let at = NOW; at <= NOW + 2 * DAY; at += 10 * SECOND) {
    clock.moveTo(at)
    await retry()
  }
  const times = tried.map(({ at }) => at)
  const waits = times.map((at, index) => at - (times[index - 1] ?? 0))
  expect(waits.slice(0, 6).map((ms) => ms / SECOND)).toEqual([30, 60, 120, 240, 480, 960])
  expect(Math.max(...waits)).toBe(HOUR)
  expect(times.at(-1)).toBeGreaterThan(DAY)
  expect(times.at(-1)).toBeLessThanOrEqual(DAY + HOUR)
  expect(errors).toMatchObject([{ name: 'inbound.given_up', item: 'a' }])
  expect([...cursors.values()]).toEqual(['[]'])
})

test('it never grows without end: the oldest go, and loudly', async () => {
  const { add, cursors, errors } = aSetAside()
  for (let index = 0; index <= 500; index++) await add(item(`m${index}`))
  const kept = JSON.parse([...cursors.values()][0] ?? '') as { item: { id: string } }[]
  expect(kept).toHaveLength(500)
  expect([kept[0]?.item.id, kept.at(-1)?.item.id]).toEqual(['m1', 'm500'])
  expect(errors).toEqual([{ name: 'inbound.set_aside_full', kept: 500 }])
})

test.each(['', 'null', '{}', '[1]', '[{"item":null}]', '<html>'])(
  'a kept list that is %j stops nothing: what comes next is kept',
  async (text) => {
    const { add, retry, cursors, clock, tried } = aSetAside()
    await add(item('a'))
    const [name = ''] = cursors.keys()
    cursors.set(name, text)
    await retry()
    await add(item('b'))
    clock.moveTo(NOW + MINUTE)
    await retry()
    expect(tried.map((one) => one.item.id)).toEqual(['b'])
  },
)
