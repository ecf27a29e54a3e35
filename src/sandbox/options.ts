import { type Activity, createActivity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Ids } from '../ids.ts'
import { type Log, silentLog } from '../log.ts'
import { parseInput, phoneInput } from './parse.ts'
import type { PhoneOptions } from './phone/options.ts'
import { hexOf, seededRandom, uuidOf } from './random.ts'
import type { SentSnapshot } from './snapshot.ts'
import type { Sender, Template, WebhookTarget } from './state.ts'
import { DEFAULT_SWITCHES, readChange, type Switches, type SwitchesChange } from './switches.ts'

export interface SenderInput {
  number: string
  phoneNumberId?: string
  label?: string
  active?: boolean
  default?: boolean
}

export interface TemplateInput {
  name: string
  /** Default `APPROVED`. */
  status?: string
  language?: string
  category?: string
  /** Names of the variables it needs, e.g. `['1']`. */
  params?: string[]
  /** What a phone shows, with `{{1}}` for a variable. */
  text?: string
}

/** Milliseconds after acceptance. */
export interface StatusDelays {
  sent: number
  fetch: number
  delivered: number
  read: number
}

export interface SandboxOptions {
  clock: Clock
  ids: Ids
  log?: Log
  activity?: Activity
  apiKey?: string
  /** The developer app the key belongs to. */
  appId?: string
  senders?: SenderInput[]
  templates?: TemplateInput[]
  webhook?: { url: string; secret: string | null } | null
  /** Takes a `media_url` with http on this machine in place of public https. */
  allowLoopbackMedia?: boolean
  statusDelays?: Partial<StatusDelays>
  switches?: SwitchesChange
  /** Between 0 and 1, for anything by chance. */
  random?: () => number
  /** Messages, conversations and deliveries kept; older ones are forgotten. */
  keep?: number
  /** Webhooks and pictures over connections that are kept: far cheaper, for a program that is not restarted by tests. */
  keepAlive?: boolean
  /** For the pages under `/phone`. */
  phone?: PhoneOptions
  /** Told of each accepted send (`pending`) and of every status it takes on, also of those long forgotten. */
  watch?: (message: SentSnapshot) => void
}

export interface ResolvedOptions
  extends Required<Omit<SandboxOptions, 'senders' | 'templates' | 'webhook' | 'switches'>> {
  senders: Sender[]
  templates: Template[]
  webhook: WebhookTarget | null
  statusDelays: StatusDelays
  switches: Switches
}

const DEFAULT_DELAYS: StatusDelays = { sent: 300, fetch: 600, delivered: 1500, read: 4000 }
const DEFAULT_TEMPLATE: TemplateInput = {
  name: 'receipt_ready',
  language: 'sw',
  params: ['1'],
  text: 'Habari! Risiti yako ya oda {{1}} iko tayari. Jibu ujumbe huu nasi tutaituma.',
}

export function resolveOptions(options: SandboxOptions): ResolvedOptions {
  const appId = options.appId ?? uuidOf('sandbox app')
  return {
    clock: options.clock,
    ids: options.ids,
    log: options.log ?? silentLog,
    activity: options.activity ?? createActivity(),
    apiKey: options.apiKey ?? 'sandbox-key',
    appId,
    senders: resolveSenders(options.senders ?? [{ number: '255700000001' }]),
    templates: (options.templates ?? [DEFAULT_TEMPLATE]).map((input) => resolveTemplate(input, options.clock.now())),
    webhook: options.webhook ? { id: uuidOf('sandbox webhook'), appId, ...options.webhook } : null,
    allowLoopbackMedia: options.allowLoopbackMedia ?? true,
    statusDelays: { ...DEFAULT_DELAYS, ...options.statusDelays },
    switches: { ...DEFAULT_SWITCHES, ...readChange(options.switches ?? {}) },
    random: options.random ?? seededRandom(1),
    keep: options.keep ?? 10_000,
    keepAlive: options.keepAlive ?? false,
    phone: options.phone ?? {},
    watch: options.watch ?? (() => {}),
  }
}

function resolveSenders(inputs: SenderInput[]): Sender[] {
  const senders = inputs.map((input) => {
    const number = parseInput(phoneInput, input.number)
    return {
      id: uuidOf(`sender ${number}`),
      number,
      phoneNumberId: input.phoneNumberId ?? phoneNumberIdOf(number),
      label: input.label ?? `Sandbox ${number.slice(-4)}`,
      isActive: input.active ?? true,
      isDefault: input.default ?? false,
    }
  })
  const fallback = senders.find((sender) => sender.isActive)
  if (fallback && !senders.some((sender) => sender.isDefault)) fallback.isDefault = true
  return senders
}

/** Sixteen digits, like Meta's. */
function phoneNumberIdOf(number: string): string {
  return `1${String(Number.parseInt(hexOf(`phone number ${number}`).slice(0, 12), 16)).padStart(15, '0')}`
}

function resolveTemplate(input: TemplateInput, now: number): Template {
  const status = input.status ?? 'APPROVED'
  return {
    id: uuidOf(`template ${input.name}`),
    name: input.name,
    // `PENDING` is WhatsApp's word; Briq shows IN_REVIEW for it.
    status: status === 'PENDING' ? 'IN_REVIEW' : status,
    language: input.language ?? 'en',
    category: input.category ?? 'UTILITY',
    params: input.params ?? [],
    text: input.text ?? null,
    createdAt: now,
    lastSentAt: null,
  }
}
