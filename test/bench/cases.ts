import type { Case } from './bench.ts'
import { intake } from './cases/intake.ts'

export const CASES: Record<string, Case> = { intake }

/** `names` are separated by commas; throws when one is not known. */
export function chosenCases(names: string): [string, Case][] {
  return names.split(',').map((name) => {
    const found = CASES[name]
    if (!found) throw new Error(`there is no case ${name}; known are ${Object.keys(CASES).join(', ')}`)
    return [name, found]
  })
}
