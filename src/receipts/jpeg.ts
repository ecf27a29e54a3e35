import type { ImageHeader } from './image-header.ts'

const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9
const FILL = 0xff

/** Bytes that start with a JPEG's magic → their frame header; null when there is none before the pixels. */
export function readJpeg(bytes: Uint8Array): ImageHeader | null {
  let frame: ImageHeader | null = null
  // Two bytes of marker and at least two of length each round: hostile lengths can only end the walk early.
  for (let at = 2; at + 4 <= bytes.byteLength; ) {
    if (bytes[at] !== FILL) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === FILL) {
      at += 1
      continue
    }
    const length = uint16(bytes, at + 2)
    if (length < 2 || marker === END_OF_IMAGE) return null
    if (isFrame(marker)) frame = readFrame(bytes.subarray(at + 4, at + 2 + length))
    if (marker === START_OF_SCAN) return frame && { ...frame, whole: hasEnd(bytes, at) }
    at += 2 + length
  }
  return null
}

/** SOF0 to SOF15 without the three in that range that are tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function readFrame(data: Uint8Array): ImageHeader | null {
  const [bits, components] = [data[0] ?? 0, data[5] ?? 0]
  const [height, width] = [uint16(data, 1), uint16(data, 3)]
  if (data.byteLength < 6 || width === 0 || height === 0) return null
  return { width, height, colorProblem: colorProblem(bits, components), whole: false }
}

function colorProblem(bits: number, components: number): string | null {
  if (bits !== 8) return `it has ${bits} bits per channel; WhatsApp takes only 8-bit RGB`
  if (components === 1) return 'it is a greyscale JPEG; WhatsApp takes only RGB'
  if (components === 4) return 'it is a CMYK JPEG, made for print; WhatsApp takes only RGB'
  return components === 3 ? null : 'it stores its colours in no way WhatsApp takes'
}

/** Some writers leave bytes behind the end marker, so it is looked for from behind. */
function hasEnd(bytes: Uint8Array, scanAt: number): boolean {
  for (let at = bytes.byteLength - 2; at > scanAt; at--) {
    if (bytes[at] === FILL && bytes[at + 1] === END_OF_IMAGE) return true
  }
  return false
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
