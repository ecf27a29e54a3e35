import { Hono } from 'hono'
import { z } from 'zod'
import type { Refusal } from '../bodies.ts'
import { refuseAsSwitched, type SandboxEnv, succeed } from '../http.ts'
import { present, statusOf } from '../present.ts'
import { dateTime, pageOf, readId, readQuery } from '../query.ts'
import type { Sim } from '../sim.ts'
import type { Message } from '../state.ts'
import { invalid, isRefusal } from '../validate.ts'

const listQuery = z.object({
  conversation_id: z.guid().toLowerCase().optional(),
  message_type: z.string().optional(),
  status: z.string().optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  since: dateTime.optional(),
  until: dateTime.optional(),
  ...pageOf({ default: 100, max: 200 }),
})
type ListQuery = z.output<typeof listQuery>

const NOT_FOUND: Refusal = { status: 404, code: 'MESSAGE_NOT_FOUND', message: 'Message not found', field: null }

export function messageRoutes({ sim }: { sim: Sim }) {
  const { state } = sim
  const find = (id: string) => {
    const message = state.messagesById.get(id)
    return message && !message.conversation.deleted ? message : undefined
  }

  return new Hono<SandboxEnv>()
    .get('/v1/whatsapp/messages', (c) => {
      const query = readQuery(c, listQuery)
      if (isRefusal(query)) return refuseAsSwitched(c, sim, query)
      const now = sim.clock.now()
      const recent = state.messages.slice(startOf(state.messages, query.since))
      const found = recent.filter((message) => message.visibleAt <= now && matches(message, query)).toReversed()
      const items = found.slice(query.offset, query.offset + query.limit)
      return succeed(c, {
        items: items.map((message) => present.listItem(message, sim.switches)),
        total: found.length,
        limit: query.limit,
        offset: query.offset,
      })
    })
    .get('/v1/whatsapp/messages/:id', (c) => {
      const id = readId(c)
      if (typeof id !== 'string') return refuseAsSwitched(c, sim, id)
      const message = find(id)
      return message ? succeed(c, present.detail(message, sim.switches)) : refuseAsSwitched(c, sim, NOT_FOUND)
    })
    .post('/v1/whatsapp/messages/:id/read', (c) => {
      const id = readId(c)
      if (typeof id !== 'string') return refuseAsSwitched(c, sim, id)
      const message = find(id)
      if (!message) return refuseAsSwitched(c, sim, NOT_FOUND)
      if (message.direction === 'outbound') {
        return refuseAsSwitched(c, sim, invalid('message_id', 'only an inbound message can get a read receipt'))
      }
      message.receiptAt ??= sim.clock.now()
      return succeed(c, { message_id: message.id, provider_message_id: message.wamid, success: true })
    })
}

/** Both ends of the time range are taken as inside. */
/** Where those since then begin, in a list in order of time. */
function startOf(messages: readonly Message[], since: number | undefined): number {
  if (since === undefined) return 0
  let [low, high] = [0, messages.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((messages[middle]?.createdAt ?? 0) < since) low = middle + 1
    else high = middle
  }
  return low
}

function matches(message: Message, query: ListQuery): boolean {
  if (message.conversation.deleted) return false
  if (query.direction !== undefined && query.direction !== message.direction) return false
  if (query.conversation_id !== undefined && query.conversation_id !== message.conversation.id) return false
  const type = message.direction === 'outbound' ? message.kind : 'text'
  if (query.message_type !== undefined && query.message_type !== type) return false
  if (query.status !== undefined && query.status !== statusOf(message)) return false
  return query.until === undefined || message.createdAt <= query.until
}
