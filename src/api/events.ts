import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { cursorOf, EVENT_FILTERS, parseEventFilter, parsePage, refuseUnknown } from '../query/filters.ts'
import { presentEvent } from '../query/present.ts'
import * as example from './examples.ts'
import { paging } from './schemas/common.ts'
import * as schema from './schemas/events.ts'
import { type ApiDeps, json, POSTED, problems, security } from './shared.ts'

const about = { tags: ['Events'], security }
const idParam = z.object({
  id: z.string().min(1).max(200).openapi({ description: 'Such as evt_01kagvvz4w0n7b5j8s3kqh2p6d' }),
})

export function addEventRoutes(api: OpenAPIHono, { store, require, replay, clock }: ApiDeps): void {
  api.openapi(
    createRoute({
      ...about,
      method: 'get',
      operationId: 'listEvents',
      path: '/events',
      summary: 'What came in, newest first, with what it led to',
      middleware: require('read'),
      request: { query: schema.eventFilters.extend(paging.shape) },
      responses: {
        200: json(schema.eventPage, 'One page', { items: [example.event], next_cursor: null }),
        ...problems('filter.invalid'),
      },
    }),
    async (c) => {
      const query = c.req.query()
      refuseUnknown(Object.keys(query), [...EVENT_FILTERS, 'limit', 'cursor'])
      const page = parsePage(query)
      const found = await store.listEvents(parseEventFilter(query, clock.now()), page)
      return c.json({ items: found.rows.map(presentEvent), next_cursor: cursorOf(found) }, 200)
    },
  )

  api.openapi(
    createRoute({
      ...about,
      method: 'get',
      operationId: 'getEvent',
      path: '/events/{id}',
      summary: 'One event with its body as it came',
      middleware: require('read'),
      request: { params: idParam },
      responses: {
        200: json(schema.eventWithBody, 'The event', {
          ...example.event,
          body: '{"id":4522,"number":"DUKA-0107",…}',
          content_type: 'application/json',
        }),
        ...problems('body.invalid', 'event.unknown'),
      },
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
      ...about,
      method: 'post',
      operationId: 'replayEvent',
      path: '/events/{id}/replay',
      summary: 'Take an event once more with today’s rules',
      description:
        'What was made already is not made again: a message has one effect key for good. Gives the new event, whose trace names the first.',
      middleware: require('send', 'admin'),
      request: { params: idParam },
      responses: {
        202: json(schema.event, 'Taken once more', example.replayed),
        ...problems(...POSTED, 'event.unknown', 'event.not_possible'),
      },
    }),
    async (c) => {
      const { eventId } = await replay(c.req.valid('param').id)
      const made = await store.findEvent(eventId)
      if (!made) throw new Error('a replay was not stored')
      return c.json(presentEvent(made.event), 202)
    },
  )
}
