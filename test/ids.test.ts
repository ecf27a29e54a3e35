import { expect, test } from 'vitest'
import { createIds, firstIdAt, type IdKind } from '../src/ids.ts'
import { NOW } from './support/rows.ts'

test.each<IdKind>(['evt', 'msg', 'att', 'cnv', 'tok'])(
  'an id of kind %s says its kind and is 26 characters more',
  (kind) => {
    expect(createIds({ now: () => NOW }).next(kind)).toMatch(new RegExp(`^${kind}_[0-9a-hjkmnp-tv-z]{26}$`))
  },
)

test('ids of one kind sort by when they were made, also within one millisecond', () => {
  let now = NOW
  const ids = createIds({ now: () => now })
  const made: string[] = []
  for (let round = 0; round < 5000; round++) {
    if (round % 500 === 0) now += round === 2500 ? 10_000_000_000 : 1
    made.push(ids.next('msg'))
  }
  expect(made.toSorted()).toEqual(made)
  expect(new Set(made).size).toBe(made.length)
})

test('ids made after the clock was set back still sort after the ones before', () => {
  let now = NOW
  const ids = createIds({ now: () => now })
  const before = ids.next('msg')
  now -= 60_000
  expect(ids.next('msg') > before).toBe(true)
})

test('ids made after a clock was wrong for long are of the time it is, not of the time it had shown', () => {
  let now = NOW + 86_400_000
  const ids = createIds({ now: () => now })
  ids.next('msg')
  now = NOW
  const made = ids.next('msg')
  expect(made >= firstIdAt('msg', NOW) && made < firstIdAt('msg', NOW + 1)).toBe(true)
})

test('no id made at a time sorts before the first of it, and none made earlier after it', () => {
  for (const at of [0, 1, 31, 32, NOW - 1, NOW, NOW + 1]) {
    const made = createIds({ now: () => at }).next('evt')
    expect(made >= firstIdAt('evt', at)).toBe(true)
    expect(made < firstIdAt('evt', at + 1)).toBe(true)
  }
  expect(firstIdAt('evt', -1)).toBe(firstIdAt('evt', 0))
  expect(firstIdAt('evt', 1e20) > firstIdAt('evt', NOW)).toBe(true)
})

test('two processes at the same millisecond do not make the same id', () => {
  const [one, other] = [createIds({ now: () => NOW }), createIds({ now: () => NOW })]
  const made = Array.from({ length: 1000 }, () => [one.next('evt'), other.next('evt')]).flat()
  expect(new Set(made).size).toBe(2000)
})

test('a token has 192 bits, fits into a URL and never comes twice', () => {
  const ids = createIds({ now: () => NOW })
  const tokens = Array.from({ length: 1000 }, () => ids.token())
  for (const token of tokens) expect(token).toMatch(/^[\w-]{32}$/)
  expect(Buffer.from(tokens[0] ?? '', 'base64url')).toHaveLength(24)
  expect(new Set(tokens).size).toBe(1000)
})
