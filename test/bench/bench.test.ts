import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { endAll } from '../commands/program.ts'
import { createBench } from './bench.ts'
import { chosenCases } from './cases.ts'
import { chartOf } from './chart.ts'
import { absolute, judge, ratio } from './figures.ts'
import { readAnswer } from './load/connection.ts'
import { closedLoop, openLoop } from './load/load.ts'
import { eachOnce, measure } from './measure.ts'
import { createOrderMaker } from './orders.ts'
import { withFigures } from './readme.ts'
import { plainTable, shown } from './report.ts'
import { fillDatabase } from './seed/fill.ts'
import { createStamp } from './seed/stamp.ts'
import { percentile, ratiosOf, spreadOf } from './statistics.ts'
import { buildTown } from './town.ts'

afterAll(endAll)

const NOW = Date.parse('2026-11-20T09:00:00Z')
const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

describe('statistics', () => {
  test.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
    [[7], 0.99, 7],
    [[2, 1], 0.5, 1],
    [[10, 9, 100], 0.99, 100],
    [[], 0.5, Number.NaN],
  ])('the percentile of %j at %d is %d', (values, part, expected) => {
    expect(percentile(values, part)).toBe(expected)
  })

  test.each([
    [[5], { low: 5, median: 5, high: 5 }],
    [[4, 2], { low: 2.5, median: 3, high: 3.5 }],
    [[3, 1, 2], { low: 1.5, median: 2, high: 2.5 }],
    [[5, 1, 4, 2, 3], { low: 2, median: 3, high: 4 }],
  ])('the spread of %j', (values, expected) => {
    expect(spreadOf(values)).toEqual(expected)
  })

  test('ratios are taken round by round, and only of as many rounds', () => {
    expect(ratiosOf([10, 30], [20, 20])).toEqual([0.5, 1.5])
    expect(() => ratiosOf([1], [1, 2])).toThrow('every round')
  })
})

describe('figures', () => {
  test.each([
    ['a target reached', ratio('a', [0.2], { atLeast: 0.2 }), true, false],
    ['a target missed by little', ratio('a', [0.1], { atLeast: 0.2 }), false, false],
    ['a ratio at less than half', ratio('a', [0.09], { atLeast: 0.2 }), false, true],
    [
      'half of what was reached of a target out of reach',
      { ...ratio('a', [0.02], { atLeast: 0.2 }), reached: 0.04 },
      false,
      false,
    ],
    ['less than half of what was reached', { ...ratio('a', [0.019], { atLeast: 0.2 }), reached: 0.04 }, false, true],
    ['a ratio that may only be small', ratio('a', [3.1], { atMost: 1.5 }), false, true],
    ['a ratio nobody could take', ratio('a', [Number.NaN], { atLeast: 1 }), false, true],
    ['a time, however long', absolute('a', 'ms', [900], { atMost: 25 }), false, false],
    ['an unsteady ratio', { ...ratio('a', [9], { atMost: 2 }), unsteady: true as const }, false, false],
    ['nothing asked', ratio('a', [0.01]), null, false],
  ])('%s', (_, figure, met, grossLoss) => {
    expect(judge(figure)).toMatchObject({ met, grossLoss })
  })

  test('the table has ratios first and says what was met', () => {
    const figures = [absolute('orders', '/s', [5000, 5200, 5100]), ratio('of bare Hono', [0.21], { atLeast: 0.2 })]
    const [, , first, second] = plainTable(figures.map(judge)).split('\n')
    expect(first).toMatch(/^of bare Hono {2}0\.21 .*≥ 0\.2 .*met$/)
    expect(second).toMatch(/^orders +5,100\/s/)
  })

  test.each([
    [1234.6, '1,235'],
    [12.345, '12.3'],
    [0.0214, '0.021'],
    [Number.NaN, '-'],
  ])('%d is shown as %s', (value, text) => expect(shown(value)).toBe(text))

  test('the chart draws what has words for it, and the README takes the table between its marks alone', () => {
    const figures = [{ ...absolute('x', '/s', [5]), chart: 'Risiti: new orders' }, absolute('y', '/s', [7])].map(judge)
    expect(chartOf(figures, 'Title').match(/<rect/g)).toHaveLength(1)
    const machine = { processor: 'P', cores: 2, memoryGb: 24, node: 'v20', sqlite: '3', loadBefore: 0 }
    const ran = { machine, quick: false, ranAt: new Date(NOW).toISOString() }
    const readme = 'before\n<!-- bench: npm run bench -- --readme -->\nold\n<!-- bench ends -->\nafter\n'
    const text = withFigures(readme, figures, ran)
    expect(text).toMatch(/^before\n<!-- bench: [\s\S]*\| x \| 5\/s \|[\s\S]*<!-- bench ends -->\nafter\n$/)
    expect(text).not.toContain('old')
    expect(withFigures(text, figures, ran)).toBe(text)
  })
})

