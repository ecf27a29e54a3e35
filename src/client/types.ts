/** Made from the OpenAPI document by test/client/client.test.ts (vitest -u); what the API takes and gives. */

export interface MessagePage {
  items: Message[]
  /** Give it as cursor to read on; null at the end. A page looks at a part of the list only, so it may hold fewer items than limit, or none, and still not be the last */
  next_cursor: string | null
}

export interface Message {
  id: string
  /** Karibu’s id; null until it accepted the message */
  message_id: string | null
  /** WhatsApp’s own id */
  provider_message_id: string | null
  status: MessageStatus
  reason: {
    code: string
    text: string
  } | null
  kind: 'image' | 'template'
  shop: string | null
  order_id: string | null
  order_number: string | null
  rule: string | null
  to: string | null
  sender: string
  customer_name: string | null
  caption: string
  media_url: string | null
  error_code: string | null
  attempts: number
  created_at: string
  accepted_at: string | null
  sent_at: string | null
  delivered_at: string | null
  read_at: string | null
  failed_at: string | null
}

export type MessageStatus =
  | 'held'
  | 'queued'
  | 'sending'
  | 'uncertain'
  | 'pending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'skipped'
  | 'expired'
  | 'cancelled'

export interface Problem {
  error: {
    code: string
    message: string
    details?: Record<string, unknown>
  }
}

export interface MessageStory extends Message {
  caption_cut: boolean
  when_closed: 'hold' | 'invite' | 'skip'
  next_attempt_at: string | null
  expires_at: string | null
  error_detail: string | null
  event_id: string | null
  why: {
    step: string
    text: string
  }[]
  order: Order | null
  conversation: Conversation | null
  attempts_made: {
    number: number
    started_at: string
    finished_at: string | null
    result: 'accepted' | 'later' | 'window-closed' | 'refused' | 'blocked' | 'media' | 'unknown' | null
    code: string | null
    detail: string | null
    http_status: number | null
    request_id: string | null
    message_id: string | null
    media_url: string | null
    window_closes_at: string | null
  }[]
  timeline: {
    at: string
    what: string
    detail: string | null
  }[]
  images: {
    url: string
    type: 'image/png' | 'image/jpeg'
    bytes: number
    sha256: string
    created_at: string
    fetches: {
      at: string
      method: string
      user_agent: string | null
    }[]
  }[]
}

export interface Order {
  id: string
  number: string
  currency: string
  /** Decimal text with the currency’s decimals */
  total: string
  /** Decimal text with the currency’s decimals */
  refunded_total: string
  test: boolean
  paid_at: string | null
  fulfilled_at: string | null
  cancelled_at: string | null
  updated_at: string | null
  customer: {
    name: string | null
    phone: string | null
    phone_as_sent: string | null
  }
  country: string | null
  payment: {
    method: string | null
    reference: string | null
  }
  items: {
    name: string
    detail: string | null
    quantity: string
    /** Decimal text with the currency’s decimals */
    total: string
  }[]
}

export interface Conversation {
  id: string
  sender: string
  phone: string | null
  /** Karibu’s id of the thread */
  conversation_id: string | null
  name: string | null
  window: {
    open: boolean
    closes_at: string | null
    why: string
    evidence: {
      last_inbound_at: string | null
      source: string | null
      message_id: string | null
      event_id: string | null
      seen_at: string | null
      provider_closed_at: string | null
      provider_code: string | null
    }
  }
  last_inbound_at: string | null
  opted_out_at: string | null
  created_at: string
}

export interface SendRequest {
  shop: string
  /** Default: the order’s phone */
  to?: string
  /** An image of your own; it is fetched once and kept */
  image_url?: string
  /** Id or number of a known order: sends its receipt */
  order?: string
  caption?: string
  when_closed?: 'hold' | 'skip'
}

export interface SettleRequest {
  /** False: it is sent again */
  arrived: boolean
}

export interface ConversationPage {
  items: Conversation[]
  /** Give it as cursor to read on; null at the end. A page looks at a part of the list only, so it may hold fewer items than limit, or none, and still not be the last */
  next_cursor: string | null
}

export interface ConversationsOfOne {
  items: Conversation[]
}

export interface EventPage {
  items: Event[]
  /** Give it as cursor to read on; null at the end. A page looks at a part of the list only, so it may hold fewer items than limit, or none, and still not be the last */
  next_cursor: string | null
}

export interface Event {
  id: string
  source: string
  topic: string | null
  type: string
  order_id: string | null
  order_number: string | null
  conversation: string | null
  outcome: 'handled' | 'ignored'
  reason: string | null
  received_at: string
  occurred_at: string | null
  trace: {
    step: string
    text: string
    message_id: string | null
  }[]
}

export interface EventWithBody extends Event {
  body: string | null
  content_type: string | null
}

