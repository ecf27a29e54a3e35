import { describe, expect, test } from 'vitest'
import type { Order } from '../../src/order.ts'
import { captionContext } from '../../src/rules/context.ts'
import { compileRules, matchRules } from '../../src/rules/match.ts'
import { aMessage, anOrder, aRule, orderContext, SHOP } from './an-order.ts'

function verdictOfOrder(rule: ReturnType<typeof aRule>, order: Order = anOrder()) {
  const input = { type: 'order.paid' as const, shop: 'duka', order, message: null, context: orderContext(order) }
  const [verdict] = matchRules(compileRules([rule]), input)
  return [verdict?.matched, verdict?.why]
}

function verdictOfText(words: string[], text: string | null) {
  const message = aMessage(text)
  const context = captionContext({
    event: { type: 'message.received' },
    order: null,
    message,
    shop: SHOP,
    locale: 'sw',
  })
  const [verdict] = matchRules(compileRules([aRule({ on: 'message.received', when: { text: words } })]), {
    type: 'message.received',
    shop: 'duka',
    order: null,
    message,
    context,
  })
  return [verdict?.matched, verdict?.why]
}

describe('orders', () => {
  test.each([
    [aRule(), true, 'the event is order.paid'],
    [aRule({ on: 'order.refunded' }), false, 'the event is order.paid, the rule is on order.refunded'],
    [aRule({ when: { shops: ['kahawa', 'duka'] } }), true, 'the event is order.paid; the shop is duka'],
    [aRule({ when: { shops: ['kahawa'] } }), false, 'the shop is duka, the rule is for kahawa'],
    [aRule({ when: { currency: 'KES' } }), false, 'the currency is TZS, the rule is for KES'],
    [aRule({ when: { minTotal: '1000' } }), false, 'total 900.00 TZS is under min_total 1000'],
    [aRule({ when: { minTotal: '900.01' } }), false, 'total 900.00 TZS is under min_total 900.01'],
    [
      aRule({ when: { minTotal: '900' } }),
      true,
      'the event is order.paid; total 900.00 TZS is not under min_total 900',
    ],
    [aRule({ if: 'order.total > 50000' }), false, 'if is false: order.total > 50000'],
    [aRule({ if: 'order.total > 500' }), true, 'the event is order.paid; if is true: order.total > 500'],
    [
      aRule({ if: 'order.attributes.vip == "1"' }),
      false,
      'if could not be answered: this order has no attribute vip (ask has(order.attributes.…) first)',
    ],
  ])('%#', (rule, matched, why) => {
    expect(verdictOfOrder(rule, anOrder({ total: 90_000 }))).toEqual([matched, why])
  })

  test('min_total is compared in the minor units of the order', () => {
    expect(verdictOfOrder(aRule({ when: { minTotal: '1000' } }), anOrder({ currency: 'UGX', total: 1000 }))[0]).toBe(
      true,
    )
    expect(verdictOfOrder(aRule({ when: { minTotal: '1.001' } }), anOrder({ currency: 'KWD', total: 1000 }))[0]).toBe(
      false,
    )
  })

  test('every rule gets its verdict, in order', () => {
    const rules = compileRules([aRule({ name: 'a', on: 'order.created' }), aRule({ name: 'b' }), aRule({ name: 'c' })])
    const input = {
      type: 'order.paid' as const,
      shop: 'duka',
      order: anOrder(),
      message: null,
      context: orderContext(),
    }
    expect(matchRules(rules, input).map((v) => [v.rule.rule.name, v.matched])).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ])
  })
})

describe('texts', () => {
  test.each([
    [['risiti'], 'Naomba RISITI yangu!', true],
    [['risiti'], 'risiti', true],
    [['my receipt'], 'where is My   Receipt?', true],
    [['risiti'], 'ＲＩＳＩＴＩ', true],
    [['café'], 'Cafe\u0301 tafadhali', true],
    [['hi'], 'this', false],
    [['hi', 'habari'], 'Habari?', true],
    [['收据'], '我要收据谢谢', true],
    [['a+b (c)'], 'give a+b (c)', true],
    [['a.c'], 'abc', false],
    [['إيصال'], 'أريد إيصال', true],
    [['risiti'], '', false],
    [['risiti'], null, false],
  ])('%j in %j: %s', (words, text, matched) => {
    expect(verdictOfText(words, text)[0]).toBe(matched)
  })

  test("the trace never repeats the customer's words", () => {
    expect(verdictOfText(['risiti', 'receipt'], 'siri yangu')).toEqual([
      false,
      'the text holds none of "risiti", "receipt"',
    ])
    expect(verdictOfText(['Risiti'], 'siri RISITI')[1]).toBe('the event is message.received; the text holds "Risiti"')
  })
})
