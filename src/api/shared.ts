import { z } from '@hono/zod-openapi'
import type { ClaimLinks } from '../claim-links/links.ts'
import type { Clock } from '../clock.ts'
import type { RequireScope } from '../http/auth.ts'
import type { Replay } from '../replay/replay.ts'
import type { SilenceWatch } from '../silence/watch.ts'
import type { ReadStore } from '../store/reads.ts'
import type { Actions } from './actions.ts'
import type { Rehearse } from './rehearse.ts'
import * as schema from './schemas.ts'

export interface ApiDeps {
  store: ReadStore
  actions: Actions
  rehearse: Rehearse
  replay: Replay['replay']
  claimLinks: ClaimLinks
  silence: Pick<SilenceWatch, 'shops'>
  require: RequireScope
  clock: Clock
  publicUrl: string
  marginMs: number
}

export const json = <T extends z.ZodType>(content: T, description: string) => ({
  content: { 'application/json': { schema: content } },
  description,
})
export const failures = {
  400: json(schema.problem, 'The request is not understood; the message names what to mend'),
  401: json(schema.problem, 'No token, or an unknown one'),
  403: json(schema.problem, 'The token lacks the scope'),
}
export const missing = { 404: json(schema.problem, 'There is no such thing') }
export const tooLarge = { 413: json(schema.problem, 'The body is larger than 64 KB') }
export const conflict = { 409: json(schema.problem, 'Its status, or an earlier request, does not allow that') }
export const pageOfItems = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().openapi({
      description:
        'Give it as cursor to read on; null at the end. A page looks at a part of the list only, so it may hold fewer items than limit, or none, and still not be the last',
    }),
  })
export const security = [{ bearer: [] }]
