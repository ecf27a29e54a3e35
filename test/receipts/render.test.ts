import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { Renderer } from '@takumi-rs/core'
import { encode } from 'uqr'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Locale, Order } from '../../src/order.ts'
import { type FontFace, hasRareSign, loadFonts } from '../../src/receipts/fonts.ts'
import { PAGE } from '../../src/receipts/layout.ts'
import { type Brand, type ReceiptModel, receiptModel } from '../../src/receipts/model.ts'
import { createRenderer, type ReceiptRenderer, startRenderer } from '../../src/receipts/render.ts'
import { FAMILIES } from '../../src/receipts/styles.ts'
import { fakePng, pngFacts, readPixels } from './png-facts.ts'
import { manyLines, sampleBrand, sampleLine, sampleOrder } from './samples.ts'

let renderer: ReceiptRenderer

beforeAll(async () => {
  renderer = await createRenderer()
})

function modelOf(order: Partial<Order> = {}, brand: Partial<Brand> = {}, locale: Locale = 'sw') {
  return receiptModel(sampleOrder(order), { brand: sampleBrand(brand), locale, timezone: 'Africa/Dar_es_Salaam' })
}

async function draw(order: Partial<Order> = {}, brand: Partial<Brand> = {}) {
  return await renderer.renderReceipt(modelOf(order, brand))
}

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A picture that fills its frame, `width` × `height`. */
async function picture(width: number, height: number, format: 'png' | 'jpeg', style: Record<string, string>) {
  const canvas = { type: 'container' as const, style: { width: `${width}px`, height: `${height}px`, ...style } }
  return new Uint8Array(await new Renderer().render(canvas, { width, height, format }))
}

describe('the picture', () => {
  test.each([0, 1, 20, 40, 41, 200, 1000])('of %i lines is an 8-bit RGB PNG a phone can show', async (count) => {
    const png = await draw({ lines: manyLines(count) })
    const { signature, width, height, bitDepth, colorType } = pngFacts(png)
    expect({ signature, width, bitDepth, colorType }).toEqual({
      signature: '89504e470d0a1a0a',
      width: 720,
      bitDepth: 8,
      colorType: 2,
    })
    expect(height).toBeGreaterThan(700)
    expect(height).toBeLessThanOrEqual(4096)
    expect(png.byteLength).toBeLessThan(1_000_000)
  })

  test('stays RGB where the page has hardly a colour', async () => {
    const order = {
      url: null,
      lines: [],
      discounts: [],
      shipping: [],
      taxes: [],
      payment: { method: null, reference: null },
    }
    expect(pngFacts(await draw(order, { color: '#000000', address: null, phone: null, tin: null })).colorType).toBe(2)
  })

  test('with a logo and 20 lines is well under 1 MB', async () => {
    const logo = await picture(1200, 900, 'jpeg', { backgroundImage: 'linear-gradient(135deg, #f59e0b, #7c3aed)' })
    expect((await draw({ lines: manyLines(20) }, { logo })).byteLength).toBeLessThan(500_000)
  })

  test('is the same for the same order, here and in another process', async () => {
    const logo = await picture(64, 64, 'png', { backgroundColor: '#f59e0b' })
    const model = modelOf({ customer: { name: 'محمد علي 李小龙 🌺', firstName: null } }, { logo })
    const first = await renderer.renderReceipt(model)
    const again = await Promise.all([1, 2, 3, 4].map(() => renderer.renderReceipt(structuredClone(model))))
    expect(new Set([first, ...again].map(sha)).size).toBe(1)

    const fresh = await startRenderer(await loadFonts())
    expect(sha(await fresh.renderReceipt(model))).toBe(sha(first))

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', ELSEWHERE],
      {
        cwd: new URL('../..', import.meta.url).pathname,
      },
    )
    expect(stdout.trim()).toBe(sha(await draw()))
  })

  test('grows with what it says', async () => {
    const orders = [{ lines: manyLines(5) }, { lines: manyLines(6) }, { lines: manyLines(6), url: null }]
    const [five, six, withoutCode] = await Promise.all(orders.map(async (order) => pngFacts(await draw(order)).height))
    expect(six).toBe((five ?? 0) + 82)
    expect(withoutCode).toBeLessThan(six ?? 0)
  })
})

