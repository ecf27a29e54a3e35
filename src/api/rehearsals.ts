import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as example from './examples.ts'
import { MOST_EVENTS } from './rehearse.ts'
import * as schema from './schemas/rehearsals.ts'
import { type ApiDeps, json, POSTED, problems, security, wrongType } from './shared.ts'

export function addRehearsalRoute(api: OpenAPIHono, { rehearse: run, require }: ApiDeps): void {
  api.openapi(
    createRoute({
      tags: ['Rules'],
      security,
      operationId: 'rehearse',
      method: 'post',
      path: '/rehearsals',
      summary: 'What these rules would have made of what came in, beside what was really sent',
      description: `Nothing is stored or sent. At most ${MOST_EVENTS} events are rehearsed; \`cut_at\` says how far it came.`,
      middleware: require('read', 'admin'),
      request: {
        body: {
          content: { 'application/json': { schema: schema.rehearsalRequest, examples: example.rehearsals } },
          required: true,
        },
      },
      responses: {
        200: json(schema.rehearsal, 'The rehearsal', example.rehearsal),
        ...problems(...POSTED, 'filter.invalid', 'config.invalid', 'rehearsal.busy'),
        ...wrongType,
      },
    }),
    async (c) => {
      const asked = c.req.valid('json')
      // Whoever writes rules decides how long they take, and shops wait for it meanwhile.
      if (asked.rules !== undefined) await require('admin')(c, () => Promise.resolve())
      return c.json(await run(asked), 200)
    },
  )
}
