import type { Config } from '../config/types.ts'

/** Who told of an event, as people call them: a shop by the name on its receipts. */
export function sourceName({ shops }: Pick<Config, 'shops'>, source: string): string {
  return source === 'karibu' ? 'Karibu' : (shops[source]?.brand.name ?? source)
}
