import { z } from 'zod'
import { HOUR, MINUTE, SECOND } from '../clock.ts'
import { readFault, sendFault } from './faults.ts'
import { parseInput } from './parse.ts'

const rate = z.number().min(0).max(1)
const ms = z.int().min(0)

/** How the sandbox behaves where Briq's documents disagree or are silent, and what it does wrong on purpose. */
const switchesSchema = z.strictObject({
  /** 202 `pending`, or 200 `sent` with the provider's id. */
  answer: z.enum(['pending', 'sent']),
  /** Briq's guide rejects `to` with `conversation_id`, its reference lets the conversation win. */
  bothTargets: z.enum(['reject', 'conversation']),
  /** No sender named: allowed with one active sender only, or the first active, or the default one. */
  unnamedSender: z.enum(['single', 'first', 'default']),
  auth: z.enum(['normal', 'unauthorized', 'no-workspace']),
  validationShape: z.enum(['envelope', 'detail-list']),
  notFoundShape: z.enum(['envelope', 'detail-text']),
  templateReopensBriqGate: z.boolean(),
  /** List items carry `status`. */
  listStatus: z.boolean(),
  /** `content` of a listed image holds its link. */
  listEchoesMediaUrl: z.boolean(),
  /** How long a message stays out of the lists after it was made. */
  listLagMs: ms,
  errorCodeForm: z.enum(['string', 'number']),
  /** How far Karibu's clock, as the `Date` of its answers tells it, is ahead; null tells none. */
  clockAheadMs: z.int().nullable(),
  /** 131052 for what cannot be downloaded and 131053 for what is unsupported, or (as Meta has it) the other way. */
  mediaCodesSwapped: z.boolean(),
  /** WhatsApp's limit per sender and customer (131056). */
  pairLimit: z.strictObject({ burst: z.int().min(1), everyMs: z.int().min(1) }).nullable(),
  /** WhatsApp's limit per sender (130429). */
  throughputPerSecond: z.int().min(1).nullable(),
  /** Part of each status delay that chance adds or takes away. */
  statusJitter: rate,
  /** Chance that an accepted message fails with 131000. */
  failRate: rate,
  /** For every send that no queued fault strikes; its `times` does not count. */
  sendFault: sendFault.nullable(),
  /** For every GET of the API. */
  readFault: readFault.nullable(),
  webhookSignature: z.enum(['prefixed', 'bare', 'missing', 'wrong']),
  /** Events made while this is on are lost for good, as are the next `webhookDropNext` and a `webhookLoseRate` part. */
  webhookDropAll: z.boolean(),
  webhookDropNext: z.int().min(0),
  webhookLoseRate: rate,
  /** How often each event is posted, at the same time. */
  webhookCopies: z.int().min(1).max(10),
  /** Holds an event of a message back until its next one has been delivered, 30 seconds at most. */
  webhookReorder: z.boolean(),
  webhookDelayMs: ms,
  /** Posts an undocumented `whatsapp.received` for inbound messages. */
  webhookInbound: z.boolean(),
  /** Waits before the second, third… try; Briq's own schedule is not documented. */
  webhookRetryMs: z.array(ms).max(20),
})
export type Switches = z.output<typeof switchesSchema>

/** A change names only what it changes. */
export const switchesChange = switchesSchema.partial()
export type SwitchesChange = z.input<typeof switchesChange>

export const DEFAULT_SWITCHES: Switches = {
  answer: 'pending',
  bothTargets: 'reject',
  unnamedSender: 'single',
  auth: 'normal',
  validationShape: 'envelope',
  notFoundShape: 'envelope',
  templateReopensBriqGate: true,
  listStatus: false,
  listEchoesMediaUrl: true,
  listLagMs: 0,
  errorCodeForm: 'string',
  clockAheadMs: 0,
  mediaCodesSwapped: false,
  pairLimit: { burst: 45, everyMs: 6 * SECOND },
  throughputPerSecond: null,
  statusJitter: 0,
  failRate: 0,
  sendFault: null,
  readFault: null,
  webhookSignature: 'prefixed',
  webhookDropAll: false,
  webhookDropNext: 0,
  webhookLoseRate: 0,
  webhookCopies: 1,
  webhookReorder: false,
  webhookDelayMs: 0,
  webhookInbound: false,
  webhookRetryMs: [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR],
}

/** The change without the keys that say nothing, so that it can be laid over what is set. */
export function readChange(change: SwitchesChange): Partial<Switches> {
  const parsed = parseInput(switchesChange, change)
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined))
}
