import { expect, test } from 'vitest'
import { checkImage } from '../../src/receipts/image-check.ts'
import { checkLogo } from '../../src/receipts/logo.ts'
import { fakeJpeg, fakePng } from './png-facts.ts'

test.each([
  ['an RGB PNG', fakePng({ width: 720, height: 1600 }), 'image/png'],
  ['an RGBA PNG', fakePng({ width: 720, height: 1600, colorType: 6 }), 'image/png'],
  ['a baseline JPEG', fakeJpeg({ width: 720, height: 1600 }), 'image/jpeg'],
  ['a progressive JPEG', fakeJpeg({ width: 720, height: 1600, sof: 0xc2 }), 'image/jpeg'],
])('%s is taken', (_name, bytes, type) => {
  expect(checkImage(bytes)).toEqual({ ok: true, type, width: 720, height: 1600 })
})

test.each([
  ['a palette PNG', fakePng({ colorType: 3 }), /palette/],
  ['a grey PNG', fakePng({ colorType: 0 }), /greyscale/],
  ['a grey PNG with alpha', fakePng({ colorType: 4 }), /greyscale/],
  ['a 16-bit PNG', fakePng({ bitDepth: 16 }), /16 bits/],
  ['a PNG of no known kind', fakePng({ colorType: 7 }), /no way/],
  ['a PNG without width', fakePng({ width: 0 }), /damaged/],
  ['a bomb', fakePng({ width: 30_000, height: 30_000 }), /too big/],
  ['a broad bomb', fakePng({ width: 9000, height: 9000 }), /too big/],
  ['a PNG cut short', fakePng().subarray(0, -12), /damaged/],
  ['half a PNG header', fakePng().subarray(0, 20), /damaged/],
  ['a grey JPEG', fakeJpeg({ components: 1 }), /greyscale/],
  ['a CMYK JPEG', fakeJpeg({ components: 4 }), /CMYK/],
  ['a 12-bit JPEG', fakeJpeg({ bits: 12 }), /12 bits/],
  ['a JPEG cut short', fakeJpeg().subarray(0, -2), /damaged/],
  ['a JPEG without a frame', Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9]), /damaged/],
  ['an SVG', new TextEncoder().encode('<svg width="1" height="1"></svg>'), /neither/],
  ['a WebP', new TextEncoder().encode('RIFF\0\0\0\0WEBPVP8 '), /neither/],
  ['a GIF', new TextEncoder().encode('GIF89a'), /neither/],
  ['a web page', new TextEncoder().encode('<!doctype html>'), /neither/],
  ['nothing', new Uint8Array(), /neither/],
  ['6 MB', fakePng({ data: new Uint8Array(6_000_000) }), /larger than 5 MB/],
])('%s is refused with a reason', (_name, bytes, reason) => {
  expect(checkImage(bytes)).toEqual({ ok: false, reason: expect.stringMatching(reason) })
})

test('hostile bytes never throw and never hang', () => {
  let seed = 1
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed
  }
  for (let round = 0; round < 3000; round++) {
    const bytes = Uint8Array.from(round % 2 ? fakePng({ data: new Uint8Array(40) }) : fakeJpeg())
    for (let hits = 0; hits < 1 + (round % 9); hits++) bytes[random() % bytes.length] = random() % 256
    expect(typeof checkImage(bytes.subarray(0, 1 + (random() % bytes.length))).ok).toBe('boolean')
  }
  const endless = new Uint8Array(5_000_000).fill(0xff)
  endless[1] = 0xd8
  expect(checkImage(endless).ok).toBe(false)
  const zeros = new Uint8Array(5_000_000)
  zeros.set(fakePng().subarray(0, 33))
  expect(checkImage(zeros).ok).toBe(false)
})

test.each([
  ['a PNG', fakePng({ width: 400, height: 100 })],
  ['a palette PNG', fakePng({ colorType: 3 })],
  ['a JPEG', fakeJpeg({ width: 400, height: 100 })],
])('%s can be a logo', (_name, bytes) => {
  expect(checkLogo(bytes)).toBeNull()
})

test.each([
  ['too many pixels', fakePng({ width: 4001, height: 10 }), /4000 px/],
  ['too many bytes', fakePng({ data: new Uint8Array(2_000_001) }), /2 MB/],
  ['an SVG', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /neither/],
  ['nothing', new Uint8Array(), /neither/],
])('%s cannot be a logo', (_name, bytes, reason) => {
  expect(checkLogo(bytes)).toMatch(reason)
})
