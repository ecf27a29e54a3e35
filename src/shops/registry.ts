import { azampay } from './azampay.ts'
import { bigcommerce } from './bigcommerce.ts'
import { clickpesa } from './clickpesa.ts'
import { flutterwave } from './flutterwave.ts'
import { medusa } from './medusa.ts'
import { pesapal } from './pesapal.ts'
import type { ShopPlatform } from './platform.ts'
import { selcom } from './selcom.ts'
import { shopify } from './shopify.ts'
import { square } from './square.ts'
import { standard } from './standard.ts'
import { stripe } from './stripe.ts'
import { woocommerce } from './woocommerce.ts'

/** Every platform that is known, by the name it has in `shops.<id>.platform`: a new one is its file and a line here. */
export const platforms = {
  woocommerce,
  shopify,
  standard,
  stripe,
  square,
  bigcommerce,
  medusa,
  flutterwave,
  clickpesa,
  pesapal,
  azampay,
  selcom,
} satisfies Record<string, ShopPlatform>

export const PLATFORM_NAMES: readonly string[] = Object.keys(platforms)

export function platformNamed(name: string): ShopPlatform | undefined {
  const all: Record<string, ShopPlatform> = platforms
  return Object.hasOwn(all, name) ? all[name] : undefined
}
