import type { Claim, Reading } from '../order.ts'

/** The web `Headers` object fits; names are case-insensitive. */
export interface DeliveryHeaders {
  get(name: string): string | null
}

export interface RawDelivery {
  headers: DeliveryHeaders
  /** The bytes as they came: what is signed. */
  body: Uint8Array
  /** The address the shop was given, byte for byte: some sign it with the body. */
  url?: string
  /** What followed `?`, without it; some notify by GET and say all they say there. */
  query?: string
}

export type Verdict =
  | { ok: true }
  /** A set-up ping: answered exactly 200, stored nowhere. */
  | { ok: 'ping' }
  /** `detail` is a plain sentence without any part of a secret or of a right signature. */
  | { ok: false; code: 'signature.missing' | 'signature.invalid' | 'signature.stale'; detail: string }

export interface ReadOptions {
  /** What followed `?` in the delivery's address; see `RawDelivery`. */
  query?: string
  /** As `topic()` gave it; null when it is not known: then the body's shape alone decides. */
  topic: string | null
  /** ISO 3166 alpha-2 of the shop, for phones whose address names no country. */
  country: string
  /** The order's own field in which this shop asks for the WhatsApp number; a valid one there comes first. */
  whatsappField?: string | null
  headers?: DeliveryHeaders
  /** Stands in for a time the body leaves out, so that a fact never goes without one. */
  receivedAt?: number
  /** Which keys of the platform's API are set: with an optional one, what only the API can tell is claimed, not read. */
  credentials?: readonly string[]
}

/** What the `verify` command and the documentation tell people about a platform's deliveries. */
export interface PlatformFacts {
  title: string
  /** The headers a delivery needs, the signature's first. */
  headers: readonly string[]
  signed: string
  digest: string
  key: string
  deliveryKey: string
}

/** A value the platform's API wants from us; it stands under the shop's `credentials`, from the environment. */
export interface Credential {
  name: string
  required: boolean
  meaning: string
}

/**
 * How we ask a platform's API; what is no answer is thrown by it and tried again by who asked, so confirmers let that
 * pass. At most 24 requests for one question.
 */
export interface PlatformApi {
  /**
   * `path` begins with `/`. Gives the parsed JSON of a 2xx, integers of 16 digits and more as text, undefined for a 204
   * (an empty list, at some), and null for 404.
   */
  request(call: {
    method: 'GET' | 'POST'
    path: string
    /** Gives, from the API's address in force, another one of the same platform: where its tokens are made, say. */
    base?: (apiUrl: string) => string
    headers?: Record<string, string>
    /** Sent as JSON, or as it is when it is text. */
    body?: unknown
    /** Told the headers of a good answer before it is given. */
    heard?(headers: DeliveryHeaders): void
  }): Promise<unknown>
}

export type Confirmation =
  /** What the platform's API says is true; it goes on like any delivery's readings. */
  | { kind: 'confirmed'; readings: Reading[] }
  /**
   * The API says otherwise (failed, another amount, unknown): final, with a plain sentence. `mismatch` when what was
   * claimed is not what is: then somebody should look.
   */
  | { kind: 'denied'; reason: string; mismatch?: true }
  /** Not decided yet (pending): asked again later. */
  | { kind: 'undecided'; reason: string }

export interface ConfirmInput {
  claim: Claim
  /** The notification that made the claim, as it came. */
  body: Uint8Array
  /** Of the headers only the content type is still known. */
  options: ReadOptions
  /** By `Credential.name`; an optional one that is not set is missing. */
  credentials: Readonly<Record<string, string>>
  api: PlatformApi
  /** Epoch milliseconds. */
  now: number
}

/** Whose word something is, by the shop's settings. */
export interface AccountInUse {
  /** Where its API is: the confirmer's own address, or the shop's `api_url`. */
  apiUrl: string
  /** By `Credential.name`. */
  credentials: Readonly<Record<string, string>>
  /** Of the claim; null where nothing had to be asked. */
  subject: string | null
}

/** Asking the platform's own API before anything is believed. */
export interface Confirmer {
  credentials: readonly Credential[]
  /** Which of the optional credentials these lack to be of use ("credentials.api_key"); null when none. */
  lacking?(given: readonly string[]): string | null
  /** Where the API is, unless the shop's `api_url` says otherwise (a test account's address); no slash at the end. */
  apiUrl: string
  /** True for the platform's test account, known by its address or key: its orders are test orders. */
  isTestAccount?(account: AccountInUse): boolean
  /** What it throws itself counts as an answer that cannot be read: asked a few times more, then given up. */
  confirm(input: ConfirmInput): Promise<Confirmation>
}

export interface BackfillInput {
  /** Orders changed at this moment or later, and before `until`, by the shop's own clock; epoch milliseconds. */
  since: number
  until: number | null
  /** Where the page before ended; null for the first. */
  cursor: string | null
  /** Orders at most. */
  limit: number
  /** By `Credential.name`. */
  credentials: Readonly<Record<string, string>>
  api: PlatformApi
}

export interface BackfillPage {
  /** Each as a delivery about it would hold it, the longest unchanged first; one may come again on the next page. */
  orders: readonly Readonly<Record<string, unknown>>[]
  /** What asks for the next page; null at the end. */
  next: string | null
  /** The latest change among them by the shop's clock; null when none is told. */
  changedAt: number | null
  /** What the API wants to rest before the next request. */
  restMs: number
}

/** Reading orders whose webhooks may have been lost, through the shop's own API; `api_url` says where that is. */
export interface Backfiller {
  /** All of them are needed. */
  credentials: readonly Omit<Credential, 'required'>[]
  /** What `api_url` is here, for people: "the shop's address, like https://duka.example". */
  apiUrl: string
  /** Orders a page asks for when all is well. */
  pageSize: number
  /** One request. What cannot be asked is thrown by `api` and passes. */
  page(input: BackfillInput): Promise<BackfillPage>
  /** How many orders the whole span has; null when the shop does not say. */
  count(input: Omit<BackfillInput, 'cursor' | 'limit'>): Promise<number | null>
}

export interface ShopPlatform {
  name: string
  /** True when nothing is signed: then the shop's address holds a secret (`path_secrets`) and `secrets` are none. */
  unsigned?: boolean
  /** True when it notifies by GET too. */
  takesGet?: boolean
  /** The body of the 2xx, for platforms that want a certain one. */
  answer?(delivery: RawDelivery): unknown
  confirmer?: Confirmer
  backfill?: Backfiller
  /** Never throws. Any one of the secrets is enough (rotation); an empty one never is. `now` is epoch milliseconds. */
  verify(delivery: RawDelivery, secrets: readonly string[], now: number): Verdict
  /** Makes a repeated delivery one event. Never parses the body. */
  deliveryKey(delivery: RawDelivery): string
  topic(headers: DeliveryHeaders): string | null
  /** Never throws: a body it cannot use becomes `{ kind: 'ignored', reason }`. */
  read(body: Uint8Array, options: ReadOptions): Reading[]
  /**
   * The form of a secret that we choose and its webhooks are given, where we do: any text, or as Standard Webhooks writes one.
   * Left out where the platform gives it to us.
   */
  ourSecret?: 'text' | 'whsec'
  /** What is wrong with a secret before any delivery is seen, as the end of a sentence ("is empty"); null when nothing. */
  secretProblem(secret: string): string | null
  /** Slips of its own that explain a signature which does not match, each a sentence for `verify`. Never throws. */
  slips?(delivery: RawDelivery, secret: string): string[]
  facts: PlatformFacts
}
