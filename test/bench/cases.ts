import type { Case } from './bench.ts'
import { footprint } from './cases/footprint.ts'
import { growth } from './cases/growth.ts'
import { intake } from './cases/intake.ts'
import { latency } from './cases/latency.ts'
import { pipeline } from './cases/pipeline.ts'
import { queries } from './cases/queries.ts'
import { sends } from './cases/sends.ts'
import { statuses } from './cases/statuses.ts'

export const CASES: Record<string, Case> = { intake, latency, pipeline, sends, statuses, queries, growth, footprint }

/** `names` are separated by commas; throws when one is not known. */
export function chosenCases(names: string): [string, Case][] {
  return names.split(',').map((name) => {
    const found = CASES[name]
    if (!found) throw new Error(`there is no case ${name}; known are ${Object.keys(CASES).join(', ')}`)
    return [name, found]
  })
}
