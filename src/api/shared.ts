import type { z } from '@hono/zod-openapi'
import type { ClaimLinks } from '../claim-links/links.ts'
import type { Clock } from '../clock.ts'
import type { RequireScope } from '../http/auth.ts'
import { PROBLEMS, type ProblemCode, type ProblemStatus } from '../http/problems.ts'
import type { Replay } from '../replay/replay.ts'
import type { SilenceWatch } from '../silence/watch.ts'
import type { ReadStore } from '../store/reads.ts'
import type { Actions } from './actions.ts'
import type { Rehearse } from './rehearse.ts'
import { problem } from './schemas/common.ts'

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

/** An answer in the reference, with an example. */
export const json = <T extends z.ZodType>(content: T, description: string, example: z.input<T>) => ({
  content: { 'application/json': { schema: content, example } },
  description,
})

/** What a POST can meet besides, and one whose body must be there. */
export const POSTED = ['body.invalid', 'body.too_large', 'disk.full'] as const

interface Problem {
  content: { 'application/json': { schema: typeof problem; examples: Record<string, { value: unknown }> } }
  description: string
}

/** The errors of an operation by status, each code with its meaning and an example; those of a bad token come by themselves. */
export function problems<Code extends ProblemCode>(
  ...codes: Code[]
): Record<ProblemStatus<Code | 'auth.missing' | 'auth.scope'>, Problem>
export function problems(...codes: ProblemCode[]): Record<number, Problem> {
  const all: ProblemCode[] = [...new Set<ProblemCode>(['auth.missing', 'auth.invalid', 'auth.scope', ...codes])]
  const statuses = new Set(all.map((code) => PROBLEMS[code].status))
  const ofStatus = (status: number) => problemOf(all.filter((code) => PROBLEMS[code].status === status))
  return Object.fromEntries([...statuses].map((status) => [status, ofStatus(status)]))
}

/** A body that is not JSON by its own header. */
export const wrongType = {
  415: problemOf(['body.invalid']),
}

function problemOf(codes: ProblemCode[]): Problem {
  const examples = codes.map((code) => [code, { value: { error: { code, message: PROBLEMS[code].means } } }] as const)
  return {
    content: { 'application/json': { schema: problem, examples: Object.fromEntries(examples) } },
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].means}`).join('  \n'),
  }
}

export const security = [{ bearer: [] }]
