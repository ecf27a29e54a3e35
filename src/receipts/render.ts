import { Renderer } from '@takumi-rs/core'
import { AppError } from '../errors.ts'
import { type Fonts, hasRareSign, loadFonts } from './fonts.ts'
import { PAGE } from './layout.ts'
import { type DrawnLogo, drawLogo } from './logo.ts'
import type { ReceiptModel } from './model.ts'
import { textsOf } from './nodes.ts'
import { LOGO_SRC, RULE_SRC, receipt } from './receipt.ts'
import { drawRule } from './rule.ts'
import { STYLES } from './styles.ts'

export interface ReceiptRenderer {
  /** An 8-bit RGB PNG, 720 px wide; equal models give equal bytes. Drawn on the library's own threads. */
  renderReceipt(model: ReceiptModel): Promise<Uint8Array>
  /** Font families that are not installed; their signs are drawn as boxes. */
  missingFonts: readonly string[]
}

let shared: Promise<ReceiptRenderer> | undefined

/** One per process: registering the fonts costs some 30 ms and 5 MB, and receipts leave nothing behind in it. */
export function createRenderer(): Promise<ReceiptRenderer> {
  shared ??= loadFonts()
    .then(startRenderer)
    .catch((error: unknown) => {
      shared = undefined
      throw error
    })
  return shared
}

export async function startRenderer({ faces, loadRare, missing }: Fonts): Promise<ReceiptRenderer> {
  const renderer = new Renderer({ cacheMaxBytes: 16 * 1024 * 1024 })
  for (const face of faces) await renderer.registerFont(face)
  const rule = await drawRule(renderer)
  const logos = new WeakMap<Uint8Array, Promise<DrawnLogo | null>>()
  let rare: Promise<void> | undefined

  function logoOf(bytes: Uint8Array): Promise<DrawnLogo | null> {
    const drawn = logos.get(bytes) ?? drawLogo(renderer, bytes)
    logos.set(bytes, drawn)
    return drawn
  }

  async function registerRare(): Promise<void> {
    for (const face of await loadRare()) await renderer.registerFont(face)
  }

  /** Rare faces cost 60 ms and 15 MB, and most shops never need them. */
  function rareFaces(): Promise<void> {
    rare ??= registerRare().catch((error: unknown) => {
      rare = undefined
      throw error
    })
    return rare
  }

  async function draw(model: ReceiptModel, logo: DrawnLogo | null): Promise<Uint8Array> {
    try {
      const page = receipt(model, logo)
      if (textsOf(page).some(hasRareSign)) await rareFaces()
      return await renderer.render(page, {
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

  return {
    missingFonts: missing,
    async renderReceipt(model) {
      const png = await draw(model, model.brand.logo && (await logoOf(model.brand.logo)))
      if (png[COLOR_TYPE_AT] !== COLOR_TYPE_RGB) {
        throw new AppError('receipt.render_failed', 'The receipt was drawn as something else than an RGB picture.')
      }
      return png
    },
  }
}

/** Where a PNG's header says how its colours are stored. */
const COLOR_TYPE_AT = 25
const COLOR_TYPE_RGB = 2
