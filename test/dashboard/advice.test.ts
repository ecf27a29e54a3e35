import { expect, test } from 'vitest'
import { prettyJson } from '../../src/dashboard/pretty.ts'
import { adviceFor, hasAdvice } from '../../src/dashboard/words/advice.ts'
import { LANGUAGES } from '../../src/dashboard/words/language.ts'
import { SETUP, setupSteps } from '../../src/dashboard/words/setup.ts'
import { KNOWN_CODES, prefixed } from '../../src/karibu/codes.ts'
import { REASON_TEXTS } from '../../src/query/reasons.ts'
import { PLATFORM_NAMES } from '../../src/shops/registry.ts'

/** Ours, and those by which a message waits or was ended by hand: nothing went wrong then. */
const OWN = [
  'karibu.unreachable',
  'karibu.no_answer',
  'karibu.answer_unreadable',
  'risiti.internal',
  'risiti.budget_spent',
  'risiti.public_url_broken',
  'receipt.no_order',
  'image.unreachable',
  'image.blocked_address',
  'image.not_an_image',
  'image.too_large',
]
const NOT_ENDED = ['answer_lost', 'restored', 'needs_a_person', 'by_hand']

test('every code of the error table, every one of ours and every reason has advice in both languages', () => {
  const reasons = Object.keys(REASON_TEXTS).filter((code) => !NOT_ENDED.includes(code))
  const codes = [...KNOWN_CODES.map(prefixed), ...OWN, ...reasons]
  expect(codes.filter((code) => !hasAdvice(code))).toEqual([])
  for (const code of codes) {
    const [english, swahili] = LANGUAGES.map((language) => adviceFor(code, language))
    expect([code, english?.what === swahili?.what, english?.todo === swahili?.todo]).toEqual([code, false, false])
    for (const advice of [english, swahili]) {
      expect([code, advice && advice.what.length > 10 && advice.todo.length > 10]).toEqual([code, true])
    }
  }
})

test('a code nobody has met yet, and none at all, still say what to do', () => {
  for (const code of ['whatsapp.999999', 'karibu.NEW_WORD', null, '__proto__']) {
    expect(adviceFor(code, 'en')).toMatchObject({ todo: expect.stringContaining('Ask Briq') })
    expect(adviceFor(code, 'sw')).toMatchObject({ todo: expect.stringContaining('Briq') })
  }
  expect(adviceFor('whatsapp.237', 'en')).toEqual(adviceFor('whatsapp.190', 'en'))
  expect(adviceFor('karibu.SENDER_INACTIVE', 'en')).toEqual(adviceFor('whatsapp.133010', 'en'))
})

test('every platform has its set-up steps in both languages, which name where the secret goes', () => {
  expect(Object.keys(SETUP)).toEqual(PLATFORM_NAMES)
  for (const platform of PLATFORM_NAMES) {
    const [english, swahili] = LANGUAGES.map((language) => setupSteps(platform, language))
    expect([platform, swahili?.length]).toEqual([platform, english?.length])
    for (const steps of [english, swahili]) expect(steps?.join(' ')).toContain('{secret}')
  }
})

test('a body is laid out without a character of it changed: long numbers, braces in text, empty lists', () => {
  const body = '{"id":820982911946154508,"name":"a {b}, \\"c\\": [d]","lines":[],"o":{},"list":[1,{"x":null}]}'
  const pretty = prettyJson(body)
  expect(pretty.split('\n')).toEqual([
    '{',
    '  "id": 820982911946154508,',
    '  "name": "a {b}, \\"c\\": [d]",',
    '  "lines": [],',
    '  "o": {},',
    '  "list": [',
    '    1,',
    '    {',
    '      "x": null',
    '    }',
    '  ]',
    '}',
  ])
  expect(JSON.parse(pretty)).toEqual(JSON.parse(body))
  expect(prettyJson('webhook_id=7&a=b')).toBe('webhook_id=7&a=b')
})

test('a body that nests without end is laid out in little more room than it takes', () => {
  const body = '['.repeat(30_000) + ']'.repeat(30_000)
  const pretty = prettyJson(body)
  expect(pretty.length).toBeLessThan(50 * body.length)
  expect(pretty.replace(/\s/g, '')).toBe(body)
})