test.each([
  ['nothing yet', 'HTTP/1.1 200 OK\r\nContent-Le', undefined],
  ['a body that is not all there', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc', undefined],
  ['a whole body', 'HTTP/1.1 429 Too Many\r\nContent-Length: 3\r\n\r\nabc', [429, 'abc']],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', [204, '']],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n', [200, 'abcd']],
  ['chunks without an end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', undefined],
])('an answer is read from the bytes: %s', (_, bytes, expected) => {
  const answer = readAnswer(Buffer.from(bytes))
  expect(answer && [answer.status, answer.body.toString()]).toEqual(expected)
})

test('a row is stamped with other words and another time, and the longer mark wins', () => {
  const row = { id: 'evt_abc', text: '{"n":"C-7-B","id":"7"}', at: NOW + 5, count: 7, nothing: null }
  const { columns, print } = createStamp(row, ['7', 'C-7-B', 'abc'], NOW)
  const words = new Map([
    ['7', '9'],
    ['C-7-B', 'K-9'],
    ['abc', 'xyz'],
  ])
  expect(columns).toEqual(['id', 'text', 'at', 'count', 'nothing'])
  expect(print(words, NOW + 1000)).toEqual({
    id: 'evt_xyz',
    text: '{"n":"K-9","id":"9"}',
    at: NOW + 1005,
    count: 7,
    nothing: null,
  })
})

test('orders are as large as real ones, all different, and never made twice', () => {
  const maker = createOrderMaker(NOW)
  const [one, two] = [...maker.make(1), ...maker.make(1)]
  expect(one?.request.length).toBeGreaterThan(5500)
  expect(one?.number).not.toBe(two?.number)
  expect(String(one?.request)).toContain(`"number":"${one?.number}"`)
  expect(String(one?.request)).not.toContain('C-7000000007-B')
})

test('an unknown case is named', () => {
  expect(() => chosenCases('intake,speed')).toThrow('there is no case speed')
})

test('the service takes in what both loops send it, and runs on a database that was filled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-bench-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const cores = { service: undefined, load: undefined, both: undefined }
  const bench = createBench({ quick: true, folder, cores, profile: undefined, print() {} })
  await fillDatabase({ folder, sample: await bench.library.sample(), messages: 60, now: Date.now() })
  const town = await buildTown({ bench, folder })
  await town.service.startService()
  const { port, service } = town
  const some = (count: number) => eachOnce(bench.orders.make(count).map(({ request }) => request))
  const pid = service.pid()
  const closed = await measure(pid, 200, () => closedLoop({ port, connections: 4, ms: 5000, next: some(40) }))
  const open = await measure(pid, 200, () => openLoop({ port, connections: 4, ms: 400, rate: 50, next: some(20) }))
  expect(closed.perSecond).toBeGreaterThan(0)
  expect(open.p99).toBeGreaterThanOrEqual(open.p50)
  const forged = eachOnce(bench.orders.forge(100))
  await measure(pid, 401, () => closedLoop({ port, connections: 4, ms: 5000, next: forged }))
  const { items } = (await service.api<{ items: { order_number: string }[] }>('/v1/messages?limit=200')) ?? {
    items: [],
  }
  expect(items.filter((item) => item.order_number.startsWith('C-'))).toHaveLength(60)
  expect(items.filter((item) => item.order_number.startsWith('K-'))).toHaveLength(60)
  await town.end()
  const sqlite = new Database(join(folder, 'data', 'risiti.db'), { readonly: true })
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
  sqlite.close()
})
