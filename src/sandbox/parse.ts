import { z } from 'zod'
import { AppError } from '../errors.ts'

/** What a person or test handed to the sandbox itself (not to the simulated API), or a `sandbox.invalid` error. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw new AppError('sandbox.invalid', faults.join('; '))
}

/** A phone number as digits: `+255 712 345 678` and `255712345678` are one. */
export const phoneInput = z
  .string()
  .transform((value) => value.replace(/[\s+()-]/g, ''))
  .pipe(z.string().regex(/^[1-9]\d{6,17}$/, 'a phone number of 7 to 18 digits, country code first'))
