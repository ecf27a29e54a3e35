import { Hono } from 'hono'
import { z } from 'zod'
import type { Refusal } from '../bodies.ts'
import { briqOpenedAt, gateAt } from '../gates.ts'
import { parseJson, refuseAsSwitched, type SandboxContext, type SandboxEnv, succeed } from '../http.ts'
import { present } from '../present.ts'
import { dateTime, pageOf, readId, readQuery } from '../query.ts'
import type { Sim } from '../sim.ts'
import { type Conversation, deleteConversation, pairKey, type Sender, type State } from '../state.ts'
import { invalid, isRefusal } from '../validate.ts'

const senderQuery = { sender: z.string().max(64).optional(), sender_id: z.guid().toLowerCase().optional() }

const listQuery = z.object({
  ...senderQuery,
  recipient: z.string().min(4).max(20).optional(),
  status: z.enum(['all', 'open', 'unread']).default('all'),
  search: z.string().max(64).optional(),
  since: dateTime.optional(),
  ...pageOf({ default: 50, max: 100 }),
})

const readBody = z.object({ up_to: dateTime.nullish() })

const NOT_FOUND: Refusal = {
  status: 404,
  code: 'CONVERSATION_NOT_FOUND',
  message: 'Conversation not found',
  field: null,
}

export function conversationRoutes({ sim }: { sim: Sim }) {
  const { state } = sim
  const isOpen = (one: Conversation) =>
    gateAt(briqOpenedAt(one, sim.switches.templateReopensBriqGate), sim.clock.now()).open
  const show = (one: Conversation) => present.conversation(one, sim.switches, sim.clock.now())
  const find = (c: SandboxContext): Conversation | Refusal => {
    const id = readId(c)
    if (typeof id !== 'string') return id
    return state.conversations.get(id) ?? NOT_FOUND
  }

  return new Hono<SandboxEnv>()
    .get('/v1/whatsapp/conversations', (c) => {
      const query = readQuery(c, listQuery)
      if (isRefusal(query)) return refuseAsSwitched(c, sim, query)
      const { recipient } = query
      const among = recipient === undefined ? newestFirst(state.conversations) : threadsWith(state, recipient)
      const found = among.filter((one) => {
        if (!isOfSender(one.sender, query)) return false
        if (query.status === 'open' && !isOpen(one)) return false
        if (query.status === 'unread' && one.unreadAt.length === 0) return false
        if (query.since !== undefined && (one.lastMessageAt ?? one.createdAt) < query.since) return false
        const search = query.search?.toLowerCase()
        return search === undefined || one.phone.includes(search) || (one.name ?? '').toLowerCase().includes(search)
      })
      const items = found.slice(query.offset, query.offset + query.limit).map(show)
      return succeed(c, { items, total: found.length, limit: query.limit, offset: query.offset })
    })
    .get('/v1/whatsapp/conversations/summary', (c) => {
      const query = readQuery(c, z.object(senderQuery))
      if (isRefusal(query)) return refuseAsSwitched(c, sim, query)
      const all = newestFirst(state.conversations).filter((one) => isOfSender(one.sender, query))
      const open = all.filter(isOpen).length
      const unread = all.filter((one) => one.unreadAt.length > 0).length
      return succeed(c, { total: all.length, open, unread, unassigned: all.length })
    })
    .get('/v1/whatsapp/conversations/:id', (c) => {
      const found = find(c)
      return isRefusal(found) ? refuseAsSwitched(c, sim, found) : succeed(c, show(found))
    })
    .post('/v1/whatsapp/conversations/:id/read', async (c) => {
      const text = await c.req.text()
      const body = readBody.safeParse(text === '' ? {} : (parseJson(text) ?? null))
      if (!body.success) return refuseAsSwitched(c, sim, invalid('up_to', 'up_to: not a valid datetime'))
      const found = find(c)
      if (isRefusal(found)) return refuseAsSwitched(c, sim, found)
      const upTo = body.data.up_to ?? sim.clock.now()
      const before = found.unreadAt.length
      found.unreadAt = found.unreadAt.filter((at) => at > upTo)
      return succeed(c, { conversation_id: found.id, messages_marked_read: before - found.unreadAt.length })
    })
    .delete('/v1/whatsapp/conversations/:id', (c) => {
      const found = find(c)
      if (isRefusal(found)) return refuseAsSwitched(c, sim, found)
      deleteConversation(state, found)
      return succeed(c, { conversation_id: found.id, deleted: true })
    })
}

/** One with each of our numbers at most: no need to look through all. */
function threadsWith(state: State, recipient: string): Conversation[] {
  const phone = recipient.replace(/^\+/, '')
  const found = state.senders.flatMap((sender) => state.threads.get(pairKey(sender, phone)) ?? [])
  return found.toSorted((a, b) => (b.lastMessageAt ?? b.createdAt) - (a.lastMessageAt ?? a.createdAt))
}

function newestFirst(conversations: Map<string, Conversation>): Conversation[] {
  return [...conversations.values()].toReversed()
}

function isOfSender(sender: Sender, query: { sender?: string | undefined; sender_id?: string | undefined }): boolean {
  if (query.sender_id !== undefined && query.sender_id !== sender.id) return false
  const named = query.sender?.replace(/^\+/, '')
  return named === undefined || named === sender.number || named === sender.phoneNumberId
}
