import { crc32, deflateSync } from 'node:zlib'
import { encode, renderSVG } from 'uqr'

const QUIET_MODULES = 4
const PX = 8

export function qrSvg(text: string): string {
  return renderSVG(text, { ecc: 'M', border: QUIET_MODULES, pixelSize: PX })
}

/** One bit for each pixel, black on white. */
export function qrPng(text: string): Buffer {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_MODULES })
  const side = size * PX
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.writeUInt8(1, 8)
  const pixels = data.flatMap((row) => Array.from({ length: PX }, () => scanLine(row)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(pixels))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A module is as wide as a byte has bits; the byte before them names no filter. */
function scanLine(row: boolean[]): Buffer {
  return Buffer.from([0, ...row.map((dark) => (dark ? 0x00 : 0xff))])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
