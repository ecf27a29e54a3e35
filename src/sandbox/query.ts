import { z } from 'zod'
import type { Refusal } from './bodies.ts'
import type { SandboxContext } from './http.ts'
import { firstFault, invalid } from './validate.ts'

/** A time as FastAPI reads it: ISO 8601, UTC when no zone is named. */
export const dateTime = z.string().transform((text, context) => {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`
  const at = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) ? Date.parse(zoned) : Number.NaN
  if (!Number.isNaN(at)) return at
  context.addIssue({ code: 'custom', message: 'not a valid datetime' })
  return z.NEVER
})

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

export function pageOf(limits: { default: number; max: number }) {
  return {
    limit: z.coerce.number().int().min(1).max(limits.max).default(limits.default),
    offset: z.coerce.number().int().min(0).default(0),
  }
}

/** The query by `schema`, or the 422 that names the first bad field. */
export function readQuery<T extends z.ZodType>(c: SandboxContext, schema: T): z.output<T> | Refusal {
  const parsed = schema.safeParse(c.req.query())
  return parsed.success ? parsed.data : firstFault(parsed.error)
}

/** A uuid in the path: anything else is FastAPI's 422, not a 404. */
export function readId(c: SandboxContext): string | Refusal {
  const parsed = z.guid().safeParse(c.req.param('id'))
  return parsed.success ? parsed.data.toLowerCase() : invalid('id', 'id: not a valid uuid')
}
