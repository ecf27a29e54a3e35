import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts'

export type CheckStatus = 'ok' | 'warn' | 'fail'

/** One thing that was looked at, in words for people. No text holds a secret, or more of a number than its last four digits. */
export interface Check {
  /** `group.what`: the part before the first dot is the group it is shown in. */
  check: string
  status: CheckStatus
  text: string
  /** What to do about it; null when all is well. */
  mend: string | null
}

export function ok(check: string, text: string): Check {
  return { check, status: 'ok', text, mend: null }
}

export function warn(check: string, text: string, mend: string): Check {
  return { check, status: 'warn', text, mend }
}

export function fail(check: string, text: string, mend: string): Check {
  return { check, status: 'fail', text, mend }
}

/** What could not be looked at because something before it is wrong, which is told by itself. */
export function notChecked(check: string, because: string): Check {
  const what = WHAT[check] ?? check.replace(/^shops\.(.+)\.deliveries$/, 'what $1 told last')
  return warn(check, `${NOT_CHECKED} ${what}, since ${because}`, 'Mend that first, and run risiti doctor again.')
}

export const NOT_CHECKED = 'not checked:'

const WHAT: Record<string, string> = {
  'storage.database': 'the data',
  'storage.pages': 'the pages of the database',
  'karibu.key': 'whether Karibu takes the key',
  'karibu.clock': 'whether our clock is right',
  'karibu.sender': 'whether the senders are active',
  'karibu.templates': 'whether templates are approved',
  'karibu.webhook': 'whether Briq knows our webhook',
  'karibu.signature': 'how what Briq signs is judged',
  'service.running': 'whether the service runs',
  'service.state': 'whether anything is paused',
  'service.webhooks': 'whether it takes an event signed as Briq signs',
  'address.answers': 'whether public_url is this service',
  'address.media': 'whether pictures come through public_url',
  'address.webhooks': 'whether a signed event comes through public_url',
  'shops.deliveries': 'what the shops told',
  'api.tokens': 'who may ask the API',
}

/** `3 h`, of milliseconds. */
export function span(ms: number): string {
  if (ms < 90 * SECOND) return `${Math.max(0, Math.round(ms / SECOND))} s`
  if (ms < 90 * MINUTE) return `${Math.round(ms / MINUTE)} min`
  return ms < 2 * DAY ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / DAY)} days`
}

/** `12 MB`, in the units of `disk.min_free`. */
export function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`
}

export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
