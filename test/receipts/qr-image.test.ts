import { crc32, inflateSync } from 'node:zlib'
import { encode } from 'uqr'
import { expect, test } from 'vitest'
import { qrPng, qrSvg } from '../../src/receipts/qr-image.ts'
import { pngFacts } from './png-facts.ts'

const LINK = 'https://wa.me/255700000001?text=Risiti%207K3M-9QZ2-XW4T-B8HD'
const QUIET = 4
const { data: modules, size } = encode(LINK, { ecc: 'M', border: QUIET })

test('the PNG is black on white, one bit for a pixel, with every module where it belongs', () => {
  const png = qrPng(LINK)
  const { width, height, bitDepth, colorType } = pngFacts(png)
  expect({ width, height, bitDepth, colorType }).toEqual({
    width: size * 8,
    height: size * 8,
    bitDepth: 1,
    colorType: 0,
  })
  const stride = 1 + width / 8
  const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))
  expect(pixels).toHaveLength(stride * height)
  for (let y = 0; y < height; y++) {
    const row = [...pixels.subarray(y * stride, (y + 1) * stride)]
    expect(row).toEqual([0, ...(modules[y >> 3] ?? []).map((dark) => (dark ? 0x00 : 0xff))])
  }
})

test('every chunk of the PNG carries its checksum', () => {
  const png = qrPng(LINK)
  const names: string[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at)
    names.push(png.toString('latin1', at + 4, at + 8))
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)))
  }
  expect(names).toEqual(['IHDR', 'IDAT', 'IEND'])
})

test('a quiet zone of four modules stands around it, in both forms', () => {
  const edge = modules.slice(0, QUIET).flat()
  expect(edge.every((dark) => !dark)).toBe(true)
  expect(qrSvg(LINK)).toMatch(new RegExp(`viewBox="0 0 ${size * 8} ${size * 8}"`))
})
