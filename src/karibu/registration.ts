import type { Webhook } from './wire.ts'

/** Briq lets no single events be chosen: a webhook of this service is told of `sent`, `delivered`, `read` and `failed`. */
export const WHATSAPP = 'whatsapp'

/** What Briq's list of webhooks says about ours. */
export type Standing =
  | { kind: 'right'; webhook: Webhook }
  /** Our address, but of another service than WhatsApp. */
  | { kind: 'other-service'; webhook: Webhook }
  /** Briq allows one of a service to each app, and that one leads elsewhere. */
  | { kind: 'elsewhere'; webhook: Webhook }
  | { kind: 'none' }

/** Pure: how our webhook stands; `appId` where only the webhooks of that app are ours. */
export function standingOf(listed: readonly Webhook[], url: string, appId: string | null): Standing {
  const ours = listed.filter((one) => appId === null || one.app_id === null || sameText(one.app_id, appId))
  const here = ours.filter((one) => sameAddress(one.url, url))
  const right = here.find((one) => one.service_type === WHATSAPP)
  if (right) return { kind: 'right', webhook: right }
  const elsewhere = ours.find((one) => one.service_type === WHATSAPP)
  if (elsewhere) return { kind: 'elsewhere', webhook: elsewhere }
  const [other] = here
  return other ? { kind: 'other-service', webhook: other } : { kind: 'none' }
}

/** The only app these webhooks belong to; null when there are none, or of several. */
export function onlyApp(listed: readonly Webhook[]): string | null {
  const apps = new Set(listed.flatMap(({ app_id: id }) => (id === null ? [] : [id.toLowerCase()])))
  const [only = null] = apps
  return apps.size === 1 ? only : null
}

/** As an address is shown: what follows its host may be somebody's secret. */
export function hostOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? `${new URL(url).origin}/…` : 'an address that cannot be read'
}

export function sameAddress(one: string | null, other: string): boolean {
  if (one === null || !URL.canParse(one) || !URL.canParse(other)) return false
  return plain(one) === plain(other)
}

function plain(url: string): string {
  return new URL(url).href.replace(/\/$/, '')
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
