import { expect, test } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import { createSessions } from '../../src/dashboard/sessions.ts'
import { createIds } from '../../src/ids.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { NOW } from '../support/rows.ts'

test('sessions are as many as memory allows: one too many ends the oldest, and time ends them all', () => {
  const clock = createFakeClock(NOW)
  const sessions = createSessions(clock, createIds(clock))
  const first = sessions.open('a')
  const others = Array.from({ length: 999 }, () => sessions.open('b'))
  expect(sessions.find(first.id)?.tokenHash).toBe('a')
  const last = sessions.open('c')
  expect(sessions.find(first.id)).toBeUndefined()
  expect(new Set([...others, last].map(({ id }) => id)).size).toBe(1000)
  clock.moveTo(NOW + 12 * HOUR - 1)
  expect(sessions.find(last.id)?.tokenHash).toBe('c')
  clock.moveTo(NOW + 12 * HOUR)
  expect(sessions.find(last.id)).toBeUndefined()
})
