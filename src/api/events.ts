import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AppError } from '../errors.ts'
import { cursorOf, EVENT_FILTERS, parseEventFilter, parsePage, refuseUnknown } from '../query/filters.ts'
import { presentEvent } from '../query/present.ts'
import * as schema from './schemas.ts'
import { type ApiDeps, conflict, failures, json, missing, pageOfItems, security } from './shared.ts'

export function addEventRoutes(api: OpenAPIHono, { store, require, replay, clock }: ApiDeps): void {
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
      const found = await store.listEvents(parseEventFilter(query, clock.now()), page)
      return c.json({ items: found.rows.map(presentEvent), next_cursor: cursorOf(found) }, 200)
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
      method: 'post',
      path: '/events/{id}/replay',
      summary: 'Take an event once more with today’s rules',
      description:
        'What was made already is not made again: a message has one effect key for good. Gives the new event, whose trace names the first.',
      security,
      middleware: require('send', 'admin'),
      request: { params: z.object({ id: z.string() }) },
      responses: { 202: json(schema.event, 'Taken once more'), ...failures, ...missing, ...conflict },
    }),
    async (c) => {
      const { eventId } = await replay(c.req.valid('param').id)
      const made = await store.findEvent(eventId)
      if (!made) throw new Error('a replay was not stored')
      return c.json(presentEvent(made.event), 202)
    },
  )
}
