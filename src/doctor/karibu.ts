import { MINUTE, SECOND } from '../clock.ts'
import type { SenderProbe } from '../karibu/sender-probe.ts'
import { type Check, fail, notChecked, ok, span, warn } from './check.ts'

/** What a question to Karibu came to. */
export type Told<T> =
  | { kind: 'told'; value: T }
  /** `status` is the HTTP answer, `code` Karibu's own word. */
  | { kind: 'refused'; status: number; code: string | null }
  /** No answer, or none that can be read. */
  | { kind: 'silent'; reason: string }

const KEY = 'karibu.key'

/** Pure: whether Karibu takes the key. */
export function keyCheck(told: Told<unknown>): Check {
  if (told.kind === 'told') return ok(KEY, 'Karibu takes the key')
  if (told.kind === 'silent') {
    const mend = 'See that this machine reaches karibu.base_url: its network, DNS and any firewall.'
    return fail(KEY, `Karibu cannot be asked: ${told.reason}`, mend)
  }
  const { status, code } = told
  const said = `Karibu answered ${status}${code === null ? '' : ` (${code})`}`
  if (code === 'WORKSPACE_REQUIRED') {
    return fail(KEY, `${said}: the key belongs to no workspace`, 'Link the key to a Developer App in Briq’s dashboard.')
  }
  if (status === 401 || status === 403) {
    const mend = 'Put an active key from Briq’s dashboard into the variable that karibu.api_key names.'
    return fail(KEY, `${said}: it does not take the key`, mend)
  }
  if (status === 402) return fail(KEY, `${said}: the account is not paid for`, 'Settle it in Briq’s dashboard.')
  if (status === 429 || status >= 500) return warn(KEY, said, 'Karibu is busy or down: try again in a few minutes.')
  return fail(KEY, `${said}: it has no such route`, 'Mend karibu.base_url: as a rule it is left out.')
}

/** Answers tell their time in whole seconds, and take a moment. */
const SKEW_OK_MS = 10 * SECOND
/** What signed deliveries allow (Standard Webhooks). */
const SKEW_BAD_MS = 5 * MINUTE

/** Pure: `heardAt` is the time of Karibu's answer by its own clock, null when no answer told it; `now` is ours. */
export function clockCheck({ heardAt, now }: { heardAt: number | null; now: number }): Check {
  const name = 'karibu.clock'
  const mend = 'Let the machine set its clock by itself: timedatectl set-ntp true'
  if (heardAt === null) return warn(name, 'whether our clock is right is not known: Karibu told no time', mend)
  const off = now - heardAt
  if (Math.abs(off) <= SKEW_OK_MS) return ok(name, 'our clock and Karibu’s agree')
  const text = `our clock is ${span(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} Karibu’s`
  if (Math.abs(off) < SKEW_BAD_MS) return warn(name, text, mend)
  return fail(name, `${text}: windows are misjudged, and signatures with a time are refused`, mend)
}

/** `name` is what the settings call the sender. */
export function senderCheck(name: string, probe: SenderProbe): Check {
  const check = 'karibu.sender'
  const who = `the sender ending in …${name.slice(-4)}`
  if (probe.kind === 'works') return ok(check, `${who} is listed as active`)
  const text = `${who}: ${probe.detail}`
  const mend =
    'Name one of Briq’s active senders, by its number or phone_number_id, or activate this one in its dashboard.'
  return probe.kind === 'refused' ? fail(check, text, mend) : warn(check, text, mend)
}

/** What follows from the key: told where it is not taken. */
export function withoutKaribu(because: string, before: readonly string[] = []): Check[] {
  const names = [...before, 'karibu.sender', 'karibu.templates', 'karibu.webhook']
  return names.map((name) => notChecked(name, because))
}
