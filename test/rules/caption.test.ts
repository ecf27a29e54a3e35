import { describe, expect, test } from 'vitest'
import { minorDigits } from '../../src/money.ts'
import { compileCaption, compileUrl, renderCaption, renderLine, renderText } from '../../src/rules/caption.ts'
import { CAPTION_LIMIT } from '../../src/rules/cut.ts'
import { anOrder, orderContext, seeded } from './an-order.ts'

const FAMILY = '👨‍👩‍👧‍👦'

function caption(source: string, context = orderContext()) {
  return renderCaption(compileCaption(source), context)
}

function points(text: string): number {
  return Array.from(text).length
}

function attributes(values: Record<string, string>) {
  return orderContext(anOrder({ attributes: values }))
}

describe('cutting', () => {
  test('1024 code points go out whole, 1025 end with "…"', () => {
    expect(caption('{{ order.attributes.t }}', attributes({ t: 'a'.repeat(1024) }))).toEqual({
      text: 'a'.repeat(1024),
      cut: false,
      problem: null,
    })
    expect(caption('{{ order.attributes.t }}', attributes({ t: 'a'.repeat(1025) }))).toEqual({
      text: `${'a'.repeat(1023)}…`,
      cut: true,
      problem: null,
    })
  })

  test('code points are counted, not UTF-16 units: 1024 emoji fit', () => {
    const { text, cut } = caption('{{ order.attributes.t }}', attributes({ t: '😀'.repeat(1024) }))
    expect([points(text), cut]).toEqual([1024, false])
    const longer = caption('{{ order.attributes.t }}', attributes({ t: '😀'.repeat(1025) }))
    expect(longer).toEqual({ text: `${'😀'.repeat(1023)}…`, cut: true, problem: null })
  })

  test.each([
    ['a family', FAMILY],
    ['a flag', '🇹🇿'],
    ['a letter with its accent', 'e\u0301'],
    ['a surrogate pair', '😀'],
  ])('%s is never cut in two', (_, character) => {
    for (let before = 1024 - points(character); before <= 1024; before++) {
      const { text, cut } = caption(
        '{{ order.attributes.t }}',
        attributes({ t: `${'a'.repeat(before)}${character}bbb` }),
      )
      expect(cut).toBe(true)
      expect(points(text)).toBeLessThanOrEqual(CAPTION_LIMIT)
      expect(text).not.toMatch(/\p{Surrogate}/u)
      const whole = `${'a'.repeat(before)}${character}bbb`
      expect(whole.startsWith(text.slice(0, -1))).toBe(true)
      const kept = text.slice(before, -1)
      expect(['', character, `${character}b`, `${character}bb`]).toContain(kept)
    }
  })

  test('one endless character is cut all the same', () => {
    const { text, cut } = caption('{{ order.attributes.t }}', attributes({ t: `e${'\u0301'.repeat(5000)}` }))
    expect([points(text), cut]).toEqual([1024, true])
  })
})

describe('hostile values', () => {
  test("Liquid in a customer's name is not evaluated", () => {
    const order = anOrder({ customer: { name: '{{ order.total }}{% raw %}', firstName: null } })
    expect(caption('Hi {{ customer.name }}', orderContext(order)).text).toBe('Hi {{ order.total }}{% raw %}')
  })

  test('control characters and half surrogate pairs do not go out', () => {
    const { text } = caption('{{ order.attributes.t }}!', attributes({ t: 'a\u0000b\u001b[31m\r\nc\ud83d' }))
    expect(text).toBe('ab[31m\nc\uFFFD!')
  })

  test("nothing but the order's own fields can be reached", () => {
    const { text } = caption('[{{ order.attributes.constructor }}{{ order.attributes.__proto__ }}]')
    expect(text).toBe('[]')
  })
})

test('a free field this order lacks is empty', () => {
  expect(caption('Meza {{ order.attributes.table }}{{ order.attributes.floor }}.')).toEqual({
    text: 'Meza 7.',
    cut: false,
    problem: null,
  })
})

test('what is not known counts as no', () => {
  expect(caption('{% if order.url %}{{ order.url }}{% else %}-{% endif %}').text).toBe('-')
})

test('a name that was set in one branch only leaves a hole and says so, and the rest goes out', () => {
  const rendered = caption('Oda {{ order.number }}{% if order.url %}{% assign x = 1 %}{% endif %} {{ x }}')
  expect(rendered.text).toBe('Oda #1042')
  expect(rendered.problem).toContain('undefined variable: x')
})

