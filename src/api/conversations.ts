import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { cursorOf, parsePage, parsePhone, refuseUnknown } from '../query/filters.ts'
import { presentConversation } from '../query/present.ts'
import * as example from './examples.ts'
import { paging } from './schemas/common.ts'
import { conversationPage, conversationsOfOne } from './schemas/conversations.ts'
import { type ApiDeps, json, problems, security } from './shared.ts'

const about = { tags: ['Conversations'], security }

export function addConversationRoutes(api: OpenAPIHono, { store, require, clock, marginMs }: ApiDeps): void {
  api.openapi(
    createRoute({
      ...about,
      method: 'get',
      operationId: 'listConversations',
      path: '/conversations',
      summary: 'Contacts with their 24-hour window',
      middleware: require('read'),
      request: {
        query: paging.extend({
          sender: z.string().optional().openapi({ description: 'Only of this number of ours' }),
        }),
      },
      responses: {
        200: json(conversationPage, 'One page', { items: [example.conversation], next_cursor: null }),
        ...problems('filter.invalid'),
      },
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
      ...about,
      method: 'get',
      operationId: 'getConversations',
      path: '/conversations/{phone}',
      summary: 'One contact’s conversations: one for each of our senders they know',
      middleware: require('read'),
      request: {
        params: z.object({ phone: z.string().openapi({ description: 'In international form, such as 255712345678' }) }),
      },
      responses: {
        200: json(conversationsOfOne, 'The conversations', { items: [example.conversation] }),
        ...problems('filter.invalid', 'conversation.unknown'),
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
