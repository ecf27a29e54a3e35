import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import { hashedKey } from './effects.ts'
import { type EventFilter, eventConditions } from './event-search.ts'
import type { OpenDatabase } from './open.ts'
import type { ClaimLinkRow, ConversationRow, EventRow, MessageRow } from './records.ts'
import {
  claimLinks,
  confirmationEvents,
  confirmations,
  conversations,
  effects,
  eventBodies,
  events,
  messages,
} from './schema.ts'
import { BY_HAND_TOPIC } from './words.ts'

/** Enough of an event to put it in its place. */
export interface EventKey {
  id: string
  source: string
  orderId: string | null
  type: string
  deliveryKey: string
  receivedAt: number
}

export interface KeptEvent {
  event: EventRow
  /** Null when it is kept no longer. */
  body: Buffer | null
  contentType: string | null
}

/** Reading what was kept once more, in order of receipt; nothing here writes. */
export interface KeptStore {
  /** The first of them, oldest first. */
  listEventKeys(filter: EventFilter, limit: number): Promise<EventKey[]>
  /** Events about these orders of a shop from before a time. */
  listEarlierKeys(source: string, orderIds: string[], before: number): Promise<EventKey[]>
  loadKept(ids: string[]): Promise<KeptEvent[]>
  /** Those of them whose body is still kept. */
  withBody(ids: string[]): Promise<Set<string>>
  findConversation(id: string): Promise<ConversationRow | undefined>
  /** What followed `?` in the address of a notification that claimed something; undefined when it is kept no longer. */
  findClaimQuery(eventId: string): Promise<string | undefined>
  /** By phone or by Karibu's id of the thread. */
  findContact(contact: { sender: string; phone: string | null; karibuId: string | null }): Promise<ConversationRow[]>
  /** Pictures that rules made within a time, a page at a time by id. */
  listMade(since: number, until: number, after: string, limit: number): Promise<MessageRow[]>
  /** Of which orders these are the hashes of codes. */
  findLinks(codeHashes: string[]): Promise<ClaimLinkRow[]>
  findByEffect(keys: string[]): Promise<MessageRow[]>
  /** Which of these effect keys are of messages that are kept no longer, erased ones too. */
  spentEffects(keys: string[]): Promise<Set<string>>
  /** How many events of this source have a delivery key that begins so. */
  countDeliveries(source: string, prefix: string): Promise<number>
}

/** Not what people did here. */
const cameIn = or(isNull(events.topic), ne(events.topic, BY_HAND_TOPIC))

const KEY = {
  id: events.id,
  source: events.source,
  orderId: events.orderId,
  type: events.type,
  deliveryKey: events.deliveryKey,
  receivedAt: events.receivedAt,
}

export function createKeptStore({ reader }: Pick<OpenDatabase, 'reader'>): KeptStore {
  return {
    async listEventKeys(filter, limit) {
      return reader
        .select(KEY)
        .from(events)
        .where(and(...eventConditions(filter), cameIn))
        .orderBy(asc(events.receivedAt), asc(events.id))
        .limit(limit)
    },

    async listEarlierKeys(source, orderIds, before) {
      return reader
        .select(KEY)
        .from(events)
        .where(and(eq(events.source, source), inArray(events.orderId, orderIds), lt(events.receivedAt, before), cameIn))
    },

    async loadKept(ids) {
      const rows = await reader
        .select({ event: events, body: eventBodies.body, contentType: eventBodies.contentType })
        .from(events)
        .leftJoin(eventBodies, eq(eventBodies.eventId, events.id))
        .where(inArray(events.id, ids))
      const byId = new Map(rows.map((row) => [row.event.id, row]))
      return ids.flatMap((id) => byId.get(id) ?? [])
    },

    async withBody(ids) {
      const rows = await reader
        .select({ id: eventBodies.eventId })
        .from(eventBodies)
        .where(inArray(eventBodies.eventId, ids))
      return new Set(rows.map(({ id }) => id))
    },

    async findConversation(id) {
      const [row] = await reader.select().from(conversations).where(eq(conversations.id, id)).limit(1)
      return row
    },

    async findClaimQuery(eventId) {
      const [row] = await reader
        .select({ query: confirmations.query })
        .from(confirmationEvents)
        .innerJoin(confirmations, eq(confirmations.id, confirmationEvents.confirmation))
        .where(eq(confirmationEvents.event, eventId))
        .orderBy(desc(confirmations.id))
        .limit(1)
      return row?.query
    },

    async findContact({ sender, phone, karibuId }) {
      const ofPhone = and(eq(conversations.sender, sender), eq(conversations.phone, phone ?? ''))
      return reader
        .select()
        .from(conversations)
        .where(or(ofPhone, karibuId === null ? undefined : eq(conversations.karibuId, karibuId)))
    },

    async listMade(since, until, after, limit) {
      return reader
        .select()
        .from(messages)
        .where(
          and(
            gte(messages.createdAt, since),
            lt(messages.createdAt, until),
            eq(messages.kind, 'image'),
            ne(messages.cause, 'api'),
            isNotNull(messages.rule),
            gt(messages.id, after),
          ),
        )
        .orderBy(asc(messages.id))
        .limit(limit)
    },

    async findLinks(codeHashes) {
      return reader.select().from(claimLinks).where(inArray(claimLinks.codeHash, codeHashes))
    },

    async findByEffect(keys) {
      return reader.select().from(messages).where(inArray(messages.effectKey, keys))
    },

    async spentEffects(keys) {
      const written = new Map(keys.flatMap((key) => [key, hashedKey(key)].map((form) => [form, key] as const)))
      const rows = await reader
        .select({ key: effects.key })
        .from(effects)
        .where(inArray(effects.key, [...written.keys()]))
      return new Set(rows.flatMap(({ key }) => written.get(key) ?? []))
    },

    async countDeliveries(source, prefix) {
      const [row] = await reader
        .select({ count: sql<number>`count(*)` })
        .from(events)
        .where(
          and(eq(events.source, source), gte(events.deliveryKey, prefix), lt(events.deliveryKey, `${prefix}\uffff`)),
        )
      return row?.count ?? 0
    },
  }
}
