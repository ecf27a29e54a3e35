import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { exportMessages } from '../query/export.ts'
import { cursorOf, MESSAGE_FILTERS, parseMessageFilter, parsePage, refuseUnknown } from '../query/filters.ts'
import { presentMessage, presentStory } from '../query/present.ts'
import * as example from './examples.ts'
import { paging } from './schemas/common.ts'
import * as schema from './schemas/messages.ts'
import { story as storySchema } from './schemas/story.ts'
import { type ApiDeps, json, POSTED, problems, security, wrongType } from './shared.ts'

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

const ACT = [...POSTED, 'message.unknown', 'message.not_possible'] as const
const CSV =
  'id,message_id,provider_message_id,status,…\r\nmsg_01kagvvz5h8c6m2t4x9y1rdq3e,6f1d2a3c-…,wamid.HBg…,read,…\r\n'

const idParam = z.object({
  id: z
    .string()
    .min(1)
    .max(200)
    .openapi({ description: 'Our id, such as msg_01kagvvz5h8c6m2t4x9y1rdq3e, or Karibu’s' }),
})
const about = { tags: ['Messages'], security }

export function addMessageRoutes(
  api: OpenAPIHono,
  { store, actions, require, clock, publicUrl, marginMs }: ApiDeps,
): void {
  const showOptions = async () => ({ publicUrl, inboundRefusedSince: await store.inboundRefusedSince() })

  api.openapi(
    createRoute({
      ...about,
      method: 'get',
      operationId: 'listMessages',
      path: '/messages',
      summary: 'Messages, newest first',
      middleware: require('read'),
      request: { query: schema.messageFilters.extend(paging.shape) },
      responses: {
        200: json(schema.messagePage, 'One page', { items: [example.message, example.held], next_cursor: null }),
        ...problems('filter.invalid'),
      },
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
      ...about,
      method: 'get',
      operationId: 'exportMessages',
      path: '/messages/export',
      summary: 'All messages the filters name, as CSV or NDJSON',
      middleware: require('read'),
      request: {
        query: schema.messageFilters.extend({
          format: z.enum(['csv', 'ndjson']).default('csv').openapi({ description: 'The form of the file' }),
        }),
      },
      responses: {
        200: {
          description: 'The file, streamed',
          content: {
            'text/csv': { schema: z.string(), example: CSV },
            'application/x-ndjson': { schema: z.string(), example: `${JSON.stringify(example.message)}\n` },
          },
        },
        ...problems('filter.invalid', 'body.invalid'),
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
      ...about,
      method: 'get',
      operationId: 'getMessage',
      path: '/messages/{id}',
      summary: 'The whole story of one message',
      middleware: require('read'),
      request: { params: idParam },
      responses: {
        200: json(storySchema, 'The message', example.story),
        ...problems('body.invalid', 'message.unknown'),
      },
    }),
    async (c) => {
      const story = await store.findStory(c.req.valid('param').id)
      if (!story) throw new AppError('message.unknown', 'there is no message of this id')
      return c.json(presentStory(story, { ...(await showOptions()), marginMs, now: clock.now() }), 200)
    },
  )

  api.openapi(
    createRoute({
      ...about,
      method: 'post',
      operationId: 'sendMessage',
      path: '/messages',
      summary: 'Send an image or an order’s receipt by hand, through the same gate',
      middleware: require('send'),
      request: {
        headers: z.object({
          'idempotency-key': z
            .string()
            .min(1)
            .max(200)
            .optional()
            .openapi({ description: 'The same key gives the first message back and sends nothing again' }),
        }),
        body: {
          content: { 'application/json': { schema: schema.sendRequest, examples: example.sends } },
          required: true,
        },
      },
      responses: {
        202: json(schema.message, 'Queued', example.queued),
        ...problems(...POSTED, 'order.unknown', 'order.ambiguous', 'idempotency.mismatch'),
        ...wrongType,
      },
    }),
    async (c) => {
      const key = c.req.valid('header')['idempotency-key'] ?? null
      const message = await actions.send(c.req.valid('json'), key)
      return c.json(presentMessage(message, await showOptions()), 202)
    },
  )

  api.openapi(
    createRoute({
      ...about,
      method: 'post',
      operationId: 'retryMessage',
      path: '/messages/{id}/retry',
      summary: 'Send a message that failed, expired, was skipped or cancelled again',
      description: 'An uncertain message may be on the phone: it is sent again only with {"accept_duplicate": true}.',
      middleware: require('send'),
      request: {
        params: idParam,
        // Not a zod schema: an empty body is fine here, which the JSON validator would refuse.
        body: { content: { 'application/json': { schema: RETRY_BODY, examples: example.retries } }, required: false },
      },
      responses: { 200: json(schema.message, 'Queued again', example.queued), ...problems(...ACT) },
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
      ...about,
      method: 'post',
      operationId: 'cancelMessage',
      path: '/messages/{id}/cancel',
      summary: 'Cancel a message that is held or queued',
      middleware: require('send'),
      request: { params: idParam },
      responses: { 200: json(schema.message, 'Cancelled', example.cancelled), ...problems(...ACT) },
    }),
    async (c) => {
      const message = await actions.cancel(c.req.valid('param').id, through(c.get('caller')))
      return c.json(presentMessage(message, await showOptions()), 200)
    },
  )

  api.openapi(
    createRoute({
      ...about,
      method: 'post',
      operationId: 'settleMessage',
      path: '/messages/{id}/settle',
      summary: 'Say whether an uncertain message arrived, once the customer was asked',
      description: 'Arrived, it counts as delivered and is never sent again; not arrived, it is sent again.',
      middleware: require('send'),
      request: {
        params: idParam,
        body: {
          content: { 'application/json': { schema: schema.settleRequest, examples: example.settles } },
          required: true,
        },
      },
      responses: { 200: json(schema.message, 'Settled', example.settled), ...problems(...ACT), ...wrongType },
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
