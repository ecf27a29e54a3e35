import { inflateSync } from 'node:zlib'

/** What a PNG's header says, and its pixels' bytes as they are stored. */
export function pngFacts(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    signature: Buffer.from(bytes.subarray(0, 8)).toString('hex'),
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitDepth: view.getUint8(24),
    colorType: view.getUint8(25),
  }
}

/** The pixels of an 8-bit RGB PNG: `dark(x, y)` tells ink from paper. */
export function readPixels(png: Uint8Array) {
  const { width, height } = pngFacts(png)
  const stride = width * 3
  const rows: Uint8Array[] = []
  const data = inflateSync(Buffer.concat(chunksOf(png, 'IDAT')))
  for (let y = 0; y < height; y++) {
    const at = y * (stride + 1)
    rows.push(unfilter(data[at] ?? 0, data.subarray(at + 1, at + 1 + stride), rows[y - 1] ?? new Uint8Array(stride)))
  }
  return { width, height, dark: (x: number, y: number) => (rows[y]?.[x * 3] ?? 255) < 128 }
}

function chunksOf(png: Uint8Array, name: string): Uint8Array[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const found: Uint8Array[] = []
  for (let at = 8; at < png.byteLength; at += 12 + view.getUint32(at)) {
    const data = png.subarray(at + 8, at + 8 + view.getUint32(at))
    if (Buffer.from(png.subarray(at + 4, at + 8)).toString('latin1') === name) found.push(data)
  }
  return found
}

function unfilter(kind: number, row: Uint8Array, above: Uint8Array): Uint8Array {
  const out = new Uint8Array(row.length)
  for (let i = 0; i < row.length; i++) {
    const [a, b, c] = [out[i - 3] ?? 0, above[i] ?? 0, above[i - 3] ?? 0]
    out[i] = (row[i] ?? 0) + ([0, a, b, (a + b) >> 1, paeth(a, b, c)][kind] ?? 0)
  }
  return out
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  if (pa <= pb && pa <= pc) return a
  return pb <= pc ? b : c
}

/** A PNG of any header and one IDAT of `data`; checksums are left at zero, as nobody here reads them. */
export function fakePng({ width = 2, height = 2, bitDepth = 8, colorType = 2, data = new Uint8Array(4) } = {}) {
  const ihdr = Buffer.alloc(13)
  ihdr.writeUInt32BE(width, 0)
  ihdr.writeUInt32BE(height, 4)
  ihdr[8] = bitDepth
  ihdr[9] = colorType
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return new Uint8Array(Buffer.concat([signature, chunk('IHDR', ihdr), chunk('IDAT', data), chunk('IEND')]))
}

export function fakeJpeg({ width = 2, height = 2, bits = 8, components = 3, sof = 0xc0 } = {}) {
  const frame = [bits, height >> 8, height & 255, width >> 8, width & 255, components]
  const tables = [0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 7]
  const scan = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]
  return Uint8Array.from([0xff, 0xd8, ...tables, 0xff, sof, 0, frame.length + 2, ...frame, ...scan])
}

function chunk(name: string, data: Uint8Array = new Uint8Array()): Buffer {
  const frame = Buffer.alloc(12 + data.byteLength)
  frame.writeUInt32BE(data.byteLength, 0)
  frame.write(name, 4, 'latin1')
  frame.set(data, 8)
  return frame
}
