import { readMedusa } from './medusa-read.ts'
import type { ShopPlatform } from './platform.ts'
import { readObject } from './reading.ts'
import { standard } from './standard.ts'

/**
 * Medusa has no webhooks of its own: a subscriber in the shop posts here, signed as Standard Webhooks are, with Medusa's
 * order as it is. Read from @medusajs/utils (event names) and Medusa v2's order.
 */
export const medusa: ShopPlatform = {
  ...standard,
  name: 'medusa',
  read: (body, options) => readObject(body, (value) => readMedusa(value, options)),
  facts: { ...standard.facts, title: 'Medusa' },
}
