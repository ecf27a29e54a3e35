import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { withBar, withSteps } from '../../src/commands/cli/terminal.ts'
import { createPaint, paintWord, plain } from '../../src/commands/paint.ts'
import { progressLine } from '../../src/commands/progress.ts'
import { formatTable } from '../../src/commands/table.ts'
import { shortTimeIn } from '../../src/commands/times.ts'
import { fakeCli } from './fake-cli.ts'

const ROW = [
  '20 Nov 12:00',
  'DUKA-0107',
  '255712345678',
  'held',
  'msg_01kagvvz5h8c6m2t4x9y1rdq3e',
  'the customer has not written in the last 24 hours',
]
const HEAD = ['MADE', 'ORDER', 'TO', 'STATUS', 'ID', 'WHY']

test('in 80 columns what has no room goes on below, and every line fits', () => {
  const lines = formatTable(HEAD, [ROW, [...ROW.slice(0, 5), '-']], { columns: 80, below: 4 }).split('\n')
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(lines.map((line) => line.trimEnd())).toEqual([
    'MADE          ORDER      TO            STATUS',
    '------------  ---------  ------------  ------',
    '20 Nov 12:00  DUKA-0107  255712345678  held',
    '              msg_01kagvvz5h8c6m2t4x9y1rdq3e',
    '              the customer has not written in the last 24 hours',
    '20 Nov 12:00  DUKA-0107  255712345678  held',
    '              msg_01kagvvz5h8c6m2t4x9y1rdq3e',
  ])
  expect(formatTable(HEAD, [ROW], { columns: 140, below: 4 }).split('\n')).toHaveLength(3)
})

test('colours change no column, and are in no text that is not for a terminal', () => {
  const options = { columns: 80, below: 4, coloured: 3 }
  const painted = formatTable(HEAD, [ROW], { ...options, paint: createPaint(true) })
  const bare = formatTable(HEAD, [ROW], { ...options, paint: createPaint(false) })
  expect(painted).toContain('\u001b[33mheld\u001b[39m')
  expect(stripVTControlCharacters(painted)).toBe(bare)
  expect(bare).not.toContain('\u001b')
  expect(paintWord(plain, 'read')).toBe('read')
})

test('a time in a table is short, and names its year when that is long ago', () => {
  const time = shortTimeIn('Africa/Dar_es_Salaam', Date.parse('2026-11-25T00:00:00Z'))
  expect(time('2026-11-20T09:00:15Z')).toBe('20 Nov 12:00')
  expect(time('2024-11-20T22:00:15Z')).toBe('21 Nov 2024')
})

test('a bar tells how far it is and how long it will take', () => {
  const at = { startedAt: 0, now: 60_000 }
  expect(progressLine({ part: 0.25, said: '1 of 4 events', ...at })).toBe(
    '[######------------------] 25%  1 of 4 events, about 3 min left',
  )
  expect(progressLine({ part: 1, said: '4 of 4 events', ...at })).toBe('[########################] 100%  4 of 4 events')
  expect(progressLine({ part: null, said: '4 messages', ...at })).toBe('4 messages …')
})

test('a bar is drawn on standard error of a terminal alone, not too often, and is gone at the end', async () => {
  let now = 0
  const cli = fakeCli({ terminal: true, now: () => now })
  const result = await withBar(cli, 'event', async (progress) => {
    for (let done = 1; done <= 100; done++) {
      now += 10
      progress?.(done, 100)
    }
    return 'done'
  })
  expect([result, cli.said()]).toEqual(['done', ''])
  const drawn = cli.aside().split('\r\u001b[K')
  expect(drawn.length).toBeLessThan(15)
  expect(drawn.at(-2)).toMatch(/^\[#+-*\] 9\d%  9\d of 100 events, about 1 s left$/)
  expect(drawn.at(-1)).toBe('')
  const broken = withBar(cli, 'event', () => Promise.reject(new Error('stop')))
  await expect(broken).rejects.toThrow('stop')
  expect(cli.aside().endsWith('\r\u001b[K')).toBe(true)

  const quiet = fakeCli()
  expect(await withBar(quiet, 'event', async (progress) => progress)).toBeUndefined()
  await withSteps(quiet, async (progress) => progress('copying the database'))
  expect(quiet.aside()).toBe('')
  const steps = fakeCli({ terminal: true })
  await withSteps(steps, async (progress) => {
    progress('copying the database')
    progress('copying the images', 1, 4)
  })
  expect(steps.aside()).toMatch(/copying the database …\n.*copying the images …\n.*\] 25%  1 of 4/s)
})
