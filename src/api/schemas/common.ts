import { z } from '@hono/zod-openapi'
import { MESSAGE_STATUSES } from '../../store/words.ts'

/** What /v1 takes and gives is in this folder. OpenAPI is made from it, so it is true by construction. */

export const time = z.string().openapi({ format: 'date-time', example: '2026-11-20T08:04:41.000Z' })
export const decimal = z
  .string()
  .openapi({ example: '70800.00', description: 'Decimal text with the currency’s decimals' })

/** A part that has a name of its own may be missing: `.nullable()` alone would leave that out of the reference. */
export const orNull = <T extends z.ZodType>(named: T) => z.union([named, z.null()])

export const messageStatus = z.enum(MESSAGE_STATUSES).openapi('MessageStatus')

export const problem = z
  .object({
    error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }),
  })
  .openapi('Problem')

export const span = {
  since: z.string().optional().openapi({ description: 'A time such as 2026-11-20T00:00:00Z, or how long ago: 2h' }),
  until: z.string().optional().openapi({ description: 'A time, or how long ago' }),
}

export const paging = z.object({
  limit: z
    .string()
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: 200, default: 50, description: 'At most so many' }),
  cursor: z.string().optional().openapi({ description: 'next_cursor of the page before' }),
})

/** A page of a list, by its name in the reference. */
export const pageOf = <T extends z.ZodType>(item: T, name: string) =>
  z
    .object({
      items: z.array(item),
      next_cursor: z.string().nullable().openapi({
        description:
          'Give it as cursor to read on; null at the end. A page looks at a part of the list only, so it may hold fewer items than limit, or none, and still not be the last',
      }),
    })
    .openapi(name)
