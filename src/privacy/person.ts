import { z } from 'zod'
import { toDecimal } from '../money.ts'
import {
  iso,
  type PresentOptions,
  presentConversation,
  presentEvent,
  presentMessage,
  presentStory,
} from '../query/present.ts'
import type { PersonStore } from '../store/person.ts'
import type { ReadStore } from '../store/reads.ts'
import type { ConversationRow } from '../store/records.ts'
import { PAGE, pages, personTarget } from './erase.ts'
import { namesPerson } from './names-person.ts'

/** Everything that is stored about one person, by where it lies. */
export interface PersonFound {
  conversations: ConversationRow[]
  orders: { shop: string; orderId: string; text: string }[]
  messageIds: string[]
  eventIds: string[]
}

export async function findPerson(phone: string, store: PersonStore, now: number): Promise<PersonFound> {
  const target = personTarget(phone)
  const names = namesPerson(target)
  const all = { shop: null, upTo: now, limit: PAGE }
  const conversations = await store.listContacts(target, now, '', 1000)
  const orders: PersonFound['orders'] = []
  for await (const page of pages((after) => store.pageOfOrders({ ...all, after })))
    orders.push(...page.filter(({ text }) => names(text)))
  const messageIds = new Set(await store.listMessageIds({ phone }))
  const eventIds = new Set<string>()
  for (const { id: conversationId } of conversations) {
    for (const id of await store.listMessageIds({ conversationId })) messageIds.add(id)
    for (const id of await store.listEventIds({ conversationId })) eventIds.add(id)
  }
  for (const { shop, orderId } of orders) {
    for (const id of await store.listMessageIds({ shop, orderId })) messageIds.add(id)
    for (const id of await store.listEventIds({ shop, orderId })) eventIds.add(id)
  }
  for await (const page of pages((after) => store.pageOfBodies({ ...all, after })))
    for (const { eventId, body } of page) if (names(body.toString('utf8'))) eventIds.add(eventId)
  for await (const page of pages((after) => store.pageOfQuestions({ ...all, after })))
    for (const { eventId, text } of page) if (names(text)) eventIds.add(eventId)
  return { conversations, orders, messageIds: [...messageIds].toSorted(), eventIds: [...eventIds].toSorted() }
}

/** For a request for data: all of it as it is stored, with the files the pictures lie in. */
export async function presentPerson(
  phone: string,
  found: PersonFound,
  store: ReadStore & Pick<PersonStore, 'listUntold'>,
  options: PresentOptions & { fileOf(token: string): string },
) {
  const stories = await Promise.all(found.messageIds.map((id) => store.findStory(id)))
  const events = await Promise.all(found.eventIds.map((id) => store.findEvent(id)))
  const untold = await store.listUntold(found.messageIds)
  const messages = stories.flatMap((story) => story ?? [])
  return {
    phone,
    conversations: found.conversations.map((row) => presentConversation(row, options)),
    orders: found.orders.map(({ shop, text }) => ({ shop, state: readable(JSON.parse(text)) })),
    messages: messages.map((story) => {
      const { order: _order, conversation: _contact, ...own } = presentStory(story, options)
      return own
    }),
    images: messages.flatMap(({ message, media }) =>
      media.map(({ token, type, size, createdAt }) => ({
        message: message.id,
        file: options.fileOf(token),
        type,
        bytes: size,
        created_at: iso(createdAt),
      })),
    ),
    notifications: untold.map(({ target, type, createdAt, facts }) => ({
      target,
      type,
      created_at: iso(createdAt),
      data: presentMessage(facts, options),
    })),
    events: events.flatMap((one) =>
      one
        ? { ...presentEvent(one.event), content_type: one.contentType, body: one.body?.toString('utf8') ?? null }
        : [],
    ),
  }
}

const currencyOf = z.object({ currency: z.string() })
const AMOUNTS = new Set(['total', 'subtotal', 'amount', 'refundedTotal'])

/** All of an order, with times and amounts written as everywhere else. */
function readable(order: unknown): unknown {
  const currency = currencyOf.safeParse(order).data?.currency ?? ''
  const show = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((part) => show(name, part))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, show(key, part)]))
    if (typeof value !== 'number') return value
    if (AMOUNTS.has(name)) return toDecimal(value, currency)
    return /At$|^at$/.test(name) ? iso(value) : value
  }
  return show('', order)
}
