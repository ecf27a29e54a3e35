import type { InboundMessage, OrderEventType, Reading } from '../order.ts'
import type { DeliveryHeaders } from '../shops/platform.ts'
import type { Delivery, Recorded } from '../store/intake.ts'
import type { Contact } from '../store/words.ts'

/** What comes in, by where it comes from. */

export interface ShopDelivery {
  shop: string
  /** What followed the shop's name in the address; null when nothing did. */
  pathSecret: string | null
  query: string
  headers: DeliveryHeaders
  body: Uint8Array
}

/** A customer's message as Karibu's list showed it. */
export interface KaribuInbound {
  /** Karibu's id: a message seen twice is one event. */
  id: string
  contact: Contact
  message: InboundMessage
  /** Found by the very first look into the list: it opens the window, but nobody waits for an answer to it. */
  history: boolean
  body: Uint8Array
}

/** What a platform's API confirmed of a claim. */
export interface Believed {
  shop: string
  deliveryKey: string
  /** The event that claimed it. */
  claimedBy: string
  readings: Reading[]
  /** For a person to see what was believed, and on what answers. */
  body: Uint8Array
}

/** A delivery that is kept, to be read anew by today's code and rules. */
export interface KeptDelivery extends Delivery {
  /** When it was first received: stands in for a time its body leaves out. */
  toldAt: number
  /** The event that first told it, and what; null to take it as it came, in a world that does not know it yet. */
  first: { id: string; told: OrderEventType[] } | null
  /** It claimed something, and nothing was believed of it. */
  claimed: boolean
  /** What followed `?` in its address, as far as that is known. */
  query: string
  /** What a platform's API confirmed then; null when the body itself is to be read. */
  readings: Reading[] | null
  /** Of Karibu's messages: who wrote what. */
  inbound: Pick<KaribuInbound, 'contact' | 'message' | 'history'> | null
}

export interface Taken {
  /** Null for a platform's set-up call, which leaves no trace. */
  recorded: Recorded | null
  /** The body the platform wants as an answer, where it wants a certain one. */
  answer: unknown
}
