import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { cursorOf, parsePage, parsePhone, refuseUnknown } from '../query/filters.ts'
import { presentConversation } from '../query/present.ts'
import * as schema from './schemas.ts'
import { type ApiDeps, failures, json, missing, pageOfItems, security } from './shared.ts'

export function addConversationRoutes(api: OpenAPIHono, { store, require, clock, marginMs }: ApiDeps): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/conversations',
      summary: 'Contacts with their 24-hour window',
      security,
      middleware: require('read'),
      request: { query: schema.paging.extend({ sender: z.string().optional() }) },
      responses: { 200: json(pageOfItems(schema.conversation), 'One page'), ...failures },
    }),
    async (c) => {
      const query = c.req.query()
      refuseUnknown(Object.keys(query), ['sender', 'limit', 'cursor'])
      const page = parsePage(query)
      const filter = query.sender === undefined ? {} : { sender: query.sender.replace(/[\s+().-]/g, '') }
      const found = await store.listConversations(filter, page)
      const items = found.rows.map((row) => presentConversation(row, { marginMs, now: clock.now() }))
      return c.json({ items, next_cursor: cursorOf(found) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/conversations/{phone}',
      summary: 'One contact’s conversations: one for each of our senders they know',
      security,
      middleware: require('read'),
      request: { params: z.object({ phone: z.string().openapi({ example: '255712345678' }) }) },
      responses: {
        200: json(z.object({ items: z.array(schema.conversation) }), 'The conversations'),
        ...failures,
        ...missing,
      },
    }),
    async (c) => {
      const phone = parsePhone('phone', c.req.valid('param').phone) ?? ''
      const { rows } = await store.listConversations({ phone }, { before: undefined, limit: 200 })
      if (rows.length === 0) throw new AppError('conversation.unknown', 'nobody of this number is known')
      return c.json({ items: rows.map((row) => presentConversation(row, { marginMs, now: clock.now() })) }, 200)
    },
  )
}
