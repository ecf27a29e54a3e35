import type { ImageHeader } from './image-header.ts'

const SIGNATURE_BYTES = 8
/** Length, name and checksum around the data of every chunk. */
const CHUNK_FRAME_BYTES = 12
const IHDR_BYTES = 13

/** Bytes that start with the PNG signature → their header; null when the first chunk is no sound IHDR. */
export function readPng(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < SIGNATURE_BYTES + CHUNK_FRAME_BYTES + IHDR_BYTES) return null
  if (view.getUint32(8) !== IHDR_BYTES || chunkName(bytes, 8) !== 'IHDR') return null
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (width === 0 || height === 0) return null
  const whole = reachesEnd(bytes, view)
  return { width, height, colorProblem: colorProblem(view.getUint8(24), view.getUint8(25)), whole }
}

/** Every chunk moves at least a frame forward, so hostile lengths can only end the walk early. */
function reachesEnd(bytes: Uint8Array, view: DataView): boolean {
  let hasPixels = false
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= bytes.byteLength; ) {
    const name = chunkName(bytes, at)
    if (name === 'IEND') return hasPixels
    if (name === 'IDAT') hasPixels = true
    at += CHUNK_FRAME_BYTES + view.getUint32(at)
  }
  return false
}

function colorProblem(bitDepth: number, colorType: number): string | null {
  if (colorType === 3) return 'it is a palette PNG; WhatsApp takes only 8-bit RGB or RGBA'
  if (colorType === 0 || colorType === 4) return 'it is a greyscale PNG; WhatsApp takes only 8-bit RGB or RGBA'
  if (bitDepth !== 8) return `it has ${bitDepth} bits per channel; WhatsApp takes only 8-bit RGB or RGBA`
  return colorType === 2 || colorType === 6 ? null : 'it stores its colours in no way a PNG can'
}

function chunkName(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at + 4, at + 8))
}