export interface Rehearsal {
  since: string
  until: string
  /** How far it came when it was cut short */
  cut_at: string | null
  events: {
    rehearsed: number
    ignored: number
    /** From before `since`, to set the scene */
    before: number
    bodies_gone: number
    not_configured: number
  }
  orders_without_start: number
  messages_not_rehearsed: number
  rules: {
    rule: string
    outcomes: Record<string, number>
    comparisons: Record<string, number>
    not_matched: {
      why: string
      count: number
    }[]
  }[]
  items: RehearsedMessage[]
  left_off: number
}

export interface RehearsedMessage {
  /** With what was really sent; unsure: what its order was before is kept no longer */
  comparison: 'same' | 'different' | 'new' | 'gone' | 'unsure'
  differs: ('outcome' | 'recipient' | 'image' | 'caption')[]
  at: string
  event_id: string | null
  event: string
  shop: string | null
  order_id: string | null
  order_number: string | null
  rule: string | null
  to: string | null
  /** `receipt`, `refund`, or the address of an image */
  image: string
  caption: string
  /** Null when these rules make no such message */
  outcome: MessageStatus | null
  reason: {
    code: string
    text: string
  } | null
  goes_at: string | null
  invited: boolean
  /** When the message was made, by the customers’ messages that are stored */
  window: {
    open: boolean
    closes_at: string | null
    why: string
  } | null
  why: string[]
  really: {
    id: string
    status: MessageStatus
    reason: {
      code: string
      text: string
    } | null
    to: string | null
    image: string
    caption: string
  } | null
}

export interface RehearsalRequest {
  /** A time, or how long ago */
  since: string
  /** Default: now */
  until?: string
  /** Only this shop’s events */
  shop?: string
  /** As in risiti.yaml: YAML text, or the list as JSON. Default: the rules that run */
  rules?: string | Record<string, unknown>[]
  /** How many messages are listed */
  limit?: number
}

export interface ClaimLink {
  code: string
  link: string
  expires_at: string
  /** When a customer wrote it; it is good for one claim */
  claimed_at: string | null
  /** Whether the code still lets a receipt go */
  usable: boolean
  /** Why it does not */
  why_not: string | null
  /** Address of the link as a QR code; wants the same token */
  qr_svg: string
  qr_png: string
}

export interface Stats {
  since: string
  by_status: Record<string, number>
  waiting: Record<string, number>
  sends_this_month: Record<string, number>
  paused_senders: {
    sender: string
    code: string
    detail: string | null
    until: string
  }[]
  shops: {
    shop: string
    /** Backfills, confirmations and replays do not count */
    last_event_at: string | null
    /** null: off, or not learnt yet */
    alarm_after_seconds: number | null
    silent: boolean
  }[]
}

/** Messages, newest first */
export interface ListMessagesQuery {
  /** One or more of held, queued, sending, uncertain, pending, sent, delivered, read, failed, skipped, expired, cancelled, by commas */
  status?: string
  /** A shop’s id */
  shop?: string
  /** Order id or number */
  order?: string
  /** A phone number in international form, such as 255712345678 */
  to?: string
  /** A rule’s name */
  rule?: string
  /** Such as whatsapp.131047 */
  error_code?: string
  /** A time such as 2026-11-20T00:00:00Z, or how long ago: 2h */
  since?: string
  /** A time, or how long ago */
  until?: string
  /** Part of an order number, phone or name, looked for from the newest on: see next_cursor */
  q?: string
  /** At most so many */
  limit?: number
  /** next_cursor of the page before */
  cursor?: string
}

/** All messages the filters name, as CSV or NDJSON */
export interface ExportMessagesQuery {
  /** One or more of held, queued, sending, uncertain, pending, sent, delivered, read, failed, skipped, expired, cancelled, by commas */
  status?: string
  /** A shop’s id */
  shop?: string
  /** Order id or number */
  order?: string
  /** A phone number in international form, such as 255712345678 */
  to?: string
  /** A rule’s name */
  rule?: string
  /** Such as whatsapp.131047 */
  error_code?: string
  /** A time such as 2026-11-20T00:00:00Z, or how long ago: 2h */
  since?: string
  /** A time, or how long ago */
  until?: string
  /** Part of an order number, phone or name, looked for from the newest on: see next_cursor */
  q?: string
  /** The form of the file */
  format?: 'csv' | 'ndjson'
}

/** Contacts with their 24-hour window */
export interface ListConversationsQuery {
  /** At most so many */
  limit?: number
  /** next_cursor of the page before */
  cursor?: string
  /** Only of this number of ours */
  sender?: string
}

/** What came in, newest first, with what it led to */
export interface ListEventsQuery {
  /** A shop’s id, or karibu */
  source?: string
  /** Such as order.paid */
  type?: string
  /** Order id or number */
  order?: string
  /** handled or ignored */
  outcome?: string
  /** A time such as 2026-11-20T00:00:00Z, or how long ago: 2h */
  since?: string
  /** A time, or how long ago */
  until?: string
  /** At most so many */
  limit?: number
  /** next_cursor of the page before */
  cursor?: string
}

/** Counts by status, what waits, and what keeps a sender from sending */
export interface GetStatsQuery {
  /** A time, or how long ago: 7d. Default: a day ago */
  since?: string
}
