import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/clock.ts'
import { silence } from '../../src/silence/silence.ts'

const MONDAY = Date.parse('2026-10-26T00:00:00Z')

/** Events every `everyMs` of each open hour; `isOpen` is told the day (0 is a Monday) and the hour. */
function story(days: number, everyMs: number, isOpen: (day: number, hour: number) => boolean): number[] {
  const times: number[] = []
  for (let at = MONDAY; at < MONDAY + days * DAY; at += everyMs) {
    const day = Math.floor((at - MONDAY) / DAY)
    if (isOpen(day % 7, Math.floor(((at - MONDAY) % DAY) / HOUR))) times.push(at)
  }
  return times
}

const daytime = (_day: number, hour: number) => hour >= 8 && hour < 20
const notSundays = (day: number, hour: number) => day !== 6 && daytime(day, hour)
const always = () => true

describe('the alarm is held against the longest usual pause', () => {
  const rows: [name: string, times: number[], quietFor: number, silent: boolean][] = [
    ['a shop that never sleeps: hours of nothing are no alarm yet', story(28, 10 * MINUTE, always), 5 * HOUR, false],
    ['a shop that never sleeps: six hours are one', story(28, 10 * MINUTE, always), 6 * HOUR, true],
    ['a night is no silence', story(28, 10 * MINUTE, daytime), 12 * HOUR, false],
    ['a night and the day after it is one', story(28, 10 * MINUTE, daytime), 25 * HOUR, true],
    ['a closed Sunday is no silence', story(27, 10 * MINUTE, notSundays), 36 * HOUR, false],
    ['a Sunday and a feast day after it is none either', story(27, 10 * MINUTE, notSundays), 60 * HOUR, false],
    ['three days are one for a shop with closed Sundays', story(27, 10 * MINUTE, notSundays), 73 * HOUR, true],
    ['two weeks are enough to know of Sundays', story(16, 10 * MINUTE, notSundays), 40 * HOUR, false],
    ['three orders a week: five days are no silence', story(28, 56 * HOUR, always), 4 * DAY, false],
    ['three orders a week: six days are one', story(28, 56 * HOUR, always), 6 * DAY, true],
  ]
  test.each(rows)('%s', (_name, times, quietFor, silent) => {
    expect(silence(times, (times.at(-1) ?? 0) + quietFor, 'auto').silent).toBe(silent)
  })
})

test('an earlier outage of days is not learnt as usual', () => {
  const times = story(28, 10 * MINUTE, daytime).filter((at) => at < MONDAY + 10 * DAY || at > MONDAY + 14 * DAY)
  const { alarmAfterMs } = silence(times, MONDAY + 28 * DAY, 'auto')
  expect(alarmAfterMs).toBe(2 * (12 * HOUR + 10 * MINUTE))
})

test('a long silence does not wash out what was learnt before it', () => {
  const times = story(28, 10 * MINUTE, daytime)
  expect(silence(times, MONDAY + 28 * DAY + 25 * DAY, 'auto').silent).toBe(true)
})

describe('what is not known is no alarm', () => {
  test.each([
    ['no event at all', []],
    ['nine events over four weeks', story(27, 3 * DAY, always)],
    ['a busy shop in its first days', story(6, 10 * MINUTE, always)],
  ])('%s', (_name, times) => {
    expect(silence(times, MONDAY + 400 * DAY, 'auto')).toEqual({
      lastAt: times.at(-1) ?? null,
      alarmAfterMs: null,
      silent: false,
    })
  })
})

test('a length of time in the settings is taken as it is, and off is off', () => {
  const times = [MONDAY]
  expect(silence(times, MONDAY + 12 * HOUR - 1, 12 * HOUR).silent).toBe(false)
  expect(silence(times, MONDAY + 12 * HOUR, 12 * HOUR)).toEqual({
    lastAt: MONDAY,
    alarmAfterMs: 12 * HOUR,
    silent: true,
  })
  expect(silence(times, MONDAY + 400 * DAY, null)).toEqual({ lastAt: MONDAY, alarmAfterMs: null, silent: false })
  expect(silence([], MONDAY, 12 * HOUR).silent).toBe(false)
})
