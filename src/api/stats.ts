import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { DAY } from '../clock.ts'
import { refuseUnknown } from '../query/filters.ts'
import { statsOf } from '../query/stats.ts'
import { parseMoment } from '../query/times.ts'
import * as example from './examples.ts'
import * as schema from './schemas/stats.ts'
import { type ApiDeps, json, problems, security } from './shared.ts'

export function addStatsRoute(api: OpenAPIHono, { store, silence, require, clock }: ApiDeps): void {
  api.openapi(
    createRoute({
      tags: ['Stats'],
      security,
      operationId: 'getStats',
      method: 'get',
      path: '/stats',
      summary: 'Counts by status, what waits, and what keeps a sender from sending',
      middleware: require('read'),
      request: { query: z.object({ since: schema.statsSince }) },
      responses: { 200: json(schema.stats, 'The counts', example.stats), ...problems('filter.invalid') },
    }),
    async (c) => {
      refuseUnknown(Object.keys(c.req.query()), ['since'])
      const now = clock.now()
      const since = parseMoment('since', c.req.query('since'), now) ?? now - DAY
      return c.json(await statsOf(store, { since, now, shops: silence.shops() }), 200)
    },
  )
}
