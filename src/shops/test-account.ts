import type { Reading } from '../order.ts'
import type { AccountInUse, Confirmer } from './platform.ts'

/** What a platform's test account tells are test orders: no money moved, and nobody is messaged. */
export function asToldBy(confirmer: Confirmer | undefined, account: AccountInUse, readings: Reading[]): Reading[] {
  if (!confirmer?.isTestAccount?.(account)) return readings
  return readings.map((reading) =>
    reading.kind === 'order' ? { ...reading, order: { ...reading.order, test: true } } : reading,
  )
}

/** Whether an API's address is at one of these hosts, or below it. */
export function isAtHost(apiUrl: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(apiUrl)) return false
  const name = new URL(apiUrl).hostname.replace(/\.$/, '')
  return hosts.some((host) => name === host || name.endsWith(`.${host}`))
}
