import { expect, test } from 'vitest'
import { addDecimals, multiplyDecimals } from '../../src/shops/decimal.ts'
import { list, money, plain, time, webAddress, word } from '../../src/shops/fields.ts'
import { phoneFieldKind } from '../../src/shops/free-fields.ts'
import { decodeEntities, plainFromHtml } from '../../src/shops/html.ts'
import { parseJson } from '../../src/shops/json.ts'
import { bytes } from './bodies.ts'

test.each([
  ['Fish &amp; Chips', 'Fish & Chips'],
  ['A &ndash; B &#8211; C &#x2013; D', 'A – B – C – D'],
  ['O&#039;Brien &quot;Bob&quot;', 'O\'Brien "Bob"'],
  ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['&unknown; &#0; &#xD800; &#99999999; &', '&unknown; &#0; &#xD800; &#99999999; &'],
  ['&toString; &constructor;', '&toString; &constructor;'],
])('entities of %j are decoded once', (html, text) => {
  expect(decodeEntities(html)).toBe(text)
})

test('tags go, a written less-than sign stays', () => {
  expect(plainFromHtml('<p>Size:<br/>Large</p>')).toBe('Size: Large')
  expect(plainFromHtml('I &lt;3 tea, 2 < 3')).toBe('I <3 tea, 2 < 3')
  expect(plainFromHtml('<script>x</script>')).toBe('x')
})

test('text for people is one clean line of bounded length', () => {
  expect(plain(' a\n\tb\u0000c \u202eevil\u202c ')).toBe('a b c evil')
  expect(plain('\ud83d')).toBeNull()
  expect(plain('😀'.repeat(400), 10)).toBe('😀😀😀😀…')
  expect(plain({})).toBeNull()
  expect(word(820982911946154500n)).toBeNull()
})

test('integers above 2^53 arrive digit by digit; text and other numbers as they are', () => {
  const body = '{"id":820982911946154508,"a":[-9007199254740993,1.5,1e3,12],"s":"820982911946154508 \\" 9","t":"\\\\"}'
  expect(parseJson(bytes(body))).toEqual({
    ok: true,
    value: {
      id: '820982911946154508',
      a: ['-9007199254740993', 1.5, 1000, 12],
      s: '820982911946154508 " 9',
      t: '\\',
    },
  })
})

test('what is not JSON is said so, and never takes long', () => {
  expect(parseJson(bytes(''))).toEqual({ ok: false, reason: 'The body is empty.' })
  expect(parseJson(bytes('{"a":'))).toEqual({ ok: false, reason: 'The body is not JSON.' })
  expect(parseJson(new Uint8Array([0xff, 0xfe]))).toEqual({ ok: false, reason: 'The body is not UTF-8 text.' })
  const started = performance.now()
  for (const hostile of ['\\"'.repeat(500_000), '"'.repeat(1_000_001), '1'.repeat(1_000_000), '['.repeat(1_000_000)]) {
    expect(parseJson(bytes(`1234567890123456 ${hostile}`)).ok).toBe(false)
  }
  expect(performance.now() - started).toBeLessThan(3000)
})

test('decimals are added and multiplied exactly', () => {
  expect(addDecimals(['0.1', '0.2', '-0.05'])).toBe('0.25')
  expect(addDecimals(['25423.7288', '4576.2712'])).toBe('30000.0000')
  expect(addDecimals(['-0.5', '0.2'])).toBe('-0.3')
  expect(addDecimals(['1', undefined])).toBeUndefined()
  expect(multiplyDecimals('19.99', 3)).toBe('59.97')
  expect(multiplyDecimals('12000', '2.5')).toBe('30000.0')
  expect(multiplyDecimals('1e5', 1)).toBeUndefined()
})

test('amounts beyond any order are not read, so that a thousand of them add up exactly', () => {
  expect(money('90000000000.00', 'TZS')).toBe(9e12)
  expect(money('90000000000.01', 'TZS')).toBeUndefined()
  expect(money('9'.repeat(5000), 'TZS')).toBeUndefined()
})

test('times need a date; without a zone they are UTC', () => {
  expect(time('2026-10-02T06:05:00')).toBe(Date.UTC(2026, 9, 2, 6, 5))
  expect(time('2026-10-02T09:05:00+03:00')).toBe(Date.UTC(2026, 9, 2, 6, 5))
  expect(time('2026-10-02T06:05:00.344522Z')).toBe(Date.UTC(2026, 9, 2, 6, 5, 0, 344))
  for (const none of ['', '0000-00-00T00:00:00', 'soon', 1_700_000_000, null, '2026-13-40T00:00:00']) {
    expect(time(none)).toBeNull()
  }
})

test("a PHP list with gaps is a list; an object's fields are not", () => {
  expect(list({ '0': { a: 1 }, '2': { a: 2 } })).toEqual([{ a: 1 }, { a: 2 }])
  expect(list({ a: { b: 1 } })).toEqual([])
  expect(list(Array.from({ length: 5000 }, () => ({})))).toHaveLength(1000)
})

test('only web addresses are addresses', () => {
  expect(webAddress('https://soko.example/a?b=1')).toBe('https://soko.example/a?b=1')
  expect(webAddress('javascript:alert(1)')).toBeNull()
  expect(webAddress('https://a.example/"onload=')).toBeNull()
})

test.each([
  ['_billing_whatsapp', 'whatsapp'],
  ['WhatsApp number', 'whatsapp'],
  ['_wc_other/shop/whatsapp', 'whatsapp'],
  ['billing_phone_2', 'phone'],
  ['namba ya simu', 'phone'],
  ['_wc_other/duka/whatsapp-opt-in', null],
  ['vendor_whatsapp', null],
  ['rider_phone', null],
  ['whatsapp_message_id', null],
  ['gift note', null],
])('a field named %s holds %s', (name, kind) => {
  expect(phoneFieldKind(name)).toBe(kind)
})
