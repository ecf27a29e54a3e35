import { describe, expect, test } from 'vitest'
import { checkCondition, compileCondition } from '../../src/rules/condition.ts'
import { VARIABLES } from '../../src/rules/variables.ts'
import { anOrder, orderContext } from './an-order.ts'

const ORDER = anOrder({ total: 90_050, attributes: { vip: 'yes' } })

function ask(source: string) {
  return compileCondition(source, { on: 'order.paid' })(orderContext(ORDER))
}

function faults(source: string, on: 'order.paid' | 'message.received' = 'order.paid') {
  return checkCondition(source, { on }).map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test.each([
  // Whole numbers beside amounts, on either side.
  ['order.total > 900', true],
  ['order.total > 901', false],
  ['50000 > order.total', true],
  ['order.items_count == 3', true],
  ['3 == order.items_count', true],
  ['order.items_count != 4', true],
  ['order.total * 2 == 1801', true],
  ['2 * order.total - 1 == 1800.0', true],
  ['order.total / 2 < 450.5', true],
  ['order.items_count % 2 == 1', true],
  ['order.items_count in [3.0, 4.0]', true],
  ['order.currency in ["TZS", "KES"]', true],
  ['order.attributes.vip == "yes"', true],
  ['order.attributes["vip"] == "no"', false],
  ['has(order.attributes.vip) && !has(order.attributes.other)', true],
  ['has(order.url) && "has(order.totl)" != "" && !has(order.attributes.has)', true],
  ['"vip" in order.attributes', true],
  ['order.attributes.exists(name, name.startsWith("v"))', true],
  ['order.payment_method.lowerAscii().contains("pesa")', true],
  ['event.type == "order.paid" && shop.id == "duka" && locale == "en"', true],
  ['timestamp(order.paid_at).getHours("Africa/Dar_es_Salaam") == 0', true],
  [`order.total > 1${' && order.total > 1'.repeat(40)}`, true],
  [`false${' || order.total > 1'.repeat(40)}`, true],
  ['order.total > 5000 || order.attributes.vip == "yes"', true],
])('%s is %s', (source, holds) => {
  expect(faults(source)).toEqual([])
  expect(ask(source)).toEqual({ holds, error: null })
})

describe('found at start-up', () => {
  test('typos, with a caret under them', () => {
    expect(faults('order.totl > 5')).toEqual([
      '1:7 there is no order.totl; did you mean order.total?\norder.totl > 5\n      ^',
    ])
    expect(faults('order.total > 5 &&\n  ordr.currency == "TZS"')).toEqual([
      '2:3 there is no ordr; did you mean order?\n  ordr.currency == "TZS"\n  ^',
    ])
  })

  test.each([
    ['order.total > "5"', 'number > text cannot be worked out'],
    ['order.number', 'must be a question with a yes or a no, but it gives text'],
    ['order.total >', 'something is missing at the end'],
    ['', 'is empty'],
    ['order.number.matches("(a+)+$")', 'matches( is not allowed here'],
    ['order.number . matches ("x")', 'matches( is not allowed here'],
    ['["x"].exists(x, x.matches("(a+)+$"))', 'matches( is not allowed here'],
    ['dyn(order).totl == 5', 'dyn( is not allowed here'],
    ['[1, 2].all(x, [1, 2].all(y, x == y))', 'a loop within a loop is not allowed here'],
    ['order.items_count in [3, 4]', 'write the numbers in the list with .0, like [3.0, 4.0]'],
    ['order.constructor == "x"', 'there is no order.constructor'],
    ['order.__proto__ == "x"', 'there is no order.__proto__'],
    ['has(order.totl)', 'there is no order.totl; did you mean order.total?\nhas(order.totl)\n    ^'],
    ['constructor == "x"', 'there is no constructor'],
    ['order.total.foo == 1', 'foo does not exist'],
    ['message.text == "x"', 'order.paid has no message'],
    [`order.total > 1${' || order.total > 1'.repeat(400)}`, 'is longer than 2000 characters'],
    [`${'('.repeat(200)}true${')'.repeat(200)}`, 'is too long or has too many brackets'],
  ])('%s', (source, message) => {
    expect(faults(source)[0]).toContain(message)
    expect(() => compileCondition(source, { on: 'order.paid' })).toThrow(message)
  })

  test('a message has no order', () => {
    expect(faults('order.total > 5', 'message.received')[0]).toContain('message.received has no order')
    expect(faults('message.text.size() > 3', 'message.received')).toEqual([])
  })

  test('every documented variable is known', () => {
    for (const { name, type, on } of VARIABLES) {
      const source = { text: `${name} != ""`, number: `${name} >= 0`, texts: `size(${name}) >= 0` }[type]
      expect(faults(source, on === 'message' ? 'message.received' : 'order.paid')).toEqual([])
    }
  })
})

describe('when it runs', () => {
  test.each([
    ['order.attributes.floor == "2"', 'this order has no attribute floor (ask has(order.attributes.…) first)'],
    ['order.attributes["__proto__"] == "2"', 'this order has no attribute __proto__'],
    ['order.attributes.constructor == "2"', 'this order has no attribute constructor'],
    ['1 / 0 > 1', 'division by zero'],
    ['int(order.attributes.vip) > 1', 'cannot convert'],
  ])('%s is no, with the reason, and never throws', (source, error) => {
    const answer = ask(source)
    expect(answer.holds).toBe(false)
    expect(answer.error).toContain(error)
  })

  test('an event without the order it asks about is no, and never throws', () => {
    const { order: _, ...without } = orderContext()
    const answer = compileCondition('order.total > 5', { on: 'order.paid' })(without)
    expect(answer.holds).toBe(false)
    expect(answer.error).toContain('order')
  })
})
