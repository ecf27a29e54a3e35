import { describe, expect, test } from 'vitest'
import { clustersOf, directionOf, isolate, tidy, widthEm } from '../../src/receipts/text.ts'

describe('tidy', () => {
  test.each([
    ['  Asha \n\t Mwinyi  ', 'Asha Mwinyi'],
    ['a\u202fb\u00a0c\u2028d', 'a b c d'],
    ['a\u0000b\u0007c\u0085d\u001b[31m', 'abcd[31m'],
    ['\u202eevil\u202c \u2066x\u2069 \u200f\u061cy', 'evil x y'],
    ['lone \ud800 surrogate \udc00', 'lone surrogate'],
    ['soft\u00adhyphen zero\u200bwidth \ufeffbom', 'softhyphen zerowidth bom'],
    ['private \ue000\u{f0000}', 'private'],
    ['👨‍👩‍👧‍👦 🇹🇿 👍🏿 ❤️', '👨‍👩‍👧‍👦 🇹🇿 👍🏿 ❤️'],
    ['𝓐𝓼𝓱𝓪 ⅓ ℃ ㎏ m⁴ Ⅳ', 'Asha 1⁄3 °C kg m4 IV'],
    ['№ 5 ™ m² ½', '№ 5 ™ m² ½'],
    ['S→M ★★ ✓ ≤5 non‑breaking', 'S›M ⭐⭐ ✔ <=5 non-breaking'],
    ['e\u0301', 'é'],
    [`z${'\u0301'.repeat(500)}`, 'ź\u0301\u0301\u0301\u0301'],
    ['<script>alert("x")</script>', '<script>alert("x")</script>'],
    [null, ''],
    [undefined, ''],
  ])('%j', (text, tidied) => {
    expect(tidy(text, 100)).toBe(tidied)
  })

  test('cuts what is too wide, between whole signs, with an ellipsis', () => {
    const cut = tidy('👨‍👩‍👧‍👦'.repeat(50), 10)
    expect(cut).toMatch(/^(👨‍👩‍👧‍👦)+…$/u)
    expect(widthEm(cut)).toBeLessThanOrEqual(10)
    expect(tidy('x'.repeat(5000), 20).length).toBeLessThan(40)
    expect(tidy('abc', 20)).toBe('abc')
  })

  test('an endless joined cluster becomes its first sign', () => {
    expect(tidy('👩‍'.repeat(500), 10)).toBe('👩')
  })
})

test('only right-to-left text is isolated', () => {
  expect(isolate('Asha')).toBe('Asha')
  expect(isolate('شاي 12')).toBe('\u2068شاي 12\u2069')
})

test.each([
  ['Asha محمد', 'ltr'],
  ['محمد Asha', 'rtl'],
  ['12 محمد', 'rtl'],
  ['1042', 'ltr'],
  ['', 'ltr'],
  ['李小龙', 'ltr'],
  ['אסתר', 'rtl'],
])('%s reads %s', (text, direction) => {
  expect(directionOf(text)).toBe(direction)
})

test('plain text falls into the same signs as with the segmenter', () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const signs = Array.from({ length: 0x2100 - 0x20 }, (_, i) => String.fromCharCode(0x20 + i))
  const plain = signs.filter((sign) => clustersOf(sign) === sign)
  expect(plain.length).toBeGreaterThan(600)
  for (const first of plain) {
    const text = plain.map((second) => first + second).join('')
    expect([...clustersOf(text)], first).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment))
  }
})

test.each(['e\u0301', '👩🏾‍🌾', '©\ufe0f', '1\ufe0f\u20e3', 'क्षि'])('%s is one sign', (sign) => {
  expect([...clustersOf(sign)]).toEqual([sign])
  expect([...clustersOf(`a${sign}b`)]).toEqual(['a', sign, 'b'])
})
