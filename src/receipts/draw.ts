import { readFile } from 'node:fs/promises'
import type { ShopConfig } from '../config/types.ts'
import type { Locale, Order } from '../order.ts'
import { pickLocale } from './labels.ts'
import { type Brand, type ReceiptKind, receiptModel } from './model.ts'
import { createRenderer } from './render.ts'

export interface ReceiptDrawer {
  /** The order's receipt in its shop's brand and zone and its customer's language, as PNG. */
  draw(shopId: string, order: Order, kind?: ReceiptKind): Promise<Uint8Array>
  /** Readies fonts and logos, so that the first customer waits no longer than the rest. */
  warmUp(): Promise<void>
}

export function createReceiptDrawer(shops: Record<string, ShopConfig>): ReceiptDrawer {
  const brands = new Map<string, Promise<Brand>>()
  const brandOf = (shop: ShopConfig): Promise<Brand> => {
    const brand = brands.get(shop.id) ?? loadBrand(shop)
    brands.set(shop.id, brand)
    return brand
  }
  return {
    async draw(shopId, order, kind = 'receipt') {
      const shop = shops[shopId]
      if (!shop) throw new Error(`no shop ${shopId} is configured any more`)
      const renderer = await createRenderer()
      const brand = await brandOf(shop)
      return renderer.renderReceipt(
        receiptModel(order, { brand, locale: localeFor(order, shop), timezone: shop.timezone, kind }),
      )
    },
    async warmUp() {
      await Promise.all([createRenderer(), ...Object.values(shops).map(brandOf)])
    },
  }
}

/** The customer's language where the shop told it, else the shop's. */
export function localeFor(order: Order, shop: ShopConfig): Locale {
  return pickLocale(order.locale, shop.locale)
}

async function loadBrand({ brand }: ShopConfig): Promise<Brand> {
  // A logo that vanished since the start must not stop receipts.
  const logo = brand.logo === null ? null : await readFile(brand.logo).catch(() => null)
  return { ...brand, logo }
}
