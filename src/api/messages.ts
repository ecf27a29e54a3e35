import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { exportMessages } from '../query/export.ts'
import { cursorOf, MESSAGE_FILTERS, parseMessageFilter, parsePage, refuseUnknown } from '../query/filters.ts'
import { presentMessage, presentStory } from '../query/present.ts'
import * as schema from './schemas.ts'
import { type ApiDeps, conflict, failures, json, missing, pageOfItems, security, tooLarge } from './shared.ts'

const RETRY_BODY = {
  type: 'object' as const,
  properties: {
    accept_duplicate: {
      type: 'boolean' as const,
      default: false,
      description: 'Send an uncertain message again although it may be on the phone',
    },
  },
  additionalProperties: false,
}

const idParam = z.object({ id: z.string().min(1).max(200).openapi({ description: 'Our id or Karibu’s message id' }) })

export function addMessageRoutes(
  api: OpenAPIHono,
  { store, actions, require, clock, publicUrl, marginMs }: ApiDeps,
): void {
  const showOptions = async () => ({ publicUrl, inboundRefusedSince: await store.inboundRefusedSince() })

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
      const found = await store.listMessages(parseMessageFilter(query, clock.now()), page)
      const options = await showOptions()
      const items = found.rows.map((row) => presentMessage(row, options))
      return c.json({ items, next_cursor: cursorOf(found) }, 200)
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
      const lines = exportMessages(store, parseMessageFilter(query, clock.now()), format, publicUrl)
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
      return c.json(presentStory(story, { ...(await showOptions()), marginMs, now: clock.now() }), 200)
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
      responses: { 202: json(schema.message, 'Queued'), ...failures, ...missing, ...conflict, ...tooLarge },
    }),
    async (c) => {
      const key = c.req.valid('header')['idempotency-key'] ?? null
      const message = await actions.send(c.req.valid('json'), key)
      return c.json(presentMessage(message, await showOptions()), 202)
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
      request: {
        params: idParam,
        // Not a zod schema: an empty body is fine here, which the JSON validator would refuse.
        body: { content: { 'application/json': { schema: RETRY_BODY } }, required: false },
      },
      responses: { 200: json(schema.message, 'Queued again'), ...failures, ...missing, ...conflict },
    }),
    async (c) => {
      const message = await actions.retry(
        c.req.valid('param').id,
        acceptsDuplicate(new Uint8Array(await c.req.arrayBuffer())),
        through(c.get('caller')),
      )
      return c.json(presentMessage(message, await showOptions()), 200)
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
      const message = await actions.cancel(c.req.valid('param').id, through(c.get('caller')))
      return c.json(presentMessage(message, await showOptions()), 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/messages/{id}/settle',
      summary: 'Say whether an uncertain message arrived, once the customer was asked',
      description: 'Arrived, it counts as delivered and is never sent again; not arrived, it is sent again.',
      security,
      middleware: require('send'),
      request: {
        params: idParam,
        body: { content: { 'application/json': { schema: schema.settleRequest } }, required: true },
      },
      responses: { 200: json(schema.message, 'Settled'), ...failures, ...missing, ...conflict },
    }),
    async (c) => {
      const { arrived } = c.req.valid('json')
      const message = await actions.settle(c.req.valid('param').id, arrived, through(c.get('caller')))
      return c.json(presentMessage(message, await showOptions()), 200)
    },
  )
}

/** As the message's timeline tells it. */
const through = (caller: string) => `by the API token ${caller}`

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
