import type { ImageHeader } from './image-header.ts'
import { readJpeg } from './jpeg.ts'
import { readPng } from './png.ts'

export type ImageCheck =
  | { ok: true; type: 'image/png' | 'image/jpeg'; width: number; height: number }
  /** `reason` is a plain sentence without a full stop. */
  | { ok: false; reason: string }

/** Meta says 5 MB; whether of 1000 or 1024 is not said, so the smaller. */
export const MAX_IMAGE_BYTES = 5_000_000

const MAX_SIDE = 10_000
const MAX_PIXELS = 40_000_000

/** Whether WhatsApp will take a picture somebody else made, by its own bytes alone. Never throws. */
export function checkImage(bytes: Uint8Array): ImageCheck {
  if (bytes.byteLength > MAX_IMAGE_BYTES) return refuse('the image is larger than 5 MB')
  const type = typeOf(bytes)
  if (!type) return refuse('it is neither a PNG nor a JPEG')
  const header = readHeader(bytes)
  if (!header?.whole) return refuse('the image file is damaged or cut short')
  const { width, height, colorProblem } = header
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    return refuse(`the image is too big to draw (${width} × ${height} px)`)
  }
  return colorProblem ? refuse(colorProblem) : { ok: true, type, width, height }
}

/** What a PNG or JPEG says of itself before its pixels; null for anything else, or when that is damaged. */
export function readHeader(bytes: Uint8Array): ImageHeader | null {
  const type = typeOf(bytes)
  return type && (type === 'image/png' ? readPng(bytes) : readJpeg(bytes))
}

function typeOf(bytes: Uint8Array): 'image/png' | 'image/jpeg' | null {
  const starts = (magic: number[]) => magic.every((byte, i) => bytes[i] === byte)
  if (starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  return starts([0xff, 0xd8, 0xff]) ? 'image/jpeg' : null
}

function refuse(reason: string): ImageCheck {
  return { ok: false, reason }
}