describe('money', () => {
  test.each([
    ['{{ order.total | money }}', anOrder(), 'TSh 48,000'],
    ['{{ order.total | money }}', anOrder({ total: 4_800_050 }), 'TSh 48,000.50'],
    ['{{ order.total | money }}', anOrder({ currency: 'UGX', total: 48_000 }), 'USh 48,000'],
    ['{{ order.total | money }}', anOrder({ currency: 'KWD', total: 1_234 }), 'KWD 1.234'],
    ["{{ 5000 | money: 'KES' }}", anOrder(), 'KSh 5,000'],
    ['{{ order.total | minus: order.subtotal | money }}', anOrder({ total: 30, subtotal: 10 }), 'TSh 0.20'],
    ['{{ order.attributes.tip | money }}', anOrder({ attributes: { tip: 'kidogo' } }), 'kidogo'],
    ['{{ order.attributes.tip | money }}', anOrder({ attributes: { tip: '1500' } }), 'TSh 1,500'],
  ])('%s', (source, order, text) => {
    expect(caption(source, orderContext(order)).text).toBe(text)
  })

  test('every amount comes out to the cent, also the largest', () => {
    const random = seeded(1)
    const compiled = compileCaption('{{ order.total | money }}')
    for (const currency of ['TZS', 'UGX', 'KWD'])
      for (let i = 0; i < 300; i++) {
        const total = Math.floor(random() * 10 ** (1 + Math.floor(random() * 15))) + (i % 2 ? 0 : 2 ** 52)
        const { text } = renderText(compiled, orderContext(anOrder({ currency, total })))
        const isRound = currency === 'TZS' && total % 100 === 0
        const digits = String(isRound ? total / 100 : total).padStart(isRound ? 1 : minorDigits(currency) + 1, '0')
        expect(text.replace(/\D/g, '')).toBe(digits)
      }
  })
})

describe('date', () => {
  // 31 August 21:05 UTC is already September in Dar es Salaam.
  test.each([
    ['{{ order.paid_at | date }}', '01 Sep 2026, 00:05', '01 Sep 2026, 00:05'],
    ["{{ order.paid_at | date: '%-d %B %Y' }}", '1 September 2026', '1 Septemba 2026'],
    [
      "{{ order.paid_at | date: '%A %d %b %y, %I:%M %p' }}",
      'Tuesday 01 Sep 26, 12:05 AM',
      'Jumanne 01 Sep 26, 12:05 AM',
    ],
    ["{{ order.paid_at | date: 'short' }}", '01/09/2026', '01/09/2026'],
    ["{{ order.paid_at | date: 'long' }}", '1 September 2026', '1 Septemba 2026'],
    ["{{ order.paid_at | date: 'time' }}", '00:05', '00:05'],
    ["{{ order.created_at | date: '%b' }}", 'Aug', 'Ago'],
    ["{{ '2026-03-08' | date: '%d %b 100%%' }}", '08 Mar 100%', '08 Mac 100%'],
    ["[{{ order.attributes.none | date }}{{ 'kesho' | date }}]", '[kesho]', '[kesho]'],
  ])('%s', (source, english, swahili) => {
    expect(caption(source, orderContext(anOrder(), 'en')).text).toBe(english)
    expect(caption(source, orderContext(anOrder(), 'sw')).text).toBe(swahili)
  })
})

describe('urls and invitations', () => {
  test('what is filled into a url is encoded', () => {
    const compiled = compileUrl('https://cdn.example/{{ order.number }}.png?n={{ customer.name }}')
    expect(renderText(compiled, orderContext()).text).toBe('https://cdn.example/%231042.png?n=Neema%20Mushi')
  })

  test("a url that is one of the shop's fields stays as it is", () => {
    const compiled = compileUrl('{{ order.attributes.card }}')
    expect(renderText(compiled, attributes({ card: 'https://cdn.example/a?b=c' })).text).toBe(
      'https://cdn.example/a?b=c',
    )
  })

  test("an invitation's variable is one line", () => {
    expect(renderLine(compileCaption('{{ order.attributes.t }}'), attributes({ t: ' a\n\tb   c ' })).text).toBe('a b c')
  })
})
