import type { Config, Secrets, ShopConfig, ShopSecrets } from '../config/types.ts'
import { NO_TOKEN } from '../config/warnings.ts'
import { type Check, count, fail, notChecked, ok, span, warn } from './check.ts'

export interface ShopFacts {
  /** Told last by each shop; undefined when the database could not be asked. */
  lastTold: ReadonlyMap<string, number> | undefined
  /** By the running service; undefined when it was not asked. */
  silent: readonly string[] | undefined
  /** What is wrong with a secret, as the end of a sentence; null when nothing. */
  secretProblem(platform: string, secret: string): string | null
  now: number
}

/** Pure: whether each shop can prove what it tells, and when it last did. */
export function shopChecks({ shops, publicUrl }: Config, secrets: Secrets, facts: ShopFacts): Check[] {
  return Object.values(shops).flatMap((shop) => [
    secretCheck(shop, secrets.shops[shop.id], facts),
    deliveryCheck(shop, publicUrl, facts),
  ])
}

function secretCheck({ id, platform }: ShopConfig, secrets: ShopSecrets | undefined, facts: ShopFacts): Check {
  const name = `shops.${id}.secrets`
  const { signing = [], path = [] } = secrets ?? {}
  const unset = [...signing, ...path, ...Object.values(secrets?.credentials ?? {})].filter((one) => one === '').length
  if (unset > 0) {
    const mend = 'Put them into the environment; what is missing stands above, under Configuration.'
    return fail(name, `${id}: ${count(unset, 'secret')} not set, so its deliveries are refused`, mend)
  }
  const [problem] = signing.flatMap((secret) => facts.secretProblem(platform, secret) ?? [])
  if (problem !== undefined) {
    return fail(name, `${id}: a secret of its webhooks ${problem}`, `Copy it again from ${platform}, whole.`)
  }
  const how = signing.length > 0 ? `${count(signing.length, 'secret')} of its webhooks` : 'the secret of its address'
  return ok(name, `${id}: ${how} set`)
}

function deliveryCheck({ id }: ShopConfig, publicUrl: string, facts: ShopFacts): Check {
  const name = `shops.${id}.deliveries`
  if (facts.lastTold === undefined) return notChecked(name, 'the database cannot be read')
  const at = facts.lastTold.get(id)
  const mend = `See that the shop’s webhook is active and leads to ${publicUrl}/webhooks/${id}`
  if (at === undefined) return warn(name, `${id} has told nothing yet`, `${mend}, and make an order.`)
  const text = `${id} told something ${span(facts.now - at)} ago`
  if (facts.silent?.includes(id)) return warn(name, `${text}, which is longer than it ever is silent`, `${mend}.`)
  return ok(name, text)
}

/** `made` are those of the database; undefined when it could not be asked. */
export function tokenCheck({ apiTokens }: Pick<Secrets, 'apiTokens'>, made: number | undefined): Check {
  const name = 'api.tokens'
  const tokens = apiTokens.length + (made ?? 0)
  if (tokens > 0) return ok(name, `${count(tokens, 'token')} may ask the API`)
  const [text = '', mend = ''] = NO_TOKEN.split(': ')
  return warn(name, text, `${mend.charAt(0).toUpperCase()}${mend.slice(1)}.`)
}
