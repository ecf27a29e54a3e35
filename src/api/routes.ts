import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { type Clock, DAY } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { RequireScope } from '../http/auth.ts'
import { readBody } from '../http/body.ts'
import { exportMessages } from '../query/export.ts'
import {
  EVENT_FILTERS,
  MESSAGE_FILTERS,
  pageOf,
  parseEventFilter,
  parseMessageFilter,
  parsePage,
  parsePhone,
  parseTime,
  refuseUnknown,
} from '../query/filters.ts'
import {
  type PresentOptions,
  presentConversation,
  presentEvent,
  presentMessage,
  presentStory,
} from '../query/present.ts'
import type { ReadStore } from '../store/reads.ts'
import type { Actions } from './actions.ts'
import * as schema from './schemas.ts'

export interface ApiDeps {
  store: ReadStore
  actions: Actions
  require: RequireScope
  clock: Clock
  publicUrl: string
  marginMs: number
}

const json = <T extends z.ZodType>(content: T, description: string) => ({
  content: { 'application/json': { schema: content } },
  description,
})
const failures = {
  400: json(schema.problem, 'The request is not understood; the message names what to mend'),
  401: json(schema.problem, 'No token, or an unknown one'),
  403: json(schema.problem, 'The token lacks the scope'),
}
const missing = { 404: json(schema.problem, 'There is no such thing') }
const conflict = { 409: json(schema.problem, 'Its status does not allow that') }
const pageOfItems = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() })
const idParam = z.object({ id: z.string().min(1).max(200).openapi({ description: 'Our id or Karibu’s message id' }) })
const security = [{ bearer: [] }]

