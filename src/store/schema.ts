import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Claim, EventType, Order } from '../order.ts'
import type {
  AttemptResult,
  ConfirmationStatus,
  ErasureTarget,
  InboundEvidence,
  MessageFacts,
  MessageKind,
  MessageStatus,
  ReportedStatus,
  ToldEvent,
  TraceLine,
} from './words.ts'

/** Times are epoch milliseconds, money integer minor units. Each index says which query it is for. */

/** One verified delivery; its body sits apart so that scans stay light. */
export const events = sqliteTable(
  'events',
  {
    id: text('id').primaryKey(),
    /** A shop's id, or `karibu` for what Briq's API told us. */
    source: text('source').notNull(),
    deliveryKey: text('delivery_key').notNull(),
    topic: text('topic'),
    /** The weightiest thing it caused, e.g. `order.paid`; `ignored` when nothing. */
    type: text('type').notNull(),
    orderId: text('order_id'),
    orderNumber: text('order_number'),
    conversationId: text('conversation_id'),
    receivedAt: integer('received_at').notNull(),
    occurredAt: integer('occurred_at'),
    outcome: text('outcome').$type<'handled' | 'ignored'>().notNull(),
    /** Why it was ignored, for people. */
    reason: text('reason'),
    trace: text('trace', { mode: 'json' }).$type<TraceLine[]>().notNull(),
  },
  (t) => [
    uniqueIndex('events_delivery').on(t.source, t.deliveryKey), // one delivery, one event
    index('events_order').on(t.orderId, t.source), // the story of an order, list filtered by order id
    index('events_number').on(t.orderNumber).where(sql`order_number is not null`), // list filtered by order number
    index('events_received').on(t.receivedAt), // rehearsals, silence, retention
    index('events_conversation').on(t.conversationId).where(sql`conversation_id is not null`), // erasing a person
  ],
)

export const eventBodies = sqliteTable('event_bodies', {
  eventId: text('event_id').primaryKey(),
  contentType: text('content_type'),
  body: blob('body', { mode: 'buffer' }).notNull(),
})

