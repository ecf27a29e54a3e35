import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { DAY } from '../clock.ts'
import { refuseUnknown } from '../query/filters.ts'
import { presentSilence } from '../query/present-silence.ts'
import { parseMoment } from '../query/times.ts'
import { monthOf } from '../store/budget.ts'
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
      const sends = await store.countSends(monthOf(now))
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
          shops: silence.shops().map(presentSilence),
        },
        200,
      )
    },
  )
}

function counted(rows: { status: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.status, row.count]))
}
