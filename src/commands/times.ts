import type { Config } from '../config/types.ts'

/** The zone people see times in: that of the only shop, else UTC. Where it is shown, it is named. */
export function zoneOf({ shops }: Pick<Config, 'shops'>): string {
  const [only, ...others] = Object.values(shops)
  return only && others.length === 0 ? only.timezone : 'UTC'
}

/** `20 Nov 2026, 12:00:15`, of an ISO time. */
export function timeIn(timezone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: timezone })
  return (at) => format.format(new Date(at))
}