/** The newest known state of one order of one shop. */
export const orders = sqliteTable(
  'orders',
  {
    shop: text('shop').notNull(),
    orderId: text('order_id').notNull(),
    number: text('number').notNull(),
    /** The order's own clock. */
    updatedAt: integer('updated_at'),
    state: text('state', { mode: 'json' }).$type<Order>().notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
    changedAt: integer('changed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.shop, t.orderId] }),
    index('orders_number').on(t.number, t.shop), // an order by the number people know it by
    index('orders_changed').on(t.changedAt), // retention
  ],
)

/** What a buyer writes to get the receipt of one order; the code itself is made anew from our key and kept nowhere. */
export const claimLinks = sqliteTable(
  'claim_links',
  {
    shop: text('shop').notNull(),
    orderId: text('order_id').notNull(),
    /** SHA-256 of the code, hex. */
    codeHash: text('code_hash').notNull(),
    /** SHA-256 of what the shop alone and its buyer know of the order, hex. */
    keyHashes: text('key_hashes', { mode: 'json' }).$type<string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** When the code was written and taken: it is spent. */
    claimedAt: integer('claimed_at'),
    /** The conversation it was written in. */
    claimedBy: text('claimed_by'),
  },
  (t) => [
    primaryKey({ columns: [t.shop, t.orderId] }),
    uniqueIndex('claim_links_code').on(t.codeHash), // a code that was written
    index('claim_links_claimed_by').on(t.claimedBy).where(sql`claimed_by is not null`), // erasing a person
  ],
)

/** One of our sender numbers × one contact. */
export const conversations = sqliteTable(
  'conversations',
  {
    id: text('id').primaryKey(),
    sender: text('sender').notNull(),
    phone: text('phone'),
    karibuId: text('karibu_id'),
    name: text('name'),
    lastInboundAt: integer('last_inbound_at'),
    evidence: text('evidence', { mode: 'json' }).$type<InboundEvidence>(),
    /** The provider refused as closed at this time; wins over our record until a newer inbound message. */
    closedVerdictAt: integer('closed_verdict_at'),
    closedVerdictCode: text('closed_verdict_code'),
    optedOutAt: integer('opted_out_at'),
    /** When the customer wrote the newest STOP or START we know: an older word, seen late, changes nothing. */
    optWordAt: integer('opt_word_at'),
    /** Codes of no use that the contact wrote are forgiven then; see claim-codes.ts. */
    codesForgivenAt: integer('codes_forgiven_at').notNull().default(0),
    lastInvitedAt: integer('last_invited_at'),
    /** Pace: what was sent is paid for until then; see pace.ts. */
    paidUntil: integer('paid_until').notNull().default(0),
    /** No request to this contact before then. */
    nextSendAt: integer('next_send_at').notNull().default(0),
    /** A worker has one message of this conversation in hand until then. */
    busyUntil: integer('busy_until').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('conversations_contact').on(t.sender, t.phone),
    uniqueIndex('conversations_karibu').on(t.karibuId),
    index('conversations_phone').on(t.phone), // /v1/conversations/{phone}
    index('conversations_inbound').on(t.lastInboundAt), // the list, newest customer first
  ],
)

/** One image (or invitation template) for one contact: the outbox row and the sent record in one. */
export const messages = sqliteTable(
  'messages',
  {
    id: text('id').primaryKey(),
    /** Outlives everything: what makes a second message for the same purpose impossible. */
    effectKey: text('effect_key').notNull(),
    kind: text('kind').$type<MessageKind>().notNull(),
    status: text('status').$type<MessageStatus>().notNull(),
    reason: text('reason'),
    shop: text('shop'),
    orderId: text('order_id'),
    orderNumber: text('order_number'),
    rule: text('rule'),
    /** The event type it answers, or `api` when made by hand. */
    cause: text('cause').$type<EventType | 'api'>().notNull(),
    /** Why it exists: the event that caused it; null when made by hand. */
    eventId: text('event_id'),
    conversationId: text('conversation_id'),
    sender: text('sender').notNull(),
    phone: text('phone'),
    customerName: text('customer_name'),
    caption: text('caption').notNull(),
    captionCut: integer('caption_cut', { mode: 'boolean' }).notNull().default(false),
    /** Null for a receipt; else where the shop's own image is fetched from. */
    imageUrl: text('image_url'),
    template: text('template', { mode: 'json' }).$type<{ name: string; variables: Record<string, string> }>(),
    whenClosed: text('when_closed').$type<'hold' | 'invite' | 'skip'>().notNull(),
    /** Invitation to send when the window is closed. */
    invite: text('invite', { mode: 'json' }).$type<{ name: string; variables: Record<string, string> }>(),
    /** How long it may wait while held. */
    expiresAfterMs: integer('expires_after_ms').notNull(),
    expiresAt: integer('expires_at'),
    nextAttemptAt: integer('next_attempt_at'),
    leaseExpiresAt: integer('lease_expires_at'),
    attemptCount: integer('attempt_count').notNull().default(0),
    /** Attempts that count against the cap; pace refusals do not. */
    burnedCount: integer('burned_count').notNull().default(0),
    mediaToken: text('media_token'),
    /** How often WhatsApp could not fetch or use the picture. */
    mediaFailures: integer('media_failures').notNull().default(0),
    /** Karibu's uuid. */
    messageId: text('message_id'),
    /** WhatsApp's own id (`wamid…`). */
    providerMessageId: text('provider_message_id'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    statusPollAt: integer('status_poll_at'),
    statusPolls: integer('status_polls').notNull().default(0),
    /** When somebody wrote the order's code: it goes to them, whatever number the order names. */
    claimedAt: integer('claimed_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    acceptedAt: integer('accepted_at'),
    sentAt: integer('sent_at'),
    deliveredAt: integer('delivered_at'),
    readAt: integer('read_at'),
    failedAt: integer('failed_at'),
  },
  (t) => [
    uniqueIndex('messages_effect').on(t.effectKey),
    uniqueIndex('messages_message_id').on(t.messageId), // status reports
    index('messages_due').on(t.nextAttemptAt).where(sql`status in ('queued', 'uncertain')`), // claim, reconcile
    index('messages_lease').on(t.leaseExpiresAt).where(sql`status = 'sending'`), // crashed attempts
    index('messages_expiry').on(t.expiresAt).where(sql`status = 'held'`), // held too long
    index('messages_status_poll').on(t.statusPollAt).where(sql`status in ('pending', 'sent', 'delivered')`), // quiet
    index('messages_conversation').on(t.conversationId, t.status), // release, a contact's messages
    index('messages_order').on(t.orderId, t.shop), // what an order has led to, list filtered by order id
    index('messages_number').on(t.orderNumber), // list filtered by order number
    // The list's other filters: with the id at its end, an index gives page after page without sorting.
    index('messages_phone').on(t.phone, t.id),
    index('messages_status').on(t.status, t.id),
    index('messages_shop').on(t.shop, t.id),
    index('messages_error').on(t.errorCode, t.id).where(sql`error_code is not null`),
    index('messages_created').on(t.createdAt), // retention, counts
  ],
)

/** Effect keys of messages that are gone, for erased ones their hash: what was sent once stays sent once. */
export const effects = sqliteTable('effects', {
  key: text('key').primaryKey(),
  shop: text('shop'),
  createdAt: integer('created_at').notNull(),
})

/** One try at sending, written before the request. */
export const attempts = sqliteTable(
  'attempts',
  {
    id: text('id').primaryKey(),
    message: text('message').notNull(),
    number: integer('number').notNull(),
    startedAt: integer('started_at').notNull(),
    finishedAt: integer('finished_at'),
    result: text('result').$type<AttemptResult>(),
    code: text('code'),
    detail: text('detail'),
    httpStatus: integer('http_status'),
    requestId: text('request_id'),
    mediaUrl: text('media_url'),
    /** Karibu's uuid if it was accepted: reports on an earlier attempt still find their message. */
    messageId: text('message_id'),
    /** What the gate knew of the window when it let this go. */
    window: text('window', { mode: 'json' }).$type<{ closesAt: number | null; lastInboundAt: number | null }>(),
  },
  (t) => [
    uniqueIndex('attempts_number').on(t.message, t.number),
    index('attempts_message_id').on(t.messageId), // a report on an attempt
  ],
)

/** What Karibu said, append-only, also for ids we do not know yet. */
export const statusReports = sqliteTable(
  'status_reports',
  {
    eventId: text('event_id').primaryKey(),
    messageId: text('message_id').notNull(),
    status: text('status').$type<ReportedStatus>().notNull(),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    providerMessageId: text('provider_message_id'),
    occurredAt: integer('occurred_at').notNull(),
    receivedAt: integer('received_at').notNull(),
    source: text('source').$type<'webhook' | 'poll' | 'answer'>().notNull(),
  },
  (t) => [index('status_reports_message').on(t.messageId)],
)

/** One rendered or copied image; the bytes lie in the data folder under the token. */
export const media = sqliteTable(
  'media',
  {
    token: text('token').primaryKey(),
    message: text('message').notNull(),
    type: text('type').$type<'image/png' | 'image/jpeg'>().notNull(),
    sha256: text('sha256').notNull(),
    size: integer('size').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('media_message').on(t.message),
    index('media_created').on(t.createdAt), // retention
  ],
)

/** Who fetched an image from us and when: evidence that a send was accepted. */
export const mediaFetches = sqliteTable(
  'media_fetches',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    token: text('token').notNull(),
    at: integer('at').notNull(),
    method: text('method').notNull(),
    userAgent: text('user_agent'),
  },
  (t) => [index('media_fetches_token').on(t.token)],
)

/** A sender of ours whose key, account or settings Karibu refuses: nothing goes out until then. */
export const senderPauses = sqliteTable('sender_pauses', {
  sender: text('sender').primaryKey(),
  pausedUntil: integer('paused_until').notNull(),
  /** The one message that tries out whether it works again is in hand until then; the others wait for it. */
  probeUntil: integer('probe_until').notNull().default(0),
  pausedAt: integer('paused_at').notNull(),
  code: text('code').notNull(),
  detail: text('detail'),
})

/** Pace of each sender of ours, kept over restarts; see pace.ts. */
export const senderPaces = sqliteTable('sender_paces', {
  sender: text('sender').primaryKey(),
  paidUntil: integer('paid_until').notNull(),
  nextSendAt: integer('next_send_at').notNull(),
})

/** One question to a platform's API: whether what notifications claim about a subject is true. */
export const confirmations = sqliteTable(
  'confirmations',
  {
    id: text('id').primaryKey(),
    shop: text('shop').notNull(),
    subject: text('subject').notNull(),
    /** Subject and facts in one: claims that say the same are one question. */
    question: text('question').notNull(),
    claim: text('claim', { mode: 'json' }).$type<Claim>().notNull(),
    /** The newest event that makes the claim; its body is shown to the platform's confirmer. */
    eventId: text('event_id').notNull(),
    /** What followed `?` in that notification's address. */
    query: text('query').notNull(),
    status: text('status').$type<ConfirmationStatus>().notNull(),
    /** Times asked so far, the one under way included. */
    attempts: integer('attempts').notNull().default(0),
    /** Those that count: after a few of them it is given up. */
    burned: integer('burned').notNull().default(0),
    /** Another notification came while it was asked: the state may have changed since. */
    again: integer('again', { mode: 'boolean' }).notNull().default(false),
    nextAttemptAt: integer('next_attempt_at'),
    leaseExpiresAt: integer('lease_expires_at'),
    lastCode: text('last_code'),
    lastDetail: text('last_detail'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    // claims that say the same join it
    uniqueIndex('confirmations_open').on(t.shop, t.question).where(sql`status in ('waiting', 'asking')`),
    index('confirmations_due').on(t.status, t.shop, t.nextAttemptAt), // claim, what waits
    index('confirmations_updated').on(t.updatedAt), // retention
    index('confirmations_subject').on(t.shop, t.subject), // erasure
  ],
)

/** Which events wait for which question. */
export const confirmationEvents = sqliteTable(
  'confirmation_events',
  { confirmation: text('confirmation').notNull(), event: text('event').notNull() },
  (t) => [
    primaryKey({ columns: [t.confirmation, t.event] }),
    index('confirmation_events_event').on(t.event), // erasure
  ],
)

/** A shop whose platform's API refuses our key or asks for patience: one question tries it out after that time. */
export const apiPauses = sqliteTable('api_pauses', {
  shop: text('shop').primaryKey(),
  pausedUntil: integer('paused_until').notNull(),
  pausedAt: integer('paused_at').notNull(),
  code: text('code').notNull(),
  detail: text('detail'),
})

/** Who is told of changes, as the configuration had it at the last start; read by the triggers on `messages`. */
export const notifyTargets = sqliteTable('notify_targets', {
  name: text('name').primaryKey(),
  /** Hash of the address: what waits is due anew at another one. */
  address: text('address').notNull(),
  /** Statuses and shops between commas, so that a trigger finds them; null for all shops. */
  statuses: text('statuses').notNull(),
  shops: text('shops'),
  restingUntil: integer('resting_until').notNull().default(0),
  /** It answered 410. */
  offSince: integer('off_since'),
})

/**
 * What a target is still to be told; gone once it was. Rows are made by two triggers of the migration `notifications`,
 * so that no change of a status can be forgotten; a migration that builds `messages` anew has to make them anew, too.
 */
export const notifications = sqliteTable(
  'notifications',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** The same over all retries: what a receiver knows a repetition by. */
    key: text('key').notNull(),
    target: text('target').notNull(),
    message: text('message').notNull(),
    type: text('type').$type<ToldEvent>().notNull(),
    /** The message as it was then. */
    facts: text('facts', { mode: 'json' }).$type<MessageFacts>().notNull(),
    status: text('status').$type<'waiting' | 'telling'>().notNull(),
    /** Tries so far, the one under way included. */
    attempts: integer('attempts').notNull().default(0),
    /** Null behind an earlier one of the same message. */
    nextAttemptAt: integer('next_attempt_at'),
    leaseExpiresAt: integer('lease_expires_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('notifications_due').on(t.target, t.status, t.nextAttemptAt), // claim, what is under way
    index('notifications_message').on(t.message, t.target), // order, erasure
    index('notifications_created').on(t.target, t.createdAt), // the oldest that waits
  ],
)

/** Poll positions. */
export const cursors = sqliteTable('cursors', { name: text('name').primaryKey(), value: text('value').notNull() })

/** Accepted sends per sender and month (`2026-11`, UTC). */
export const counters = sqliteTable(
  'counters',
  { sender: text('sender').notNull(), month: text('month').notNull(), sends: integer('sends').notNull() },
  (t) => [primaryKey({ columns: [t.sender, t.month] })],
)

export const apiTokens = sqliteTable(
  'api_tokens',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** SHA-256 of the token, hex; the token itself is shown once and kept nowhere. */
    hash: text('hash').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('api_tokens_hash').on(t.hash)],
)

/** A wish to be forgotten, worked off in bites until nothing is left; then what it names is forgotten too. */
export const erasures = sqliteTable(
  'erasures',
  {
    id: text('id').primaryKey(),
    target: text('target', { mode: 'json' }).$type<ErasureTarget>(),
    /** Only what was here then is forgotten. */
    requestedAt: integer('requested_at').notNull(),
    finishedAt: integer('finished_at'),
    orders: integer('orders').notNull().default(0),
    messages: integer('messages').notNull().default(0),
    images: integer('images').notNull().default(0),
    events: integer('events').notNull().default(0),
    conversations: integer('conversations').notNull().default(0),
  },
  (t) => [index('erasures_open').on(t.id).where(sql`finished_at is null`)], // what is still to be done
)

/** A STOP outlives the one who said it: a keyed hash of sender and phone, taken back when the contact is met anew. */
export const optOuts = sqliteTable('opt_outs', {
  hash: text('hash').primaryKey(),
  optedOutAt: integer('opted_out_at').notNull(),
  optWordAt: integer('opt_word_at'),
})

/** Random keys of this database's own. */
export const keys = sqliteTable('keys', { name: text('name').primaryKey(), value: text('value').notNull() })
