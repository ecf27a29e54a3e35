import type { Renderer } from '@takumi-rs/core'
import { luminance } from './color.ts'
import { readHeader } from './image-check.ts'

const MAX_BYTES = 2_000_000
const MAX_SIDE = 4000

/** The header's box for a logo; a wide one may be wider than high, a tall one is as high. */
const BOX = { width: 224, height: 104 }
export const TILE_PADDING = 12

/** The side, in px, of the thumbnail a logo is judged by. */
const SAMPLE = 48

export interface DrawnLogo {
  /** PNG of exactly `width` × `height`, so that drawing a receipt neither decodes nor scales the shop's own file. */
  png: Uint8Array
  width: number
  height: number
  /** A full picture makes its own tile; the others have a see-through ground and want the other tone behind them. */
  tone: 'full' | 'light' | 'dark'
}

/** Why a file cannot be a logo, as a plain sentence; null when it can. */
export function checkLogo(bytes: Uint8Array): string | null {
  if (bytes.byteLength > MAX_BYTES) return 'the logo is larger than 2 MB'
  const size = readHeader(bytes)
  if (!size) return 'the logo is neither a PNG nor a JPEG'
  if (size.width > MAX_SIDE || size.height > MAX_SIDE) return 'the logo is wider or higher than 4000 px'
  return null
}

/** The logo at the size it is shown; null when it cannot be drawn, for a receipt without a logo beats none. */
export async function drawLogo(renderer: Renderer, bytes: Uint8Array): Promise<DrawnLogo | null> {
  const size = checkLogo(bytes) === null ? readHeader(bytes) : null
  if (!size) return null
  try {
    const sample = await renderer.render(picture(SAMPLE, SAMPLE, 'fill'), {
      width: SAMPLE,
      height: SAMPLE,
      format: 'raw',
      images: [{ src: 'logo', data: bytes }],
    })
    const tone = toneOf(sample)
    if (!tone) return null
    const padding = tone === 'full' ? 0 : 2 * TILE_PADDING
    const { width, height } = fit(size, BOX.width - padding, BOX.height - padding)
    const png = await renderer.render(picture(width, height, 'contain'), {
      width,
      height,
      format: 'png',
      images: [{ src: 'logo', data: bytes }],
    })
    return { png, width, height, tone }
  } catch {
    return null
  }
}

function picture(width: number, height: number, objectFit: 'fill' | 'contain') {
  return { type: 'image' as const, src: 'logo', style: { width: `${width}px`, height: `${height}px`, objectFit } }
}

/** Null when nothing of it can be seen. */
function toneOf(rgba: Uint8Array): DrawnLogo['tone'] | null {
  let opacity = 0
  let light = 0
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = (rgba[i + 3] ?? 0) / 255
    opacity += alpha
    light += alpha * luminance(hexOf(rgba, i))
  }
  if (opacity === 0) return null
  if (opacity > 0.98 * SAMPLE * SAMPLE) return 'full'
  return light / opacity > 0.7 ? 'light' : 'dark'
}

function fit(size: { width: number; height: number }, maxWidth: number, maxHeight: number) {
  const scale = Math.min(maxWidth / size.width, maxHeight / size.height)
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}

function hexOf(rgba: Uint8Array, at: number): string {
  return `#${Buffer.from(rgba.buffer, rgba.byteOffset + at, 3).toString('hex')}`
}
