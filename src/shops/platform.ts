import type { Reading } from '../order.ts'

export type PlatformName = 'woocommerce' | 'shopify' | 'standard'

/** The web `Headers` object fits; names are case-insensitive. */
export interface DeliveryHeaders {
  get(name: string): string | null
}

export interface RawDelivery {
  headers: DeliveryHeaders
  /** The bytes as they came: what is signed. */
  body: Uint8Array
}

export type Verdict =
  | { ok: true }
  /** A set-up ping: answered exactly 200, stored nowhere. */
  | { ok: 'ping' }
  /** `detail` is a plain sentence without any part of a secret or of a right signature. */
  | { ok: false; code: 'signature.missing' | 'signature.invalid' | 'signature.stale'; detail: string }

export interface ReadOptions {
  /** As `topic()` gave it; null when it is not known: then the body's shape alone decides. */
  topic: string | null
  /** ISO 3166 alpha-2 of the shop, for phones whose address names no country. */
  country: string
  /** The order's own field in which this shop asks for the WhatsApp number; a valid one there comes first. */
  whatsappField?: string | null
  headers?: DeliveryHeaders
  /** Stands in for a time the body leaves out, so that a fact never goes without one. */
  receivedAt?: number
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

export interface ShopPlatform {
  name: PlatformName
  /** Never throws. Any one of the secrets is enough (rotation); an empty one never is. `now` is epoch milliseconds. */
  verify(delivery: RawDelivery, secrets: readonly string[], now: number): Verdict
  /** Makes a repeated delivery one event. Never parses the body. */
  deliveryKey(delivery: RawDelivery): string
  topic(headers: DeliveryHeaders): string | null
  /** Never throws: a body it cannot use becomes `{ kind: 'ignored', reason }`. */
  read(body: Uint8Array, options: ReadOptions): Reading[]
  /** What is wrong with a secret before any delivery is seen, as the end of a sentence ("is empty"); null when nothing. */
  secretProblem(secret: string): string | null
  facts: PlatformFacts
}
