import { isIP } from 'node:net'
import { isPublicAddress } from '../receipts/public-address.ts'
import { nearest } from '../rules/nearest.ts'
import { decodedKey } from '../shops/standard-signature.ts'
import { list, repeated } from './cross-checks.ts'
import { isRecord, type Path, valueAt } from './path.ts'
import { type Env, type PathFault, secretValue } from './references.ts'
import { isLoopback, targetUrlFault } from './values.ts'

/** Bytes of a key, as Standard Webhooks has them. */
const KEY_BYTES = { least: 24, most: 64 }

/** What is wrong with `notify` beyond single values: names, shops, addresses nothing is posted to, keys. */
export function notifyFaults(tree: unknown, env: Env): PathFault[] {
  const targets = list(tree, ['notify'])
  return [
    ...repeated(targets, ['notify'], 'another target has this name'),
    ...targets.flatMap((target, index) => {
      const path = ['notify', index]
      return [...urlFaults(tree, target, path), ...shopFaults(tree, target, path), ...keyFaults(target, path, env)]
    }),
  ]
}

function urlFaults(tree: unknown, target: unknown, path: Path): PathFault[] {
  const url = valueAt(target, ['url'])
  if (typeof url !== 'string' || targetUrlFault(url) !== undefined) return []
  const { hostname, port } = new URL(url)
  const at = [...path, 'url']
  if (isLoopback(hostname)) {
    const own = valueAt(tree, ['public_url'])
    if (typeof own === 'string' && URL.canParse(own) && isLoopback(new URL(own).hostname)) return []
    return [{ path: at, message: 'is on this machine: taken only while public_url is, too' }]
  }
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) return [{ path: at, message: 'is not on the public internet' }]
  return port === '' || port === '80' ? [] : [{ path: at, message: 'must be on port 443 or 80' }]
}

function shopFaults(tree: unknown, target: unknown, path: Path): PathFault[] {
  const shops = valueAt(tree, ['shops'])
  const known = Object.keys(isRecord(shops) ? shops : {})
  return list(target, ['shops']).flatMap((shop, index): PathFault[] => {
    if (typeof shop !== 'string' || known.includes(shop)) return []
    const suggestion = nearest(shop, known)
    const hint = suggestion ? `; did you mean ${suggestion}?` : ''
    return [{ path: [...path, 'shops', index], message: `there is no such shop${hint}` }]
  })
}

/** Only of secrets that are set: others are named elsewhere. */
function keyFaults(target: unknown, path: Path, env: Env): PathFault[] {
  const given = valueAt(target, ['secret'])
  const isList = Array.isArray(given)
  return (isList ? given : [given]).flatMap((reference: unknown, index): PathFault[] => {
    const value = typeof reference === 'string' ? secretValue(env, reference) : ''
    if (value === '') return []
    const bytes = decodedKey(value)?.length ?? 0
    if (bytes >= KEY_BYTES.least && bytes <= KEY_BYTES.most) return []
    const message = `its value must be whsec_ and the base64 of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes (openssl rand -base64 32)`
    return [{ path: [...path, 'secret', ...(isList ? [index] : [])], message }]
  })
}
