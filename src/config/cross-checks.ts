import { nearest } from '../rules/nearest.ts'
import { isRecord, type Path, valueAt } from './path.ts'
import type { PathFault } from './references.ts'
import { idFault, senderDigits } from './values.ts'

export const ENV_TOKEN_NAME = 'RISITI_API_TOKEN'

/**
 * What only several keys together can get wrong. Reads the file as it was written, so that these faults are named
 * beside those of single values, not only after they are mended.
 */
export function crossFaults(tree: unknown): PathFault[] {
  return [
    ...shopIdFaults(tree),
    ...senderFaults(tree),
    ...sharedSecretFaults(tree),
    ...ruleFaults(tree),
    ...budgetFaults(tree),
    ...tokenFaults(tree),
  ]
}

/** Here and not in the schema, because zod does not look into a group whose key it refuses. */
function shopIdFaults(tree: unknown): PathFault[] {
  return entries(tree, ['shops']).flatMap(([id]): PathFault[] => {
    const message = id === 'karibu' ? "is Briq's own (/webhooks/karibu): take another name" : idFault(id)
    return message ? [{ path: ['shops', id], at: 'key', message }] : []
  })
}

function senderFaults(tree: unknown): PathFault[] {
  if (valueAt(tree, ['karibu', 'sender']) !== undefined) return []
  return entries(tree, ['shops'])
    .filter(([, shop]) => isRecord(shop) && shop.sender === undefined)
    .map(([id]) => ({
      path: ['shops', id],
      at: 'key',
      message: 'has no sender: add one here, or karibu.sender for all shops',
    }))
}

/** A request to forget a shop carries only its app's signature: shops of one app are told apart by their domains. */
function sharedSecretFaults(tree: unknown): PathFault[] {
  const shops = entries(tree, ['shops']).filter(([, shop]) => valueAt(shop, ['platform']) === 'shopify')
  return shops
    .filter(([, shop]) => valueAt(shop, ['domain']) === undefined)
    .flatMap(([id, shop]): PathFault[] => {
      const twin = shops.find(([other, one]) => other !== id && secretsOf(one).some((s) => secretsOf(shop).includes(s)))
      if (!twin) return []
      const message = `shares a secret with ${twin[0]}: give each its domain, or a request to forget one would forget both`
      return [{ path: ['shops', id], at: 'key', message }]
    })
}

function secretsOf(shop: unknown): unknown[] {
  return list(shop, ['secrets'])
}

function budgetFaults(tree: unknown): PathFault[] {
  const path = ['budgets']
  const shops = entries(tree, ['shops']).map(([, shop]) => valueAt(shop, ['sender']))
  const senders = [valueAt(tree, ['karibu', 'sender']), ...shops].map(digitsOf)
  const budgets = list(tree, path).map((budget) => digitsOf(valueAt(budget, ['sender'])))
  return budgets.flatMap((sender, index): PathFault[] => {
    if (sender === null) return []
    const at = [...path, index, 'sender']
    if (budgets.indexOf(sender) < index) return [{ path: at, message: 'another budget is of this sender' }]
    return senders.includes(sender) ? [] : [{ path: at, message: 'is neither karibu.sender nor the sender of a shop' }]
  })
}

function digitsOf(value: unknown): string | null {
  return typeof value === 'string' ? senderDigits(value) : null
}

function ruleFaults(tree: unknown): PathFault[] {
  const shops = entries(tree, ['shops']).map(([id]) => id)
  const rules = list(tree, ['rules'])
  return [
    ...repeated(rules, ['rules'], 'another rule has this name'),
    ...rules.flatMap((rule, index) => (isRecord(rule) ? oneRuleFaults(rule, ['rules', index], shops) : [])),
  ]
}

function oneRuleFaults(rule: Record<string, unknown>, path: Path, shops: string[]): PathFault[] {
  return [...whenFaults(rule, path), ...shopFaults(rule, path, shops), ...sendFaults(rule, path)]
}

function whenFaults(rule: Record<string, unknown>, path: Path): PathFault[] {
  const { on } = rule
  const isMessage = on === 'message.received'
  const isOrder = typeof on === 'string' && on.startsWith('order.')
  const faults: PathFault[] = []
  for (const key of ['min_total', 'currency'])
    if (isMessage && valueAt(rule, ['when', key]) !== undefined)
      faults.push({ path: [...path, 'when', key], at: 'key', message: 'message.received has no order to ask this of' })
  if (isOrder && valueAt(rule, ['when', 'text']) !== undefined)
    faults.push({ path: [...path, 'when', 'text'], at: 'key', message: 'is only for on: message.received' })
  return faults
}

function shopFaults(rule: Record<string, unknown>, path: Path, shops: string[]): PathFault[] {
  const named = valueAt(rule, ['when', 'shop'])
  const isList = Array.isArray(named)
  return (isList ? named : [named]).flatMap((shop: unknown, index): PathFault[] => {
    if (typeof shop !== 'string' || shops.includes(shop)) return []
    const suggestion = nearest(shop, shops)
    return [
      {
        path: [...path, 'when', 'shop', ...(isList ? [index] : [])],
        message: `there is no such shop${suggestion ? `; did you mean ${suggestion}?` : ''}`,
      },
    ]
  })
}

function sendFaults(rule: Record<string, unknown>, path: Path): PathFault[] {
  const faults: PathFault[] = []
  if (rule.on === 'message.received' && valueAt(rule, ['send', 'image']) === 'receipt')
    faults.push({
      path: [...path, 'send', 'image'],
      message: 'message.received has no order to draw a receipt of: give { url: "https://…" }',
    })
  if (rule.when_closed === 'invite' && rule.invite === undefined)
    faults.push({
      path: [...path, 'when_closed'],
      message: 'needs an invitation: add invite: { template: … }, or take hold or skip',
    })
  if (rule.when_closed !== 'invite' && rule.invite !== undefined)
    faults.push({ path: [...path, 'invite'], at: 'key', message: 'is never sent: add when_closed: invite' })
  return faults
}

function tokenFaults(tree: unknown): PathFault[] {
  const path = ['api', 'tokens']
  const tokens = list(tree, path)
  const faults = repeated(tokens, path, 'another token has this name')
  tokens.forEach((token, index) => {
    const reference = valueAt(token, ['token'])
    const first = tokens.findIndex((other) => valueAt(other, ['token']) === reference)
    if (typeof reference === 'string' && reference !== '' && first < index)
      faults.push({ path: [...path, index, 'token'], message: 'another token has this value' })
  })
  return faults
}

export function repeated(items: unknown[], path: Path, message: string): PathFault[] {
  const names = items.map((item) => valueAt(item, ['name']))
  return names.flatMap((name, index) =>
    typeof name === 'string' && names.indexOf(name) < index ? [{ path: [...path, index, 'name'], message }] : [],
  )
}

function entries(tree: unknown, path: Path): [string, unknown][] {
  const group = valueAt(tree, path)
  return isRecord(group) ? Object.entries(group) : []
}

export function list(tree: unknown, path: Path): unknown[] {
  const items = valueAt(tree, path)
  return Array.isArray(items) ? items : []
}
