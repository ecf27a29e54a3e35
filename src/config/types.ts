import type { EventType, Locale } from '../order.ts'
import type { QuietHours } from '../quiet-hours.ts'
import type { ToldEvent } from '../store/words.ts'

export type Scope = 'read' | 'send' | 'admin'

/** Everything in risiti.yaml but the secrets: may be logged whole. All `...Ms` are milliseconds. */
export interface Config {
  listen: { host: string; port: number }
  /** No slash at the end. https, or http on loopback. */
  publicUrl: string
  /** Absolute; a relative one is taken from the configuration file's folder. */
  dataDir: string
  /** IANA zone for people's times where a shop names none. */
  timezone: string
  locale: Locale
  karibu: {
    baseUrl: string
    /** Our number (digits) or its phone_number_id, for shops that name none of their own. */
    sender: string | null
    pollInboundEveryMs: number
    /** A message without a final status this long after its last report is asked after. */
    pollStatusAfterMs: number
    /** How long Karibu's list may lag: absence from it is believed only then. */
    absentAfterMs: number
    /** Longest wait for one answer. */
    timeoutMs: number
    /** Requests under way at once. */
    concurrency: number
    /** Messages per second and sender (Meta's default throughput is 80). */
    perSenderPerSecond: number
    /** Shortest gap between two messages to one customer (Meta's pair limit is one in 6 s). */
    perContactEveryMs: number
    /** How many may go out at once, borrowed from the time after (Meta allows 45). */
    perContactBurst: number
  }
  shops: Record<string, ShopConfig>
  rules: Rule[]
  budgets: BudgetConfig[]
  notify: NotifyTarget[]
  window: { marginMs: number }
  retention: Retention
  /** Below this the service takes nothing in. */
  disk: { minFreeBytes: number }
}

/** How much one of our numbers may send in a calendar month (UTC). */
export interface BudgetConfig {
  sender: string
  messagesPerMonth: number
  /** Percent of it at which the log warns. */
  warnAt: number
}

/** Somebody who is told what became of messages. */
export interface NotifyTarget {
  name: string
  url: string
  events: ToldEvent[]
  /** Null for all. */
  shops: string[] | null
}

/** How long things are kept, in milliseconds; null for good. */
export interface Retention {
  bodiesMs: number | null
  imagesMs: number | null
  reportsMs: number | null
  messagesMs: number | null
  eventsMs: number | null
  ordersMs: number | null
}

export interface ShopConfig {
  id: string
  /** A name of `shops/registry.ts`. */
  platform: string
  /** Where the shop's platform believes we are; what some of them sign. */
  notificationUrl: string
  /** Where its platform's API is, when not at its usual address. */
  apiUrl: string | null
  /** How often the shop is read for what it did not tell; null for never. */
  backfillEveryMs: number | null
  /** No event for so long is an alarm; `auto` is learnt from its events, null is never. */
  silenceAlarm: 'auto' | number | null
  /** `shops.<id>.sender`, else `karibu.sender`. */
  sender: string
  country: string
  timezone: string
  locale: Locale
  /** The environment variables its secrets come from; never what they hold. */
  secretNames: SecretNames
  /** Its domain at its platform, lower case: what its privacy requests must be about. Null: whatever its secrets sign. */
  domain: string | null
  brand: BrandConfig
  consent: ConsentConfig | null
  /** The order's field (meta key, note attribute) in which this shop asks for the WhatsApp number. */
  whatsappField: string | null
  /** Orders paid longer ago than this never message anybody (an import must not wake last year's customers). */
  /** How long the code of an order is good, from when we first know the order. */
  claimExpiresAfterMs: number
  /** The number buyers write their codes to; null where the sender is that number. */
  claimNumber: string | null
  ignoreOlderThanMs: number
  /** When what its orders cause waits, unless the customer is awake. */
  quietHours: QuietHours | null
}

/** As `ShopSecrets`, with names in place of values. */
export interface SecretNames {
  signing: string[]
  path: string[]
  credentials: Record<string, string>
}

export interface BrandConfig {
  name: string
  /** `#rrggbb` */
  color: string
  /** Absolute path of a PNG or JPEG. */
  logo: string | null
  address: string | null
  phone: string | null
  tin: string | null
}

export interface ConsentConfig {
  /** Name of the order attribute (meta key, note attribute) that holds the customer's yes. */
  field: string
  /** Lower-cased values that mean yes. */
  values: string[]
  /** Without a yes: true skips the message, false sends it all the same. */
  required: boolean
}

export type WhenClosed = 'hold' | 'invite' | 'skip'

export interface Rule {
  name: string
  on: EventType
  when: {
    shops: string[] | null
    currency: string | null
    /** Decimal text in major units, so that it can be compared exactly in any currency. */
    minTotal: string | null
    /** For message.received: words or phrases, one of which the text must hold; case does not matter. */
    text: string[] | null
  }
  /** CEL source, checked at start-up. */
  if: string | null
  send: {
    image: { kind: 'receipt' } | { kind: 'url'; url: string }
    /** Liquid source per language; both present when the file gives one text for all. */
    caption: Record<Locale, string>
  }
  whenClosed: WhenClosed
  /** How long a held message waits for the customer. */
  expiresAfterMs: number
  invite: { template: string; variables: Record<string, string> } | null
}

export interface ShopSecrets {
  /** What its deliveries are signed with; empty where nothing is signed. */
  signing: string[]
  /** The last part of its webhook address, where nothing is signed; several while changing it. */
  path: string[]
  /** For its platform's API, by the platform's names for them. */
  credentials: Record<string, string>
}

/** Never logged, never stored as they are. */
export interface Secrets {
  karibuApiKey: string
  karibuWebhookSecret: string | null
  shops: Record<string, ShopSecrets>
  /** What each target's notifications are signed with, by its name. */
  notify: Record<string, string[]>
  apiTokens: { name: string; scopes: Scope[]; token: string }[]
}