describe('hostile words', () => {
  const nasty = [
    'lone \ud800 and \udfff',
    '\u202Eevil\u202C \u2066\u2067\u2068 unclosed',
    '<script>alert(1)</script></div></div><img src="file:///etc/passwd">',
    '&lt;b&gt; &amp;amp; &#0; &#xD800; <!-- <style>*{display:none}</style> -->',
    'x'.repeat(5000),
    'W'.repeat(5000),
    '乌龙茶'.repeat(2000),
    'قهوة عربية '.repeat(500),
    '👨‍👩‍👧‍👦'.repeat(500),
    '👩‍'.repeat(3000),
    `Z${'\u0353\u0324\u0354'.repeat(1000)}algo`,
    '\u0000\u0001\u001b[2J\u0085',
    '\'"`${}{{}}\\',
    '한국 አማርኛ हिन्दी ไทย 𐎀 \u{10ffff}',
    '',
  ]

  test.each(nasty)('%j never breaks a receipt', async (text) => {
    const png = await draw(
      {
        number: text,
        customer: { name: text, firstName: text },
        lines: [sampleLine({ name: text, detail: text, quantity: text })],
        discounts: [{ label: text, amount: 1 }],
        shipping: [{ label: text, amount: 1 }],
        fees: [{ label: text, amount: 1 }],
        taxes: [{ label: text, rate: text, amount: 1 }],
        refunds: [{ id: text, reason: text, amount: 5, at: null }],
        refundedTotal: 5,
        payment: { method: text, reference: text },
        url: text,
      },
      { name: text, address: text, phone: text, tin: text, color: text },
    )
    expect(pngFacts(png)).toMatchObject({ width: 720, colorType: 2 })
  })

  test('everywhere at once and a thousand times keep the picture readable', async () => {
    for (const text of ['W'.repeat(5000), '乌龙茶'.repeat(2000), 'maneno marefu sana '.repeat(200)]) {
      const amounts = Array.from({ length: 50 }, () => ({ label: text, rate: '18', amount: 900_000_000_000_001 }))
      const png = await draw(
        {
          customer: { name: text, firstName: null },
          lines: Array.from({ length: 1000 }, () => sampleLine({ name: text, detail: text, total: 900_000_000_000 })),
          discounts: amounts,
          shipping: amounts,
          fees: amounts,
          taxes: amounts,
          refunds: amounts.map(({ amount }) => ({ id: '1', reason: text, amount, at: null })),
          refundedTotal: 50 * 900_000_000_000_001,
          payment: { method: text, reference: text },
          total: 9_000_000_000_000_000,
          url: `https://duka.example/${'x'.repeat(270)}`,
        },
        { name: text, address: text, phone: text, tin: text },
      )
      expect(pngFacts(png).height).toBeLessThanOrEqual(4096)
    }
  })

  test('what cannot be drawn fails without a word about the customer', async () => {
    const broken: ReceiptModel = JSON.parse(JSON.stringify({ ...modelOf(), lines: null }))
    await expect(renderer.renderReceipt(broken)).rejects.toMatchObject({
      code: 'receipt.render_failed',
      message: 'The receipt could not be drawn.',
      cause: undefined,
    })
  })
})

describe('logos', () => {
  test('of any shape are shown', async () => {
    const plain = sha(await draw())
    for (const [width, height] of [
      [400, 400],
      [1600, 100],
      [100, 1600],
      [1, 1],
      [4000, 30],
    ] as const) {
      for (const format of ['png', 'jpeg'] as const) {
        const png = await draw({}, { logo: await picture(width, height, format, { backgroundColor: '#f59e0b' }) })
        expect(pngFacts(png)).toMatchObject({ width: 720, colorType: 2 })
        expect(sha(png)).not.toBe(plain)
      }
    }
  })

  test('that cannot be drawn leave the initial in their place', async () => {
    const whole = await picture(300, 300, 'png', { backgroundImage: 'linear-gradient(135deg, #f59e0b, #7c3aed)' })
    const plain = sha(await draw())
    const broken = [
      new Uint8Array(),
      new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      whole.subarray(0, 60),
      whole.subarray(0, whole.byteLength / 2),
      fakePng({ width: 30_000, height: 30_000 }),
      fakePng({ width: 100, height: 100 }),
      await picture(50, 50, 'png', {}),
    ]
    for (const logo of broken) expect(sha(await draw({}, { logo }))).toBe(plain)
  })

  test('of two shops are never mixed up', async () => {
    const logos = await Promise.all(
      ['#ff0000', '#0000ff'].map((backgroundColor) => picture(200, 200, 'png', { backgroundColor })),
    )
    const alone = await Promise.all(logos.map(async (logo) => sha(await draw({}, { logo }))))
    const together = await Promise.all([...logos, ...logos].map(async (logo) => sha(await draw({}, { logo }))))
    expect(together).toEqual([...alone, ...alone])
    expect(alone[0]).not.toBe(alone[1])
  })
})

