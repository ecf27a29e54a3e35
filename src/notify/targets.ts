import { createHash } from 'node:crypto'
import type { NotifyTarget } from '../config/types.ts'
import { isLoopback } from '../config/values.ts'
import type { KnownTarget } from '../store/notifications.ts'

/** The targets as the database's triggers read them: no address, which may hold a token, lies in it. */
export function knownTargets(targets: NotifyTarget[]): KnownTarget[] {
  return targets.map(({ name, url, events, shops }) => ({
    name,
    address: createHash('sha256').update(url).digest('hex'),
    statuses: betweenCommas(events.map((event) => event.replace('message.', ''))),
    shops: shops && betweenCommas(shops),
  }))
}

/** Origins that may be private: ours, and while we are on this machine alone, targets on it. */
export function privateOrigins(publicUrl: string, targets: NotifyTarget[]): string[] {
  const own = new URL(publicUrl)
  const beside = targets
    .map(({ url }) => new URL(url))
    .filter((url) => isLoopback(own.hostname) && isLoopback(url.hostname))
  return [own, ...beside].map(({ origin }) => origin)
}

function betweenCommas(words: string[]): string {
  return `,${words.join(',')},`
}
