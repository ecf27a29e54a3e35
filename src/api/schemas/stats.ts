import { z } from '@hono/zod-openapi'
import { time } from './common.ts'

export const stats = z
  .object({
    since: time,
    by_status: z.record(z.string(), z.number().int()),
    waiting: z.record(z.string(), z.number().int()),
    sends_this_month: z.record(z.string(), z.number().int()),
    paused_senders: z.array(
      z.object({ sender: z.string(), code: z.string(), detail: z.string().nullable(), until: time }),
    ),
    shops: z.array(
      z.object({
        shop: z.string(),
        last_event_at: time.nullable().openapi({ description: 'Backfills, confirmations and replays do not count' }),
        alarm_after_seconds: z.number().int().nullable().openapi({ description: 'null: off, or not learnt yet' }),
        silent: z.boolean(),
      }),
    ),
  })
  .openapi('Stats')

export const statsSince = z
  .string()
  .optional()
  .openapi({ description: 'A time, or how long ago: 7d. Default: a day ago' })