test('the QR code on the picture is, module by module, the one that encodes the address', async () => {
  const url = 'https://duka.example/oda/1?key=wc_order_a8Gh2Kx9'
  const { data, size } = encode(url, { ecc: 'M', border: 0 })
  const { height, dark } = readPixels(await draw({ url }))
  const step = Math.round(184 / size)
  const [left, top] = [PAGE.margin, height - PAGE.margin - size * step]
  const drawn = data.map((row, y) => row.map((_, x) => dark(left + x * step + 1, top + y * step + 1)))
  expect(drawn).toEqual(data)
})

describe('the rare faces', () => {
  const chinese = { customer: { name: '李小龙', firstName: null } }

  test('are read once, and only for a text that wants them', async () => {
    const fonts = await loadFonts()
    let readings = 0
    const counting = await startRenderer({ ...fonts, loadRare: () => fonts.loadRare().finally(() => readings++) })
    await counting.renderReceipt(
      modelOf({ customer: { name: 'محمد علي Nguyễn Ёлка Ελλάδα “№ 5” − €', firstName: null } }),
    )
    expect(readings).toBe(0)
    const pictures = await Promise.all([chinese, chinese].map((order) => counting.renderReceipt(modelOf(order))))
    expect(pictures.map(sha)).toEqual([sha(await draw(chinese)), sha(await draw(chinese))])
    expect(readings).toBe(1)
  })

  test('that could not be read are read for the next receipt', async () => {
    const fonts = await loadFonts()
    let broken = true
    const failing = await startRenderer({
      ...fonts,
      loadRare: () => (broken ? Promise.reject(new Error('too many open files')) : fonts.loadRare()),
    })
    await expect(failing.renderReceipt(modelOf(chinese))).rejects.toMatchObject({ code: 'receipt.render_failed' })
    broken = false
    expect(sha(await failing.renderReceipt(modelOf(chinese)))).toBe(sha(await draw(chinese)))
  })

  test('change nothing about any text that does without them', async () => {
    const { faces, loadRare } = await loadFonts()
    const [common, all] = await Promise.all([facesOf(faces), facesOf([...faces, ...(await loadRare())])])
    const signs = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter(isCommon)
    expect(signs.length).toBeGreaterThan(3000)
    for (let at = 0; at < signs.length; at += 20) {
      for (const fontWeight of [400, 700]) {
        const line = `n${signs.slice(at, at + 20).join(' 1n')}`
        const [without, beside] = await Promise.all([common, all].map((one) => drawLine(one, line, fontWeight)))
        expect(beside, line).toBe(without)
      }
    }
  })
})

function isCommon(sign: string): boolean {
  return !hasRareSign(sign)
}

async function facesOf(faces: FontFace[]): Promise<Renderer> {
  const drawing = new Renderer()
  for (const face of faces) await drawing.registerFont(face)
  return drawing
}

async function drawLine(drawing: Renderer, text: string, fontWeight: number): Promise<string> {
  const style = {
    fontFamily: FAMILIES,
    fontSize: '26px',
    lineHeight: '40px',
    fontWeight,
    whiteSpace: 'nowrap',
  } as const
  return sha(await drawing.render({ type: 'text', text, style }, { width: 1600, height: 40, format: 'raw' }))
}

test('without Noto Sans SC receipts are still drawn, and it is said what is missing', async () => {
  const { resolve } = createRequire(import.meta.url)
  const fonts = await loadFonts((path) => {
    if (path.includes('noto-sans-sc')) throw new Error('not installed')
    return resolve(path)
  })
  const poorer = await startRenderer(fonts)
  expect(poorer.missingFonts).toEqual(['Noto Sans SC'])
  const png = await poorer.renderReceipt(modelOf({ customer: { name: '李小龙', firstName: null } }))
  expect(pngFacts(png)).toMatchObject({ width: 720, colorType: 2 })
  expect(renderer.missingFonts).toEqual([])
})

const ELSEWHERE = `
  import { createHash } from 'node:crypto'
  import { receiptModel } from './src/receipts/model.ts'
  import { createRenderer } from './src/receipts/render.ts'
  import { sampleBrand, sampleOrder } from './test/receipts/samples.ts'
  const model = receiptModel(sampleOrder(), { brand: sampleBrand(), locale: 'sw', timezone: 'Africa/Dar_es_Salaam' })
  const png = await (await createRenderer()).renderReceipt(model)
  console.log(createHash('sha256').update(png).digest('hex'))
`
