import { Renderer } from '@takumi-rs/core'
import { fromHtml } from '@takumi-rs/helpers/html'
import { AppError } from '../errors.ts'
import { type Fonts, loadFonts } from './fonts.ts'
import { PAGE } from './layout.ts'
import { type DrawnLogo, drawLogo } from './logo.ts'
import type { ReceiptModel } from './model.ts'
import { LOGO_SRC, Receipt, RULE_SRC } from './receipt.tsx'
import { drawRule } from './rule.ts'
import { STYLES } from './styles.ts'

export interface ReceiptRenderer {
  /** An 8-bit RGB PNG, 720 px wide; equal models give equal bytes. Drawn on the library's own threads. */
  renderReceipt(model: ReceiptModel): Promise<Uint8Array>
  /** Font families that are not installed; their signs are drawn as boxes. */
  missingFonts: readonly string[]
}

let shared: Promise<ReceiptRenderer> | undefined

/** One per process: registering the fonts costs some 150 ms and 20 MB, and receipts leave nothing behind in it. */
export function createRenderer(): Promise<ReceiptRenderer> {
  shared ??= loadFonts()
    .then(startRenderer)
    .catch((error: unknown) => {
      shared = undefined
      throw error
    })
  return shared
}

interface Tools {
  renderer: Renderer
  rule: Uint8Array
}

export async function startRenderer({ faces, missing }: Fonts): Promise<ReceiptRenderer> {
  const renderer = new Renderer({ cacheMaxBytes: 16 * 1024 * 1024 })
  for (const face of faces) await renderer.registerFont(face)
  const rule = await drawRule(renderer)
  const logos = new WeakMap<Uint8Array, Promise<DrawnLogo | null>>()

  function logoOf(bytes: Uint8Array): Promise<DrawnLogo | null> {
    const drawn = logos.get(bytes) ?? drawLogo(renderer, bytes)
    logos.set(bytes, drawn)
    return drawn
  }

  return {
    missingFonts: missing,
    async renderReceipt(model) {
      const png = await draw({ renderer, rule }, model, model.brand.logo && (await logoOf(model.brand.logo)))
      if (png[COLOR_TYPE_AT] !== COLOR_TYPE_RGB) {
        throw new AppError('receipt.render_failed', 'The receipt was drawn as something else than an RGB picture.')
      }
      return png
    },
  }
}

async function draw({ renderer, rule }: Tools, model: ReceiptModel, logo: DrawnLogo | null): Promise<Uint8Array> {
  try {
    const html = await Receipt({ model, logo })
    const { node } = fromHtml(html.toString())
    return await renderer.render(node, {
      width: PAGE.width,
      format: 'png',
      css: [STYLES],
      images: [{ src: RULE_SRC, data: rule }, ...(logo ? [{ src: LOGO_SRC, data: logo.png }] : [])],
    })
  } catch {
    // No cause: the library's messages may quote the whole receipt, customer and all.
    throw new AppError('receipt.render_failed', 'The receipt could not be drawn.')
  }
}

/** Where a PNG's header says how its colours are stored. */
const COLOR_TYPE_AT = 25
const COLOR_TYPE_RGB = 2
