import type { Renderer } from '@takumi-rs/core'
import { RULE } from './layout.ts'

/**
 * The grey rule between the parts of a receipt, as a picture of 343 greys nobody can tell apart: a page of at most 256
 * colours would be written as a palette PNG, and WhatsApp takes only RGB and RGBA.
 */
export async function drawRule(renderer: Renderer): Promise<Uint8Array> {
  const { width, height } = RULE
  const data = new Uint8Array(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const step = pixel % 343
    data.set([223 + (step % 7), 229 + (Math.floor(step / 7) % 7), 237 + Math.floor(step / 49), 255], pixel * 4)
  }
  return await renderer.render({ type: 'image', src: { width, height, data } }, { width, height, format: 'png' })
}