/** `/v1`: translates requests to the read side and the actions, and decides nothing. */
export function apiRoutes({ store, actions, require, clock, publicUrl, marginMs }: ApiDeps): OpenAPIHono {
  const options = (): PresentOptions => ({ publicUrl, marginMs, now: clock.now() })
  const api = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return
      const [issue] = result.error.issues
      const place = issue?.path.join('.') || 'the body'
      throw new AppError('body.invalid', `${place}: ${issue?.message ?? 'not understood'}`, {
        details: { field: place },
      })
    },
  })

  api.openapi(
    createRoute({
      method: 'get',
      path: '/messages',
      summary: 'Messages, newest first',
      security,
      middleware: require('read'),
      request: { query: schema.messageFilters.extend(schema.paging.shape) },
      responses: { 200: json(pageOfItems(schema.message), 'One page'), ...failures },
    }),
    async (c) => {
      const query = c.req.query()
      refuseUnknown(Object.keys(query), [...MESSAGE_FILTERS, 'limit', 'cursor'])
      const page = parsePage(query)
      const found = await store.listMessages(parseMessageFilter(query), { ...page, limit: page.limit + 1 })
      const { rows, next } = pageOf(found, page.limit)
      return c.json({ items: rows.map((row) => presentMessage(row, { publicUrl })), next_cursor: next }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/messages/export',
      summary: 'All messages the filters name, as CSV or NDJSON',
      security,
      middleware: require('read'),
      request: { query: schema.messageFilters.extend({ format: z.enum(['csv', 'ndjson']).default('csv') }) },
      responses: {
        200: {
          description: 'The file, streamed',
          content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
        },
        ...failures,
      },
    }),
    (c) => {
      const { format } = c.req.valid('query')
      const query = c.req.query()
      refuseUnknown(Object.keys(query), [...MESSAGE_FILTERS, 'format'])
      const lines = exportMessages(store, parseMessageFilter(query), format, publicUrl)
      return new Response(ReadableStream.from(lines).pipeThrough(new TextEncoderStream()), {
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
          'content-disposition': `attachment; filename="messages.${format}"`,
        },
      })
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/messages/{id}',
      summary: 'The whole story of one message',
      security,
      middleware: require('read'),
      request: { params: idParam },
      responses: { 200: json(schema.story, 'The message'), ...failures, ...missing },
    }),
    async (c) => {
      const story = await store.findStory(c.req.valid('param').id)
      if (!story) throw new AppError('message.unknown', 'there is no message of this id')
      return c.json(presentStory(story, options()), 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/messages',
      summary: 'Send an image or an order’s receipt by hand, through the same gate',
      security,
      middleware: require('send'),
      request: {
        headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
        body: { content: { 'application/json': { schema: schema.sendRequest } }, required: true },
      },
      responses: { 202: json(schema.message, 'Queued'), ...failures, ...missing },
    }),
    async (c) => {
      const key = c.req.valid('header')['idempotency-key'] ?? null
      const message = await actions.send(c.req.valid('json'), key)
      return c.json(presentMessage(message, { publicUrl }), 202)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/messages/{id}/retry',
      summary: 'Send a message that failed, expired, was skipped or cancelled again',
      description: 'An uncertain message may be on the phone: it is sent again only with {"accept_duplicate": true}.',
      security,
      middleware: require('send'),
      request: { params: idParam },
      responses: { 200: json(schema.message, 'Queued again'), ...failures, ...missing, ...conflict },
    }),
    async (c) => {
      const message = await actions.retry(c.req.valid('param').id, acceptsDuplicate(await readBody(c, 1024)))
      return c.json(presentMessage(message, { publicUrl }), 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/messages/{id}/cancel',
      summary: 'Cancel a message that is held or queued',
      security,
      middleware: require('send'),
      request: { params: idParam },
      responses: { 200: json(schema.message, 'Cancelled'), ...failures, ...missing, ...conflict },
    }),
    async (c) => {
      const message = await actions.cancel(c.req.valid('param').id)
      return c.json(presentMessage(message, { publicUrl }), 200)
    },
  )

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
      const filter = query.sender === undefined ? {} : { sender: query.sender }
      const found = await store.listConversations(filter, { ...page, limit: page.limit + 1 })
      const { rows, next } = pageOf(found, page.limit)
      return c.json({ items: rows.map((row) => presentConversation(row, options())), next_cursor: next }, 200)
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
      const rows = await store.listConversations({ phone }, { before: undefined, limit: 200 })
      if (rows.length === 0) throw new AppError('conversation.unknown', 'nobody of this number is known')
      return c.json({ items: rows.map((row) => presentConversation(row, options())) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/events',
      summary: 'What came in, newest first, with what it led to',
      security,
      middleware: require('read'),
      request: { query: schema.eventFilters.extend(schema.paging.shape) },
      responses: { 200: json(pageOfItems(schema.event), 'One page'), ...failures },
    }),
    async (c) => {
      const query = c.req.query()
      refuseUnknown(Object.keys(query), [...EVENT_FILTERS, 'limit', 'cursor'])
      const page = parsePage(query)
      const found = await store.listEvents(parseEventFilter(query), { ...page, limit: page.limit + 1 })
      const { rows, next } = pageOf(found, page.limit)
      return c.json({ items: rows.map(presentEvent), next_cursor: next }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/events/{id}',
      summary: 'One event with its body as it came',
      security,
      middleware: require('read'),
      request: { params: z.object({ id: z.string() }) },
      responses: { 200: json(schema.eventWithBody, 'The event'), ...failures, ...missing },
    }),
    async (c) => {
      const found = await store.findEvent(c.req.valid('param').id)
      if (!found) throw new AppError('event.unknown', 'there is no event of this id')
      const body = found.body?.toString('utf8') ?? null
      return c.json({ ...presentEvent(found.event), body, content_type: found.contentType }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/stats',
      summary: 'Counts by status, what waits, and what keeps a sender from sending',
      security,
      middleware: require('read'),
      request: { query: z.object({ since: z.string().optional() }) },
      responses: { 200: json(schema.stats, 'Counts; since defaults to a day ago'), ...failures },
    }),
    async (c) => {
      const now = clock.now()
      const since = parseTime('since', c.req.query('since')) ?? now - DAY
      const sends = await store.countSends(new Date(now).toISOString().slice(0, 7))
      const pauses = (await store.listPauses()).filter((pause) => pause.pausedUntil > now)
      return c.json(
        {
          since: new Date(since).toISOString(),
          by_status: counted(await store.countByStatus(since)),
          waiting: counted(await store.countWaiting()),
          sends_this_month: Object.fromEntries(sends.map((row) => [row.sender, row.sends])),
          paused_senders: pauses.map(({ sender, code, detail, pausedUntil }) => ({
            sender,
            code,
            detail,
            until: new Date(pausedUntil).toISOString(),
          })),
        },
        200,
      )
    },
  )

  return api
}

function counted(rows: { status: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.status, row.count]))
}

function acceptsDuplicate(body: Uint8Array): boolean {
  if (body.length === 0) return false
  const parsed = z.strictObject({ accept_duplicate: z.boolean().default(false) }).safeParse(safeJson(body))
  if (!parsed.success) throw new AppError('body.invalid', 'the body may only be {"accept_duplicate": true}')
  return parsed.data.accept_duplicate
}

function safeJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
