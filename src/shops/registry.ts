import type { PlatformName, ShopPlatform } from './platform.ts'
import { shopify } from './shopify.ts'
import { standard } from './standard.ts'
import { woocommerce } from './woocommerce.ts'

export const platforms: Record<PlatformName, ShopPlatform> = {
  woocommerce,
  shopify,
  standard,
}
