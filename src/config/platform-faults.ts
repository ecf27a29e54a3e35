import { nearest } from '../rules/nearest.ts'
import type { ShopPlatform } from '../shops/platform.ts'
import { platformNamed } from '../shops/registry.ts'
import { isRecord, type Path, valueAt } from './path.ts'
import type { PathFault } from './references.ts'

/** What a shop's platform asks of its settings: what its deliveries are proven by, and keys of its API. */
export function platformFaults(tree: unknown): PathFault[] {
  const shops = valueAt(tree, ['shops'])
  return Object.entries(isRecord(shops) ? shops : {}).flatMap(([id, shop]) => {
    const name = valueAt(shop, ['platform'])
    const platform = typeof name === 'string' ? platformNamed(name) : undefined
    if (!platform || !isRecord(shop)) return []
    const path: Path = ['shops', id]
    return [
      ...proofFaults(shop, platform, path),
      ...credentialFaults(shop, platform, path),
      ...backfillFaults(shop, platform, path),
    ]
  })
}

function proofFaults(shop: Record<string, unknown>, platform: ShopPlatform, path: Path): PathFault[] {
  const { title } = platform.facts
  const signing = hasEntries(shop.secrets)
  if (platform.unsigned) {
    const faults: PathFault[] = []
    if (signing)
      faults.push({ path: [...path, 'secrets'], at: 'key', message: `${title} signs nothing: take path_secrets` })
    if (!hasEntries(shop.path_secrets)) {
      const message = `needs path_secrets: ${title} signs nothing, so its address /webhooks/${String(path.at(-1))}/<secret> must be one nobody can guess`
      faults.push({ path, at: 'key', message })
    }
    return faults
  }
  if (Array.isArray(shop.secrets) && !signing)
    return [{ path: [...path, 'secrets'], message: 'needs at least one entry' }]
  if (shop.secrets !== undefined) return []
  return [{ path, at: 'key', message: `needs secrets: what ${title} signs its webhooks with, as ["\${NAME}"]` }]
}

function credentialFaults(shop: Record<string, unknown>, platform: ShopPlatform, path: Path): PathFault[] {
  const known = platform.confirmer?.credentials ?? []
  const { title } = platform.facts
  const given = isRecord(shop.credentials) ? Object.keys(shop.credentials) : []
  const names = [...known, ...(platform.backfill?.credentials ?? [])].map(({ name }) => name)
  const unknown = given
    .filter((name) => !names.includes(name))
    .map((name): PathFault => {
      const suggestion = nearest(name, names)
      const hint = suggestion
        ? `; did you mean ${suggestion}?`
        : names.length > 0
          ? `: it takes ${names.join(', ')}`
          : ''
      return { path: [...path, 'credentials', name], at: 'key', message: `is no key of ${title}’s API${hint}` }
    })
  const missing = known
    .filter(({ name, required }) => required && !given.includes(name))
    .map(({ name, meaning }): PathFault => {
      const message = `needs credentials.${name} (${meaning}): nothing is believed before ${title} was asked`
      return { path, at: 'key', message }
    })
  const lacking = missing.length === 0 ? (platform.confirmer?.lacking?.(given) ?? null) : null
  if (lacking !== null)
    missing.push({ path, at: 'key', message: `needs ${lacking}: without it ${title} cannot be asked` })
  return [...unknown, ...missing]
}

/** Keys of the shop's API are of no use by halves, nor without its address. */
function backfillFaults(shop: Record<string, unknown>, { backfill, facts }: ShopPlatform, path: Path): PathFault[] {
  const { title } = facts
  const isAsked = shop.backfill !== undefined
  if (!backfill) {
    const message = `is not possible: Risiti reads no orders through ${title}’s API`
    return isAsked ? [{ path: [...path, 'backfill'], at: 'key', message }] : []
  }
  const given = isRecord(shop.credentials) ? Object.keys(shop.credentials) : []
  if (!isAsked && !backfill.credentials.some(({ name }) => given.includes(name))) return []
  const missing = backfill.credentials
    .filter(({ name }) => !given.includes(name))
    .map(({ name, meaning }) => `credentials.${name} (${meaning})`)
  if (shop.api_url === undefined) missing.push(`api_url (${backfill.apiUrl})`)
  return missing.map((what): PathFault => ({ path, at: 'key', message: `needs ${what}: its orders are read there` }))
}

function hasEntries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}
